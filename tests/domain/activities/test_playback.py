"""Everybody begins at one moment, far enough ahead for the command to arrive."""

from datetime import timedelta

import pytest

from domain.activities.playback import Playback, shared_start
from domain.errors import InvalidValue

NOON = 1_772_366_400_000_000


def test_the_moment_lies_ahead() -> None:
    assert shared_start(NOON) == NOON + 1_500_000
    assert shared_start(NOON, timedelta(seconds=3)) == NOON + 3_000_000


@pytest.mark.parametrize("lead", [timedelta(0), timedelta(milliseconds=499), timedelta(seconds=61)])
def test_a_moment_too_near_or_too_far_is_refused(lead: timedelta) -> None:
    with pytest.raises(InvalidValue):
        shared_start(NOON, lead)


def test_what_plays_has_a_name_and_a_volume() -> None:
    assert Playback(media={"track": "rain"}, starts_at=NOON).volume == 1.0
    with pytest.raises(InvalidValue):
        Playback(media={}, starts_at=NOON)
    with pytest.raises(InvalidValue):
        Playback(media={"track": "rain"}, starts_at=NOON, volume=1.5)
