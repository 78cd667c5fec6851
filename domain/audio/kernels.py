"""What is read off a stream, hop by hop: compiled, incremental, in constant memory.

A stream's state is one float64 vector: what must be remembered between hops, then sums. A hop is 10 ms
(160 samples), its window the last 25 ms. Whole-buffer and live measuring are the same kernel: live, each
hop weighs 1/.995 more than the one before, which forgets with a time constant of 2 s without touching
the sums already there.

The measures are the recipe MQ-15 of the design notes: modulation spectra of compressed band energies
(after the envelope variance of Wolf and Nadeu, 2014), band percentiles, slope statistics.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.audio.changes import LAGS, STEPS, follow_changes
from domain.audio.changes import RING_SIZE as CHANGES_SIZE
from domain.audio.compiling import compiled
from domain.audio.floors import EXCESS, FLOORS_SIZE, follow_gap, follow_levels
from domain.audio.pcm import Samples
from domain.audio.pulses import RING_SIZE as PULSES_SIZE
from domain.audio.pulses import SUMS_SIZE as PULSED_SIZE
from domain.audio.pulses import follow_pulses, sum_pulses
from domain.audio.shapes import RING_SIZE, SUMS_SIZE, follow_shape
from domain.audio.spectrum import (
    BANDS,
    HALF,
    MEL,
    MEL_SPANS,
    PEAK_HZ,
    WINDOW_LENGTH,
    Floats,
    band_passes,
    power,
)

Places = NDArray[np.int64]
HOP: Final = 160
HOPS_PER_SECOND: Final = 100
FORGETTING: Final = 1.0 / 0.995
"""How much more each hop weighs than the one before it, when listening live."""
BINS: Final = 72
BIN_DB: Final = 2.0
LOWEST_DB: Final = -100.0
GROUP_STARTS: Final = (0, int((PEAK_HZ < 900.0).sum()), int((PEAK_HZ < 2300.0).sum()), BANDS)
"""Where the low, middle and high groups of bands begin, and the end."""
MODULATIONS: Final = ((2.0, 4.0), (4.0, 8.0), (8.0, 16.0), (16.0, 32.0))
RATES: Final = len(MODULATIONS)
LONGEST_GAP: Final = 100.0
"""A gap of more hops than this is a rest."""
QUIET: Final = 1e-5
"""A gap after less than this share of the loudest mean square lately is a rest too: nothing was cut off."""
PARTITION: Final = 8
"""So many magnitudes are multiplied before one logarithm is taken of them all."""

# Remembered between hops.
POSITION, OFFSET, REFERENCE, VALID, CHECK, CHECK_BEFORE, LAST, BEGUN, WEIGHT, LAST_DB = range(10)
GAP, BEFORE_GAP, LOUDEST = range(10, 13)
PENDING: Final = 13
RECENT: Final = PENDING + HOP
LEVELS: Final = RECENT + WINDOW_LENGTH
INPUTS: Final = LEVELS + BANDS
OUTPUTS: Final = INPUTS + 4 * BANDS
FLOORS: Final = OUTPUTS + (RATES + 1) * 2 * BANDS
CHANGES_RING: Final = FLOORS + FLOORS_SIZE
SHAPES_RING: Final = CHANGES_RING + CHANGES_SIZE
PULSES_RING: Final = SHAPES_RING + RING_SIZE
SUMS: Final = PULSES_RING + PULSES_SIZE
# Sums over hops and samples.
ANALYSED, HOPS, LOST, COUNT, SQUARES, FOURTHS, MAGNITUDE, LOG_MAGNITUDE = range(SUMS, SUMS + 8)
ACTIVE, CLIPPED, ACTIVE_POWER = range(SUMS + 8, SUMS + 11)
ENERGY_BINS: Final = SUMS + 11
LEVEL_BINS: Final = ENERGY_BINS + BINS
ROOT: Final = LEVEL_BINS + BANDS * BINS
MODULATED: Final = ROOT + BANDS
SLOW_LEVEL: Final = MODULATED + RATES * BANDS
FALLING: Final = SLOW_LEVEL + BANDS
SLOPE_2: Final = FALLING + BANDS
SLOPE_3: Final = SLOPE_2 + BANDS
RISE_2: Final = SLOPE_3 + BANDS
ACTIVE_SLOPE: Final = RISE_2 + BANDS
IDLE_SLOPE: Final = ACTIVE_SLOPE + BANDS
SHAPED: Final = IDLE_SLOPE + BANDS
CHANGE_STEPS: Final = SHAPED + SUMS_SIZE
LOW_BINS: Final = CHANGE_STEPS + len(LAGS) * STEPS
PULSED: Final = LOW_BINS + BINS
STATE_SIZE: Final = PULSED + PULSED_SIZE
SCRATCH_SIZE: Final = 3 * HALF + 1
# What is told of each hop.
LEVEL, ABOVE, MEAN = range(3)
SHAPES: Final = 3
TOLD: Final = SHAPES + BANDS
_PASSES: Final = band_passes(MODULATIONS, HOPS_PER_SECOND)


@compiled
def bin_of(decibels: float) -> int:
    """The histogram bin of a level in dB; what is beyond the ends goes into the last."""
    return min(BINS - 1, max(0, math.floor((decibels - LOWEST_DB) / BIN_DB)))


@compiled
def _percentile_bin(bins: Floats, share: float) -> int:
    """The histogram bin in which a percentile falls."""
    total = 0.0
    for index in range(BINS):
        total += bins[index]
    below = 0.0
    for index in range(BINS):
        below += bins[index]
        if below >= share * total:
            return index
    return BINS - 1


@compiled
def _is_lost(state: Floats, hop: Floats, broken: bool) -> bool:
    """Whether a hop carries nothing: constant, a repetition of the 20 ms before, or not numbers."""
    lowest, highest, check = hop[0], hop[0], 0.0
    for index in range(HOP):
        lowest, highest = min(lowest, hop[index]), max(highest, hop[index])
    for index in range(0, HOP, 7):
        check += hop[index] * (1.0 + index)
    repeated = check != 0.0 and check == state[CHECK_BEFORE]
    state[CHECK_BEFORE], state[CHECK] = state[CHECK], check
    return broken or lowest == highest or repeated


@compiled
def _take_samples(state: Floats, hop: Floats, weight: float) -> float:
    """Move the window on by a hop and add up what is counted per sample; return the hop's mean square."""
    recent = state[RECENT : RECENT + WINDOW_LENGTH]
    for index in range(WINDOW_LENGTH - HOP):
        recent[index] = recent[index + HOP]
    offset, last = state[OFFSET], state[LAST]
    squares = fourths = magnitude = logarithms = clipped = energy = 0.0
    product = 1.0
    for index in range(HOP):
        value = hop[index]
        step = (value - last) * (value - last)
        squares += step
        fourths += step * step
        last = value
        offset += 0.0005 * (value - offset)
        centred = value - offset
        recent[WINDOW_LENGTH - HOP + index] = centred
        energy += centred * centred
        magnitude += abs(centred)
        product *= max(abs(centred), 1e-6)
        if index % PARTITION == PARTITION - 1:
            logarithms += math.log(product)
            product = 1.0
        if abs(value) >= 0.985:
            clipped += 1.0
    state[OFFSET], state[LAST] = offset, last
    state[COUNT] += weight * HOP
    state[SQUARES] += weight * squares
    state[FOURTHS] += weight * fourths
    state[MAGNITUDE] += weight * magnitude
    state[LOG_MAGNITUDE] += weight * logarithms
    state[CLIPPED] += weight * clipped
    return energy / HOP


