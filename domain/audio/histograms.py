"""What histograms of levels tell: percentiles, and powers."""

from typing import Final

import numpy as np

from domain.audio.compiling import compiled
from domain.audio.kernels import BIN_DB, BINS, LOWEST_DB
from domain.audio.spectrum import Floats

_POWERS: Final = 10.0 ** ((LOWEST_DB + BIN_DB * (np.arange(BINS) + 0.5)) / 10.0)


@compiled
def percentiles(bins: Floats, lowest: float, width: float, shares: tuple[float, ...], out: Floats) -> None:
    """The values below which rising `shares` (0..1) of a histogram lie, straight inside its bins."""
    total = 0.0
    for index in range(len(bins)):
        total += bins[index]
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
