"""Sentences for a recogniser: only words as they are spoken, the same for the same chance."""

from itertools import islice
from random import Random

import pytest

from domain.language.everyday import FIRST_NAMES, KIN, TASK_SHAPES, THING_SHAPES, Phrases
from domain.language.sampling import sentences, spoken, vocabulary

WORD = set("abcdefghijklmnopqrstuvwxyz'")


def said(count: int, seed: int = 1, **others: object) -> list[str]:
    return list(sentences(Random(seed), count, **others))  # type: ignore[arg-type]


def test_the_same_chance_gives_the_same_sentences() -> None:
    assert said(50) == said(50) != said(50, seed=2)


def test_the_vocabulary_covers_everything_but_titles_and_names() -> None:
    phrases = Phrases()
    titles = {*phrases.verbs, *phrases.nouns, *phrases.occasions, *FIRST_NAMES, *KIN}
    shapes = {word for shape in (*TASK_SHAPES, *THING_SHAPES) for word in shape}
    small = {"the", "my", "a", "an", "some", "and", "with", "about", "out", "up", "off", "in"}
    known = vocabulary() | titles | shapes | small
    assert {word for sentence in said(3_000) for word in sentence.split()} <= known


def test_words_are_as_spoken() -> None:
    assert all(set(word) <= WORD for sentence in said(3_000) for word in sentence.split())
    assert all(set(word) <= WORD for word in vocabulary())


def test_names_of_the_house_are_said() -> None:
    heard = [sentence for sentence in said(500, names=["Zebediah"]) if "zebediah" in sentence.split()]
    assert len(heard) > 20


def test_titles_come_from_the_vocabulary_that_is_given() -> None:
    phrases = Phrases(verbs=("zap",), nouns=("gizmo",), occasions=("conclave",), words=("quux",))
    words = {word for sentence in said(800, phrases=phrases) for word in sentence.split()}
    assert {"zap", "gizmo", "conclave", "quux"} <= words
    assert not words & {"kettle", "laundry", "haircut"}


def test_sentences_come_one_by_one() -> None:
    assert len(list(islice(sentences(Random(3), 10**9), 5))) == 5


def test_nobody_says_for_in_or_the_my() -> None:
    texts = [f" {sentence} " for sentence in said(3_000)]
    assert not [text for text in texts if " for in " in text or " the my " in text or " a hour" in text]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Call Anna at 3:30 PM, please!", "call anna at three thirty p m please"),
        ("at 15:00", "at fifteen hundred"),
        ("at 3:00", "at three o'clock"),
        ("at 3:00 pm", "at three p m"),
        ("at 7:05 a.m.", "at seven oh five a m"),
        ("on the 5th of June 2026", "on the fifth of june twenty twenty six"),
        ("on the 21st", "on the twenty first"),
        ("2026-12-24", "december twenty fourth twenty twenty six"),
        ("2-3pm", "two to three p m"),
        ("1.5 hours", "one point five hours"),
        (
            "125 eggs, don\N{RIGHT SINGLE QUOTATION MARK}t drop them",
            "one hundred twenty five eggs don't drop them",
        ),
        ("I am at 1,000 steps", "i am at one thousand steps"),
        ("3000 steps", "three thousand steps"),
        ("in 2007 and 1999", "in two thousand seven and nineteen ninety nine"),
        ("", ""),
    ],
)
def test_a_text_is_written_as_it_is_spoken(written: str, expected: str) -> None:
    assert spoken(written) == expected


def test_what_is_spoken_is_spoken_already() -> None:
    for sentence in said(500):
        assert spoken(sentence) == sentence
