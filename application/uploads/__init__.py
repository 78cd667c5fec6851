"""Sentences that arrive as a whole, as jobs that survive a crash."""
