"""The sound of one socket: bounded, and in the hub's time."""

from typing import Final

from attrs import define, field

from adapters.websocket.budget import SoundBudget
from adapters.websocket.clocks import ClockOffset
from adapters.websocket.sound import SoundFrame
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.errors import RateLimitExceeded

OLDEST: Final = 10_000_000
"""Sound cannot have ended longer than this before it arrived, in microseconds."""
NEWEST: Final = 500_000
"""Nor can it have begun so much after, for all that a clock may be wrong."""


@define
class SoundStream:
    """Keeps a stream within its budget, and says when each piece of it was captured, in the hub's time."""

    clock: ClockOffset = field(factory=ClockOffset)
    budget: SoundBudget = field(factory=SoundBudget)
    absurd: int = field(default=0, init=False)

    def place(self, frame: SoundFrame, now: int) -> int | None:
        """When the first sample of a frame was captured; an absurd time is counted, and None instead.

        Raises:
            RateLimitExceeded: the stream sends more than it may; the frame is to be dropped.
        """
        self.let_through(frame.samples, now)
        took = len(frame.samples) * 1_000_000 // SAMPLE_RATE
        captured_at = self.clock.hub_time(frame.captured_at)
        if now - took - OLDEST <= captured_at <= now + NEWEST:
            return captured_at
        self.absurd += 1
        return None

    def let_through(self, samples: Samples, now: int) -> None:
        """Take sound off the budget.

        Raises:
            RateLimitExceeded: the stream sends more than it may; the sound is to be dropped.
        """
        seconds = len(samples) / SAMPLE_RATE
        if not self.budget.take(seconds, now):
            raise RateLimitExceeded(
                "This is more sound than a stream may send; it was dropped.",
                retry_after=round(self.budget.wait(seconds), 1),
                dropped=self.budget.dropped,
            )
