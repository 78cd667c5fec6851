"""What a client's clock says, in the hub's time."""

from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Final

from attrs import define, field

from domain.moments import read_moment

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

KEPT: Final = 16
STEP: Final = 10_000_000
"""A difference this far from the rest (in us) means that a clock was set, not that a frame was slow."""


def client_micros(timestamp: str | int) -> int:
    """A client's own idea of the time, in microseconds since 1970; as text it is ISO 8601.

    Raises:
        InvalidValue: the text is no moment.
    """
    if isinstance(timestamp, int):
        return timestamp
    return (read_moment(timestamp, field="timestamp") - EPOCH) // timedelta(microseconds=1)


@define
class ClockOffset:
    """How far the hub's clock is ahead of a client's, in microseconds, estimated from heartbeats.

    Each heartbeat gives received - sent = offset + delay, and a delay is never negative, so the least of
    the last sixteen is nearest to the offset (the minimum filter of NTP, RFC 5905, section 10). A client
    that also says when it got the last answer gives the same for the way back, and half the difference of
    the two minima is the offset, whatever delay both ways share.
    """

    _up: deque[int] = field(factory=lambda: deque(maxlen=KEPT), init=False)
    _down: deque[int] = field(factory=lambda: deque(maxlen=KEPT), init=False)

    @property
    def known(self) -> bool:
        """Whether there was a heartbeat to tell by."""
        return bool(self._up)

    @property
    def micros(self) -> int:
        """The estimate; 0 while nothing is known."""
        if not self._up:
            return 0
        if not self._down:
            return min(self._up)
        return (min(self._up) - min(self._down)) // 2

    def note(self, *, sent_at: int, received_at: int) -> None:
        """Take in a message of the client: when it was sent by its clock, and received by the hub's."""
        difference = received_at - sent_at
        if self._up and abs(difference - min(self._up)) > STEP:
            self._up.clear()
            self._down.clear()
        self._up.append(difference)

    def note_answer(self, *, sent_at: int, received_at: int) -> None:
        """Take in an answer of the hub: when it was sent by the hub's clock, and received by the client's."""
        difference = received_at - sent_at
        if self._up and abs(difference + min(self._up)) <= STEP:
            self._down.append(difference)

    def hub_time(self, client_time: int) -> int:
        """A moment of the client's clock, in the hub's time."""
        return client_time + self.micros
