"""Who is named for a sentence, who replaces them, and when it is over."""

import numpy as np
import pytest

from domain.audio.arbitration import Arbiter, ArbitrationRules
from domain.audio.decisions import (
    Reason,
    SpeechStarted,
    StreamSelected,
    UtteranceEnded,
    UtterancePaused,
)
from domain.audio.pcm import SAMPLE_RATE
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


def test_speech_below_the_threshold_is_rejected_with_its_measures(studio, make_household) -> None:
    household = make_household(Arbiter(ArbitrationRules(threshold=0.97)))
    decisions = household.play({"far": studio.far(studio.say("slt"))})
    assert ended(decisions) == []
    refusal = rejected(decisions)[0]
    assert refusal.reason == Reason.BELOW_THRESHOLD
    assert refusal.client_id == "far"
    assert 0.0 < refusal.quality.score < 9.7


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
