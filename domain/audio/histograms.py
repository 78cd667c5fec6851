"""Histograms of levels: how they are counted, and what they tell."""

import math
from typing import Final

import numpy as np

from domain.audio.compiling import compiled, summing
from domain.audio.pcm import Floats

BINS: Final = 72
BIN_DB: Final = 2.0
LOWEST_DB: Final = -100.0
_POWERS: Final = 10.0 ** ((LOWEST_DB + BIN_DB * (np.arange(BINS) + 0.5)) / 10.0)


@compiled
def bin_of(decibels: float) -> int:
    """The histogram bin of a level in dB; what is beyond the ends goes into the last."""
    return min(BINS - 1, max(0, math.floor((decibels - LOWEST_DB) / BIN_DB)))


@summing
def total_of(values: Floats) -> float:
    """The sum of all values."""
    total = 0.0
    for index in range(len(values)):
        total += values[index]
    return total


@compiled
def is_upper(bins: Floats, here: int) -> bool:
    """Whether a bin lies in the upper half of the range between the bins of the 10th and 95th percentile."""
    total = total_of(bins)
    below, low, high = bins[0], 0, 0
    while low < BINS - 1 and below < 0.10 * total:
        low += 1
        below += bins[low]
    high = low
    while high < BINS - 1 and below < 0.95 * total:
        high += 1
        below += bins[high]
    return 2 * here > low + high


@compiled
def percentiles(bins: Floats, lowest: float, width: float, shares: tuple[float, ...], out: Floats) -> None:
    """The values below which rising `shares` (0..1) of a histogram lie, straight inside its bins."""
    total = total_of(bins)
    index, below = 0, 0.0
    for which in range(len(shares)):
        wanted = shares[which] * total
        while index < len(bins) - 1 and (bins[index] <= 0.0 or below + bins[index] < wanted):
            below += bins[index]
            index += 1
        inside = min(1.0, (wanted - below) / bins[index]) if bins[index] > 0.0 else 0.0
        out[which] = lowest + width * (index + inside) if total > 0.0 else 0.0


@compiled
def mean_power(bins: Floats) -> float:
    """The mean power of a histogram of levels in dB (float64[BINS], as `bin_of` counts them)."""
    count = total = 0.0
    for index in range(BINS):
        count += bins[index]
        total += bins[index] * _POWERS[index]
    return float(total / count) if count > 0.0 else 0.0
