"""How long a pause may be before a turn is over, told to an arbiter from outside."""

import numpy as np
import pytest

from domain.audio.arbitration import Arbiter
from domain.audio.decisions import (
    Decision,
    UtteranceId,
    UtterancePaused,
)
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.ids import ClientId
from tests.domain.audio.deciding import BEGIN, ended
from tests.domain.audio.test_finality import gliding


def _with_patience(streams: dict[str, Samples], patience_ms: int) -> list[Decision]:
    """Everything that is decided when so much patience is asked for 100 ms after each pause."""
    arbiter, decisions, due = Arbiter(), [], []
    for first in range(0, len(next(iter(streams.values()))), 320):
        moment = BEGIN + first * 1_000_000 // SAMPLE_RATE
        for at, pause in [each for each in due if each[0] <= moment]:
            arbiter.expect(pause.utterance, pause.speech_ended_at, patience_ms)
            due.remove((at, pause))
        for name, sound in streams.items():
            found = arbiter.hear(ClientId(name), sound[first : first + 320], moment, moment + 20_000)
            due += [(moment + 100_000, each) for each in found if isinstance(each, UtterancePaused)]
            decisions += found
        decisions += arbiter.advance(moment + 20_000)
    return decisions


def test_a_wish_that_lacks_something_is_waited_for_on_every_stream(studio) -> None:
    dry = studio.say("awb", at=1.0, seconds=9.0) + studio.say("rms", at=1.0 + 1.1 + 1.3, seconds=9.0)
    streams = {"near": studio.near(dry), "far": studio.far(dry)}
    hasty, patient = ended(_with_patience(streams, 550)), ended(_with_patience(streams, 1500))
    assert len(hasty) > len(patient) == 1
    assert patient[0].client_id == "near"
    assert patient[0].recording.seconds > 4.0


def test_a_complete_wish_is_over_sooner(studio) -> None:
    streams = {
        "near": studio.near(studio.say("slt", seconds=6.0)),
        "far": studio.far(studio.say("slt", seconds=6.0)),
    }
    end = ended(_with_patience(streams, 300))
    assert [each.client_id for each in end] == ["near"]
    assert end[0].ended_at - end[0].speech_ended_at < 400_000


def test_patience_for_what_nobody_says_is_harmless(studio, household) -> None:
    household.arbiter.expect(UtteranceId(7), BEGIN, 300)
    assert len(ended(household.play({"near": studio.near(studio.say("slt"))}))) == 1


def test_what_was_said_so_far_grows_and_is_not_told_in_a_pause(studio) -> None:
    arbiter, told, paused = Arbiter(), [], []
    sound = studio.near(studio.say("awb", at=0.5, seconds=4.0))
    for first in range(0, len(sound), 1600):
        moment = BEGIN + first * 1_000_000 // SAMPLE_RATE
        decisions = arbiter.hear(ClientId("near"), sound[first : first + 1600], moment, moment + 100_000)
        so_far = arbiter.so_far(UtteranceId(1))
        told += [so_far.samples] if so_far is not None else []
        paused += [each.recording.samples for each in decisions if isinstance(each, UtterancePaused)]
        assert so_far is None or not any(isinstance(each, UtterancePaused) for each in decisions)
    whole = paused[-1]
    assert len(told) > 10
    assert sorted(map(len, told)) == [len(each) for each in told]
    assert all(np.array_equal(each, whole[: len(each)]) for each in told)
    assert arbiter.so_far(UtteranceId(1)) is None


def _voice_in_noise(last_hz: float) -> Samples:
    """Somebody who speaks after a second, for 1.2 s, and ends at a pitch."""
    voice = np.concatenate([np.zeros(SAMPLE_RATE), gliding(140.0, last_hz, 1.2), np.zeros(SAMPLE_RATE)])
    noisy: Samples = (voice + 1e-4 * np.random.default_rng(3).standard_normal(len(voice))).astype(np.float32)
    return noisy


@pytest.mark.parametrize(("last_hz", "least", "most"), [(90.0, 60, 100), (180.0, 150, 190)])
def test_a_pause_that_sounds_like_the_end_is_told_of_sooner(last_hz: float, least: int, most: int) -> None:
    arbiter, paused, sound = Arbiter(), [], _voice_in_noise(last_hz)
    for first in range(0, len(sound), 320):
        moment = BEGIN + first * 1_000_000 // SAMPLE_RATE
        found = arbiter.hear(ClientId("it"), sound[first : first + 320], moment, moment + 20_000)
        paused += [each for each in found if isinstance(each, UtterancePaused)]
    assert least <= (paused[-1].at - paused[-1].speech_ended_at) / 1000 <= most


def test_a_stream_where_it_still_echoes_waits_as_long_once_it_is_silent() -> None:
    arbiter, near, late = Arbiter(), _voice_in_noise(180.0), SAMPLE_RATE // 5
    streams = {"near": near, "far": 0.5 * near}
    streams["far"][late:] += 0.3 * near[:-late]
    decisions, asked = [], []
    for first in range(0, len(near), 320):
        moment = BEGIN + first * 1_000_000 // SAMPLE_RATE
        for name, sound in streams.items():
            found = arbiter.hear(ClientId(name), sound[first : first + 320], moment, moment + 20_000)
            asked += [each for each in found if isinstance(each, UtterancePaused)]
            decisions += found
        if len(asked) == 1:
            arbiter.expect(asked[0].utterance, asked[0].speech_ended_at, 2000)
            asked.append(asked[0])
    endpointers = [stream.endpointer for stream in arbiter._streams.values()]
    assert endpointers[1].last_active > endpointers[0].last_active + SAMPLE_RATE // 10
    assert [endpointer.patience_ms for endpointer in endpointers] == [2000, 2000]
    assert not ended(decisions)
