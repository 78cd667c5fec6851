"""A stream's sums, turned into the measures that judgements are made of."""

import math
from typing import Final

import numpy as np

from domain.audio.compiling import compiled
from domain.audio.kernels import (
    ACTIVE,
    ACTIVE_POWER,
    ACTIVE_SLOPE,
    ANALYSED,
    BEFORE_GAP,
    BEGUN,
    BINS,
    CLIPPED,
    COUNT,
    ENERGY_BINS,
    FALLING,
    FOURTHS,
    GAP,
    GROUP_STARTS,
    HOPS,
    IDLE_SLOPE,
    LEVEL_BINS,
    LOG_MAGNITUDE,
    LOST,
    LOUDEST,
    MAGNITUDE,
    MODULATED,
    PEAKED,
    QUIET,
    RATES,
    RISE_2,
    ROOT,
    SHAPE,
    SHAPE_2,
    SLOPE_2,
    SLOPE_3,
    SLOW_LEVEL,
    SQUARES,
    WEIGHT,
    percentile,
)
from domain.audio.spectrum import BANDS, RATE, Floats

_STATISTICS: Final = (
    *("ml1_0", "neg0", "neg1", "skw0", "p99_75_0", "spi2", "spa0", "sii", "drop", "kurt"),
    *("dyn10", "wada", "asy1", "act", "clipping", "active_power", "active_hops", "seconds"),
    *("shape", "peaked"),
)
ML1_0, NEG0, NEG1, SKW0, P99_75_0, SPI2, SPA0, SII, DROP, KURT = range(3 * RATES, 3 * RATES + 10)
DYN10, WADA, ASY1, ACT, CLIPS, LEVEL, ACTIVE_HOPS, SECONDS, CHANGE, PEAK = range(KURT + 1, KURT + 11)
NAMES: Final = (*(f"mc{group}_{rate}" for group in range(3) for rate in range(RATES)), *_STATISTICS)
"""What `read` gives, in order; g in mc{g}_{m} is the group of bands and m the modulation band."""


@compiled
def _modulation(state: Floats, first: int, last: int, rate: int, hops: float) -> float:
    """Mean over bands of the log of a modulation band's power against the squared mean."""
    total = 0.0
    for band in range(first, last):
        mean = state[ROOT + band] / hops
        total += math.log(state[MODULATED + rate * BANDS + band] / hops / (mean * mean + 1e-300) + 1e-7)
    return total / (last - first)


@compiled
def _slopes(state: Floats, out: Floats, hops: float) -> None:
    """ml1_0, neg0, neg1, skw0, spi2, spa0 and asy1 into their places."""
    low, middle, high = GROUP_STARTS[1], GROUP_STARTS[2] - GROUP_STARTS[1], BANDS - GROUP_STARTS[2]
    idle, active = max(hops - state[ACTIVE], 0.0), state[ACTIVE]
    for band in range(BANDS):
        if band < GROUP_STARTS[1]:
            out[NEG0] += state[FALLING + band] / hops / low
            out[SKW0] += state[SLOPE_3 + band] / hops / (state[SLOPE_2 + band] / hops + 1e-6) ** 1.5 / low
            out[SPA0] += state[ACTIVE_SLOPE + band] / active / low if active > 0.0 else 0.0
        elif band < GROUP_STARTS[2]:
            out[ML1_0] += math.log(state[SLOW_LEVEL + band] / hops + 1e-4) / middle
            out[NEG1] += state[FALLING + band] / hops / middle
            rising, falling = state[RISE_2 + band], state[SLOPE_2 + band] - state[RISE_2 + band]
            out[ASY1] += math.log((rising + 1e-3) / (falling + 1e-3)) / middle
        else:
            out[SPI2] += state[IDLE_SLOPE + band] / idle / high if idle > 0.5 else 0.0


@compiled
def _ranges(state: Floats, out: Floats) -> None:
    """p99_75_0, sii and dyn10 into their places."""
    for band in range(15):
        bins = state[LEVEL_BINS + band * BINS : LEVEL_BINS + (band + 1) * BINS]
        spread = percentile(bins, 0.95) - percentile(bins, 0.10)
        out[SII] += min(1.0, max(0.0, (spread - 5.0) / 30.0)) / 15.0
        if band < GROUP_STARTS[1]:
            out[P99_75_0] += (percentile(bins, 0.99) - percentile(bins, 0.75)) / GROUP_STARTS[1]
    bins = state[ENERGY_BINS : ENERGY_BINS + BINS]
    out[DYN10] = percentile(bins, 0.95) - percentile(bins, 0.10)


@compiled
def _shape_change(state: Floats, active: float) -> float:
    """By how many dB a band, level apart, deviates from its own mean while there is sound."""
    total = 0.0
    for band in range(BANDS):
        mean = state[SHAPE + band] / active
        total += math.sqrt(max(state[SHAPE_2 + band] / active - mean * mean, 0.0))
    return total / BANDS


@compiled
def _lost(state: Floats) -> float:
    """Lost hops, with those of a gap that is still open."""
    cut_off = state[BEFORE_GAP] > QUIET * state[LOUDEST] or state[BEGUN] == 0.0
    pending = state[GAP] * state[WEIGHT] if cut_off else 0.0
    return float(min(state[LOST] + pending, state[HOPS]))


@compiled
def read(state: Floats) -> Floats:
    """The measures named in NAMES (float64[len(NAMES)]); zeros where nothing could be analysed."""
    out = np.zeros(len(NAMES), dtype=np.float64)
    hops, count = state[ANALYSED], state[COUNT]
    if count > 0.0:
        out[DROP] = _lost(state) / state[HOPS]
        out[KURT] = math.log(count * state[FOURTHS] / (state[SQUARES] * state[SQUARES] + 1e-300) + 1e-9)
        out[WADA] = math.log(state[MAGNITUDE] / count + 1e-6) - state[LOG_MAGNITUDE] / count
        out[CLIPS] = state[CLIPPED] / count
        out[SECONDS] = count / RATE / state[WEIGHT]
    if hops > 0.0:
        for group in range(3):
            for rate in range(RATES):
                out[4 * group + rate] = _modulation(
                    state, GROUP_STARTS[group], GROUP_STARTS[group + 1], rate, hops
                )
        _slopes(state, out, hops)
        _ranges(state, out)
        out[ACT] = state[ACTIVE] / hops
        out[LEVEL] = state[ACTIVE_POWER] / state[ACTIVE] if state[ACTIVE] > 0.0 else 0.0
        out[ACTIVE_HOPS] = state[ACTIVE] / state[WEIGHT]
    if state[ACTIVE] > 0.0:
        out[CHANGE] = _shape_change(state, state[ACTIVE])
        out[PEAK] = state[PEAKED] / state[ACTIVE]
    return out
