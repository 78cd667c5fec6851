"""Changes of the winner lose nothing: whoever leads is judged by, and hands out, the whole sentence."""

import numpy as np
import pytest

from domain.audio.arbitration import Arbiter
from domain.audio.decisions import Decision, UtterancePaused
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.rules import ArbitrationRules
from tests.domain.audio.conftest import Household, Studio
from tests.domain.audio.deciding import BEGIN, ended, selected

BEGINS = 1.5
MASKED_UNTIL = 4.5


def _trimmed(samples: Samples) -> Samples:
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    return samples[loud[0] : loud[-1]]


@pytest.fixture(scope="module")
def spoken(voices: dict[str, Samples]) -> Samples:
    """Six seconds of speech without a rest."""
    return np.concatenate([_trimmed(voices[voice]) for voice in ("slt", "rms", "awb")])


@pytest.fixture(scope="module")
def decisions(spoken: Samples) -> list[Decision]:
    """One hears all of a long sentence from afar; a better one is deafened until much of it has been said."""
    studio = Studio({"long": spoken}, np.random.default_rng(0))
    dry = studio.say("long", at=BEGINS, seconds=BEGINS + len(spoken) / SAMPLE_RATE + 2.0)
    far, better = studio.far(dry), 0.5 * studio.near(dry)
    deaf = int(MASKED_UNTIL * SAMPLE_RATE)
    better[:deaf] += studio.noise(deaf, 0.5)
    household = Household(arbiter=Arbiter(ArbitrationRules(threshold=0.3)))
    return household.play({"far": far, "better": better})


def test_who_heard_only_the_end_does_not_win_with_it(decisions: list[Decision], spoken: Samples) -> None:
    (end,) = ended(decisions)
    assert end.client_id == "far"
    assert end.recording.seconds > len(spoken) / SAMPLE_RATE
    assert (end.started_at - BEGIN) / 1e6 == pytest.approx(BEGINS, abs=0.15)


def test_who_takes_over_late_hands_out_what_was_said_before(
    decisions: list[Decision], spoken: Samples
) -> None:
    assert "better" in [each.client_id for each in selected(decisions)]
    paused = [each for each in decisions if isinstance(each, UtterancePaused) and each.client_id == "better"]
    assert paused
    for pause in paused:
        said = (pause.speech_ended_at - BEGIN) / 1e6 - BEGINS
        assert said > MASKED_UNTIL - BEGINS
        assert pause.recording.seconds > said


def test_of_a_sentence_that_is_heard_poorly_no_part_is_used_alone(voices: dict[str, Samples]) -> None:
    """One hears it poorly and breaks off; the last word, heard well by another, comes with all the rest."""
    studio = Studio(voices, np.random.default_rng(5))
    dry = studio.say("slt", at=1.0, seconds=6.0)
    broken, hidden = int(2.6 * SAMPLE_RATE), int(2.7 * SAMPLE_RATE)
    poor = 0.3 * studio.room(dry, reverberation=0.7, direct_db=-6.0)
    poor[broken:] = 0.0
    poor += studio.noise(len(dry), 0.03)
    late = 0.5 * studio.near(dry)
    late[:hidden] += studio.noise(hidden, 0.05)
    late += studio.noise(len(dry), 0.004)
    used = 0
    for threshold in np.arange(0.35, 0.65, 0.02):
        household = Household(arbiter=Arbiter(ArbitrationRules(threshold=float(threshold))))
        decisions = household.play({"poor": poor, "late": late})
        for end in ended(decisions):
            used += 1
            assert end.recording.seconds > len(studio.voices["slt"]) / SAMPLE_RATE
    assert used
