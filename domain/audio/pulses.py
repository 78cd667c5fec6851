"""How peaked sound is within a few periods of the voice, which direct sound is and echo and noise are not.

A voice is a row of pulses, five to ten milliseconds apart. Each dies away within few; the many paths of a
room arrive between them and fill the gaps, noise fills them all the time. So within 30 and 60 ms the energy
of direct sound is unevenly spread, and that of reverberant sound is spread as Gaussian noise is: peakedness
of the waveform as a cue of reverberation, as in Gillespie, Malvar and Florencio, ICASSP 2001, and between
pitch epochs as in Yegnanarayana and Murthy, IEEE TSAP 8 (2000). Nothing slower than a word plays a part, so
half a second tells much, and whether somebody drawls tells nothing.
"""

import math
from typing import Final

import numpy as np

from domain.audio.compiling import compiled
from domain.audio.pcm import SAMPLE_RATE, Floats
from domain.audio.spectrum import band_passes

EDGES: Final = ((200.0, 900.0), (900.0, 2300.0), (2300.0, 6500.0))
"""Of the parts of the spectrum, in Hz."""
PARTS: Final = len(EDGES)
WINDOWS: Final = (3, 6)
"""In hops of 10 ms."""
LONGEST: Final = WINDOWS[-1]
SLICE: Final = SAMPLE_RATE // 1000
"""Energy is looked at in slices of a millisecond."""
SLICES: Final = 10
JOINED: Final = 5
"""And in as many together."""
RESOLUTIONS: Final = (1, JOINED)
_LEAST: Final = 1e-14
"""Less energy than this, of samples in -1..1, is no sound."""
_SHARE: Final = 1e-6
"""A slice counts as at least so much of its hop's mean."""

# What is kept of a hop: of each part its energy, and of its slices, in each resolution, these.
_CELLS: Final = PARTS * len(RESOLUTIONS)
ENERGY: Final = 0
SQUARES, LOGARITHMS, STEPS_2, STEPS_3, MOST = range(PARTS, PARTS + 5 * _CELLS, _CELLS)
OF_HOP: Final = MOST + _CELLS

BEFORE: Final = 1
FILTERS: Final = BEFORE + 2
LAST: Final = FILTERS + 2 * PARTS
RING: Final = LAST + _CELLS
RING_SIZE: Final = RING + LONGEST * OF_HOP

_TOLD: Final = ("moment", "crest", "flatness", "attack")
KINDS: Final = len(_TOLD)
SUMS_SIZE: Final = len(WINDOWS) * (1 + _CELLS * KINDS)
"""Of each window, how many hops were summed, then what is told of them."""
NAMES: Final = tuple(
    f"{told}{10 * window}_{part}_{resolution}"
    for window in WINDOWS
    for part in range(PARTS)
    for resolution in RESOLUTIONS
    for told in _TOLD
)
"""What `read_pulses` gives, in order: means over active hops, by length of the window in ms, part of the
spectrum and length of a slice in ms.

moment: log of the mean square of the slices' energies against their squared mean; crest: log of the largest
against the mean; flatness: log of the mean against the geometric mean; attack: skewness of the steps
between their logs, above nought where sound comes suddenly and dies away.
"""
_PASSES: Final = band_passes(EDGES, SAMPLE_RATE)


@compiled
def follow_pulses(memory: Floats, hop: Floats) -> None:
    """Take in the samples of a hop (float64[160]); `memory` is float64[RING_SIZE], zeros at first."""
    place = int(memory[0])
    memory[0] = float((place + 1) % LONGEST)
    slices = np.empty((PARTS, SLICES), dtype=np.float64)
    _pass(memory[BEFORE:LAST], hop, slices)
    row = memory[RING + place * OF_HOP : RING + (place + 1) * OF_HOP]
    for part in range(PARTS):
        row[ENERGY + part] = slices[part].sum()
        for resolution in range(len(RESOLUTIONS)):
            cell = part * len(RESOLUTIONS) + resolution
            memory[LAST + cell] = _slices(
                slices[part], RESOLUTIONS[resolution], memory[LAST + cell], row, cell
            )


