"""Sound of one socket: its form, its budget, its time."""

import base64
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.websocket.budget import SoundBudget
from adapters.websocket.sound import SoundFrame, read_base64, read_frame
from adapters.websocket.streams import SoundStream
from domain.errors import InvalidValue, RateLimitExceeded

SECOND = 1_000_000
NOW = 1_800_000_000 * SECOND


def silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * 16_000), dtype=np.float32)


def frame(seconds: float, captured_at: int) -> SoundFrame:
    return SoundFrame(captured_at=captured_at, samples=silence(seconds))


@given(captured_at=st.integers(0, 2**64 - 1), values=st.lists(st.integers(-32768, 32767), min_size=1))
def test_a_frame_is_a_time_and_samples(captured_at: int, values: list[int]) -> None:
    data = struct.pack("<Q", captured_at) + struct.pack(f"<{len(values)}h", *values)
    read = read_frame(data)
    assert read.captured_at == captured_at
    assert (read.samples * 32768).astype(int).tolist() == values


@pytest.mark.parametrize("data", [b"", b"1234567", b"12345678", b"123456789", b"12345678901"])
def test_a_frame_of_another_form_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidValue):
        read_frame(data)


@given(data=st.binary(min_size=1))
def test_base64_is_read_back(data: bytes) -> None:
    assert read_base64("audio_buffer", base64.b64encode(data).decode()) == data


@pytest.mark.parametrize("text", ["", "a", "####", "YQ=", "Y Q==", "YQ==\n", "é", "-_-_"])
def test_what_is_no_base64_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        read_base64("audio_buffer", text)
    assert caught.value.details["field"] == "audio_buffer"


def test_a_stream_may_send_ten_seconds_at_once_and_no_more() -> None:
    budget = SoundBudget()
    assert all(budget.take(1.0, NOW) for _ in range(10))
    assert not budget.take(0.02, NOW)
    assert budget.dropped == 1


def test_a_stream_may_go_on_at_one_and_a_half_times_real_time() -> None:
    budget = SoundBudget()
    assert budget.take(10.0, NOW)
    let_through = sum(budget.take(0.02, NOW + SECOND * step // 100) for step in range(1, 1001))
    assert let_through * 0.02 == pytest.approx(15.0, abs=0.02)


def test_it_says_how_long_to_wait() -> None:
    budget = SoundBudget()
    assert budget.take(10.0, NOW)
    assert not budget.take(3.0, NOW)
    assert budget.wait(3.0) == pytest.approx(2.0)
    assert budget.take(3.0, NOW + 2 * SECOND)


def test_a_hub_clock_that_goes_back_gives_nothing_away() -> None:
    budget = SoundBudget()
    assert budget.take(10.0, NOW)
    assert not budget.take(1.0, NOW - 3600 * SECOND)


def test_frames_keep_their_own_time_in_the_hubs_clock() -> None:
    stream = SoundStream()
    stream.clock.note(sent_at=NOW - 90 * SECOND, received_at=NOW)
    assert stream.place(frame(0.02, NOW - 91 * SECOND), NOW) == NOW - SECOND
    assert stream.absurd == 0


@pytest.mark.parametrize(
    ("captured_at", "believed"),
    [
        (0, False),
        (2**64 - 1, False),
        (NOW - 3600 * SECOND, False),
        (NOW + 3600 * SECOND, False),
        (NOW - 10_500_001, False),
        (NOW - 10_500_000, True),
        (NOW + 500_000, True),
        (NOW + 500_001, False),
    ],
)
def test_an_absurd_time_is_counted_and_not_believed(captured_at: int, believed: bool) -> None:
    stream = SoundStream()
    assert stream.place(frame(0.5, captured_at), NOW) == (captured_at if believed else None)
    assert stream.absurd == (0 if believed else 1)


def test_sound_beyond_the_budget_is_refused_and_counted() -> None:
    stream = SoundStream()
    stream.let_through(silence(10.0), NOW)
    with pytest.raises(RateLimitExceeded) as caught:
        stream.place(frame(0.5, NOW), NOW)
    assert caught.value.details == {"retry_after": 0.3, "dropped": 1}
