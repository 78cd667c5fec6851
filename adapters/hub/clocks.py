"""How far the hub's clock is ahead of one's own."""

import time
from collections import deque
from typing import Final

from attrs import define, field, frozen

KEPT: Final = 8


def micros() -> int:
    """The present moment by one's own clock, in microseconds since 1970."""
    return time.time_ns() // 1000


@frozen(order=True)
class _Trip:
    delay: int
    offset: int


@define
class HubClock:
    """Estimates the hub's clock from the answers to heartbeats.

    Of four moments (sent, received, answered, heard) the offset is half of (received - sent) +
    (answered - heard), wrong by at most half the delay (heard - sent) - (answered - received); the trip
    with the least delay of the last eight counts, as in NTP (RFC 5905, sections 8 and 10).
    """

    _trips: deque[_Trip] = field(factory=lambda: deque(maxlen=KEPT), init=False)

    def note(self, *, sent: int, received: int, answered: int, heard: int) -> None:
        """Take in one trip, in microseconds: sent and heard by one's own clock, the others by the hub's."""
        delay = (heard - sent) - (answered - received)
        offset = ((received - sent) + (answered - heard)) // 2
        self._trips.append(_Trip(max(0, delay), offset))

    @property
    def offset(self) -> int | None:
        """How many microseconds the hub's clock is ahead; None before the first answer."""
        return min(self._trips).offset if self._trips else None

    @property
    def round_trip(self) -> int | None:
        """The least time that a message and its answer took lately, in microseconds."""
        return min(self._trips).delay if self._trips else None
