"""Titles of events, taken apart."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.language.titles import event_parts, shared_words, tidy_title


@pytest.mark.parametrize(
    ("text", "title", "attendees", "location"),
    [
        ("a meeting with Anna", "meeting with Anna", ("Anna",), None),
        ("lunch with tom and ann", "lunch with Tom and Ann", ("Tom", "Ann"), None),
        ("Lunch with Tom, Ann and Joe", "Lunch with Tom, Ann and Joe", ("Tom", "Ann", "Joe"), None),
        ("a call with sarah about the budget", "call with Sarah about the budget", ("Sarah",), None),
        ("coffee with anna at the corner cafe", "coffee with Anna", ("Anna",), "the corner cafe"),
        ("the dentist", "dentist", (), None),
        ("dinner with the neighbors", "dinner with the neighbors", (), None),
        ("dinner with friends", "dinner with friends", (), None),
        ("coffee with milk", "coffee with milk", (), None),
        ("a", "a", (), None),
        (
            "an appointment with doctor van dyke",
            "appointment with Doctor Van Dyke",
            ("Doctor Van Dyke",),
            None,
        ),
    ],
)
def test_a_title_is_taken_apart(
    text: str, title: str, attendees: tuple[str, ...], location: str | None
) -> None:
    parts = event_parts(text)
    assert (parts.title, parts.attendees, parts.location) == (title, attendees, location)


@given(text=st.text(max_size=600), name=st.text(max_size=20))
@example(text="lunch", name="ann\\1")
def test_no_title_breaks_it(text: str, name: str) -> None:
    event_parts(f"{text} with {name}")
    parts = event_parts(text)
    assert all(parts.attendees)
    assert parts.title == tidy_title(parts.title) or not text.strip()


@given(
    words=st.lists(
        st.sampled_from(["with", "at", "and", "anna", "tom", "the", "a", ",", "in", "meeting"]), max_size=80
    )
)
def test_no_row_of_its_own_words_breaks_it(words: list[str]) -> None:
    assert len(event_parts(" ".join(words)).title) <= sum(map(len, words)) + len(words)


def test_titles_share_the_words_that_tell_them_apart() -> None:
    assert shared_words("call the dentist", "the dentist appointment") == 1
    assert shared_words("the milk", "the moon") == 0
