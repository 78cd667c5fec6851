"""How the spectrum of active hops is shaped, level apart, and how far that changes, as speech does.

Speech changes its shape all the time; knocks, claps and gusts have one, whistles and beeps a peak. In noise
as loud as its softer sounds the change from hop to hop is hardly more than that of the noise itself. But
noise wavers by chance, from hop to hop, and speech a few times a second: averaged over 90 ms the shape of
steady noise hardly moves, and that of speech still does, in some bands even at 0 dB.
"""

import math
from typing import Final

import numpy as np

from domain.audio.compiling import compiled
from domain.audio.pcm import Floats
from domain.audio.spectrum import BANDS

SMOOTHED: Final = 9
"""Over so many hops of 10 ms the shape is averaged."""
BESIDE: Final = 4
"""In noise that hides most of it speech is seen in so many bands beside each other, such as those of the
first formant in white noise."""

HEARD, NEXT = range(2)
RUNNING: Final = 2
RING: Final = RUNNING + BANDS
RING_SIZE: Final = RING + SMOOTHED * BANDS

PEAKED, SLOWLY = range(2)
FIRST: Final = 2
SECOND: Final = FIRST + BANDS
SLOW_FIRST: Final = SECOND + BANDS
SLOW_SECOND: Final = SLOW_FIRST + BANDS
SUMS_SIZE: Final = SLOW_SECOND + BANDS


@compiled
def follow_shape(ring: Floats, sums: Floats, levels: Floats, active: bool, weight: float) -> None:
    """Take in a hop's band levels (float64[BANDS], dB); only active hops are summed up.

    `ring` is float64[RING_SIZE], what is remembered; `sums` float64[SUMS_SIZE].
    """
    mean = levels.mean()
    place = RING + int(ring[NEXT]) * BANDS
    for band in range(BANDS):
        above = levels[band] - mean
        ring[RUNNING + band] += above - ring[place + band]
        ring[place + band] = above
    ring[NEXT] = (ring[NEXT] + 1.0) % SMOOTHED
    ring[HEARD] = min(ring[HEARD] + 1.0, float(SMOOTHED))
    if active:
        _sum_up(ring, sums, place, weight)


@compiled
def _sum_up(ring: Floats, sums: Floats, place: int, weight: float) -> None:
    """Add the shape of a hop, and its average over the last ones, to the sums."""
    first = second = total = 0.0
    full = ring[HEARD] >= SMOOTHED
    for band in range(BANDS):
        above, slow = ring[place + band], ring[RUNNING + band] / SMOOTHED
        sums[FIRST + band] += weight * above
        sums[SECOND + band] += weight * above * above
        if full:
            sums[SLOW_FIRST + band] += weight * slow
            sums[SLOW_SECOND + band] += weight * slow * slow
        energy = math.exp(above / 4.342944819032518)
        total += energy
        if energy > first:
            first, second = energy, first
        elif energy > second:
            second = energy
    sums[PEAKED] += weight * (first + second) / total
    if full:
        sums[SLOWLY] += weight


@compiled
def deviation(sums: Floats, first: int, second: int, active: float, beside: int) -> float:
    """By how many dB a band deviates from its own mean, on average over so many bands beside each other.

    `active` hops were summed; of all such neighbours those that deviate most are told.
    """
    most = total = 0.0
    each = np.empty(BANDS, dtype=np.float64)
    for band in range(BANDS):
        mean = sums[first + band] / active
        each[band] = math.sqrt(max(sums[second + band] / active - mean * mean, 0.0)) / beside
        total += each[band] - (each[band - beside] if band >= beside else 0.0)
        most = max(most, total)
    return most