@compiled
def _pass(memory: Floats, hop: Floats, slices: Floats) -> None:
    """Pass a hop through the filters, and add up energies (float64[PARTS, SLICES]).

    `memory` holds the two samples before, then two of each filter's output. The three parts are written out
    side by side: each waits for its own last sample, not for the others.
    """
    before_2, before = memory[0], memory[1]
    low_2, low_1, middle_2, middle_1, high_2, high_1 = memory[2:8]
    for index in range(SLICES):
        low = middle = high = 0.0
        for sample in range(index * SLICE, (index + 1) * SLICE):
            driven = hop[sample] - before_2
            before_2, before = before, hop[sample]
            out = _PASSES[0, 0] * driven - _PASSES[0, 2] * low_2 - _PASSES[0, 1] * low_1
            low_2, low_1 = low_1, out
            low += out * out
            out = _PASSES[1, 0] * driven - _PASSES[1, 2] * middle_2 - _PASSES[1, 1] * middle_1
            middle_2, middle_1 = middle_1, out
            middle += out * out
            out = _PASSES[2, 0] * driven - _PASSES[2, 2] * high_2 - _PASSES[2, 1] * high_1
            high_2, high_1 = high_1, out
            high += out * out
        slices[0, index], slices[1, index], slices[2, index] = low, middle, high
    memory[0], memory[1] = before_2, before
    memory[2], memory[3], memory[4] = low_2, low_1, middle_2
    memory[5], memory[6], memory[7] = middle_1, high_2, high_1


@compiled
def _slices(slices: Floats, joined: int, last: float, row: Floats, cell: int) -> float:
    """Write what is kept of a hop's slices, `joined` of them together; returns the log of the last one.

    `last` is what was returned of the hop before, 0 if there was none.
    """
    least = _SHARE * joined * slices.sum() / SLICES + _LEAST
    squares = most = logarithms = steps_2 = steps_3 = 0.0
    for first in range(0, SLICES, joined):
        energy = least
        for index in range(first, first + joined):
            energy += slices[index]
        logarithm = math.log(energy)
        step = logarithm - last if last != 0.0 else 0.0
        last = logarithm
        squares += energy * energy
        most = max(most, energy)
        logarithms += logarithm
        steps_2 += step * step
        steps_3 += step * step * step
    row[SQUARES + cell], row[LOGARITHMS + cell], row[MOST + cell] = squares, logarithms, most
    row[STEPS_2 + cell], row[STEPS_3 + cell] = steps_2, steps_3
    return last


@compiled
def sum_pulses(memory: Floats, sums: Floats, unbroken: float, weight: float) -> None:
    """Add what the windows that end with the last hop tell to `sums` (float64[SUMS_SIZE]).

    `unbroken` says of how many hops, up to this one, none was lost; a window with a lost hop tells nothing.
    """
    kept = np.zeros(OF_HOP, dtype=np.float64)
    place, taken, at = int(memory[0]), 0, 0
    for window in WINDOWS:
        if unbroken < window:
            return
        while taken < window:
            taken += 1
            _join(memory, RING + (place - taken) % LONGEST * OF_HOP, kept)
        sums[at] += weight
        for cell in range(_CELLS):
            count = window * SLICES // RESOLUTIONS[cell % len(RESOLUTIONS)]
            own = at + 1 + cell * KINDS
            _tell(kept, cell, count, sums[own : own + KINDS], weight)
        at += 1 + _CELLS * KINDS


@compiled
def _join(memory: Floats, hop: int, kept: Floats) -> None:
    """Join what is kept of the hop that begins there with what is kept of others."""
    for index in range(MOST):
        kept[index] += memory[hop + index]
    for index in range(MOST, OF_HOP):
        kept[index] = max(kept[index], memory[hop + index])


@compiled
def _tell(kept: Floats, cell: int, count: int, sums: Floats, weight: float) -> None:
    """Add what a window tells of a part of the spectrum, in one resolution, in so many slices."""
    mean = math.log(max(kept[ENERGY + cell // len(RESOLUTIONS)], _LEAST) / count)
    sums[0] += weight * (math.log(max(kept[SQUARES + cell], _LEAST * _LEAST) / count) - 2.0 * mean)
    sums[1] += weight * (math.log(max(kept[MOST + cell], _LEAST)) - mean)
    sums[2] += weight * (mean - kept[LOGARITHMS + cell] / count)
    steps = kept[STEPS_2 + cell] + 1e-6
    sums[3] += weight * math.sqrt(float(count)) * kept[STEPS_3 + cell] / (steps * math.sqrt(steps))


@compiled
def read_pulses(sums: Floats, out: Floats) -> None:
    """The measures named in NAMES into `out` (float64[len(NAMES)]); zeros for windows that never were."""
    told = _CELLS * KINDS
    for window in range(len(WINDOWS)):
        first = window * (1 + told)
        if sums[first] > 0.0:
            for index in range(told):
                out[window * told + index] = sums[first + 1 + index] / sums[first]
