"""One talker told from two: who speaks into another's sentence has one of their own."""

import numpy as np
import pytest

from domain.audio.agreement import LEAST_HOPS, SAFE_HOPS, departure
from domain.audio.arbitration import Arbiter, ArbitrationRules
from domain.audio.decisions import Decision, SpeechStarted, UtteranceEnded
from domain.audio.endpointing import TurnRules
from domain.audio.kernels import LEVEL, TOLD
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.streams import Stream
from domain.ids import ClientId
from tests.domain.audio.conftest import BEGIN, Household, Studio

LEAK = np.float32(0.05)


def ended(decisions: list[Decision]) -> dict[str, UtteranceEnded]:
    """What was used, by client; no client may be used twice here."""
    ends = [decision for decision in decisions if isinstance(decision, UtteranceEnded)]
    assert len({end.client_id for end in ends}) == len(ends)
    return {end.client_id: end for end in ends}


@pytest.mark.parametrize("delay", [0.01, 0.5, 2.0])
@pytest.mark.parametrize("level", [0.001, 0.01])
def test_who_breaks_into_anothers_last_word_is_heard(
    delay: float, level: float, studio: Studio, household: Household
) -> None:
    began = 1.0 + len(studio.voices["slt"]) / SAMPLE_RATE - 0.5
    one, other = studio.say("slt", at=1.0, seconds=8.0), studio.say("rms", at=began, seconds=8.0)
    kitchen = studio.near(one) + LEAK * studio.far(other) + studio.noise(len(one), level)
    living = studio.near(other) + LEAK * studio.far(one) + studio.noise(len(one), level)
    decisions = household.play({"kitchen": kitchen, "living": living}, delays={"living": delay})
    ends = ended(decisions)
    assert set(ends) == {"kitchen", "living"}
    second = ends["living"]
    assert (second.started_at - BEGIN) / 1e6 == pytest.approx(began, abs=0.6)
    spoken = len(studio.voices["rms"]) / SAMPLE_RATE
    assert (second.speech_ended_at - BEGIN) / 1e6 == pytest.approx(began + spoken, abs=0.3)
    noticed = [one.at for one in decisions if isinstance(one, SpeechStarted)][-1]
    assert (noticed - BEGIN) / 1e6 < began + delay + 1.0


def _in_noise_as_loud(heard: Samples, studio: Studio) -> Samples:
    loud = np.sqrt(np.mean(heard[np.abs(heard) > 0.1 * np.abs(heard).max()] ** 2))
    return heard + studio.noise(len(heard), float(loud))


@pytest.mark.parametrize("overlap", [0.5, 1.0])
@pytest.mark.parametrize("delay", [0.01, 2.0])
def test_two_talkers_in_noise_as_loud_as_they_are_two(delay: float, overlap: float, studio: Studio) -> None:
    began = 2.0 + len(studio.voices["slt"]) / SAMPLE_RATE - overlap
    kitchen = _in_noise_as_loud(studio.near(studio.say("slt", at=2.0, seconds=8.0)), studio)
    living = _in_noise_as_loud(studio.near(studio.say("rms", at=began, seconds=8.0)), studio)
    household = Household(arbiter=Arbiter(ArbitrationRules(threshold=0.0)))
    ends = ended(household.play({"kitchen": kitchen, "living": living}, delays={"living": delay}))
    assert set(ends) == {"kitchen", "living"}
    for room, voice, begins in (("kitchen", "slt", 2.0), ("living", "rms", began)):
        said = begins + len(studio.voices[voice]) / SAMPLE_RATE
        assert (ends[room].started_at - BEGIN) / 1e6 == pytest.approx(begins, abs=0.3)
        assert (ends[room].speech_ended_at - BEGIN) / 1e6 == pytest.approx(said, abs=0.3)


def test_who_hears_a_sentence_poorly_waits_for_a_slower_radio(studio: Studio, household: Household) -> None:
    dry = studio.say("awb", at=1.0, seconds=6.0)
    poor = 0.1 * studio.room(dry, reverberation=1.0, direct_db=-9.0) + studio.noise(len(dry), 0.004)
    ends = ended(household.play({"poor": poor, "late": studio.near(dry)}, delays={"late": 2.0}))
    assert set(ends) == {"late"}


def test_one_talker_in_strong_echo_is_one_talker(studio: Studio, household: Household) -> None:
    dry = studio.say("awb", at=1.0, seconds=6.0)
    streams = {
        f"echo {seconds}": studio.room(dry, reverberation=seconds, direct_db=direct)
        + studio.noise(len(dry), 0.003)
        for seconds, direct in ((0.3, 4.0), (0.8, -4.0), (1.5, -8.0))
    }
    assert len(ended(household.play(streams))) == 1


def test_a_departure_is_where_it_becomes_loud() -> None:
    rows = np.random.default_rng(1).normal(-60.0, 4.0, (240, TOLD)).astype(np.float32)
    assert departure(rows) is None
    rows[150:, LEVEL] += 30.0
    assert departure(rows) == pytest.approx(150 - SAFE_HOPS, abs=3)
    assert departure(rows[: LEAST_HOPS - 1]) is None


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
def test_a_sentence_is_heard_to_its_soft_end_beside_loud_noise(voice: str, studio: Studio) -> None:
    said, dry = studio.voices[voice], studio.say(voice, at=2.0, seconds=7.0)
    loud = float(np.sqrt(np.mean(said[np.abs(said) > 0.1 * np.abs(said).max()] ** 2)))
    heard = dry + studio.noise(len(dry), loud * 10 ** (-5 / 20))
    household = Household(arbiter=Arbiter(ArbitrationRules(threshold=0.0)))
    (end,) = ended(household.play({"it": heard})).values()
    spoken = np.flatnonzero(np.abs(said) > 0.05 * np.abs(said).max()) / SAMPLE_RATE
    assert (end.started_at - BEGIN) / 1e6 == pytest.approx(2.0 + spoken[0], abs=0.3)
    assert (end.speech_ended_at - BEGIN) / 1e6 == pytest.approx(2.0 + spoken[-1], abs=0.3)


@pytest.mark.parametrize(("voice", "other"), [("awb", "rms"), ("rms", "slt"), ("slt", "awb")])
def test_a_stream_that_hears_something_else_and_has_noticed_no_speech_gives_way(
    voice: str, other: str, studio: Studio
) -> None:
    household = Household(arbiter=Arbiter(ArbitrationRules(threshold=0.1)))
    deaf = Stream(ClientId("study"), TurnRules(min_speech_ms=10_000))
    household.arbiter._streams[deaf.client_id] = deaf
    said = studio.far(studio.say(voice, at=1.5, seconds=6.0))
    decisions = household.play({"hall": said, "study": studio.near(studio.say(other, at=1.5, seconds=6.0))})
    assert set(ended(decisions)) == {"hall"}
    assert sum(isinstance(decision, SpeechStarted) for decision in decisions) == 1
