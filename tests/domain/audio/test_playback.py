"""The hub's own answer heard again is no speech; a person over it is."""

import numpy as np
import pytest

from domain.audio.decisions import (
    AnswerSpokenOver,
    Decision,
    SpeechStarted,
    UtteranceEnded,
    UtteranceRejected,
)
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.playback import Playback, PlaybackId
from domain.ids import ClientId
from tests.domain.audio.conftest import BEGIN, Household, Studio

TOLD = 1_000_000
ANSWER = PlaybackId("int_1")
STARTS = 0.6
"""So many seconds after it was told to, the client begins to play."""


def answer_of(studio: Studio) -> Samples:
    """Nine seconds that the hub says."""
    return np.concatenate([studio.voices[name] for name in ("awb", "rms", "awb")])


def played(studio: Studio, seconds: float, level: float = 0.7) -> Samples:
    """The answer as the loudspeaker lets the room hear it."""
    out = np.zeros(int(seconds * SAMPLE_RATE), dtype=np.float32)
    first, answer = int((TOLD / 1e6 + STARTS) * SAMPLE_RATE), answer_of(studio)
    out[first : first + len(answer)] = answer[: len(out) - first]
    return np.float32(level) * studio.room(out, reverberation=0.5, direct_db=3.0)


def told(household: Household, studio: Studio, client: str = "kitchen") -> None:
    """Tell the arbiter of the answer; no sound of a client has come yet."""
    household.arbiter.play(Playback.of(ANSWER, ClientId(client), BEGIN + TOLD, answer_of(studio)))


def only(decisions: list[Decision], kind: type) -> list[Decision]:
    return [decision for decision in decisions if isinstance(decision, kind)]


@pytest.mark.parametrize("level", [0.001, 0.01])
@pytest.mark.parametrize("clocks", [True, False])
def test_the_hubs_own_answer_is_no_turn_on_any_microphone(level: float, clocks: bool, studio: Studio) -> None:
    household = Household(clocks=clocks)
    told(household, studio)
    kitchen = played(studio, 11.0)
    hall = 0.3 * studio.room(kitchen, reverberation=0.8, direct_db=-3.0)
    streams = {
        "kitchen": kitchen + studio.noise(len(kitchen), level),
        "hall": hall + studio.noise(len(kitchen), level / 3),
    }
    decisions = household.play(streams)
    assert only(decisions, AnswerSpokenOver) == []
    assert only(decisions, SpeechStarted) == []
    assert only(decisions, UtteranceEnded) == []


@pytest.mark.parametrize("loudspeaker", [0.3, 0.7])
def test_who_speaks_over_an_answer_stops_it_and_is_heard(
    loudspeaker: float, studio: Studio, household: Household
) -> None:
    told(household, studio)
    person = studio.say("slt", at=4.0, seconds=11.0)
    kitchen = studio.near(person) + 0.5 * played(studio, 11.0, loudspeaker)
    decisions = household.play({"kitchen": kitchen})
    (stopped,) = only(decisions, AnswerSpokenOver)
    assert isinstance(stopped, AnswerSpokenOver)
    assert (stopped.playback, stopped.client_id) == (ANSWER, "kitchen")
    assert 0.0 < (stopped.at - BEGIN) / 1e6 - 4.0 < 0.8
    (turn,) = only(decisions, UtteranceEnded)
    assert isinstance(turn, UtteranceEnded)
    assert (turn.started_at - BEGIN) / 1e6 == pytest.approx(4.0, abs=0.3)


def test_a_client_that_takes_its_own_echo_away_is_spoken_over_too(
    studio: Studio, household: Household
) -> None:
    told(household, studio)
    person = studio.near(studio.say("slt", at=4.0, seconds=9.0))
    decisions = household.play({"kitchen": person})
    (stopped,) = only(decisions, AnswerSpokenOver)
    assert isinstance(stopped, AnswerSpokenOver)
    assert 0.0 < (stopped.at - BEGIN) / 1e6 - 4.0 < 2.0
    assert not stopped.is_late
    assert len(only(decisions, UtteranceEnded)) == 1


