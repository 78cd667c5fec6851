"""Households made of arrays: which stream is used, and how many utterances there are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.audio.arbitration import Arbiter, ArbitrationRules, rank_streams
from domain.audio.decisions import Decision
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.errors import InvalidValue
from domain.ids import ClientId
from tests.domain.audio.deciding import BEGIN, ended, hears


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


def test_the_threshold_can_be_changed(studio, household) -> None:
    household.arbiter.rules = ArbitrationRules(threshold=0.97)
    assert ended(household.play({"far": studio.far(studio.say("slt"))})) == []


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
