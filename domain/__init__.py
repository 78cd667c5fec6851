"""Mira's rules: pure values and decisions, with no I/O, no clock and no randomness."""
