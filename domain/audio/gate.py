"""Which sound a device sends: what stands out of the noise of its place, and a little before and after.

It is meant for small machines, so it measures one level a block; the hub judges what is speech.
"""

from collections import deque
from typing import Final

import numpy as np
from attrs import define, field, frozen

from domain.audio.pcm import Samples

BLOCK: Final = 640
"""Samples of a block of sound at 16 kHz: 40 ms."""
OPENS_DB: Final = 8.0
"""So far above the noise sound opens the gate."""
STAYS_DB: Final = 5.0
QUIETEST_DB: Final = -66.0
"""What is softer than this opens nothing, however quiet the place is."""
NEEDED: Final = 2
"""So many of the last RECENT blocks must stand out, so that a click opens nothing."""
RECENT: Final = 4
BEFORE: Final = 15
"""So many blocks from before the gate opened are sent too: 600 ms."""
AFTER: Final = 80
"""It closes after so many blocks of quiet: 3.2 s, longer than the hub ever waits for a sentence to go on."""
RISE_DB: Final = 0.12
"""The noise is believed to rise by so much a block, 3 dB a second, and less while somebody speaks."""
RISE_OPEN_DB: Final = 0.02


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

    The level is that of the sound's differences, in which hum and rumble weigh little. The noise is the
    least level of late, which slowly rises again.
    """

    open: bool = field(default=False, init=False)
    held: bool = field(default=False, init=False)
    _noise: float | None = field(default=None, init=False)
    _before: deque[HeardBlock] = field(factory=lambda: deque(maxlen=BEFORE), init=False)
    _recent: deque[bool] = field(factory=lambda: deque(maxlen=RECENT), init=False)
    _quiet: int = field(default=0, init=False)

    def hear(self, block: HeardBlock) -> Passed:
        """Take a block in, and say what is to be sent."""
        over_noise = self._over_noise(level_of(block.samples))
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

    def _over_noise(self, level: float) -> float:
        """How far a level is above the noise, which is learnt from it."""
        if self._noise is None:
            self._noise = level
        rise = RISE_OPEN_DB if self.open else RISE_DB
        self._noise = min(max(level, QUIETEST_DB - OPENS_DB), self._noise + rise)
        return level - max(self._noise, QUIETEST_DB - OPENS_DB)


def level_of(samples: Samples) -> float:
    """How loud the differences between samples are, in dB of full scale."""
    change = np.diff(samples)
    return float(10.0 * np.log10(np.mean(change * change) + 1e-10))
