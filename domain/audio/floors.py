"""How far each mel band rises above its own noise floor, hop by hop.

The floor of a band is the minimum of its smoothed level over the last 1.8 s, in six slots of 300 ms
(minimum statistics after Martin, 2001, in their simplest form): speech dips that low between sounds,
a fan that has just started is its own floor after 1.8 s, hum never counts.
"""

import math
from typing import Final

from domain.audio.compiling import compiled
from domain.audio.pcm import Floats
from domain.audio.spectrum import BANDS

SLOTS: Final = 6
SLOT_HOPS: Final = 30
LOWEST_FLOOR_DB: Final = -40.0
"""No floor is taken to be lower: about what white noise at -70 dB of full scale gives a band."""
BIAS_DB: Final = 4.0
"""How far a band of steady noise lies above the minimum of its smoothed level."""
HIGHEST_EXCESS_DB: Final = 25.0
SMOOTHING: Final = 0.3
RESTED_HOPS: Final = 20
"""A gap of so many hops is silence; a shorter one is a gap, through which the last values are held."""
HELD_HOPS: Final = 10

SETTLING_HOPS: Final = 10
"""So many hops of a new stream only settle the smoothing."""

COUNT, SLOT, USED, MISSED, HEARD = range(5)
EXCESS: Final = 5
SMOOTH: Final = EXCESS + BANDS
MINIMA: Final = SMOOTH + BANDS
FLOORS_SIZE: Final = MINIMA + SLOTS * BANDS


@compiled
def _next_slot(floors: Floats) -> None:
    """Count a hop; when a slot is full go on to the next, forgetting what it held."""
    if floors[USED] == 0.0:
        floors[USED] = 1.0
    elif floors[COUNT] >= SLOT_HOPS:
        floors[COUNT] = 0.0
        floors[SLOT] = (floors[SLOT] + 1.0) % SLOTS
        floors[USED] = min(floors[USED] + 1.0, float(SLOTS))
    else:
        floors[COUNT] += 1.0
        return
    first = MINIMA + int(floors[SLOT]) * BANDS
    for band in range(BANDS):
        floors[first + band] = floors[SMOOTH + band]


@compiled
def _follow(floors: Floats, band: int, level: float) -> None:
    """Smooth a band's level; the first ones heard are averaged."""
    share = max(SMOOTHING, 1.0 / floors[HEARD])
    floors[SMOOTH + band] += share * (level - floors[SMOOTH + band])


@compiled
def _rise(floors: Floats) -> None:
    """Bring minima and excesses up to date."""
    _next_slot(floors)
    used, slot = int(floors[USED]), int(floors[SLOT])
    for band in range(BANDS):
        smooth = floors[SMOOTH + band]
        here = MINIMA + slot * BANDS + band
        floors[here] = min(floors[here], smooth)
        lowest = math.inf
        for other in range(used):
            lowest = min(lowest, floors[MINIMA + other * BANDS + band])
        floor = max(lowest, LOWEST_FLOOR_DB) + BIAS_DB
        floors[EXCESS + band] = min(HIGHEST_EXCESS_DB, max(0.0, smooth - floor))


@compiled
def follow_levels(floors: Floats, levels: Floats) -> None:
    """Take in a hop's band levels (float64[BANDS], dB)."""
    floors[MISSED] = 0.0
    floors[HEARD] += 1.0
    for band in range(BANDS):
        _follow(floors, band, levels[band])
    if floors[HEARD] > SETTLING_HOPS:
        _rise(floors)


@compiled
def follow_gap(floors: Floats) -> None:
    """Take in a hop that could not be measured: hold for 100 ms, then nothing, then it is silence."""
    floors[MISSED] += 1.0
    if floors[MISSED] > HELD_HOPS:
        floors[EXCESS : EXCESS + BANDS] = 0.0
    if floors[MISSED] > RESTED_HOPS:
        floors[HEARD] += 1.0
        for band in range(BANDS):
            _follow(floors, band, LOWEST_FLOOR_DB - BIAS_DB)
        _rise(floors)