@compiled
def _filter(state: Floats, band: int, root: float, level: float, weight: float) -> None:
    """Pass a band's compressed energy and its level through the modulation filters."""
    inputs = state[INPUTS + 4 * band : INPUTS + 4 * band + 4]
    if state[BEGUN] == 0.0:
        inputs[0] = inputs[1] = root
        inputs[2] = inputs[3] = level
    root_step, level_step = root - inputs[1], level - inputs[3]
    for rate in range(RATES + 1):
        filtered = rate % RATES
        at = OUTPUTS + 2 * (rate * BANDS + band)
        step = root_step if rate < RATES else level_step
        out = (
            _PASSES[filtered, 0] * step
            - _PASSES[filtered, 1] * state[at]
            - _PASSES[filtered, 2] * state[at + 1]
        )
        state[at + 1], state[at] = state[at], out
        if rate < RATES:
            state[MODULATED + rate * BANDS + band] += weight * out * out
        else:
            state[SLOW_LEVEL + band] += weight * out * out
    inputs[1], inputs[0] = inputs[0], root
    inputs[3], inputs[2] = inputs[2], level


@compiled
def _band(state: Floats, band: int, energy: float, weight: float, active: bool) -> None:
    """Add one band of one hop to the sums."""
    logarithm = math.log(energy)
    root, level = math.exp(logarithm / 3.0), 4.342944819032518 * logarithm
    slope = level - state[LEVELS + band] if state[BEGUN] != 0.0 else 0.0
    state[LEVELS + band] = level
    state[LEVEL_BINS + band * BINS + bin_of(level)] += weight
    state[ROOT + band] += weight * root
    _filter(state, band, root, level, weight)
    squared = slope * slope
    if slope < 0.0:
        state[FALLING + band] += weight
    else:
        state[RISE_2 + band] += weight * squared
    state[SLOPE_2 + band] += weight * squared
    state[SLOPE_3 + band] += weight * squared * slope
    state[(ACTIVE_SLOPE if active else IDLE_SLOPE) + band] += weight * abs(slope)


