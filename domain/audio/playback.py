"""What the hub itself lets be heard: an answer that a client was told to play."""

from typing import Final, NewType

import numpy as np
from attrs import field, frozen

from domain.audio.compiling import compiled
from domain.audio.kernels import HOP, LEVEL, SHAPES
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.quality import StreamMeter
from domain.audio.spectrum import BANDS, HOPS_PER_SECOND
from domain.ids import ClientId

PlaybackId = NewType("PlaybackId", str)
"""Whatever the caller tells answers apart by."""

HOP_MICROS: Final = 1_000_000 * HOP // SAMPLE_RATE
LATEST_START: Final = 4 * HOPS_PER_SECOND
"""So many hops after it was told to, a client may begin to play."""
USUAL_START: Final = HOPS_PER_SECOND
"""So many hops after it, most have begun."""
EARLIEST_START: Final = 30
"""So many hops before, by clocks that are not quite right."""
LONGEST: Final = 60
"""Seconds."""
DECAY_DB: Final = 0.6
"""What is expected of an echo, a hop later: it takes a second to die away by 60 dB."""
JITTER: Final = 3
"""By so many hops sound may come earlier or later than its neighbours."""
QUIETEST: Final = -120.0


def band_levels(rows: Samples) -> Samples:
    """The level of each mel band in dB (float32[hops, BANDS]), from what kernels tell of hops."""
    shapes = rows[:, SHAPES : SHAPES + BANDS].astype(np.float64)
    mean = rows[:, LEVEL] - 10.0 * np.log10(np.sum(10.0 ** (shapes / 10.0), axis=1))
    levels: Samples = np.maximum(shapes + mean[:, None], QUIETEST).astype(np.float32)
    return levels


@compiled
def _dying_away(levels: Samples) -> Samples:
    """The highest of each band's levels lately, each counting less the longer it is past."""
    out = np.empty_like(levels)
    for band in range(levels.shape[1]):
        lasting = levels[0, band]
        for hop in range(len(levels)):
            for near in range(max(0, hop - JITTER), min(len(levels), hop + JITTER + 1)):
                lasting = max(lasting, levels[near, band])
            out[hop, band] = lasting
            lasting -= np.float32(DECAY_DB)
    return out


@frozen(kw_only=True, eq=False)
class Playback:
    """An answer that a client was told to play."""

    id: PlaybackId
    client_id: ClientId
    told_at: int
    """When it was told to, in microseconds since the Unix epoch."""
    sound: Samples = field(repr=False)
    rows: Samples = field(repr=False)
    """What the kernels tell of its sound, with silence before and after."""
    levels: Samples = field(repr=False)
    """How loud each band is, hop by hop (float32[hops, BANDS], dB)."""
    expected: Samples = field(repr=False)
    """How loud each band may be, hop by hop, wherever the way adds nothing."""

    @classmethod
    def of(cls, id_: PlaybackId, client_id: ClientId, told_at: int, samples: Samples) -> "Playback":
        """The answer with this sound (float32[n], 16 kHz); of a very long one the beginning."""
        samples = samples[: LONGEST * SAMPLE_RATE]
        silence = np.zeros(HOP * LATEST_START, dtype=np.float32)
        noise = 1e-4 * np.random.default_rng(0).standard_normal(len(samples) + 2 * len(silence))
        rows = StreamMeter().hear(np.concatenate([silence, samples, silence]) + noise.astype(np.float32))
        levels = band_levels(rows)
        return cls(
            id=id_,
            client_id=client_id,
            told_at=told_at,
            sound=samples,
            rows=rows,
            levels=levels,
            expected=_dying_away(levels),
        )

    def longer(self, more: Samples) -> "Playback":
        """The same answer, now that more of it is said."""
        return Playback.of(self.id, self.client_id, self.told_at, np.concatenate([self.sound, more]))

    @property
    def over_at(self) -> int:
        """When it is over, however late it was begun."""
        return self.told_at + HOP_MICROS * (len(self.rows) - LATEST_START)

    @property
    def usually_over_at(self) -> int:
        """When it is most likely over."""
        return self.over_at + HOP_MICROS * (USUAL_START - LATEST_START)

    def row_at(self, moment: int) -> int:
        """Which of its rows would be heard at a moment, were it begun when it was told to."""
        return (moment - self.told_at) // HOP_MICROS + LATEST_START
