"""Hearing: how good a stream is, where an utterance begins and ends, and which stream is used."""
