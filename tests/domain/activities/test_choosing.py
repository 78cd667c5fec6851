"""Which option is meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.activities.choosing import chosen

ANIMALS = [("the panda",), ("the red panda",), ("the otter", "a sea otter"), ("Wombat",)]


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("panda", 0),
        ("I think it's the red panda", 1),
        ("sea otter please", 2),
        ("wombt", 3),
        ("B", 1),
        ("option a", 0),
        ("letter C", 2),
        ("number four", 3),
        ("the third one", 2),
        ("2", 1),
        ("the otter or the wombat", None),
        ("a lion", None),
        ("number nine", None),
        ("", None),
        ("!?", None),
    ],
)
def test_an_option_is_named_by_its_words_letter_or_place(said: str, place: int | None) -> None:
    assert chosen(said, ANIMALS) == place


def test_numbers_that_are_options_win_over_places() -> None:
    legs = [("six",), ("eight",), ("two",)]
    assert chosen("2", legs) == 2
    assert chosen("two", legs) == 2
    assert chosen("number two", legs) == 1
    assert chosen("the second", legs) == 1
    assert chosen("eight legs", legs) == 1


@given(st.text(max_size=200), st.lists(st.lists(st.text(max_size=20), max_size=3), min_size=1, max_size=8))
def test_whatever_is_said_is_an_option_or_unclear(said: str, options: list[list[str]]) -> None:
    place = chosen(said, options)
    assert place is None or 0 <= place < len(options)
