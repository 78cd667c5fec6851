"""Which sound a device sends: what stands out of the noise of its place, and a little before and after.

It is meant for small machines, so it measures one level a block; the hub judges what is speech.
"""

from collections import deque
from typing import Final

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from domain.audio.pcm import SAMPLE_RATE, Samples

Levels = NDArray[np.float64]
BLOCK: Final = 640
"""Samples of a block of sound at 16 kHz: 40 ms."""
EDGES_HZ: Final = (150, 300, 450, 650, 900, 1250, 1700, 2300, 3100, 4200, 6000)
"""Between these lie the bands, wider as they get higher, as ears have it."""
LOUDEST: Final = 3
"""So many bands, those that stand out most of their own noise, say how much a block stands out."""
MOST_DB: Final = 20.0
"""More than this no band stands out."""
OPENS_DB: Final = 9.0
"""So much more than the noise opens the gate; with fewer dB, noise alone does so now and then."""
STAYS_DB: Final = 6.0
QUIETEST_DB: Final = -72.0
"""What is softer than this in a band is nothing, however quiet the place is; a full sine has 0 dB."""
NEEDED: Final = 2
"""So many of the last RECENT blocks must stand out, so that a click opens nothing."""
RECENT: Final = 4
BEFORE: Final = 15
"""So many blocks from before the gate opened are sent too: 600 ms."""
AFTER: Final = 80
"""It closes after so many blocks of quiet: 3.2 s, longer than the hub ever waits for a sentence to go on."""
RISE_DB: Final = 0.12
"""The noise is believed to rise by so much a block at most, which is 3 dB a second."""
FALL: Final = 0.25
"""It falls by this share of the way, so that it lies near the middle of what comes and goes."""
WARY: Final = 1 / 3
"""While the gate is open the noise is learnt so much more slowly, because most of it is somebody's voice."""
WINDOW: Final = np.hanning(BLOCK)
BINS: Final = np.round(np.array(EDGES_HZ) * BLOCK / SAMPLE_RATE).astype(np.int64)
SCALE: Final = 2.0 / (BLOCK * WINDOW.sum())


@frozen(kw_only=True, eq=False)
class HeardBlock:
    """A short stretch of sound, and when its first sample was heard: microseconds since 1970."""

    captured_at: int
    samples: Samples


@frozen(kw_only=True)
class Passed:
    """What is to be sent now, and whether the utterance is over with it."""

    blocks: tuple[HeardBlock, ...] = ()
    over: bool = False


@define(eq=False)
class Gate:
    """Lets speech through and keeps silence back, so that silence costs nothing on the way to the hub.

    Each band of the spectrum has a noise of its own, which follows what is heard down at once and up slowly;
    so voices are noticed beside a fan that is as loud as they are.
    """

    open: bool = field(default=False, init=False)
    held: bool = field(default=False, init=False)
    _noise: Levels | None = field(default=None, init=False)
    _before: deque[HeardBlock] = field(factory=lambda: deque(maxlen=BEFORE), init=False)
    _recent: deque[bool] = field(factory=lambda: deque(maxlen=RECENT), init=False)
    _quiet: int = field(default=0, init=False)

    def hear(self, block: HeardBlock) -> Passed:
        """Take a block in, and say what is to be sent."""
        over_noise = self._over_noise(band_levels(block.samples))
        self._recent.append(over_noise > OPENS_DB)
        if not self.open:
            self._before.append(block)
            if not self.held and sum(self._recent) < NEEDED:
                return Passed()
            self.open, self._quiet = True, 0
            waiting = tuple(self._before)
            self._before.clear()
            return Passed(blocks=waiting)
        self._quiet = 0 if over_noise > STAYS_DB else self._quiet + 1
        self.open = self.held or self._quiet < AFTER
        return Passed(blocks=(block,), over=not self.open)

    def hold(self) -> None:
        """Stay open from now on, whatever is heard: somebody holds the button to talk."""
        self.held = True

    def close(self) -> bool:
        """Close at once, and forget what was heard; whether it was open."""
        was_open, self.open, self.held = self.open, False, False
        self._before.clear()
        self._recent.clear()
        return was_open

    def _over_noise(self, levels: Levels) -> float:
        """How far the loudest bands are above their noise, which is learnt from them."""
        if self._noise is None:
            self._noise = levels
        above = levels - self._noise
        pace = WARY if self.open else 1.0
        self._noise = self._noise + pace * np.where(above > 0, np.minimum(above, RISE_DB), FALL * above)
        return float(np.sort(np.clip(above, 0.0, MOST_DB))[-LOUDEST:].mean())


def band_levels(samples: Samples) -> Levels:
    """How loud a block is in each band, in dB of a full sine; at least QUIETEST_DB."""
    power = np.abs(np.fft.rfft(samples * WINDOW)) ** 2
    bands = np.add.reduceat(power, BINS)[:-1] * SCALE
    levels: Levels = np.maximum(10.0 * np.log10(bands + 1e-10), QUIETEST_DB)
    return levels
