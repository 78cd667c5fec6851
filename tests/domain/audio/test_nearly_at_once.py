"""Two who begin to speak at nearly the same moment, the second heard by a radio that is late."""

import pytest

from domain.audio.agreement import Agreement
from domain.audio.pcm import SAMPLE_RATE
from tests.domain.audio.conftest import BEGIN, Household, Studio
from tests.domain.audio.deciding import ended

LEAK = 0.05


@pytest.mark.parametrize(("first", "second"), [("rms", "awb"), ("slt", "awb"), ("slt", "rms")])
def test_a_sentence_taken_for_anothers_begins_where_it_began(
    first: str, second: str, studio: Studio, household: Household
) -> None:
    begins = {"kitchen": (first, 1.5), "living": (second, 1.65)}
    one, other = (studio.say(voice, at=at, seconds=8.0) for voice, at in begins.values())
    kitchen = studio.near(one) + LEAK * studio.far(other) + studio.noise(len(one), 0.001)
    living = studio.near(other) + LEAK * studio.far(one) + studio.noise(len(one), 0.001)
    ends = ended(household.play({"kitchen": kitchen, "living": living}, delays={"living": 2.0}))
    assert sorted(end.client_id for end in ends) == ["kitchen", "living"]
    for end in ends:
        voice, began = begins[end.client_id]
        over = began + len(studio.voices[voice]) / SAMPLE_RATE
        assert (end.started_at - BEGIN) / 1e6 == pytest.approx(began, abs=0.3)
        assert (end.speech_ended_at - BEGIN) / 1e6 == pytest.approx(over, abs=0.4)


def test_who_is_set_aside_begins_no_later_than_they_did(studio: Studio, household: Household) -> None:
    begins = {"kitchen": ("slt", 1.5), "living": ("rms", 2.1)}
    one, other = (studio.say(voice, at=at, seconds=6.0) for voice, at in begins.values())
    kitchen, living = (
        studio.room(own, reverberation=0.6, direct_db=2.0)
        + 0.06 * studio.room(others, reverberation=0.8, direct_db=-9.0)
        + studio.noise(len(own), 0.003)
        for own, others in ((one, other), (other, one))
    )
    ends = ended(household.play({"kitchen": kitchen, "living": living}, delays={"living": 2.0}))
    assert sorted(end.client_id for end in ends) == ["kitchen", "living"]
    for end in ends:
        assert (end.started_at - BEGIN) / 1e6 < begins[end.client_id][1] + 0.3


def test_what_comes_and_goes_together_for_two_seconds_may_be_the_same() -> None:
    """As of one talker whose likeness white noise hides, measured at 0 dB."""
    faint = {"likeness": 0.38, "lag_hops": 0, "hops": 272}
    assert Agreement(**faint, together=0.78).at_once
    assert not Agreement(**faint, together=0.78).same
    assert not Agreement(**faint, together=0.6).at_once
    assert not Agreement(**faint).at_once
    assert not Agreement(likeness=0.0, lag_hops=0, hops=272, together=0.78).at_once
    assert not Agreement(likeness=0.38, lag_hops=0, hops=120, together=0.78).at_once