@compiled
def _analyse(state: Floats, mean_square: float, weight: float, scratch: Floats) -> None:
    """Measure the window that ends with this hop."""
    spectrum = scratch[2 * HALF :]
    power(state[RECENT : RECENT + WINDOW_LENGTH], scratch[:HALF], scratch[HALF : 2 * HALF], spectrum)
    total = 0.0
    for k in range(4, 224):
        total += spectrum[k]
    if state[BEGUN] == 0.0:
        state[REFERENCE] = total
    elif total > state[REFERENCE]:
        state[REFERENCE] += 0.3 * (total - state[REFERENCE])
    else:
        state[REFERENCE] *= 0.999
    floor = 1e-6 * state[REFERENCE] / BANDS + 1e-9
    bins = state[ENERGY_BINS : ENERGY_BINS + BINS]
    state[LAST_DB] = 10.0 * math.log10(total + floor)
    here = bin_of(state[LAST_DB])
    bins[here] += weight
    low = spectrum[1] + spectrum[2] + spectrum[3]
    state[LOW_BINS + bin_of(10.0 * math.log10(low + floor))] += weight
    follow_changes(
        state[CHANGES_RING : CHANGES_RING + CHANGES_SIZE], state[CHANGE_STEPS:], state[LAST_DB], weight
    )
    middle = (_percentile_bin(bins, 0.10) + _percentile_bin(bins, 0.95)) / 2.0
    active = here > middle
    if active:
        state[ACTIVE] += weight
        state[ACTIVE_POWER] += weight * mean_square
        pulses = state[PULSES_RING : PULSES_RING + PULSES_SIZE]
        sum_pulses(pulses, state[PULSED : PULSED + PULSED_SIZE], state[VALID], weight)
    state[ANALYSED] += weight
    for band in range(BANDS):
        energy = floor
        for k in range(MEL_SPANS[band, 0], MEL_SPANS[band, 1]):
            energy += MEL[band, k] * spectrum[k]
        _band(state, band, energy, weight, active)
    ring, sums = state[SHAPES_RING : SHAPES_RING + RING_SIZE], state[SHAPED : SHAPED + SUMS_SIZE]
    follow_shape(ring, sums, state[LEVELS : LEVELS + BANDS], active, weight)
    state[BEGUN] = 1.0


@compiled
def _count_lost(state: Floats, lost: bool, mean_square: float, weight: float) -> None:
    """Count a gap's hops as lost once sound is back, if it cut sound off; a rest is no loss."""
    if lost:
        state[GAP] += 1.0
        return
    if 0.0 < state[GAP] <= LONGEST_GAP and state[BEFORE_GAP] > QUIET * state[LOUDEST]:
        state[LOST] += weight * state[GAP]
    state[GAP] = 0.0
    state[BEFORE_GAP] = mean_square
    state[LOUDEST] = max(mean_square, 0.998 * state[LOUDEST])


@compiled
def _tell(state: Floats, told: Samples, heard: bool) -> None:
    """Write a hop's row: level, mean excess over the floors, mean of the bands, shape of the spectrum."""
    told[LEVEL] = state[LAST_DB] if heard else LOWEST_DB
    mean = 0.0
    for band in range(BANDS):
        told[ABOVE] += state[FLOORS + EXCESS + band] / BANDS
        mean += state[LEVELS + band] / BANDS
    told[MEAN] = mean
    for band in range(BANDS):
        told[SHAPES + band] = state[LEVELS + band] - mean


