"""Where speech belongs: what opens an utterance, and how many sentences make how many."""

import numpy as np
import pytest

from domain.audio.decisions import Reason
from domain.audio.pcm import SAMPLE_RATE
from domain.ids import ClientId
from tests.domain.audio.deciding import ended, hears, rejected, selected


def test_two_sentences_in_a_row_are_two_utterances(studio, household) -> None:
    both = studio.say("awb", at=0.7, seconds=8.0) + studio.say("awb", at=4.2, seconds=8.0)
    ends = ended(household.play({"near": studio.near(both), "far": studio.far(both)}))
    assert [end.client_id for end in ends] == ["near", "near"]
    assert ends[0].utterance != ends[1].utterance
    assert ends[1].started_at - ends[0].started_at == pytest.approx(3_500_000, abs=60_000)


@pytest.mark.parametrize("apart", [0.0, 0.4, 1.2])
def test_two_talkers_in_two_rooms_are_two_utterances(apart: float, studio, household) -> None:
    one = studio.say("slt", at=1.0, seconds=6.5)
    other = studio.say("rms", at=1.0 + apart, seconds=6.5)
    kitchen = studio.near(one) + np.float32(0.05) * studio.far(other)
    living = studio.near(other) + np.float32(0.05) * studio.far(one)
    ends = ended(household.play({"kitchen": kitchen, "living": living}))
    assert sorted(end.client_id for end in ends) == ["kitchen", "living"]
    by_client = {end.client_id: end for end in ends}
    assert hears(by_client[ClientId("kitchen")].recording.samples, one) > 0.85
    assert hears(by_client[ClientId("living")].recording.samples, other) > 0.85


def test_one_talker_in_a_very_live_room_is_one_utterance(studio, household) -> None:
    dry = studio.say("slt", seconds=6.0)
    streams = {
        "near": studio.near(dry),
        "hall": studio.room(dry, reverberation=1.0, direct_db=-3.0) + studio.noise(len(dry), 0.001),
        "stairs": studio.room(dry, reverberation=1.2, direct_db=-6.0) + studio.noise(len(dry), 0.002),
    }
    decisions = household.play(streams)
    assert [end.client_id for end in ended(decisions)] == ["near"]
    assert rejected(decisions) == []


@pytest.mark.parametrize("delay", [0.3, 1.1, 2.6])
@pytest.mark.parametrize("clocks", [True, False])
def test_a_slow_radio_never_makes_a_second_turn(delay: float, clocks: bool, studio, make_household) -> None:
    dry = studio.say("slt", seconds=5.0)
    streams = {"near": studio.near(dry), "radio": studio.far(dry)}
    decisions = make_household(clocks=clocks).play(streams, delays={"radio": delay})
    assert [end.client_id for end in ended(decisions)] == ["near"]
    assert {each.reason for each in rejected(decisions)} <= {Reason.HEARD_ALREADY}


GARBAGE = {
    "nan": np.full(5 * SAMPLE_RATE, np.nan, np.float32),
    "infinite": np.full(5 * SAMPLE_RATE, np.inf, np.float32),
    "silent": np.zeros(5 * SAMPLE_RATE, np.float32),
    "stuck": np.full(5 * SAMPLE_RATE, 0.7, np.float32),
    "huge": np.full(5 * SAMPLE_RATE, 1e30, np.float32),
    "square": np.sign(np.sin(np.arange(5 * SAMPLE_RATE) / 9)).astype(np.float32),
    "hiss": (0.2 * np.random.default_rng(1).standard_normal(5 * SAMPLE_RATE)).astype(np.float32),
}


def test_garbage_never_wins_and_never_wedges(studio, household) -> None:
    decisions = household.play({**GARBAGE, "near": studio.near(studio.say("awb"))})
    assert [end.client_id for end in ended(decisions)] == ["near"]
    assert {selection.client_id for selection in selected(decisions)} == {"near"}


def test_noise_and_silence_are_no_decision(household) -> None:
    assert household.play(GARBAGE) == []


def test_a_fan_a_burst_and_a_knock_are_no_turn(studio, household) -> None:
    fan, burst, knock = (studio.noise(6 * SAMPLE_RATE, 0.001) for _ in range(3))
    fan[2 * SAMPLE_RATE :] += studio.noise(4 * SAMPLE_RATE, 0.05)
    burst[2 * SAMPLE_RATE : 2 * SAMPLE_RATE + 8_000] += studio.noise(8_000, 0.2)
    knock[2 * SAMPLE_RATE : 2 * SAMPLE_RATE + 1_000] += studio.noise(1_000, 0.4)
    assert ended(household.play({"fan": fan, "burst": burst, "knock": knock})) == []
