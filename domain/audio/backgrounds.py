"""What goes on in the background of one stream, and since when somebody speaks over it.

Television, music and people who talk elsewhere come and go as speech does, so no noise floor follows
them. But whoever speaks to a device is louder there than what it heard until then: in each band, than
nine tenths of that. When that is heard, what was before is the background of the stream, and only what rises
above it counts as activity, until it has been silent for a while.
"""

from typing import Final

import numpy as np
from attrs import define, field

from domain.audio.compiling import compiled
from domain.audio.kernels import ABOVE, LEVEL, MEAN, SHAPES
from domain.audio.pcm import Floats, Samples
from domain.audio.spectrum import BANDS

LEARNT_HOPS: Final = 250
LEAST_HOPS: Final = 120
"""A background is learnt from so many hops of 10 ms, and not from fewer."""
SHARE: Final = 0.90
"""So much of the time a band of the background is below what is taken for its level."""
RISEN_HOPS: Final = 40
RISEN_DB: Final = 3.0
"""Somebody speaks over it who rises above these levels, averaged over bands and hops, by so much more than
the background itself does in nine of ten moments."""
OWN_SHARE: Final = 0.9
LOUDER_DB: Final = 3.0
"""And who is louder altogether by this, at their loudest: a hiss after softer words is none of that."""
SMOOTHED_HOPS: Final = 10
ECHOED_DB: Final = 1.5
"""Where another stream is spoken over, so much is enough to be of the same."""
BEGUN_DB: Final = 0.5
GAP_HOPS: Final = 20
"""They began where it rose by this much, and from where on it did so but for so many hops in a row."""
MOST_HOPS: Final = 150
"""They began no longer ago than this."""
MOST_RISING: Final = LEARNT_HOPS + 4 * RISEN_HOPS
QUIET_DB: Final = 0.5
FORGOTTEN_HOPS: Final = 300
"""After so many hops in which nothing rises above the noise floor, there is no background any more."""
BIN_DB: Final = 0.5
BINS: Final = 280
LOWEST_DB: Final = -110.0
HIGHEST_EXCESS_DB: Final = 25.0


@compiled
def levels_of(rows: Samples) -> Floats:
    """For each band, the level (dB) that it seldom exceeds (float64[BANDS]), of float32[hops, TOLD]."""
    found = np.empty(BANDS, dtype=np.float64)
    counts = np.empty(BINS, dtype=np.float64)
    for band in range(BANDS):
        counts[:] = 0.0
        for hop in range(len(rows)):
            level = rows[hop, MEAN] + rows[hop, SHAPES + band]
            counts[min(BINS - 1, max(0, int((level - LOWEST_DB) / BIN_DB)))] += 1.0
        below, place = 0.0, 0
        while place < BINS - 1 and below + counts[place] < SHARE * len(rows):
            below += counts[place]
            place += 1
        found[band] = LOWEST_DB + BIN_DB * (place + 1)
    return found


@compiled
def excess_over(rows: Samples, levels: Floats) -> Floats:
    """By how many dB the bands of each hop rise above levels, on average (float64[hops])."""
    out = np.zeros(len(rows), dtype=np.float64)
    for hop in range(len(rows)):
        for band in range(BANDS):
            above = rows[hop, MEAN] + rows[hop, SHAPES + band] - levels[band]
            out[hop] += min(HIGHEST_EXCESS_DB, max(0.0, above)) / BANDS
    return out


@compiled
def own_excess(excess: Floats) -> float:
    """By how much a background rises above its own levels in nine of ten moments."""
    count = len(excess) - SMOOTHED_HOPS + 1
    if count < 1:
        return 0.0
    smooth = np.empty(count, dtype=np.float64)
    for hop in range(count):
        smooth[hop] = excess[hop : hop + SMOOTHED_HOPS].mean()
    return float(np.sort(smooth)[int(OWN_SHARE * (count - 1))])


@compiled
def rise(rows: Samples) -> int:
    """Since which row (float32[hops, TOLD]) somebody speaks over what was heard before; -1 if nobody does."""
    last = len(rows)
    until = last - RISEN_HOPS
    if until < LEAST_HOPS:
        return -1
    before = rows[max(0, until - LEARNT_HOPS) : until]
    levels = levels_of(before)
    own = own_excess(excess_over(before, levels))
    if excess_over(rows[until:], levels).mean() < own + RISEN_DB:
        return -1
    if np.percentile(rows[until:, LEVEL], 90) < np.percentile(before[:, LEVEL], 90) + LOUDER_DB:
        return -1
    first = max(0, last - MOST_HOPS)
    excess = excess_over(rows[first:], levels)
    begun, gap = len(excess), 0
    for hop in range(len(excess) - 1, -1, -1):
        gap = 0 if excess[hop] > own + BEGUN_DB else gap + 1
        if gap > GAP_HOPS:
            break
        if gap == 0:
            begun = hop
    return first + begun if first + begun >= LEAST_HOPS else -1


@compiled
def rises_by(rows: Samples, before: int) -> float:
    """By how many dB what follows so many rows is above what the background itself rises to in these."""
    known = rows[max(0, before - LEARNT_HOPS) : before]
    if len(known) < LEAST_HOPS or before >= len(rows):
        return 0.0
    levels = levels_of(known)
    return float(excess_over(rows[before:], levels).mean() - own_excess(excess_over(known, levels)))


@define(eq=False)
class Background:
    """What goes on in the background of a stream, if anything is known to."""

    _levels: Floats | None = field(default=None, init=False)
    _own: float = field(default=0.0, init=False)
    _quiet: int = field(default=0, init=False)

    def learn(self, rows: Samples) -> None:
        """What these rows tell is the background; too few of them tell nothing."""
        if len(rows) >= LEAST_HOPS:
            self._quiet = self._quiet if self.known else 0
            known = rows[-LEARNT_HOPS:]
            self._levels = levels_of(known)
            self._own = own_excess(excess_over(known, self._levels))

    @property
    def known(self) -> bool:
        """Whether anything is known to go on."""
        return self._levels is not None

    def mask(self, rows: Samples) -> None:
        """Take out of the rows of new hops, in place, what does not rise above the background."""
        if self._levels is None or not len(rows):
            return
        self._quiet = self._quiet + len(rows) if rows[:, ABOVE].mean() < QUIET_DB else 0
        rest = np.maximum(excess_over(rows, self._levels) - 0.5 * self._own, 0.0)
        np.minimum(rows[:, ABOVE], rest, out=rows[:, ABOVE], casting="same_kind")
        if self._quiet > FORGOTTEN_HOPS:
            self._levels = None
