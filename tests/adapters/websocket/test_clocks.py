"""The estimate of a client's clock."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.websocket.clocks import ClockOffset, client_micros
from domain.errors import InvalidValue

SECOND = 1_000_000
HOUR = 3600 * SECOND


def test_nothing_is_known_before_the_first_heartbeat() -> None:
    clock = ClockOffset()
    assert not clock.known
    assert clock.hub_time(123) == 123


def test_the_fastest_message_counts() -> None:
    clock = ClockOffset()
    for delay in (80_000, 3_000, 250_000):
        clock.note(sent_at=HOUR, received_at=HOUR + 7 * SECOND + delay)
    assert clock.micros == 7 * SECOND + 3_000


@given(
    offset=st.integers(-(50 * 365 * 24 * HOUR), 50 * 365 * 24 * HOUR),
    delays=st.lists(st.integers(0, 3 * SECOND), min_size=1, max_size=16),
)
def test_the_error_is_the_least_delay(offset: int, delays: list[int]) -> None:
    clock = ClockOffset()
    for beat, delay in enumerate(delays):
        sent = beat * 15 * SECOND
        clock.note(sent_at=sent, received_at=sent + offset + delay)
    assert clock.micros - offset == min(delays)


@given(
    offset=st.integers(-HOUR, HOUR),
    least=st.integers(0, SECOND),
    ups=st.lists(st.integers(0, SECOND), min_size=1, max_size=16),
    downs=st.lists(st.integers(0, SECOND), min_size=1, max_size=16),
)
def test_delays_that_both_ways_share_cancel_out(
    offset: int, least: int, ups: list[int], downs: list[int]
) -> None:
    clock = ClockOffset()
    for extra in ups:
        clock.note(sent_at=0, received_at=offset + least + extra)
    for extra in downs:
        clock.note_answer(sent_at=0, received_at=-offset + least + extra)
    assert abs(clock.micros - offset) <= (max(min(ups), min(downs))) // 2 + 1


def test_a_clock_that_was_set_is_believed_at_once() -> None:
    clock = ClockOffset()
    for _ in range(5):
        clock.note(sent_at=0, received_at=0)
    clock.note(sent_at=-HOUR, received_at=2_000)
    assert clock.micros == HOUR + 2_000


def test_it_follows_a_clock_that_drifts() -> None:
    clock, rate, chance = ClockOffset(), 50e-6, random.Random(1)
    for beat in range(400):
        hub = beat * 15 * SECOND
        clock.note(sent_at=int(hub * (1 - rate)), received_at=hub + chance.randrange(2_000, 40_000))
    true = int(400 * 15 * SECOND * rate)
    assert abs(clock.micros - true) < 45_000


def test_an_answer_that_cannot_be_is_not_believed() -> None:
    clock = ClockOffset()
    clock.note_answer(sent_at=0, received_at=5)
    assert not clock.known
    clock.note(sent_at=0, received_at=1_000)
    clock.note_answer(sent_at=0, received_at=HOUR)
    assert clock.micros == 1_000


@pytest.mark.parametrize(
    ("timestamp", "micros"),
    [
        (17, 17),
        ("1970-01-01T00:00:01Z", SECOND),
        ("1970-01-01T01:00:00.000250+01:00", 250),
        ("1969-12-31T23:59:59Z", -SECOND),
    ],
)
def test_clients_say_the_time_in_two_ways(timestamp: str | int, micros: int) -> None:
    assert client_micros(timestamp) == micros


def test_what_is_no_time_is_refused() -> None:
    with pytest.raises(InvalidValue):
        client_micros("yesterday")
