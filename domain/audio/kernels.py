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
from domain.audio.compiling import compiled, summing
from domain.audio.floors import EXCESS, FLOORS_SIZE, follow_gap, follow_levels
from domain.audio.histograms import BINS, LOWEST_DB, bin_of, is_upper, total_of
from domain.audio.modulations import MEMORY_SIZE as SWINGS_SIZE
from domain.audio.modulations import RATES, SWINGS, begin_modulations, follow_modulations
from domain.audio.pcm import Floats, Samples
from domain.audio.pulses import RING_SIZE as PULSES_SIZE
from domain.audio.pulses import SUMS_SIZE as PULSED_SIZE
from domain.audio.pulses import follow_pulses, sum_pulses
from domain.audio.shapes import RING_SIZE, SUMS_SIZE, follow_shape
from domain.audio.spectrum import BANDS, HALF, MEL, MEL_SPANS, PEAK_HZ, WINDOW_LENGTH, power
from domain.audio.transform import WORK_SIZE

Places = NDArray[np.int64]
HOP: Final = 160
FORGETTING: Final = 1.0 / 0.995
"""How much more each hop weighs than the one before it, when listening live."""
GROUP_STARTS: Final = (0, int((PEAK_HZ < 900.0).sum()), int((PEAK_HZ < 2300.0).sum()), BANDS)
"""Where the low, middle and high groups of bands begin, and the end."""
LONGEST_GAP: Final = 100.0
"""A gap of more hops than this is a rest."""
QUIET: Final = 1e-5
"""A gap after less than this share of the loudest mean square lately is a rest too: nothing was cut off."""
PARTITION: Final = 32
"""So many magnitudes are multiplied before one logarithm is taken of them all."""
OFFSET_RATE: Final = 0.0005
"""The share of a sample that goes into what is taken for direct current."""
OFFSET_KEPT: Final = 1.0 - OFFSET_RATE

# Remembered between hops.
POSITION, OFFSET, REFERENCE, VALID, CHECK, CHECK_BEFORE, LAST, BEGUN, WEIGHT, LAST_DB = range(10)
GAP, BEFORE_GAP, LOUDEST = range(10, 13)
PENDING: Final = 13
RECENT: Final = PENDING + HOP
LEVELS: Final = RECENT + WINDOW_LENGTH
ROOTS: Final = LEVELS + BANDS
SLOPES: Final = ROOTS + BANDS
SWINGS_MEMORY: Final = SLOPES + BANDS
FLOORS: Final = SWINGS_MEMORY + SWINGS_SIZE
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
SCRATCH_SIZE: Final = WORK_SIZE + HALF + 1
# What is told of each hop.
LEVEL, ABOVE, MEAN = range(3)
SHAPES: Final = 3
TOLD: Final = SHAPES + BANDS


@summing
def _in_band(spectrum: Floats, band: int) -> float:
    """The energy in a mel band."""
    first, end, energy = MEL_SPANS[band, 0], MEL_SPANS[band, 1], 0.0
    powers, shares = spectrum[first:end], MEL[band, first:end]
    for index in range(len(powers)):
        energy += shares[index] * powers[index]
    return energy


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
def _centre(state: Floats, hop: Floats) -> Floats:
    """Move the window on by a hop, free of direct current; return that part of it.

    The offset follows each sample, two at a time: the second does not wait for what the first left.
    """
    recent = state[RECENT : RECENT + WINDOW_LENGTH]
    for index in range(WINDOW_LENGTH - HOP):
        recent[index] = recent[index + HOP]
    centred, offset = recent[WINDOW_LENGTH - HOP :], state[OFFSET]
    for index in range(0, HOP, 2):
        driven, later = OFFSET_RATE * hop[index], OFFSET_RATE * hop[index + 1]
        centred[index] = hop[index] - (OFFSET_KEPT * offset + driven)
        offset = OFFSET_KEPT * OFFSET_KEPT * offset + (OFFSET_KEPT * driven + later)
        centred[index + 1] = hop[index + 1] - offset
    state[OFFSET] = offset
    return centred


