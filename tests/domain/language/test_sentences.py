"""Cutting a text into pieces that can be spoken one by one."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.language.sentences import LONGEST_PIECE, SentenceStream


def cut(*bits: str) -> list[str]:
    stream = SentenceStream()
    return [piece for bit in bits for piece in stream.feed(bit)] + stream.rest()


def test_a_sentence_comes_as_soon_as_the_next_begins() -> None:
    stream = SentenceStream()
    assert stream.feed("It is three") == []
    assert stream.feed(" o'clock.") == []
    assert stream.feed(" Shall I") == ["It is three o'clock."]
    assert stream.rest() == ["Shall I"]
    assert stream.rest() == []


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("It costs 3.50 today. Really!", ["It costs 3.50 today.", "Really!"]),
        ("Dr. Smith comes at 3 p.m. on Friday. Fine?", ["Dr. Smith comes at 3 p.m. on Friday.", "Fine?"]),
        ('He said "Stop!" Then he left.', ['He said "Stop!"', "Then he left."]),
        ("Wait... what? Yes", ["Wait...", "what?", "Yes"]),
        ("1. Milk\n2. Bread\n", ["1. Milk", "2. Bread"]),
        ("**Milk** and `bread`.", ["Milk and bread."]),
        ("# List\n- milk\n- bread", ["List", "milk", "bread"]),
        ("今日は晴れです。明日は雨です。", ["今日は晴れです。", "明日は雨です。"]),
        ("<think>They want tea. Hm.</think>Tea it is.", ["Tea it is."]),
        ("<think>never ends. ", []),
        ("a <bee. And <so on.", ["a <bee.", "And <so on."]),
        ("", []),
        (" \n ", []),
    ],
)
def test_pieces_are_what_one_would_say_in_one_breath(text: str, pieces: list[str]) -> None:
    assert cut(text) == pieces
    assert cut(*text) == pieces


def test_a_sentence_that_does_not_end_is_cut_at_a_pause() -> None:
    pieces = cut("and then, " * 100)
    assert len(pieces) > 3
    assert all(len(piece) <= LONGEST_PIECE for piece in pieces)
    assert all(piece.endswith(("then,", "and")) for piece in pieces)
    assert cut("x" * 1000) == ["x" * 300, "x" * 300, "x" * 300, "x" * 100]


@given(st.text(alphabet='ab1.?! ,\n"<>thinkx/', max_size=80), st.lists(st.integers(0, 80), max_size=6))
def test_where_the_bits_are_cut_does_not_matter(text: str, places: list[int]) -> None:
    edges = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    assert cut(*(text[start:end] for start, end in pairwise(edges))) == cut(*text)


@given(st.text(alphabet="abc .?!,\n", max_size=200))
def test_nothing_is_lost(text: str) -> None:
    said = "".join(cut(*text))
    assert [sign for sign in said if sign.isalnum()] == [sign for sign in text if sign.isalnum()]
