"""What the streams of one sentence say about each other.

Alone, a stream does not tell its talker from its room: a slow decay may be a drawn-out vowel. Streams that
hear the same sentence share its onsets and its pauses, so what lies between their levels is the rooms,
distances and noises. The reference is the lowest that any two of them were, band by band and hop by hop:
noise and reverberation only ever add to it. Each stream is told by how far it lies above that where the
sentence rises (direct sound), just after peaks (early and late reverberation) and in pauses (noise).

The idea is the direct-to-reverberant comparison of envelopes behind channel selection (Wolf and Nadeu,
Speech Communication 57, 2014), with the other microphones in place of the unheard clean speech.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.audio.compiling import compiled
from domain.audio.histograms import LOWEST_DB
from domain.audio.kernels import GROUP_STARTS, LEVEL, MEAN, SHAPES
from domain.audio.pcm import Floats, Samples
from domain.audio.spectrum import BANDS

Flags = NDArray[np.bool_]
REACH: Final = 15
"""How many hops apart two streams may have the same sound, beyond what clocks say."""
LEAST_HOPS: Final = 15
"""A stream of which less was heard is not compared."""
LOWEST: Final = -60.0
HIGHEST: Final = 10.0
EARLY: Final = 10
LATE: Final = 25
"""After a peak, reverberation is early for so many hops, then late."""
LEAST_COUNT: Final = 5.0
UNKNOWN_DB: Final = 5.0
"""What is told of a class of hops that is hardly there."""

ALL, PAUSE, AFTER, TAIL, RISE, LOUD = range(6)
CLASSES: Final = 6
ALIKE: Final = 3 * CLASSES
ALIKE_SHAPE: Final = ALIKE + 1
EXCESS: Final = ALIKE + 2
DIFFERENCES: Final = ALIKE + 3
_CLASS_NAMES: Final = ("all", "pause", "after", "tail", "rise", "loud")
_BY_CLASS: Final = tuple(f"{name}_{group}" for name in _CLASS_NAMES for group in range(3))
NAMES: Final = (*_BY_CLASS, "alike", "shape", "excess")
"""What is told of each stream, in order."""


@compiled
def _normal(rows: Samples, out: Floats, heard: Floats) -> int:
    """Band levels against each band's 95th percentile (out, float64[hops, BANDS]); how many hops count."""
    hops, count = len(rows), 0
    for hop in range(hops):
        heard[hop] = 1.0 if rows[hop, LEVEL] > LOWEST_DB else 0.0
        count += int(heard[hop])
    if count == 0:
        return 0
    levels = np.empty(count, dtype=np.float64)
    for band in range(BANDS):
        index = 0
        for hop in range(hops):
            out[hop, band] = rows[hop, SHAPES + band] + rows[hop, MEAN]
            if heard[hop] > 0.0:
                levels[index] = out[hop, band]
                index += 1
        top = np.sort(levels)[int(0.95 * (count - 1))]
        for hop in range(hops):
            out[hop, band] = min(HIGHEST, max(LOWEST, out[hop, band] - top))
    return count


@compiled
def _alike(one: Floats, other: Floats, lag: int) -> float:
    """Correlation of two streams' levels, each band's mean taken away, the second `lag` hops later."""
    first, last = max(0, -lag), len(one) - max(0, lag)
    both = ones = others = 0.0
    for band in range(BANDS):
        mean_one = mean_other = 0.0
        for hop in range(first, last):
            mean_one += one[hop, band]
            mean_other += other[hop + lag, band]
        mean_one, mean_other = mean_one / (last - first), mean_other / (last - first)
        for hop in range(first, last):
            a, b = one[hop, band] - mean_one, other[hop + lag, band] - mean_other
            both += a * b
            ones += a * a
            others += b * b
    return float(both / math.sqrt(ones * others + 1e-6))


