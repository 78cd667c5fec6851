"""The real clock, and ids that nobody can guess."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from entrypoints.world import RandomIds, SystemClock

PREFIXES = {
    "network": "net",
    "device": "dev",
    "interaction": "int",
    "conversation": "conv",
    "session": "sess",
    "action": "act",
    "reminder": "rem",
    "calendar_event": "event",
    "event": "evt",
    "blob": "blob",
    "token": "tok",
}


@pytest.mark.parametrize(("kind", "prefix"), PREFIXES.items())
def test_an_id_has_a_prefix_and_32_digits_and_never_comes_twice(kind: str, prefix: str) -> None:
    fresh: Callable[[], str] = getattr(RandomIds(), kind)
    ids = {fresh() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch(f"{prefix}_[0-9a-f]{{32}}", one) for one in ids)


def test_the_clock_says_the_same_moment_in_both_its_ways() -> None:
    clock = SystemClock()
    before, micros, after = clock.now(), clock.micros(), clock.now()
    assert before.tzinfo is UTC
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
    assert before - timedelta(microseconds=1) <= moment <= after + timedelta(microseconds=1)
