"""Sound that is kept, and when it was captured."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from domain.audio.rules import ArbitrationRules
from domain.audio.streams import Stream, Tape, microseconds
from domain.ids import ClientId

BEGIN = 1_700_000_000_000_000


@given(
    pieces=st.lists(st.integers(0, 30), max_size=20),
    forgotten=st.integers(0, 300),
    first=st.integers(-50, 400),
    length=st.integers(-5, 400),
)
def test_a_tape_is_a_row_that_forgets_its_beginning(
    pieces: list[int], forgotten: int, first: int, length: int
) -> None:
    tape, whole = Tape(), np.arange(sum(pieces), dtype=np.float32)
    for size in pieces:
        tape.append(whole[tape.end : tape.end + size])
    tape.forget_before(forgotten)
    assert tape.begin <= max(0, forgotten)
    assert tape.end == len(whole)
    last = first + length
    expected = whole[max(first, tape.begin) : max(last, 0)] if length > 0 else whole[:0]
    np.testing.assert_array_equal(tape.cut(first, last), expected)


def stream() -> Stream:
    return Stream(ClientId("a"), ArbitrationRules().turns)


def test_a_gap_in_capture_time_is_kept_and_an_overlap_is_not() -> None:
    listening, second = stream(), np.zeros(16_000, np.float32)
    listening.take(second, BEGIN, BEGIN + 1_000_000)
    assert listening.heard_until == BEGIN + 1_000_000
    listening.take(second, BEGIN + 1_500_000, BEGIN + 2_500_000)
    assert listening.heard_until == BEGIN + 2_500_000
    listening.take(second, BEGIN + 1_500_000, BEGIN + 3_500_000)
    assert listening.heard_until == BEGIN + 3_500_000


def test_a_clock_that_drifts_is_followed() -> None:
    listening, frame = stream(), np.zeros(320, np.float32)
    captured = BEGIN
    for _ in range(2_000):
        listening.take(frame, captured, captured + 20_000)
        captured += 20_010
    assert abs(listening.heard_until - captured) < 5_000


def test_without_a_clock_chunks_follow_each_other_through_a_slow_radio() -> None:
    listening, frame = stream(), np.zeros(1_600, np.float32)
    first = listening.captured(None, BEGIN + 100_000, 1_600)
    listening.take(frame, first, BEGIN + 100_000)
    late = listening.captured(None, BEGIN + 1_900_000, 1_600)
    assert late == first + 100_000
    assert not listening.breaks_off(late)
    listening.take(frame, late, BEGIN + 1_900_000)
    much_later = listening.captured(None, BEGIN + 9_000_000, 1_600)
    assert much_later == BEGIN + 8_900_000
    assert listening.breaks_off(much_later)


def test_samples_and_moments_are_the_same_thing() -> None:
    listening = stream()
    listening.take(np.zeros(16_000, np.float32), BEGIN, BEGIN + 1_000_000)
    for sample in (0, 160, 12_345):
        assert listening.sample_at(listening.at(sample)) in (sample - 1, sample)
    assert microseconds(16_000) == 1_000_000
