"""How long to wait for more, by what was said so far."""

from datetime import UTC, datetime

import pytest

from application.patience import patience_for

NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Remind me to call mum tomorrow at five.",
        "remind me in twenty minutes to check the oven",
        "add a meeting with anna on friday at ten",
        "what do i have to do today",
        "what time is it",
        "good morning",
    ],
)
def test_what_is_complete_is_answered_sooner(text: str) -> None:
    assert patience_for(text, NOW, 550) < 400


@pytest.mark.parametrize(
    "text",
    [
        "remind me",
        "Remind me to",
        "remind me to call mum",
        "remind me in twenty minutes",
        "add a meeting with anna",
        "what's on my calendar",
        "what do i have",
        "cancel my reminder",
        "tell me",
        "and then i went to the",
    ],
)
def test_what_lacks_something_is_given_time(text: str) -> None:
    assert patience_for(text, NOW, 550) > 1250


def test_other_talk_is_waited_for_a_little_longer() -> None:
    assert 550 < patience_for("tell me a joke", NOW, 550) < 900


@pytest.mark.parametrize("text", ["", "  ...  "])
def test_nothing_said_changes_nothing(text: str) -> None:
    assert patience_for(text, NOW, 700) == 700


def test_a_patient_network_stays_patient() -> None:
    patient, usual = (patience_for("what time is it", NOW, silence) for silence in (1100, 550))
    assert patient == pytest.approx(2 * usual, abs=1)
