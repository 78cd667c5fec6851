"""Whether two streams hear the same sentence.

Compared is how the shape of the spectrum moves: each of eighteen mel levels against their mean, hop by
hop, with what is constant over the stretch (room, microphone, steady noise) taken away. Level plays no
part, so near and far agree, and a common rise at the start of two sentences does not make them one.

Where clocks can be trusted, it also counts when there is sound at all: how far the bands rise above
their floors, smoothed. Who speaks into another's sentence begins and ends at other times, which is heard
long before the words are. Figures behind the thresholds are in docs/listening.md.
"""

import math
from typing import Final

import numpy as np
from attrs import frozen

from domain.audio.compiling import compiled
from domain.audio.kernels import ABOVE, LEVEL, MEAN, SHAPES
from domain.audio.pcm import Floats, Samples
from domain.audio.spectrum import BANDS

STRIDE: Final = 2
"""Every second hop is compared, at every second lag."""
LEAST_HOPS: Final = 40
"""Less than this in common says nothing."""
NEAR_HOPS: Final = 30
"""How far apart, in 10 ms hops, two trusted clocks may put the same sound."""
FAR_HOPS: Final = 280
"""How far apart radios without a clock may put it."""
LEAST_FAR_HOPS: Final = 100
DECIDED_FAR_HOPS: Final = 110
"""From so many hops in common on, unlikeness counts as well."""
AGREE_FAR: Final = ((200, 0.68), (150, 0.72), (LEAST_FAR_HOPS, 0.78))
"""How alike two stretches must be to be the same where clocks say nothing, by their hops in common."""
TIMING: Final = 0.5
"""What simultaneity counts for beside likeness."""
AGREE_NEAR: Final = ((200, 0.95), (130, 1.00), (90, 1.08), (LEAST_HOPS, 1.20))
"""How alike and simultaneous they must be to be the same, by how many hops they have in common."""
DISAGREE: Final = ((200, 0.85), (90, 0.76), (60, 0.68), (LEAST_HOPS, 0.55))
"""Below which they are different, likewise; in between nothing is known."""
UNLIKE: Final = 0.48
"""What is more alike than this is no other sentence, however much else one of the two hears; what is less
is not the same."""
AT_ONCE: Final = 0.72
HARDLY_LIKE: Final = 0.2
LONG_HOPS: Final = 200
"""What comes and goes together for so long may be the same, however little of its likeness noise has left."""
DISAGREE_FAR: Final = ((150, 0.45), (LEAST_FAR_HOPS, 0.33))
"""Below which likeness they are different where clocks say nothing."""
SMOOTHED_HOPS: Final = 9
"""Over so many hops the rise above the floors is averaged: echoes blur it."""
LOW: Final = 10
TOP: Final = 95
"""Between these percentiles of its levels lies what is heard of a band."""
DECIBEL: Final = 10.0 / math.log(10.0)
DEPARTED_DB: Final = 12.0
"""Who speaks near a microphone is so much louder there than who was heard through the wall."""
ARISEN_DB: Final = 7.0
"""Speech rises above what was there by at least so much; television goes on as it was."""
LOUD_HOPS: Final = 40
"""How loud they are is read off the last 400 ms."""
SAFE_HOPS: Final = 10
MOST_HOPS: Final = 500
"""Of long stretches the last five seconds are compared."""


@frozen(kw_only=True)
class Agreement:
    """How alike two stretches are at their best alignment."""

    likeness: float
    """Correlation, -1..1."""
    lag_hops: int
    """How many hops later the second has it, beyond what the clocks say."""
    hops: int
    """How much they have in common; 0 means that nothing could be compared."""

    together: float | None = None
    """How far sound comes and goes at the same times, -1..1; None where clocks say nothing about that."""

    @property
    def same(self) -> bool:
        """They hear the same sentence."""
        if self.together is None:
            return self.likeness >= _threshold(AGREE_FAR, self.hops, math.inf)
        alike = self.likeness + TIMING * self.together
        return self.likeness >= UNLIKE and alike >= _threshold(AGREE_NEAR, self.hops, math.inf)

    @property
    def different(self) -> bool:
        """They hear different sounds."""
        if self.together is None:
            return self.likeness < _threshold(DISAGREE_FAR, self.hops, -math.inf)
        alike = self.likeness + TIMING * self.together
        return self.likeness < UNLIKE and alike < _threshold(DISAGREE, self.hops, -math.inf)

    @property
    def at_once(self) -> bool:
        """For long they come and go at the same times, as one sentence does whose likeness noise hides."""
        together = self.together is not None and self.together >= AT_ONCE
        return together and self.hops >= LONG_HOPS and self.likeness >= HARDLY_LIKE