@compiled
def _align(reference: Floats, levels: Floats, heard: Floats) -> None:
    """Shift a stream in place to where it is most like the reference."""
    reach = min(REACH, len(reference) // 3)
    best, lag = -2.0, 0
    for turn in range(-reach, reach + 1):
        alike = _alike(reference, levels, turn)
        if alike > best:
            best, lag = alike, turn
    before, present = levels.copy(), heard.copy()
    for hop in range(len(levels)):
        source = min(len(levels) - 1, max(0, hop + lag))
        levels[hop] = before[source]
        heard[hop] = present[source] if source == hop + lag else 0.0


@compiled
def _references(levels: Floats, lowest: Floats, mean: Floats) -> None:
    """The mean of the two lowest streams (of two, the lowest), and the mean of all."""
    streams = len(levels)
    for hop in range(levels.shape[1]):
        for band in range(BANDS):
            first = second = HIGHEST + 1.0
            total = 0.0
            for stream in range(streams):
                value = levels[stream, hop, band]
                total += value
                if value < first:
                    first, second = value, first
                elif value < second:
                    second = value
            lowest[hop, band] = first if streams < 3 else (first + second) / 2.0
            mean[hop, band] = total / streams


@compiled
def _class_of(lowest: Floats, mean: Floats, kinds: Flags) -> None:
    """Which classes each band of each hop is in (kinds, bool[CLASSES, hops, BANDS])."""
    for hop in range(len(lowest)):
        for band in range(BANDS):
            here, early, late = lowest[hop, band], LOWEST, LOWEST
            for back in range(1, min(hop, LATE) + 1):
                if back <= EARLY:
                    early = max(early, lowest[hop - back, band])
                else:
                    late = max(late, lowest[hop - back, band])
            kinds[ALL, hop, band] = here > LOWEST
            kinds[PAUSE, hop, band] = here < -20.0
            kinds[AFTER, hop, band] = early > -12.0 and here < early - 8.0
            kinds[TAIL, hop, band] = late > -12.0 and here < late - 10.0 and early < late - 6.0
            kinds[RISE, hop, band] = hop >= 3 and here > -15.0 and here - lowest[max(0, hop - 3), band] > 6.0
            kinds[LOUD, hop, band] = mean[hop, band] > -10.0


@compiled
def _excess(levels: Floats, heard: Floats, against: Floats, kind: Flags, group: int) -> tuple[float, float]:
    """Mean and deviation of a stream's levels against others', over a class of hops in a group of bands."""
    count = total = squares = 0.0
    for hop in range(len(levels)):
        for band in range(GROUP_STARTS[group], GROUP_STARTS[group + 1]):
            if heard[hop] > 0.0 and kind[hop, band]:
                above = levels[hop, band] - against[hop, band]
                count += 1.0
                total += above
                squares += above * above
    if count <= LEAST_COUNT:
        return UNKNOWN_DB, UNKNOWN_DB
    return total / count, math.sqrt(max(squares / count - (total / count) ** 2, 0.0))


@compiled
def _shaped(levels: Floats) -> Floats:
    """Levels with each band's mean and then each hop's mean taken away."""
    shaped = levels.copy()
    for band in range(BANDS):
        shaped[:, band] -= shaped[:, band].mean()
    for hop in range(len(shaped)):
        shaped[hop] -= shaped[hop].mean()
    return shaped


@compiled
def _differences(levels: Floats, heard: Floats) -> Floats:
    """What is told of each stream (float64[streams, DIFFERENCES]); all are aligned."""
    streams, hops = levels.shape[0], levels.shape[1]
    lowest, mean = np.empty((hops, BANDS)), np.empty((hops, BANDS))
    kinds = np.zeros((CLASSES, hops, BANDS), dtype=np.bool_)
    _references(levels, lowest, mean)
    _class_of(lowest, mean, kinds)
    out = np.zeros((streams, DIFFERENCES))
    for stream in range(streams):
        mine = levels[stream]
        for kind in range(CLASSES):
            for group in range(3):
                against = mean if kind == LOUD else lowest
                above, spread = _excess(mine, heard[stream], against, kinds[kind], group)
                out[stream, 3 * kind + group] = spread if kind == LOUD else above
        others = (mean * streams - mine) / (streams - 1)
        out[stream, ALIKE] = _alike(others, mine, 0)
        out[stream, ALIKE_SHAPE] = _alike(_shaped(others), _shaped(mine), 0)
        out[stream, EXCESS] = np.abs(mine - lowest).mean()
    return out


@compiled
def _mean_level(levels: Floats, heard: Floats) -> float:
    """A stream's mean level: the lower, the deeper its pauses."""
    count = total = 0.0
    for hop in range(len(levels)):
        if heard[hop] > 0.0:
            count += 1.0
            total += levels[hop].mean()
    return total / max(count, 1.0)


def compare_streams(rows: Sequence[Samples]) -> tuple[list[int], Floats]:
    """Compare what the kernels told of the same stretch on several streams (float32[hops, TOLD] each).

    Rows begin at the same time, up to REACH hops; all are aligned to the stream with the deepest pauses.

    Returns which streams could be compared, none if fewer than two, and what is told of each of these
    (float64[compared, DIFFERENCES]): by group of bands, by how many dB it lies above the reference in
    each class of hops, and how much it varies in loud ones; how like the others it is, in level and
    in spectral shape; and how far above the reference it is on average.
    """
    hops = min((len(row) for row in rows), default=0)
    levels, heard = np.zeros((len(rows), hops, BANDS)), np.zeros((len(rows), hops))
    counts = [_normal(row[:hops], levels[k], heard[k]) for k, row in enumerate(rows)] if hops else []
    usable = [k for k, count in enumerate(counts) if count > LEAST_HOPS]
    if len(usable) < 2:
        return [], np.zeros((0, DIFFERENCES))
    deepest = min(usable, key=lambda k: _mean_level(levels[k], heard[k]))
    for k in usable:
        if k != deepest:
            _align(levels[deepest], levels[k], heard[k])
    return usable, _differences(levels[usable], heard[usable])