@pytest.mark.parametrize("begins", [1.2, 2.0, 3.1, 4.4])
@pytest.mark.parametrize("voice", ["speech_calendar", "speech_haircut", "rms"])
def test_who_speaks_while_an_answer_may_yet_be_heard_keeps_every_word(
    begins: float, voice: str, studio: Studio, household: Household
) -> None:
    answer = studio.voices["speech_pills"]
    household.arbiter.play(Playback.of(ANSWER, ClientId("kitchen"), BEGIN + TOLD, answer))
    person = studio.say(voice, at=begins, seconds=begins + 5.0)
    decisions = household.play({"kitchen": studio.near(person), "hall": studio.far(person)})
    (turn,) = only(decisions, UtteranceEnded)
    assert isinstance(turn, UtteranceEnded)
    assert turn.client_id == "kitchen"
    (started,) = only(decisions, SpeechStarted)
    assert isinstance(started, SpeechStarted)
    assert (started.at - started.started_at) / 1e6 < 0.7
    onset = begins + np.argmax(np.abs(studio.voices[voice]) > 0.02) / SAMPLE_RATE
    assert (turn.started_at - BEGIN) / 1e6 < onset + 0.15


def test_who_speaks_when_an_answer_that_nobody_heard_must_be_over_is_late(
    studio: Studio, household: Household
) -> None:
    told(household, studio)
    over = len(answer_of(studio)) / SAMPLE_RATE
    person = studio.near(studio.say("slt", at=over + 2.0, seconds=over + 7.0))
    (stopped,) = only(household.play({"kitchen": person}), AnswerSpokenOver)
    assert isinstance(stopped, AnswerSpokenOver)
    assert stopped.is_late


def test_who_speaks_in_another_room_stops_nothing(studio: Studio, household: Household) -> None:
    told(household, studio)
    person = studio.say("slt", at=4.0, seconds=11.0)
    kitchen = played(studio, 11.0) + studio.noise(len(person), 0.001)
    decisions = household.play({"kitchen": kitchen, "study": studio.near(person)})
    assert only(decisions, AnswerSpokenOver) == []
    (turn,) = only(decisions, UtteranceEnded)
    assert isinstance(turn, UtteranceEnded)
    assert turn.client_id == "study"


def test_an_answer_that_is_never_played_is_forgotten(studio: Studio, household: Household) -> None:
    told(household, studio)
    late = studio.near(studio.say("slt", at=16.0, seconds=19.0))
    decisions = household.play({"kitchen": late})
    assert only(decisions, AnswerSpokenOver) == []
    assert len(only(decisions, UtteranceEnded)) == 1
    assert only(decisions, UtteranceRejected) == []


@pytest.mark.parametrize("starts", [0.02, 0.2, 0.5])
def test_an_answer_right_after_the_question_is_not_judged_by_the_question(
    starts: float, studio: Studio, household: Household
) -> None:
    question = studio.near(studio.say("slt", at=0.2, seconds=11.0))
    over = 0.2 + len(studio.voices["slt"]) / SAMPLE_RATE + 0.7
    before = question + studio.noise(len(question), 0.001)
    decisions = household.play({"kitchen": before[: int(over * SAMPLE_RATE)]}, wait=0.0)
    assert len(only(decisions, UtteranceEnded)) == 1
    told_at = BEGIN + int(over * 1e6)
    household.arbiter.play(Playback.of(ANSWER, ClientId("kitchen"), told_at, studio.voices["awb"]))
    sound, first = np.zeros(len(before), dtype=np.float32), int((over + starts) * SAMPLE_RATE)
    sound[first : first + len(studio.voices["awb"])] = studio.voices["awb"]
    heard = before + studio.room(sound, reverberation=0.5, direct_db=3.0)
    decisions = household.play({"kitchen": heard}, starts={"kitchen": int(over * SAMPLE_RATE) / SAMPLE_RATE})
    assert only(decisions, AnswerSpokenOver) == []
    assert only(decisions, SpeechStarted) == []
