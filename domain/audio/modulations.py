"""How far the energy and the level of each mel band swing, at the rates at which speech does.

The envelope variance of Wolf and Nadeu (Speech Communication 57, 2014), by rate: compressed energies go
through four band-passes of an octave each, levels through the slowest of them.
"""

from typing import Final

from domain.audio.compiling import compiled
from domain.audio.pcm import Floats
from domain.audio.spectrum import BANDS, HOPS_PER_SECOND, band_passes

MODULATIONS: Final = ((2.0, 4.0), (4.0, 8.0), (8.0, 16.0), (16.0, 32.0))
"""In Hz."""
RATES: Final = len(MODULATIONS)
_PASSES: Final = band_passes(MODULATIONS, HOPS_PER_SECOND)
_ROWS: Final = 3 + 2 * RATES
"""For each band the inputs of this hop and of the two before, then the last two outputs of each filter."""
MEMORY_SIZE: Final = (_ROWS + 3 + 2) * BANDS
SWINGS: Final = RATES + 1
"""Sums of squares for each band: of its energy by rate, then of its level."""


@compiled
def follow_modulations(memory: Floats, sums: Floats, energies: Floats, levels: Floats, weight: float) -> None:
    """Take in a hop's compressed energies and levels (each float64[BANDS]).

    `memory` is float64[MEMORY_SIZE], zeros at first; `sums` float64[SWINGS * BANDS].
    """
    _filter(memory[: _ROWS * BANDS], energies, RATES, sums, weight)
    _filter(memory[_ROWS * BANDS :], levels, 1, sums[RATES * BANDS :], weight)


@compiled
def _filter(memory: Floats, row: Floats, rates: int, sums: Floats, weight: float) -> None:
    """Pass a row of bands through the filters of so many rates, and add up their power."""
    for band in range(BANDS):
        memory[2 * BANDS + band] = memory[BANDS + band]
        memory[BANDS + band] = memory[band]
        memory[band] = row[band]
    for rate in range(rates):
        first = (3 + 2 * rate) * BANDS
        driven, once, twice = _PASSES[rate, 0], _PASSES[rate, 1], _PASSES[rate, 2]
        for band in range(BANDS):
            step, before = memory[band] - memory[2 * BANDS + band], memory[first + band]
            out = driven * step - once * before - twice * memory[first + BANDS + band]
            memory[first + BANDS + band], memory[first + band] = before, out
            sums[rate * BANDS + band] += weight * out * out


@compiled
def begin_modulations(memory: Floats, energies: Floats, levels: Floats) -> None:
    """Let all that was before the first hop be as it is, so that nothing swings yet."""
    for band in range(BANDS):
        memory[band] = memory[BANDS + band] = energies[band]
        memory[_ROWS * BANDS + band] = memory[(_ROWS + 1) * BANDS + band] = levels[band]