def _threshold(ladder: tuple[tuple[int, float], ...], hops: int, otherwise: float) -> float:
    """What holds for so many hops in common."""
    return next((value for least, value in ladder if hops >= least), otherwise)


UNKNOWN: Final = Agreement(likeness=0.0, lag_hops=0, hops=0)


@compiled
def likeness_of(one: Samples, other: Samples, first: int, second: int, hops: int) -> float:
    """Correlation of two stretches (rows from `first` and `second` on), each band's mean taken away."""
    count = (hops + STRIDE - 1) // STRIDE
    both = ones = others = 0.0
    for band in range(SHAPES, SHAPES + BANDS):
        sum_one = sum_other = product = square_one = square_other = 0.0
        for index in range(0, hops, STRIDE):
            a, b = float(one[first + index, band]), float(other[second + index, band])
            sum_one += a
            sum_other += b
            product += a * b
            square_one += a * a
            square_other += b * b
        both += product - sum_one * sum_other / count
        ones += square_one - sum_one * sum_one / count
        others += square_other - sum_other * sum_other / count
    return both / math.sqrt(max(ones, 0.0) * max(others, 0.0) + 1e-6)


@compiled
def envelope_of(rows: Samples) -> Floats:
    """How far the bands rise above their floors, averaged over the hops around each."""
    sums = np.zeros(len(rows) + 1, dtype=np.float64)
    for index in range(len(rows)):
        sums[index + 1] = sums[index] + rows[index, ABOVE]
    out = np.empty(len(rows), dtype=np.float64)
    reach = SMOOTHED_HOPS // 2
    for index in range(len(rows)):
        first, last = max(0, index - reach), min(len(rows), index + reach + 1)
        out[index] = (sums[last] - sums[first]) / (last - first)
    return out


@compiled
def togetherness_of(one: Floats, other: Floats, first: int, second: int, hops: int) -> float:
    """Correlation of two envelopes."""
    count = (hops + STRIDE - 1) // STRIDE
    sum_one = sum_other = product = square_one = square_other = 0.0
    for index in range(0, hops, STRIDE):
        a, b = one[first + index], other[second + index]
        sum_one += a
        sum_other += b
        product += a * b
        square_one += a * a
        square_other += b * b
    ones = square_one - sum_one * sum_one / count
    others = square_other - sum_other * sum_other / count
    return (product - sum_one * sum_other / count) / math.sqrt(max(ones, 0.0) * max(others, 0.0) + 1e-6)


@compiled
def _smoothed_levels(rows: Samples) -> Floats:
    """The bands' levels in dB (float64[BANDS, hops]), averaged over the hops around each."""
    out = np.empty((BANDS, len(rows)), dtype=np.float64)
    sums = np.zeros(len(rows) + 1, dtype=np.float64)
    reach = SMOOTHED_HOPS // 2
    for band in range(BANDS):
        for index in range(len(rows)):
            sums[index + 1] = sums[index] + rows[index, MEAN] + rows[index, SHAPES + band]
        for index in range(len(rows)):
            first, last = max(0, index - reach), min(len(rows), index + reach + 1)
            out[band, index] = (sums[last] - sums[first]) / (last - first)
    return out


@compiled
def _raised(levels: Floats, top: float, depth: float) -> None:
    """Let a band's levels be heard in noise that lies so far below its loudest."""
    for index in range(len(levels)):
        above = math.exp((levels[index] - top) / DECIBEL) + math.exp(-depth / DECIBEL)
        levels[index] = DECIBEL * math.log(above)


@compiled
def _reshaped(rows: Samples, levels: Floats) -> Samples:
    """The rows with the shapes of other levels (float64[BANDS, hops])."""
    out = rows.copy()
    for index in range(len(rows)):
        mean = levels[:, index].mean()
        for band in range(BANDS):
            out[index, SHAPES + band] = levels[band, index] - mean
    return out


