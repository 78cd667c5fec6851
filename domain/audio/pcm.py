"""Sound in memory: mono float32 samples in -1..1, and their form on the wire."""

from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from domain.errors import InvalidValue

SAMPLE_RATE: Final = 16_000
"""The hub's one rate, in Hz; everything else is converted at the door."""

Samples = NDArray[np.float32]
FULL_SCALE: Final = 32_768.0


@frozen(kw_only=True, eq=False)
class Recording:
    """A stretch of mono sound: float32 samples in -1..1, and how many of them make a second."""

    samples: Samples
    sample_rate: int = SAMPLE_RATE

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.sample_rate


def from_s16le(data: bytes) -> Samples:
    """Read signed 16-bit little-endian samples.

    Raises:
        InvalidValue: the bytes do not divide into 16-bit samples.
    """
    if len(data) % 2:
        raise InvalidValue("audio", "must be whole 16-bit samples; there is an odd number of bytes")
    return np.frombuffer(data, dtype="<i2").astype(np.float32) / np.float32(FULL_SCALE)


def to_s16le(samples: Samples) -> bytes:
    """Write samples as signed 16-bit little-endian; what is beyond full scale is clipped."""
    scaled = np.clip(np.rint(samples * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1)
    data: bytes = scaled.astype("<i2").tobytes()
    return data
