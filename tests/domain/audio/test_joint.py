"""Sentences that streams of several instances hear: exactly one of those who tell of each is used."""

from typing import Any

import pytest
from attrs import evolve

from domain.audio.decisions import Reason
from domain.audio.joint import GRACE, JointArbiter
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.testimony import Place, Stage
from tests.domain.audio.facility import Facility, Heard


def clients(used: list[Heard]) -> list[str]:
    """Whose streams were used, in the order in which they were."""
    return [each.ended.client_id for each in used if each.ended is not None]


def told_of(heard: Heard) -> dict[str, bool]:
    """The streams that are kept with what was used, and whether each was selected."""
    first = next(ruling for ruling in heard.rulings if ruling.place is Place.USED)
    return {one.client_id: one.selected for one in first.competitors}


def middling(studio: Any, dry: Samples) -> Samples:
    """As one hears it that is neither near nor far."""
    heard: Samples = 0.5 * studio.room(dry, reverberation=0.4, direct_db=2.0) + studio.noise(len(dry), 0.002)
    return heard


@pytest.mark.parametrize("voice", ["slt", "rms"])
@pytest.mark.parametrize("order", ["near far", "far near"])
def test_the_better_stream_is_used_wherever_it_is_heard(voice: str, order: str, studio) -> None:
    dry = studio.say(voice)
    hearing = {"near": studio.near, "far": studio.far}
    facility = Facility({f"hub-{name}": {name: hearing[name](dry)} for name in order.split()}).play()
    (used,) = facility.used()
    assert clients([used]) == ["near"]
    assert told_of(used) == {"near": True, "far": False}
    assert facility.places()["hub-far"] == [Place.PASSED_OVER]
    assert all(one.why for one in used.rulings[-1].competitors)


def test_all_streams_of_all_instances_are_kept_with_what_was_used(studio) -> None:
    dry = studio.say("slt")
    facility = Facility(
        {
            "one": {"far": studio.far(dry), "noisy": studio.noisy(dry)},
            "two": {"near": studio.near(dry), "corner": studio.far(dry)},
        }
    ).play()
    (used,) = facility.used()
    assert told_of(used) == {"near": True, "far": False, "noisy": False, "corner": False}
    (final,) = {ruling.reason for ruling in used.rulings if ruling.place is Place.USED}
    assert final is Reason.FINAL_QUALITY


def test_two_people_who_speak_at_once_in_two_rooms_are_both_heard(studio) -> None:
    facility = Facility(
        {"one": {"kitchen": studio.near(studio.say("slt"))}, "two": {"attic": studio.near(studio.say("rms"))}}
    ).play()
    assert sorted(clients(facility.used())) == ["attic", "kitchen"]


def test_who_was_told_to_be_heard_too_badly_keeps_nobody_from_being_answered(studio) -> None:
    """A noisy stream may be taken for another sentence at first, and be over before the others are."""
    dry = studio.say("awb", at=1.0, seconds=6.0)
    noisy = studio.noisy(dry)
    facility = Facility({"one": {"noisy": noisy}, "two": {"near": studio.near(dry)}}).play(2.0)
    (early, _) = sorted(facility.heard, key=lambda each: each.instance)
    apart = JointArbiter(opened_at=0)
    assert early.last is not None
    poor = evolve(early.last, stage=Stage.TOO_POOR, speech_ended_at=early.last.heard_until)
    assert apart.hear(poor, facility.now).place is Place.USED
    facility.joint, facility.silent = apart, {"one"}
    assert clients(facility.play().used()) == ["near"]


def test_two_sentences_in_a_row_are_used_once_each(studio) -> None:
    both = studio.say("awb", at=0.7, seconds=8.0) + studio.say("slt", at=4.2, seconds=8.0)
    facility = Facility({"one": {"near": studio.near(both)}, "two": {"far": studio.far(both)}}).play()
    assert clients(facility.used()) == ["near", "near"]


@pytest.mark.parametrize("delay", [0.5, 3.0])
def test_a_radio_that_is_late_is_not_heard_twice(delay: float, studio) -> None:
    dry = studio.say("slt", seconds=8.0)
    hearing = {"one": {"near": studio.near(dry)}, "two": {"late": studio.near(dry)}}
    facility = Facility(hearing, delays={"late": delay}).play()
    assert clients(facility.used()) == ["near"]
    assert set(facility.places()["two"]) == {Place.PASSED_OVER}


def test_who_is_killed_while_it_leads_is_not_waited_for(studio) -> None:
    dry = studio.say("rms")
    facility = Facility({"one": {"near": studio.near(dry)}, "two": {"next": middling(studio, dry)}}).play(2.0)
    assert facility.places() == {"one": [Place.LEADING], "two": [Place.BEHIND]}
    facility.silent.add("one")
    assert clients(facility.play().used()) == ["next"]


def test_of_a_client_that_left_what_others_went_on_to_hear_is_used(studio) -> None:
    dry = studio.say("rms")
    facility = Facility({"one": {"near": studio.near(dry)}, "two": {"next": middling(studio, dry)}}).play(2.5)
    facility.hearing["one"]["near"] = facility.hearing["one"]["near"][: int(2.5 * SAMPLE_RATE)]
    (used,) = facility.play().used()
    assert clients([used]) == ["next"]


@pytest.mark.parametrize("moment", [1.5, 3.6])
def test_who_takes_over_decides_as_well_and_nothing_twice(moment: float, studio) -> None:
    """In the middle of the sentence, and when one of the two was used a moment ago."""
    dry = studio.say("slt")
    facility = Facility({"one": {"near": studio.near(dry)}, "two": {"far": studio.far(dry)}}).play(moment)
    facility.joint = JointArbiter(opened_at=facility.now)
    assert clients(facility.play().used()) == ["near"]


def test_nothing_is_decided_just_after_a_take_over(studio) -> None:
    facility = Facility({"one": {"near": studio.near(studio.say("slt"))}}).play()
    (heard,) = facility.heard
    assert heard.last is not None
    told = evolve(heard.last, stage=Stage.ENDED)
    fresh = JointArbiter(opened_at=facility.now)
    assert fresh.hear(told, facility.now).place is Place.LEADING
    assert fresh.hear(told, facility.now + GRACE).place is Place.USED


def test_rows_that_are_missing_are_asked_for_again(studio) -> None:
    facility = Facility({"one": {"near": studio.near(studio.say("slt"))}}).play(2.0)
    (heard,) = facility.heard
    assert heard.last is not None
    short = evolve(heard.last, skipped=10, rows=heard.last.rows[10:])
    fresh = JointArbiter(opened_at=0)
    assert fresh.hear(short, facility.now).place is Place.UNHEARD
    assert fresh.hear(heard.last, facility.now).place is Place.LEADING
    assert fresh.hear(short, facility.now).known == len(heard.last.rows)


def test_what_nobody_tells_of_is_forgotten(studio) -> None:
    facility = Facility({"one": {"near": studio.near(studio.say("slt"))}}).play()
    assert not facility.joint.is_idle(facility.now)
    assert facility.joint.is_idle(facility.now + 5_000_000)