@compiled
def heard_by_both(one: Samples, other: Samples) -> tuple[Samples, Samples]:
    """Two stretches with such shapes as both would have in the noise of either.

    In each band the loudest of one rise less above its noise than those of the other: there both are given
    that much noise. What is left is averaged over 90 ms, which speech outlasts and noise does not.
    """
    ones, others = _smoothed_levels(one), _smoothed_levels(other)
    for band in range(BANDS):
        low, top = np.percentile(ones[band], LOW), np.percentile(ones[band], TOP)
        other_low, other_top = np.percentile(others[band], LOW), np.percentile(others[band], TOP)
        depth = min(top - low, other_top - other_low)
        _raised(ones[band], top, depth)
        _raised(others[band], other_top, depth)
    return _reshaped(one, ones), _reshaped(other, others)


@compiled
def _best(one: Samples, other: Samples, ahead: int, reach: int, least: int) -> tuple[float, float, int, int]:
    """The best alignment over lags -reach..reach: likeness and togetherness there, that lag, and the hops.

    Togetherness counts only where small lags are tried.
    """
    timing = TIMING if reach == NEAR_HOPS else 0.0
    ones, others = envelope_of(one), envelope_of(other)
    found, alike, together, lag, common = 0.0, 0.0, 0.0, 0, 0
    for turn in range(-reach, reach + 1, STRIDE):
        shift = ahead + turn
        first, second = max(0, -shift), max(0, shift)
        hops = min(len(one) - first, len(other) - second)
        if hops < least:
            continue
        likeness = likeness_of(one, other, first, second, hops)
        at_once = togetherness_of(ones, others, first, second, hops) if timing > 0.0 else 0.0
        both = likeness + timing * at_once
        if both > found or common == 0:
            found, alike, together, lag, common = both, likeness, at_once, turn, hops
    return alike, together, lag, common


def compare_near(one: Samples, other: Samples) -> Agreement:
    """Compare two stretches of rows (float32[hops, TOLD]) that began together, by clocks to be trusted.

    They should begin a little before the earlier of the two spoke.
    """
    hops = min(len(one), len(other))
    first = max(0, hops - MOST_HOPS)
    if hops < LEAST_HOPS:
        return UNKNOWN
    both = heard_by_both(one[first:hops], other[first:hops])
    likeness, together, lag, common = _best(*both, 0, NEAR_HOPS, LEAST_HOPS)
    return Agreement(likeness=float(likeness), together=float(together), lag_hops=int(lag), hops=int(common))


def compare_far(one: Samples, other: Samples, ahead: int) -> Agreement:
    """Compare two stretches at any alignment within 2.2 s of what the clocks say.

    `ahead` is by how many hops the second began before the first, by the clocks.
    """
    least = max(LEAST_FAR_HOPS, int(0.6 * min(len(one), len(other))))
    if min(len(one), len(other)) < least:
        return UNKNOWN
    likeness, _, lag, hops = _best(*heard_by_both(one, other), ahead, FAR_HOPS, least)
    return Agreement(likeness=float(likeness), lag_hops=int(lag), hops=int(hops))


def departure(rows: Samples) -> int | None:
    """After how many hops a stream that heard somebody faintly began to hear somebody else well.

    From there on it is about as loud as it is by now; a little before that, to be safe.
    """
    if len(rows) < LEAST_HOPS + 2 * SAFE_HOPS:
        return None
    loud = rows[:, LEVEL] >= np.percentile(rows[-LOUD_HOPS:, LEVEL], 90) - DEPARTED_DB
    lasting = np.convolve(loud, np.ones(5), "valid") >= 4
    place = int(np.argmax(lasting))
    return max(0, place - SAFE_HOPS) if lasting[place] and place >= LEAST_HOPS else None


def arisen(rows: Samples, before: int) -> bool:
    """Whether a stream has become louder after so many hops; True where too little was heard before."""
    if min(before, len(rows) - before) < SAFE_HOPS:
        return True
    earlier, now = (np.percentile(part[:, LEVEL], 90) for part in (rows[:before], rows[before:]))
    return bool(now - earlier >= ARISEN_DB)