@summing
def _add_up(state: Floats, hop: Floats, centred: Floats, weight: float) -> float:
    """Add up what is counted per sample; return the hop's mean square."""
    squares = fourths = magnitude = clipped = energy = 0.0
    step = (hop[0] - state[LAST]) ** 2
    squares, fourths = step, step * step
    for index in range(HOP - 1):
        step = (hop[index + 1] - hop[index]) ** 2
        squares += step
        fourths += step * step
    for index in range(HOP):
        energy += centred[index] * centred[index]
        magnitude += abs(centred[index])
        clipped += 1.0 if abs(hop[index]) >= 0.985 else 0.0
    state[LAST] = hop[HOP - 1]
    state[COUNT] += weight * HOP
    state[SQUARES] += weight * squares
    state[FOURTHS] += weight * fourths
    state[MAGNITUDE] += weight * magnitude
    state[CLIPPED] += weight * clipped
    return energy / HOP


@summing
def _log_magnitude(centred: Floats) -> float:
    """The sum of the logarithms of samples' magnitudes, of a part in one logarithm."""
    logarithms = 0.0
    for first in range(0, HOP, PARTITION):
        product = 1.0
        for index in range(PARTITION):
            product *= max(abs(centred[first + index]), 1e-6)
        logarithms += math.log(product)
    return logarithms


@compiled
def _follow_bands(state: Floats, spectrum: Floats, floor: float, weight: float) -> None:
    """Take in the bands of a hop: level, compressed energy, and how far the level is from the one before."""
    for band in range(BANDS):
        logarithm = math.log(floor + _in_band(spectrum, band))
        level = 4.342944819032518 * logarithm
        state[SLOPES + band] = level - state[LEVELS + band] if state[BEGUN] != 0.0 else 0.0
        state[LEVELS + band] = level
        state[ROOTS + band] = math.exp(logarithm / 3.0)
        state[ROOT + band] += weight * state[ROOTS + band]
        state[LEVEL_BINS + band * BINS + bin_of(level)] += weight


@compiled
def _add_slopes(state: Floats, weight: float, active: bool) -> None:
    """Add the slopes of all bands to the sums."""
    of_kind = ACTIVE_SLOPE if active else IDLE_SLOPE
    for band in range(BANDS):
        slope = state[SLOPES + band]
        squared = slope * slope
        state[FALLING + band] += weight if slope < 0.0 else 0.0
        state[RISE_2 + band] += weight * squared if slope >= 0.0 else 0.0
        state[SLOPE_2 + band] += weight * squared
        state[SLOPE_3 + band] += weight * squared * slope
        state[of_kind + band] += weight * abs(slope)


@compiled
def _analyse(state: Floats, mean_square: float, weight: float, scratch: Floats) -> None:
    """Measure the window that ends with this hop."""
    spectrum = scratch[WORK_SIZE:]
    power(state[RECENT : RECENT + WINDOW_LENGTH], scratch[:WORK_SIZE], spectrum)
    total = total_of(spectrum[4:224])
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
    active = is_upper(bins, here)
    if active:
        state[ACTIVE] += weight
        state[ACTIVE_POWER] += weight * mean_square
        pulses = state[PULSES_RING : PULSES_RING + PULSES_SIZE]
        sum_pulses(pulses, state[PULSED : PULSED + PULSED_SIZE], state[VALID], weight)
    state[ANALYSED] += weight
    _follow_bands(state, spectrum, floor, weight)
    _add_slopes(state, weight, active)
    energies, levels = state[ROOTS : ROOTS + BANDS], state[LEVELS : LEVELS + BANDS]
    swings = state[SWINGS_MEMORY : SWINGS_MEMORY + SWINGS_SIZE]
    if state[BEGUN] == 0.0:
        begin_modulations(swings, energies, levels)
    follow_modulations(swings, state[MODULATED : MODULATED + SWINGS * BANDS], energies, levels, weight)
    ring, sums = state[SHAPES_RING : SHAPES_RING + RING_SIZE], state[SHAPED : SHAPED + SUMS_SIZE]
    follow_shape(ring, sums, levels, active, weight)
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
    centred = _centre(state, hop)
    mean_square = _add_up(state, hop, centred, weight)
    state[LOG_MAGNITUDE] += weight * _log_magnitude(centred)
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
