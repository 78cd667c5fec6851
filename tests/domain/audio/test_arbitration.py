"""Households made of arrays: which stream is used, and how many utterances there are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.audio.arbitration import Arbiter, ArbitrationRules, rank_streams
from domain.audio.decisions import (
    Decision,
    Reason,
    SpeechStarted,
    StreamSelected,
    UtteranceEnded,
    UtterancePaused,
)
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.errors import InvalidValue
from domain.ids import ClientId
from tests.domain.audio.deciding import BEGIN, ended, hears, rejected, selected


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
@pytest.mark.parametrize("order", ["near far noisy", "noisy far near", "far noisy near"])
def test_the_near_one_wins_over_the_far_and_the_noisy(voice: str, order: str, studio, household) -> None:
    dry = studio.say(voice)
    hearing = {"near": studio.near, "far": studio.far, "noisy": studio.noisy}
    decisions = household.play({name: hearing[name](dry) for name in order.split()})
    assert [end.client_id for end in ended(decisions)] == ["near"]
    assert rejected(decisions) == []
    end = ended(decisions)[0]
    assert {competitor.client_id for competitor in end.competitors} == {"near", "far", "noisy"}
    assert [each.client_id for each in end.competitors if each.selected] == ["near"]
    assert all(competitor.why for competitor in end.competitors)
    assert end.quality.score >= 7.0


def test_a_winner_is_named_while_the_sentence_is_being_said(studio, household) -> None:
    dry = studio.say("slt")
    decisions = household.play({"far": studio.far(dry), "near": studio.near(dry)})
    assert isinstance(decisions[0], SpeechStarted)
    first = selected(decisions)[0]
    assert first.provisional
    assert first.at - decisions[0].started_at < 300_000
    assert ended(decisions)[0].ended_at - first.at > 1_500_000


def test_nothing_that_was_said_is_lost(studio, household) -> None:
    dry = studio.say("rms")
    end = ended(household.play({"far": studio.far(dry), "near": studio.near(dry)}))[0]
    first = np.flatnonzero(np.abs(dry) > 0.02)[0] / SAMPLE_RATE
    begins = (end.started_at - BEGIN) / 1e6 - 0.4
    assert begins == pytest.approx(first - 0.4, abs=0.15)
    assert end.recording.seconds == pytest.approx(2.785 + 0.65, abs=0.5)
    assert hears(end.recording.samples, dry) > 0.9


def test_the_pre_roll_is_there(studio, household) -> None:
    end = ended(household.play({"near": studio.near(studio.say("awb", at=2.0))}))[0]
    lead = end.recording.samples[: int(0.3 * SAMPLE_RATE)]
    assert np.abs(lead).max() < 0.02
    assert np.abs(end.recording.samples[: int(0.7 * SAMPLE_RATE)]).max() > 0.05


def test_one_stream_alone_waits_for_nobody(studio, household) -> None:
    decisions = household.play({"only": studio.near(studio.say("awb"))})
    assert [type(each) for each in decisions] == [
        SpeechStarted,
        StreamSelected,
        UtterancePaused,
        UtteranceEnded,
    ]
    assert selected(decisions)[0].reason == Reason.ONLY_STREAM
    end = ended(decisions)[0]
    assert end.ended_at - end.speech_ended_at < 650_000


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


def test_a_good_stream_on_a_slow_radio_still_wins_while_the_sentence_lasts(studio, household) -> None:
    dry = studio.say("slt", at=1.0, seconds=6.0)
    streams = {"near": studio.near(dry), "far": studio.far(dry)}
    ends = ended(household.play(streams, delays={"near": 0.5}))
    assert [end.client_id for end in ends] == ["near"]


def test_who_joins_in_the_middle_does_not_win_with_half_a_sentence(studio, household) -> None:
    dry = studio.say("slt", seconds=5.5)
    streams = {"far": 2 * studio.room(dry, reverberation=0.4, direct_db=3.0), "late": studio.near(dry)}
    streams["far"] += studio.noise(len(dry), 0.003)
    end = ended(household.play(streams, starts={"late": 2.5}))[0]
    assert end.client_id == "far"
    assert hears(end.recording.samples, dry) > 0.8


def test_a_stalled_winner_is_replaced_by_one_that_hears_on(studio, household) -> None:
    dry = studio.say("slt", seconds=6.0)
    streams = {"near": studio.near(dry)[: 2 * SAMPLE_RATE], "far": studio.far(dry) + studio.near(0.3 * dry)}
    decisions = household.play(streams)
    assert Reason.WINNER_LEFT in [selection.reason for selection in selected(decisions)]
    assert [end.client_id for end in ended(decisions)] == ["far"]


def test_a_stream_that_stops_in_the_middle_ends_by_itself(studio, household) -> None:
    ends = ended(household.play({"near": studio.near(studio.say("slt"))[: 3 * SAMPLE_RATE]}))
    assert len(ends) == 1
    assert ends[0].speech_ended_at - BEGIN <= 3_000_000


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


def test_speech_below_the_threshold_is_rejected_with_its_measures(studio, make_household) -> None:
    household = make_household(Arbiter(ArbitrationRules(threshold=0.97)))
    decisions = household.play({"far": studio.far(studio.say("slt"))})
    assert ended(decisions) == []
    refusal = rejected(decisions)[0]
    assert refusal.reason == Reason.BELOW_THRESHOLD
    assert refusal.client_id == "far"
    assert 0.0 < refusal.quality.score < 9.7


def test_the_threshold_can_be_changed(studio, household) -> None:
    household.arbiter.rules = ArbitrationRules(threshold=0.97)
    assert ended(household.play({"far": studio.far(studio.say("slt"))})) == []


def test_the_barred_never_win(studio, household) -> None:
    household.arbiter.bar([ClientId("near")])
    dry = studio.say("slt")
    far = studio.far(dry) + studio.near(0.3 * dry)
    decisions = household.play({"near": studio.near(dry), "far": far})
    assert {selection.client_id for selection in selected(decisions)} == {"far"}
    assert [end.client_id for end in ended(decisions)] == ["far"]
    assert {state.client_id: state.may_win for state in household.arbiter.streams()} == {
        "near": False,
        "far": True,
    }


def test_who_is_barred_while_it_leads_is_replaced(studio, make_household) -> None:
    household = make_household()
    dry = studio.say("slt", seconds=5.5)
    near, far = studio.near(dry), studio.far(dry) + studio.near(0.3 * dry)
    half = 2 * SAMPLE_RATE
    before = household.play({"near": near[:half], "far": far[:half]}, wait=0.0)
    assert selected(before)[-1].client_id == "near"
    household.arbiter.bar([ClientId("near")])
    after = household.play(
        {"near": np.pad(near[half:], (half, 0)), "far": np.pad(far[half:], (half, 0))},
        starts={"near": 2.0, "far": 2.0},
    )
    assert [end.client_id for end in ended(after)] == ["far"]


def test_only_barred_streams_are_nobodys_turn(studio, household) -> None:
    household.arbiter.bar([ClientId("near")])
    assert household.play({"near": studio.near(studio.say("slt"))}) == []


def test_audio_end_ends_a_sentence_at_once(studio) -> None:
    arbiter = Arbiter()
    dry = studio.near(studio.say("awb", at=0.5, seconds=2.3))
    decisions: list[Decision] = []
    for first in range(0, len(dry), 320):
        moment = BEGIN + first * 1_000_000 // SAMPLE_RATE
        decisions += arbiter.hear(ClientId("near"), dry[first : first + 320], moment, moment + 20_000)
    assert ended(decisions) == []
    assert len(ended(arbiter.end(ClientId("near"), moment + 30_000))) == 1
    assert [state.client_id for state in arbiter.streams()] == ["near"]
    arbiter.end(ClientId("near"), moment + 40_000, remains=False)
    assert arbiter.streams() == ()


def test_streams_are_shown_as_they_are(studio, make_household) -> None:
    household = make_household()
    dry = studio.say("slt", seconds=2.5)
    household.play({"near": studio.near(dry), "far": studio.far(dry)}, wait=0.0)
    states = {state.client_id: state for state in household.arbiter.streams()}
    assert states[ClientId("near")].speaking
    assert states[ClientId("near")].selected
    assert not states[ClientId("far")].selected
    assert states[ClientId("near")].quality.score > states[ClientId("far")].quality.score
    assert states[ClientId("near")].last_frame_at == BEGIN + 2_510_000


def test_absurd_capture_times_are_replaced_by_the_arrival(studio) -> None:
    arbiter = Arbiter()
    dry = studio.near(studio.say("awb", seconds=4.0))
    decisions: list[Decision] = []
    absurd = [0, -5, 2**63, BEGIN - 10**12, BEGIN + 10**12]
    for index, first in enumerate(range(0, len(dry), 320)):
        arrived = BEGIN + (first + 320) * 1_000_000 // SAMPLE_RATE
        decisions += arbiter.hear(ClientId("a"), dry[first : first + 320], absurd[index % 5], arrived)
    assert len(ended(decisions)) == 1
    assert abs(ended(decisions)[0].started_at - BEGIN - 1_000_000) < 300_000


@given(chunk=st.sampled_from([1, 77, 160, 320, 1_000, 3_333, 8_000]))
@settings(max_examples=6, deadline=None)
def test_chunks_of_any_size_give_the_same_utterance(chunk: int, voices: dict[str, Samples]) -> None:
    quiet = (0.001 * np.random.default_rng(4).standard_normal(64_000)).astype(np.float32)
    quiet[16_000 : 16_000 + len(voices["awb"])] += voices["awb"]
    whole, pieces = Arbiter(), Arbiter()
    expected = ended(
        whole.hear(ClientId("a"), quiet, BEGIN, BEGIN + 4_000_000) + whole.advance(BEGIN + 5_000_000)
    )
    got: list[Decision] = []
    for first in range(0, len(quiet), chunk):
        captured = BEGIN + first * 1_000_000 // SAMPLE_RATE
        got += pieces.hear(ClientId("a"), quiet[first : first + chunk], captured, captured + 500_000)
    got += pieces.advance(BEGIN + 9_000_000)
    assert len(ended(got)) == len(expected) == 1
    assert abs(ended(got)[0].started_at - expected[0].started_at) <= 10
    np.testing.assert_array_equal(ended(got)[0].recording.samples, expected[0].recording.samples)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c"]),
            st.integers(0, 4_000),
            st.one_of(st.none(), st.integers(-(2**40), 2**53)),
            st.integers(0, 2_000_000),
            st.sampled_from(["noise", "nan", "loud"]),
            st.sampled_from(["hear", "hear", "hear", "end", "leave", "whole", "advance", "bar"]),
        ),
        max_size=40,
    )
)
@settings(max_examples=40, deadline=None)
def test_nothing_that_is_sent_breaks_an_arbiter(
    events: list[tuple[str, int, int | None, int, str, str]],
) -> None:
    arbiter, now, random = Arbiter(), BEGIN, np.random.default_rng(0)
    for name, length, captured, later, kind, what in events:
        now += later
        level = {"noise": 0.1, "nan": np.nan, "loud": 50.0}[kind]
        samples = (level * random.standard_normal(length)).astype(np.float32)
        match what:
            case "hear":
                arbiter.hear(ClientId(name), samples, captured, now)
            case "whole":
                arbiter.hear_whole(ClientId(name), samples, now, name)
            case "end" | "leave":
                arbiter.end(ClientId(name), now, remains=what == "end")
            case "advance":
                arbiter.advance(now)
            case _:
                arbiter.bar([ClientId(name)])
        assert len(arbiter.streams()) <= 3
    for moment in range(now, now + 10_000_000, 200_000):
        arbiter.advance(moment)
    assert not any(state.speaking or state.selected for state in arbiter.streams())


def test_what_is_kept_of_a_stream_is_bounded(studio) -> None:
    arbiter = Arbiter()
    hiss = studio.noise(SAMPLE_RATE, 0.01)
    for second in range(60):
        arbiter.hear(ClientId("a"), hiss, BEGIN + second * 1_000_000, BEGIN + (second + 1) * 1_000_000)
    stream = arbiter._streams[ClientId("a")]
    assert stream.sound.end - stream.sound.begin <= 5 * SAMPLE_RATE
    assert stream.rows.end - stream.rows.begin <= 500


def test_a_stream_that_is_silent_for_long_is_let_go_of(studio) -> None:
    arbiter = Arbiter()
    arbiter.hear(ClientId("a"), studio.noise(320, 0.01), BEGIN, BEGIN)
    arbiter.advance(BEGIN + 400_000_000)
    assert arbiter.streams() == ()


def test_ranking_does_not_depend_on_the_order(studio) -> None:
    dry = studio.say("rms")
    streams = [studio.near(dry), studio.far(dry), studio.noisy(dry), np.zeros(0, np.float32)]
    scores = rank_streams(streams)
    assert scores.index(max(scores)) == 0
    assert scores.index(min(scores)) == 3
    assert rank_streams(streams[::-1]) == scores[::-1]


@pytest.mark.parametrize("threshold", [-0.1, 1.5, float("nan")])
def test_thresholds_beyond_a_share_are_refused(threshold: float) -> None:
    with pytest.raises(InvalidValue):
        ArbitrationRules(threshold=threshold)
