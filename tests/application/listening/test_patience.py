"""How long to wait for more, by what was said so far."""

from datetime import UTC, datetime

import pytest

from application.listening.patience import patience_for, patience_without_words

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
    assert patience_for(text, 1.0, NOW, 550, 0.0) < 400


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
    assert patience_for(text, 1.0, NOW, 550, 0.0) > 1250


def test_what_sounds_like_the_end_is_waited_for_less() -> None:
    patience = [
        patience_for("turn on the lights", 1.0, NOW, 550, finality) for finality in (-2.0, 0.0, 1.0, 2.0)
    ]
    assert patience == sorted(patience, reverse=True)
    assert patience[0] > 2 * patience[-1]


@pytest.mark.parametrize("text", ["", "  ...  "])
def test_where_nothing_is_understood_the_sound_alone_decides(text: str) -> None:
    assert patience_for(text, 1.0, NOW, 550, 0.0) == 550
    assert patience_for(text, 1.0, NOW, 550, 1.0) < 550 < patience_for(text, 1.0, NOW, 550, -1.0)


@pytest.mark.parametrize("finality", [-40.0, 40.0])
def test_no_pause_is_waited_out_for_long_and_none_is_cut_at_once(finality: float) -> None:
    for text in ("", "remind me", "what time is it"):
        assert 200 <= patience_for(text, 1.0, NOW, 550, finality) <= 1450


def test_a_patient_network_stays_patient() -> None:
    patient, usual = (patience_for("what time is it", 1.0, NOW, silence, 0.0) for silence in (1100, 550))
    assert patient == pytest.approx(2 * usual, abs=1)


def test_words_that_may_have_been_misheard_count_for_less() -> None:
    for text, sooner in (("what time is it", 1), ("remind me to", -1)):
        patience = [patience_for(text, sure, NOW, 550, 1.0) for sure in (0.0, 0.3, 0.6, 1.0)]
        assert patience == sorted(patience, reverse=sooner > 0)
    assert patience_for("what time is it", 0.0, NOW, 550, 1.0) == patience_for(
        "remind me to", 0.0, NOW, 550, 1.0
    )


def test_words_that_are_being_made_out_are_waited_for() -> None:
    patience = [patience_without_words(550, finality) for finality in (40.0, 0.0, -1.0, -40.0)]
    assert patience == sorted(patience)
    assert patience[0] > patience_for("what time is it", 1.0, NOW, 550, 0.0)
