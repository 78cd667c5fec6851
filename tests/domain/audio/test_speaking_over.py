"""A sentence said over television begins with who says it, and ends with them."""

from collections.abc import Mapping

import numpy as np
import pytest

from domain.audio.arbitration import Arbiter, ArbitrationRules
from domain.audio.decisions import Decision, SpeechStarted
from domain.audio.pcm import SAMPLE_RATE, Samples
from tests.domain.audio.conftest import Household, Studio
from tests.domain.audio.deciding import BEGIN, ended, rejected, selected
from tests.domain.audio.test_backgrounds import television

SECONDS = 12.0
FIRST, SECOND = 3.0, 8.0


def living_room(studio: Studio, said: Samples, loud: float = 1.0) -> Mapping[str, Samples]:
    """A device beside the television, and one beside who speaks."""
    watched = television(studio, len(said) / SAMPLE_RATE)
    return {
        "television": loud * watched + 0.3 * studio.far(said),
        "sofa": 0.5 * watched + studio.near(said),
    }


@pytest.fixture(scope="module")
def decisions(voices: Mapping[str, Samples]) -> list[Decision]:
    """Two sentences while the television is on, from before the first until after the second."""
    studio = Studio(voices, np.random.default_rng(3))
    said = studio.say("slt", at=FIRST, seconds=SECONDS) + studio.say("rms", at=SECOND, seconds=SECONDS)
    household = Household(arbiter=Arbiter(ArbitrationRules(threshold=0.3)))
    return household.play(living_room(studio, said))


def test_each_sentence_is_a_turn_of_its_own_on_the_best_device(
    decisions: list[Decision], studio: Studio
) -> None:
    first, second = ended(decisions)
    assert {first.client_id, second.client_id} == {"sofa"}
    for end, at, voice in ((first, FIRST, "slt"), (second, SECOND, "rms")):
        spoken = np.flatnonzero(np.abs(studio.voices[voice]) > 0.02) / SAMPLE_RATE + at
        assert (end.started_at - BEGIN) / 1e6 == pytest.approx(spoken[0], abs=0.4)
        assert (end.speech_ended_at - BEGIN) / 1e6 == pytest.approx(spoken[-1], abs=0.4)


def test_the_television_is_not_in_the_recordings(decisions: list[Decision], studio: Studio) -> None:
    first, second = ended(decisions)
    assert first.recording.seconds < len(studio.voices["slt"]) / SAMPLE_RATE + 1.3
    assert second.recording.seconds < len(studio.voices["rms"]) / SAMPLE_RATE + 1.3


def test_who_hears_the_talker_best_is_named_when_they_begin(decisions: list[Decision]) -> None:
    (first, _) = ended(decisions)
    named = [each for each in selected(decisions) if each.utterance == first.utterance]
    assert named[0].at < BEGIN + int(FIRST * 1e6)
    sofa = next(each.at for each in named if each.client_id == "sofa" and each.at > BEGIN + int(FIRST * 1e6))
    assert sofa < BEGIN + int((FIRST + 1.0) * 1e6)


def test_the_television_that_goes_on_opens_nothing(decisions: list[Decision]) -> None:
    assert len([each for each in decisions if isinstance(each, SpeechStarted)]) == 2
    assert rejected(decisions) == []


def test_what_is_loud_but_no_speech_is_spoken_over_by_nobody(studio: Studio) -> None:
    """Who speaks while something hisses keeps the words from before it."""
    said = studio.say("slt", at=1.0, seconds=6.0)
    heard = studio.near(said)
    hiss = slice(int(2.4 * SAMPLE_RATE), int(3.2 * SAMPLE_RATE))
    heard[hiss] += studio.noise(hiss.stop - hiss.start, 0.5)
    (end,) = ended(Household(arbiter=Arbiter(ArbitrationRules(threshold=0.0))).play({"only": heard}))
    assert (end.started_at - BEGIN) / 1e6 == pytest.approx(1.0, abs=0.3)
