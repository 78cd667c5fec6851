"""Sound in memory: mono float32 samples in -1..1, and their form on the wire."""

import struct
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from domain.errors import InvalidValue

SAMPLE_RATE: Final = 16_000
"""The hub's one rate, in Hz; everything else is converted at the door."""

Samples = NDArray[np.float32]
Floats = NDArray[np.float64]
FULL_SCALE: Final = 32_768.0
WAV_HEAD_BYTES: Final = 44
UNKNOWN_SIZE: Final = 0xFFFFFFFF


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


def wav_head(sample_rate: int, samples: int | None) -> bytes:
    """The head of a WAV file of mono 16-bit samples; None stands for a length that nobody knows yet."""
    size = UNKNOWN_SIZE if samples is None else 2 * samples
    whole = UNKNOWN_SIZE if samples is None else size + WAV_HEAD_BYTES - 8
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, sample_rate, 2 * sample_rate, 2, 16)
    return struct.pack("<4sI4s", b"RIFF", whole, b"WAVE") + form + struct.pack("<4sI", b"data", size)


def silence(seconds: float, sample_rate: int) -> Recording:
    """So much of nothing."""
    return Recording(samples=np.zeros(int(seconds * sample_rate), np.float32), sample_rate=sample_rate)


def softened(recording: Recording, share: float) -> Recording:
    """The same sound with a share (0..1) of its amplitude."""
    return Recording(samples=recording.samples * np.float32(share), sample_rate=recording.sample_rate)
