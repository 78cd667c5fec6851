"""A stream's sums, turned into the measures that judgements are made of."""

import math
from typing import Final

import numpy as np

from domain.audio.changes import LAGS, LOWEST_STEP_DB, STEP_DB, STEPS
from domain.audio.compiling import compiled
from domain.audio.histograms import BIN_DB, BINS, LOWEST_DB, percentiles
from domain.audio.kernels import (
    ACTIVE,
    ACTIVE_POWER,
    ACTIVE_SLOPE,
    ANALYSED,
    BEFORE_GAP,
    BEGUN,
    CHANGE_STEPS,
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
    PULSED,
    QUIET,
    RISE_2,
    ROOT,
    SHAPED,
    SLOPE_2,
    SLOPE_3,
    SLOW_LEVEL,
    SQUARES,
    WEIGHT,
)
from domain.audio.modulations import RATES
from domain.audio.pcm import Floats
from domain.audio.pulses import NAMES as PULSES
from domain.audio.pulses import SUMS_SIZE as PULSED_SIZE
from domain.audio.pulses import read_pulses
from domain.audio.shapes import (
    BESIDE,
    FIRST,
    PEAKED,
    SECOND,
    SLOW_FIRST,
    SLOW_SECOND,
    SLOWLY,
    SUMS_SIZE,
    deviation,
)
from domain.audio.sixths import NAMES as SIXTHS
from domain.audio.sixths import read_sixths
from domain.audio.spectrum import BANDS, RATE

_STATISTICS: Final = (
    *("ml1_0", "neg0", "neg1", "skw0", "p99_75_0", "spi2", "spa0", "sii", "drop", "kurt"),
    *("dyn10", "wada", "asy1", "act", "clipping", "active_power", "active_hops", "seconds"),
    *("shape", "peaked"),
)
ML1_0, NEG0, NEG1, SKW0, P99_75_0, SPI2, SPA0, SII, DROP, KURT = range(3 * RATES, 3 * RATES + 10)
DYN10, WADA, ASY1, ACT, CLIPS, LEVEL, ACTIVE_HOPS, SECONDS, CHANGE, PEAK = range(KURT + 1, KURT + 11)
SHARES: Final = (0.02, 0.10, 0.25, 0.50, 0.75, 0.95, 0.99)
"""Of a histogram of levels; what is read is how far each lies from the 95th percentile."""
CHANGE_SHARES: Final = (0.02, 0.10, 0.25, 0.75, 0.90, 0.98)
_WHOLE: Final = tuple(f"below{round(100 * share)}" for share in SHARES if share != 0.95)
_GROUPS: Final = tuple(f"{name}_{group}" for group in range(3) for name in ("dip", "mid", "top", "range"))
_CHANGES: Final = tuple(f"change{lag}_{round(100 * share)}" for lag in LAGS for share in CHANGE_SHARES)
BELOW: Final = PEAK + 1
GROUPED: Final = BELOW + len(_WHOLE)
CHANGED: Final = GROUPED + len(_GROUPS)
_MODULATED: Final = tuple(f"mc{group}_{rate}" for group in range(3) for rate in range(RATES))
SLOW: Final = CHANGED + len(_CHANGES)
FINE: Final = SLOW + 1
PULSING: Final = FINE + len(SIXTHS)
NAMES: Final = (*_MODULATED, *_STATISTICS, *_WHOLE, *_GROUPS, *_CHANGES, "slow_shape", *SIXTHS, *PULSES)
"""What `read` gives, in order; g in mc{g}_{m} is the group of bands and m the modulation band.

below{p}: by how many dB the percentile p of the level lies from its 95th; dip, mid, top: the same for the
10th, 50th and 99th in each group of bands, and the clipped range (as in `sii`); change{lag}_{p}:
percentiles of how far the level changes within so many hops; shape: by how many dB a band, level apart,
deviates from its mean; slow_shape: the same averaged over 90 ms, in the four neighbours that deviate most;
the rest as in `sixths` and `pulses`.
"""


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
def _clipped_range(low: float, high: float) -> float:
    """How much of 5 to 35 dB a band's levels cover, 0..1."""
    return min(1.0, max(0.0, (high - low - 5.0) / 30.0))


@compiled
def _ranges(state: Floats, out: Floats) -> None:
    """p99_75_0, sii, dyn10, below, what is grouped by bands and what is told by sixths into their places."""
    by_band = np.zeros((BANDS, len(SHARES)), dtype=np.float64)
    for band in range(BANDS):
        bins, levels = state[LEVEL_BINS + band * BINS : LEVEL_BINS + (band + 1) * BINS], by_band[band]
        percentiles(bins, LOWEST_DB, BIN_DB, SHARES, levels)
        group = 0 if band < GROUP_STARTS[1] else 1 if band < GROUP_STARTS[2] else 2
        share = 1.0 / (GROUP_STARTS[group + 1] - GROUP_STARTS[group])
        at, spread = GROUPED + 4 * group, _clipped_range(levels[1], levels[5])
        out[at] += share * (levels[5] - levels[1])
        out[at + 1] += share * (levels[5] - levels[3])
        out[at + 2] += share * (levels[6] - levels[5])
        out[at + 3] += share * spread
        out[SII] += spread / 15.0 if band < 15 else 0.0
        out[P99_75_0] += share * (levels[6] - levels[4]) if group == 0 else 0.0
    levels = np.zeros(len(SHARES), dtype=np.float64)
    percentiles(state[ENERGY_BINS : ENERGY_BINS + BINS], LOWEST_DB, BIN_DB, SHARES, levels)
    out[DYN10] = levels[5] - levels[1]
    for index in range(5):
        out[BELOW + index] = levels[5] - levels[index]
    out[BELOW + 5] = levels[6] - levels[5]
    read_sixths(state, by_band, levels[5], out[FINE : FINE + len(SIXTHS)])


@compiled
def _changes(state: Floats, out: Floats) -> None:
    """The percentiles of change over each lag into their places; zeros for a lag that was never heard."""
    for index in range(len(LAGS)):
        first, at = CHANGE_STEPS + index * STEPS, CHANGED + index * len(CHANGE_SHARES)
        steps = state[first : first + STEPS]
        percentiles(steps, LOWEST_STEP_DB, STEP_DB, CHANGE_SHARES, out[at : at + len(CHANGE_SHARES)])


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
        _changes(state, out)
        out[ACT] = state[ACTIVE] / hops
        out[LEVEL] = state[ACTIVE_POWER] / state[ACTIVE] if state[ACTIVE] > 0.0 else 0.0
        out[ACTIVE_HOPS] = state[ACTIVE] / state[WEIGHT]
    read_pulses(state[PULSED : PULSED + PULSED_SIZE], out[PULSING:])
    if state[ACTIVE] > 0.0:
        shaped = state[SHAPED : SHAPED + SUMS_SIZE]
        out[CHANGE] = deviation(shaped, FIRST, SECOND, state[ACTIVE], BANDS)
        out[PEAK] = shaped[PEAKED] / state[ACTIVE]
        if shaped[SLOWLY] > 0.0:
            out[SLOW] = deviation(shaped, SLOW_FIRST, SLOW_SECOND, shaped[SLOWLY], BESIDE)
    return out


@compiled
def read_all(states: Floats) -> Floats:
    """The measures of many streams (float64[streams, len(NAMES)])."""
    out = np.empty((len(states), len(NAMES)), dtype=np.float64)
    for stream in range(len(states)):
        out[stream] = read(states[stream])
    return out
