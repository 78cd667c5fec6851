"""The sound of one socket: bounded, and in the hub's time."""

from typing import Final

from attrs import define, field

from adapters.websocket.budget import SoundBudget
from adapters.websocket.clocks import ClockOffset
from adapters.websocket.sound import SoundFrame
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.errors import RateLimitExceeded

SLOWEST_RADIO: Final = 30_000_000
"""How long before its arrival sound can have ended, in microseconds; anything older is absurd."""
FASTEST_CLOCK: Final = 2_000_000
"""How long after its arrival sound can seem to have ended, for all that a clock may be wrong."""
LARGEST_GAP: Final = 1_000_000
"""Chunks without a time of their own follow each other unless they are this late."""


@define
class SoundStream:
    """Keeps a stream within its budget, and says when each piece of it was captured, in the hub's time."""

    clock: ClockOffset = field(factory=ClockOffset)
    budget: SoundBudget = field(factory=SoundBudget)
    absurd: int = field(default=0, init=False)
    _ends_at: int | None = field(default=None, init=False)

    def place(self, frame: SoundFrame, now: int) -> int:
        """When a frame that carries its own time was captured; an absurd time is counted and not believed.

        Raises:
            RateLimitExceeded: the stream sends more than it may; the frame is to be dropped.
        """
        took = self._allow(frame.samples, now)
        captured_at = self.clock.hub_time(frame.captured_at)
        if not now - SLOWEST_RADIO <= captured_at + took <= now + FASTEST_CLOCK:
            self.absurd += 1
            return self._follow(took, now)
        self._ends_at = captured_at + took
        return captured_at

    def follow(self, samples: Samples, now: int) -> int:
        """When a chunk without a time of its own was captured: right after the one before it.

        Raises:
            RateLimitExceeded: the stream sends more than it may; the chunk is to be dropped.
        """
        return self._follow(self._allow(samples, now), now)

    def end(self) -> None:
        """Note that the utterance is complete: the next chunk follows none."""
        self._ends_at = None

    def _allow(self, samples: Samples, now: int) -> int:
        seconds = len(samples) / SAMPLE_RATE
        if not self.budget.take(seconds, now):
            raise RateLimitExceeded(
                "This is more sound than a stream may send; it was dropped.",
                retry_after=round(self.budget.wait(seconds), 1),
                dropped=self.budget.dropped,
            )
        return round(seconds * 1_000_000)

    def _follow(self, took: int, now: int) -> int:
        arrived = now - took
        late = self._ends_at is None or arrived - self._ends_at > LARGEST_GAP
        captured_at = arrived if late or self._ends_at is None else self._ends_at
        self._ends_at = captured_at + took
        return captured_at
