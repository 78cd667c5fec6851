"""Speech and noise, as far as levels tell them apart, in six parts of the spectrum and below it.

The low percentiles of a band's level follow the noise and the mean follows the speech (Hirsch and
Ehrlicher, ICASSP 1995). In which part of the spectrum each lies, and how the levels between spread, tells
of noises that come and go, and of hum and fans, most of which sounds below the bands.
"""

import math
from typing import Final

from domain.audio.compiling import compiled
from domain.audio.histograms import BIN_DB, BINS, LOWEST_DB, mean_power, percentiles
from domain.audio.kernels import (
    ACTIVE,
    ACTIVE_SLOPE,
    ANALYSED,
    ENERGY_BINS,
    FALLING,
    GROUP_STARTS,
    IDLE_SLOPE,
    LEVEL_BINS,
    LOW_BINS,
    RISE_2,
    SLOPE_2,
    SLOPE_3,
)
from domain.audio.pcm import Floats
from domain.audio.spectrum import BANDS

PARTS: Final = 6
WIDE: Final = BANDS // PARTS
"""Bands in each part of the spectrum."""
LOW_SHARES: Final = (0.10, 0.50, 0.95)
QUIET: Final = 1
"""Which of the percentiles that are handed in follows the noise."""
TOP: Final = 5
"""Which of them is as loud as speech is at its loudest."""
_LEAST: Final = 1e-10

_OF_PART: Final = ("speech", "noise", *(f"step{step}" for step in range(TOP)))
_PARTS: Final = tuple(f"{name}_{part}" for part in range(PARTS) for name in _OF_PART)
_OF_GROUP: Final = ("fall", "skew", "rise", "busy", "idle")
_GROUPS: Final = tuple(f"{name}_{group}" for group in range(3) for name in _OF_GROUP)
IN_PART: Final = len(_OF_PART)
IN_GROUP: Final = len(_OF_GROUP)
GROUPED: Final = len(_PARTS)
LOW: Final = GROUPED + len(_GROUPS)
NAMES: Final = (*_PARTS, *_GROUPS, "low10", "low50", "low95", "low")
"""What `read_sixths` gives, in order.

speech, noise: in dB, which share of the mean power and of the power at the 10th percentile lies in a part of
the spectrum; step{i}: how far one percentile of its bands' levels lies below the next (2, 10, 25, 50, 75,
95); fall, skew, rise, busy, idle: by group of bands the share of hops at which the level falls, the skewness
of its steps, the log ratio of steps up to steps down, the mean step in active hops and in idle ones; low:
percentiles and mean of the level from 30 to 100 Hz against the 95th percentile and the mean of all.
"""


@compiled
def _decibels(power: float) -> float:
    return 10.0 * math.log10(max(power, _LEAST))


@compiled
def _parts(state: Floats, levels: Floats, out: Floats) -> None:
    """What is told of each part of the spectrum; `levels` are percentiles by band (float64[BANDS, 7])."""
    means = noises = 0.0
    for part in range(PARTS):
        at = part * IN_PART
        for band in range(part * WIDE, (part + 1) * WIDE):
            first = LEVEL_BINS + band * BINS
            out[at] += mean_power(state[first : first + BINS])
            out[at + 1] += 10.0 ** (levels[band, QUIET] / 10.0)
            for step in range(TOP):
                out[at + 2 + step] += (levels[band, step + 1] - levels[band, step]) / WIDE
        means += out[at]
        noises += out[at + 1]
    for part in range(PARTS):
        at = part * IN_PART
        out[at] = _decibels(out[at] / max(means, _LEAST))
        out[at + 1] = _decibels(out[at + 1] / max(noises, _LEAST))


@compiled
def _groups(state: Floats, out: Floats) -> None:
    """What is told of each group of bands."""
    hops, active = state[ANALYSED], max(state[ACTIVE], 1e-9)
    idle = max(hops - state[ACTIVE], 1e-9)
    for group in range(3):
        at, first, last = GROUPED + IN_GROUP * group, GROUP_STARTS[group], GROUP_STARTS[group + 1]
        for band in range(first, last):
            rising, squares = state[RISE_2 + band], state[SLOPE_2 + band]
            share = 1.0 / (last - first)
            out[at] += share * state[FALLING + band] / hops
            out[at + 1] += share * state[SLOPE_3 + band] / hops / (squares / hops + 1e-6) ** 1.5
            out[at + 2] += share * math.log((rising + 1e-3) / (max(squares - rising, 0.0) + 1e-3))
            out[at + 3] += share * state[ACTIVE_SLOPE + band] / active
            out[at + 4] += share * state[IDLE_SLOPE + band] / idle


@compiled
def read_sixths(state: Floats, levels: Floats, top: float, out: Floats) -> None:
    """The measures named in NAMES into `out` (float64[len(NAMES)], zeros); some hop must have been analysed.

    `levels` are the percentiles 2, 10, 25, 50, 75, 95 and 99 of each band (float64[BANDS, 7], dB), `top` is
    the 95th of the whole.
    """
    _parts(state, levels, out)
    _groups(state, out)
    low = state[LOW_BINS : LOW_BINS + BINS]
    percentiles(low, LOWEST_DB, BIN_DB, LOW_SHARES, out[LOW : LOW + 3])
    for index in range(3):
        out[LOW + index] -= top
    whole = mean_power(state[ENERGY_BINS : ENERGY_BINS + BINS])
    out[LOW + 3] = _decibels(mean_power(low) / max(whole, _LEAST))
