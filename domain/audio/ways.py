"""What becomes of an answer on its way from loudspeaker to microphone: its loudness, and its echo.

Both are learnt while nobody speaks, from how far what is heard lies above or below the answer as it was
sent: the gain of each band where the answer itself is loudest, and how much softer its echoes are than
those of a lively room.
"""

from typing import Final

import numpy as np

from domain.audio.pcm import Samples
from domain.audio.playback import Playback
from domain.audio.spectrum import BANDS

MARGIN_DB: Final = 6.0
"""By how much a band must be louder than the answer explains."""
AUDIBLE_DB: Final = 30.0
"""What of the answer lies further below its loudest is not used to learn how it is heard."""
KEPT_HOPS: Final = 200
SHARE: Final = 70.0
"""The percentile that is taken for how loud something is."""
DEPTHS_DB: Final = np.array([3.0, 8.0, 14.0, 20.0])
"""How far the answer lies below the echo of what came before it, in a lively room: classes of depth."""
MOST_SOFTER_DB: Final = -20.0
TRUSTED: Final = 15
TRUSTED_CELLS: Final = 150
"""With so many hops (cells) learnt of a band (depth), its own figure counts as much as what is usual."""


class Way:
    """One answer's way to one microphone, as far as it was learnt."""

    def __init__(self) -> None:
        self._gains: Samples = np.zeros(BANDS, dtype=np.float32)
        self._softer: Samples = np.zeros(len(DEPTHS_DB) + 1, dtype=np.float32)
        self._above: Samples = np.zeros((0, BANDS), dtype=np.float32)
        """How far above the lively room's echo lately heard hops were; NaN where that says nothing."""
        self._depths: Samples = np.zeros((0, BANDS), dtype=np.float32)

    def learn(self, heard: Samples, playback: Playback, place: int) -> None:
        """Keep levels (float32[hops, BANDS]) that were heard while an answer sounded, from a row of it on."""
        hops = np.arange(place, place + len(heard))
        within = (hops >= 0) & (hops < len(playback.expected))
        expected, told = playback.expected[hops[within]], playback.levels[hops[within]]
        audible = expected > playback.expected.max(axis=0) - AUDIBLE_DB
        above = np.where(audible, heard[within] - expected, np.float32(np.nan))
        self._above = np.concatenate([self._above, above])[-KEPT_HOPS:]
        self._depths = np.concatenate([self._depths, expected - told])[-KEPT_HOPS:]

    def settle(self) -> None:
        """Work out the gains and the echoes from what is kept."""
        classes = np.digitize(self._depths, DEPTHS_DB)
        direct = np.where(classes == 0, self._above, np.nan)
        counts = np.isfinite(direct).sum(axis=0)
        if not counts.any():
            return
        usual, gains = np.nanpercentile(direct, SHARE), np.zeros(BANDS)
        gains[counts > 0] = np.nanpercentile(direct[:, counts > 0], SHARE, axis=0)
        gains = (counts * gains + TRUSTED * usual) / (counts + TRUSTED)
        self._gains = gains.astype(np.float32)
        beyond = self._above - self._gains
        for depth in range(1, len(self._softer)):
            cells = beyond[(classes == depth) & np.isfinite(beyond)]
            share = len(cells) / (len(cells) + TRUSTED_CELLS)
            found = float(np.percentile(cells, SHARE)) if len(cells) else 0.0
            self._softer[depth] = share * min(0.0, max(MOST_SOFTER_DB, found))

    def unexplained(self, heard: Samples, playback: Playback, place: int, floors: Samples) -> Samples:
        """By how many dB levels rise above what answer and noise explain, on average (float32[hops])."""
        hops = np.clip(np.arange(place, place + len(heard)), 0, len(playback.expected) - 1)
        expected = playback.expected[hops]
        softer = self._softer[np.digitize(expected - playback.levels[hops], DEPTHS_DB)]
        over = heard - np.maximum(expected + self._gains + softer, floors)
        rest: Samples = np.maximum(over - MARGIN_DB, 0.0).mean(axis=1).astype(np.float32)
        return rest
