"""Sound on its way to the hub: frames with the time of their first sample."""

import struct
from typing import Final

from attrs import define, field

from adapters.hub.clocks import micros
from domain.audio.pcm import SAMPLE_RATE, Samples, to_s16le

HEADER: Final = struct.Struct("<Q")
LARGEST_GAP: Final = 500_000
"""Sound follows the sound before it unless it is this late, in microseconds."""


@define
class Capture:
    """Gives each piece of sound a time, so that pieces follow each other without a seam."""

    _ends_at: int | None = field(default=None, init=False)

    def frame(self, sound: Samples | bytes, captured_at: int | None = None) -> bytes:
        """A frame of samples (float32 at 16 kHz, or s16le bytes) and of when the first was captured.

        Args:
            sound: what was heard.
            captured_at: microseconds since 1970 by one's own clock; without it the sound ended just now,
                or follows the sound before it.
        """
        data = sound if isinstance(sound, bytes) else to_s16le(sound)
        took = len(data) // 2 * 1_000_000 // SAMPLE_RATE
        start = self._start(took) if captured_at is None else captured_at
        self._ends_at = start + took
        return HEADER.pack(start) + data

    def end(self) -> None:
        """The utterance is complete: the next sound follows none."""
        self._ends_at = None

    def _start(self, took: int) -> int:
        arrived = micros() - took
        if self._ends_at is None or abs(arrived - self._ends_at) > LARGEST_GAP:
            return arrived
        return self._ends_at