@compiled
def _hear_hop(state: Floats, growth: float, scratch: Floats, told: Samples) -> None:
    """Take in the hop that is pending."""
    hop = state[PENDING : PENDING + HOP]
    broken = False
    for index in range(HOP):
        if not math.isfinite(hop[index]):
            hop[index], broken = 0.0, True
        hop[index] = min(1.0, max(-1.0, hop[index]))
    state[WEIGHT] = 1.0 if state[WEIGHT] == 0.0 else state[WEIGHT] * growth
    if state[WEIGHT] > 1e30:
        state[SUMS:] /= state[WEIGHT]
        state[WEIGHT] = 1.0
    weight = state[WEIGHT]
    lost = _is_lost(state, hop, broken)
    mean_square = _take_samples(state, hop, weight)
    follow_pulses(state[PULSES_RING : PULSES_RING + PULSES_SIZE], hop)
    state[HOPS] += weight
    state[VALID] = 0.0 if lost else state[VALID] + 1.0
    _count_lost(state, lost, mean_square, weight)
    floors = state[FLOORS : FLOORS + FLOORS_SIZE]
    if state[VALID] >= 4.0:
        _analyse(state, mean_square, weight, scratch)
        follow_levels(floors, state[LEVELS : LEVELS + BANDS])
    else:
        follow_gap(floors)
    _tell(state, told, state[VALID] >= 4.0)


@compiled
def _hear_samples(state: Floats, samples: Samples, growth: float, scratch: Floats, told: Samples) -> int:
    """Take in samples and fill a row of `told` for each hop that is full; how many there were."""
    position, hops = int(state[POSITION]), 0
    for value in samples:
        state[PENDING + position] = value
        position += 1
        if position == HOP:
            _hear_hop(state, growth, scratch, told[hops])
            position, hops = 0, hops + 1
    state[POSITION] = position
    return hops


@compiled
def hear(state: Floats, samples: Samples, growth: float) -> Samples:
    """Take in any number of samples (float32[n], 16 kHz); a hop is measured when it is full.

    `state` is float64[STATE_SIZE], zeros for a new stream. `growth` is 1 to weigh all hops alike, or
    FORGETTING. Samples beyond -1..1 are clipped; a hop with NaN or infinity in it counts as lost.

    Returns a row for each hop that was filled (float32[hops, TOLD]): its level in dB, by how many dB
    the bands lie above their noise floors on average, the bands' mean level in dB, and how far each lies
    above that (held through gaps).
    """
    scratch = np.empty(SCRATCH_SIZE, dtype=np.float64)
    told = np.zeros(((int(state[POSITION]) + len(samples)) // HOP, TOLD), dtype=np.float32)
    _hear_samples(state, samples, growth, scratch, told)
    return told


@compiled
def hear_all(states: Floats, samples: Samples, ends: Places, growth: float) -> tuple[Samples, Places]:
    """Take in the next samples of many streams in one call, with one stretch of scratch for all.

    `states` is float64[streams, STATE_SIZE]; `samples` those of all streams one after another, `ends`
    (int64[streams]) where each one's end. Returns the rows of all (as `hear` does) and where they end.
    """
    scratch = np.empty(SCRATCH_SIZE, dtype=np.float64)
    rows_end = np.empty(len(states), dtype=np.int64)
    first = rows = 0
    for stream in range(len(states)):
        rows += (int(states[stream, POSITION]) + ends[stream] - first) // HOP
        first, rows_end[stream] = ends[stream], rows
    told = np.zeros((rows, TOLD), dtype=np.float32)
    first = row = 0
    for stream in range(len(states)):
        row += _hear_samples(states[stream], samples[first : ends[stream]], growth, scratch, told[row:])
        first = ends[stream]
    return told, rows_end


@compiled
def cleaned(samples: Samples) -> Samples:
    """A copy of samples (float32[n]) in which all are numbers within -1..1; what was none is silence."""
    out = np.empty(len(samples), dtype=np.float32)
    for index in range(len(samples)):
        value = samples[index]
        out[index] = min(np.float32(1.0), max(np.float32(-1.0), value)) if math.isfinite(value) else 0.0
    return out
