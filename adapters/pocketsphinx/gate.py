"""Whether what a recogniser wrote down is good enough to act on."""

from collections.abc import Sequence
from typing import Final

from domain.interactions import HeardWord

LEAST_CONFIDENCE: Final = 0.4
"""Below this a transcript is a guess; docs/speech.md has what it lets through and what it stops."""


def confidence(words: Sequence[HeardWord]) -> float:
    """How sure a row of words is, 0..1: the mean of their probabilities, each for as long as it lasts."""
    seconds = sum(word.end - word.start for word in words)
    if seconds <= 0.0:
        return 0.0
    return sum(word.confidence * (word.end - word.start) for word in words) / seconds


def understood(words: Sequence[HeardWord]) -> bool:
    """Whether to act on the words: there are some, and they are no guess."""
    return confidence(words) >= LEAST_CONFIDENCE
