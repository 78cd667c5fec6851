"""Whether two streams hear the same sentence.

Compared is how the shape of the spectrum moves: each of eighteen mel levels against their mean, hop by
hop, with what is constant over the stretch (room, microphone, steady noise) taken away. Level plays no
part, so near and far agree, and a common rise at the start of two sentences does not make them one.
Figures behind the thresholds are in docs/audio.md.
"""

import math
from typing import Final

from attrs import frozen

from domain.audio.compiling import compiled
from domain.audio.kernels import SHAPES
from domain.audio.pcm import Samples
from domain.audio.spectrum import BANDS

STRIDE: Final = 2
"""Every second hop is compared, at every second lag."""
LEAST_HOPS: Final = 40
"""Less than this in common says nothing."""
NEAR_HOPS: Final = 30
"""How far apart, in 10 ms hops, two trusted clocks may put the same sound."""
FAR_HOPS: Final = 220
"""How far apart radios without a clock may put it."""
LEAST_FAR_HOPS: Final = 100
AGREE_FAR: Final = 0.50
AGREE_NEAR: Final = ((110, 0.42), (LEAST_HOPS, 0.50))
"""How alike two stretches must be to be the same, by how many hops they have in common."""
DISAGREE: Final = ((110, 0.42), (60, 0.33))
"""Below which likeness they are different, likewise; in between nothing is known."""


@frozen(kw_only=True)
class Agreement:
    """How alike two stretches are at their best alignment."""

    likeness: float
    """Correlation, -1..1."""
    lag_hops: int
    """How many hops later the second has it, beyond what the clocks say."""
    hops: int
    """How much they have in common; 0 means that nothing could be compared."""

    @property
    def same(self) -> bool:
        """They hear the same sentence."""
        if abs(self.lag_hops) <= NEAR_HOPS:
            return any(self.hops >= hops and self.likeness >= least for hops, least in AGREE_NEAR)
        return self.hops >= LEAST_FAR_HOPS and self.likeness >= AGREE_FAR

    @property
    def different(self) -> bool:
        """They hear different sounds."""
        return any(self.hops >= hops and self.likeness < most for hops, most in DISAGREE)


UNKNOWN: Final = Agreement(likeness=0.0, lag_hops=0, hops=0)


@compiled
def _likeness(one: Samples, other: Samples, first: int, second: int, hops: int) -> float:
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
def _best(one: Samples, other: Samples, ahead: int, reach: int, least: int) -> tuple[float, int, int]:
    """The highest likeness over lags -reach..reach, that lag, and the hops in common there."""
    found, lag, common = 0.0, 0, 0
    for turn in range(-reach, reach + 1, STRIDE):
        shift = ahead + turn
        first, second = max(0, -shift), max(0, shift)
        hops = min(len(one) - first, len(other) - second)
        if hops < least:
            continue
        likeness = _likeness(one, other, first, second, hops)
        if likeness > found or common == 0:
            found, lag, common = likeness, turn, hops
    return found, lag, common


def compare_near(one: Samples, other: Samples) -> Agreement:
    """Compare two stretches of rows (float32[hops, TOLD]) that began together, by clocks to be trusted."""
    return _agreement(one, other, 0, NEAR_HOPS, LEAST_HOPS)


def compare_far(one: Samples, other: Samples, ahead: int) -> Agreement:
    """Compare two stretches at any alignment within 2.2 s of what the clocks say.

    `ahead` is by how many hops the second began before the first, by the clocks.
    """
    least = max(LEAST_FAR_HOPS, int(0.6 * min(len(one), len(other))))
    return _agreement(one, other, ahead, FAR_HOPS, least)


def _agreement(one: Samples, other: Samples, ahead: int, reach: int, least: int) -> Agreement:
    likeness, lag, hops = _best(one, other, ahead, reach, least)
    return Agreement(likeness=float(likeness), lag_hops=int(lag), hops=int(hops))
