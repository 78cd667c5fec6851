"""How likely words are all that will be said."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.language.completeness import likely_all, traits
from domain.language.completeness_weights import WEIGHTS

NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shorter", "longer"),
    [
        ("remind me", "remind me to water the plants on friday at nine"),
        ("play some music", "play some music in the bedroom"),
        ("what is the capital", "what is the capital of australia"),
        ("i have to pick up the children", "i have to pick up the children at three this afternoon"),
        ("is the window", "is the window open in the attic"),
        ("the door of the shed", "the door of the shed is open"),
        ("what do i have", "what do i have to do today"),
        ("please", "stop please"),
        ("add a meeting with anna", "add a meeting with anna on friday at ten"),
    ],
)
def test_what_was_only_begun_is_less_likely_all(shorter: str, longer: str) -> None:
    assert likely_all(shorter, NOW) < likely_all(longer, NOW) - 0.5


@pytest.mark.parametrize(
    "text", ["yes", "Stop!", "thank you", "Good morning.", "what time is it", "no thanks"]
)
def test_what_is_said_alone_is_likely_all(text: str) -> None:
    assert likely_all(text, NOW) > 0.5


@pytest.mark.parametrize("text", ["remind me to", "tell my wife", "and then i went to the", "remind me"])
def test_what_lacks_something_hardly_ever_is(text: str) -> None:
    assert likely_all(text, NOW) < -0.5


def test_what_is_said_first_changes_nothing() -> None:
    assert likely_all("could you turn off the lights", NOW) == likely_all("Um, turn off the lights", NOW)


@given(st.text(max_size=80))
def test_any_text_has_the_traits_that_have_weights(text: str) -> None:
    assert set(traits(text, NOW)) == set(WEIGHTS)
    assert -30 < likely_all(text, NOW) < 30
