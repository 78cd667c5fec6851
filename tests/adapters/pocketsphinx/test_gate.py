"""A transcript is acted on when its words are probable for as long as they last."""

import pytest

from adapters.pocketsphinx.gate import LEAST_CONFIDENCE, confidence, understood
from domain.interactions import HeardWord


def word(seconds: float, sure: float) -> HeardWord:
    return HeardWord(text="word", start=1.0, end=1.0 + seconds, confidence=sure)


def test_no_words_are_not_understood() -> None:
    assert confidence([]) == 0.0
    assert not understood([])


def test_long_words_weigh_more() -> None:
    assert confidence([word(0.3, 1.0), word(0.1, 0.0)]) == pytest.approx(0.75)


def test_guesses_are_not_understood() -> None:
    assert understood([word(0.3, LEAST_CONFIDENCE + 0.01)])
    assert not understood([word(0.3, LEAST_CONFIDENCE - 0.01)])


def test_words_without_length_are_no_words() -> None:
    assert not understood([word(0.0, 1.0)])
