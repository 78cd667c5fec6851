"""How the streams of a sentence are weighed: against each other, and by a household's own past."""

import pytest

from domain.audio.decisions import UtteranceEnded, UtteranceId
from domain.audio.kernels import HOP
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.rules import ArbitrationRules
from domain.audio.speeches import Speech, Standing
from domain.audio.streams import Stream
from domain.audio.utterances import Utterance
from domain.audio.weighing import (
    EARLY_MARGIN,
    LATE_MARGIN,
    REVIEW_HOPS,
    SENTENCE_HOPS,
    Scales,
    expected,
    margin,
    own,
)
from domain.ids import ClientId

BEGIN = 1_700_000_000_000_000
SAID_AT = 1.0


def speech(name: str, samples: Samples, reference: str | None = None) -> Speech:
    """A stretch that began one second into what a client sent, and goes on."""
    stream = Stream(ClientId(name), ArbitrationRules().turns)
    for first in range(0, len(samples), 1600):
        piece, captured = samples[first : first + 1600], BEGIN + first * 1_000_000 // SAMPLE_RATE
        stream.take(piece, captured, captured + 100_000)
    started = int(SAID_AT * SAMPLE_RATE) // HOP * HOP
    return Speech(
        stream=stream,
        started=started,
        started_at=stream.at(started),
        first_arrival=BEGIN,
        reference=reference,
        standing=Standing.COMPETING,
    )


@pytest.fixture
def near_and_far(studio: "object") -> "object":
    dry = studio.say("slt", at=SAID_AT)
    near, far = studio.near(dry), studio.far(dry)

    def heard(seconds: float) -> tuple[Speech, Speech]:
        last = int((SAID_AT + seconds) * SAMPLE_RATE)
        return speech("near", near[:last]), speech("far", far[:last])

    return heard


def remembered(scales: Scales, *speeches: Speech) -> None:
    scales.weigh(speeches)
    utterance = Utterance(id=UtteranceId(1), winner=speeches[0], speeches=list(speeches))
    scales.remember(utterance)


def test_streams_of_one_sentence_are_judged_in_sight_of_each_other(near_and_far: "object") -> None:
    near, far = near_and_far(2.0)
    Scales().weigh([near, far])
    assert near.beside is not None
    assert far.beside is not None
    assert own(near) == near.beside == expected(near) > expected(far)


def test_a_stream_that_is_alone_or_uploaded_is_judged_by_itself(
    studio: "object", near_and_far: "object"
) -> None:
    near, _ = near_and_far(2.0)
    uploaded = speech("far", studio.far(studio.say("slt", at=SAID_AT)), reference="upload")
    Scales().weigh([near])
    assert near.beside is None
    Scales().weigh([near, uploaded])
    assert near.beside is None
    assert expected(uploaded) == uploaded.judge().estimate


def test_who_is_no_longer_beside_others_is_judged_by_itself_again(near_and_far: "object") -> None:
    near, far = near_and_far(2.0)
    scales = Scales()
    scales.weigh([near, far])
    scales.weigh([near])
    assert own(near) == near.judge().estimate


@pytest.mark.parametrize("seconds", [0.3, 0.6, 1.0])
def test_what_is_expected_lies_between_what_is_heard_and_what_was_heard_before(
    near_and_far: "object", seconds: float
) -> None:
    scales, whole = Scales(), near_and_far(2.0)
    remembered(scales, *whole)
    before, begun = [own(each) for each in whole], near_and_far(seconds)
    scales.weigh(begun)
    for each, earlier in zip(begun, before, strict=True):
        assert each.before is not None
        assert each.before.estimate == pytest.approx(earlier)
        low, high = sorted([own(each), earlier])
        assert low - 1e-9 <= expected(each) <= high + 1e-9
        share = (expected(each) - earlier) / (own(each) - earlier)
        heard = each.hops / SENTENCE_HOPS
        assert share == pytest.approx(heard / (heard + min(1.0, each.before.weight)), abs=1e-6)


def test_what_was_heard_before_is_forgotten_by_another_household(near_and_far: "object") -> None:
    remembered(Scales(), *near_and_far(2.0))
    begun, other = near_and_far(0.3), Scales()
    other.weigh(begun)
    assert all(each.before is None for each in begun)


def test_the_more_was_heard_the_less_a_better_stream_needs_to_be_better(near_and_far: "object") -> None:
    margins = [margin(near_and_far(seconds)[0]) for seconds in (0.2, 0.5, 1.0, 1.4, 2.0)]
    assert margins == sorted(margins, reverse=True)
    assert margins[0] == EARLY_MARGIN
    assert margins[-1] == LATE_MARGIN
    over, _ = near_and_far(2.0)
    over.over = over.stream.sound.end
    assert margin(over) == LATE_MARGIN


def test_what_is_known_from_before_counts_as_heard(near_and_far: "object") -> None:
    scales = Scales()
    remembered(scales, *near_and_far(2.0))
    fresh, known = near_and_far(0.5)[0], near_and_far(0.5)
    scales.weigh(known)
    assert fresh.hops > REVIEW_HOPS
    assert margin(known[0]) < margin(fresh)


def test_who_walks_over_to_another_device_is_heard_there(studio: "object", household: "object") -> None:
    here = sum(studio.say("rms", at=at, seconds=21.0) for at in (1.0, 6.0))
    there = sum(studio.say("rms", at=at, seconds=21.0) for at in (11.0, 16.0))
    kitchen = studio.near(here) + 0.4 * studio.far(there)
    living = studio.near(there) + 0.4 * studio.far(here)
    decisions = household.play({"kitchen": kitchen, "living": living})
    ends = [each.client_id for each in decisions if isinstance(each, UtteranceEnded)]
    assert ends == ["kitchen", "kitchen", "living", "living"]
