"""How far the level of a stream falls and rises within 20 to 200 ms: how rooms let sound die away.

Reverberation caps how fast sound can fall (a decay of 60 dB within RT60; ISO 3382-1), noise how far.
So the distribution of level differences over several lags, seen without any clean speech, tells of both:
decay rates for blind room estimation as in Ratnam et al., JASA 114 (2003), and Prego et al., WASPAA 2015.
"""

from typing import Final

from domain.audio.compiling import compiled
from domain.audio.pcm import Floats

LAGS: Final = (2, 5, 10, 20)
"""In hops of 10 ms."""
LONGEST: Final = LAGS[-1]
STEPS: Final = 72
STEP_DB: Final = 2.0
LOWEST_STEP_DB: Final = -72.0

HEARD, NEXT = range(2)
RING: Final = 2
RING_SIZE: Final = RING + LONGEST


@compiled
def follow_changes(ring: Floats, sums: Floats, level: float, weight: float) -> None:
    """Count a hop's level in dB against those of LAGS hops before.

    `ring` is float64[RING_SIZE], what is remembered; `sums` float64[len(LAGS) * STEPS], histograms.
    """
    heard, place = int(ring[HEARD]), int(ring[NEXT])
    for index in range(len(LAGS)):
        lag = LAGS[index]
        if heard >= lag:
            change = level - ring[RING + (place - lag) % LONGEST]
            step = min(STEPS - 1, max(0, int((change - LOWEST_STEP_DB) / STEP_DB)))
            sums[index * STEPS + step] += weight
    ring[RING + place] = level
    ring[NEXT] = float((place + 1) % LONGEST)
    ring[HEARD] = float(min(heard + 1, LONGEST))
