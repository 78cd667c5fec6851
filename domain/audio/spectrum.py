"""A short stretch of sound, seen as power per frequency: one fixed transform and eighteen mel bands.

The transform of 512 real points is one of 256 complex points, whose even and odd parts are told apart
afterwards (Press et al., Numerical Recipes, chapter 12.3).
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.audio.compiling import compiled
from domain.audio.pcm import Floats
from domain.audio.transform import INPUT, POINTS, transform

HALF: Final = POINTS
TRANSFORM: Final = 2 * HALF
WINDOW_LENGTH: Final = 400
RATE: Final = 16_000
HOPS_PER_SECOND: Final = 100
"""So often power is taken of the last samples."""
BANDS: Final = 18
LOWEST_HZ: Final = 150.0
HIGHEST_HZ: Final = 7_000.0


def _mel(hertz: float) -> float:
    """The mel scale as the HTK book has it."""
    return 2595.0 * math.log10(1.0 + hertz / 700.0)


def _mel_filters() -> tuple[Floats, NDArray[np.int64], Floats]:
    """Triangular filters [BANDS, HALF + 1], the bins each begins and ends at, and the peaks in Hz."""
    mels = np.linspace(_mel(LOWEST_HZ), _mel(HIGHEST_HZ), BANDS + 2)
    edges = 700.0 * (10.0 ** (mels / 2595.0) - 1.0)
    hertz = np.arange(HALF + 1) * (RATE / TRANSFORM)
    rising = (hertz - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - hertz) / (edges[2:] - edges[1:-1])[:, None]
    weights = np.maximum(0.0, np.minimum(rising, falling))
    spans = np.array([(np.flatnonzero(row)[0], np.flatnonzero(row)[-1] + 1) for row in weights])
    return weights, spans.astype(np.int64), hertz[weights.argmax(axis=1)]


def band_passes(edges: Sequence[tuple[float, float]], rate: float) -> Floats:
    """First-order Butterworth band-passes, [pass, (b0, a1, a2)]; b is (b0, 0, -b0).

    The bilinear transform with both edges prewarped; edges and rate are in Hz.
    """
    rows = []
    for low, high in edges:
        start, end = math.tan(math.pi * low / rate), math.tan(math.pi * high / rate)
        width, centre = end - start, start * end
        scale = 1.0 + width + centre
        rows.append((width / scale, 2.0 * (centre - 1.0) / scale, (1.0 - width + centre) / scale))
    return np.array(rows)


WINDOW: Final[Floats] = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(WINDOW_LENGTH) / (WINDOW_LENGTH - 1))
MEL, MEL_SPANS, PEAK_HZ = _mel_filters()
_COS: Final[Floats] = np.cos(2.0 * np.pi * np.arange(HALF) / TRANSFORM)
_SIN: Final[Floats] = np.sin(2.0 * np.pi * np.arange(HALF) / TRANSFORM)


@compiled
def power(recent: Floats, work: Floats, out: Floats) -> None:
    """Fill `out` (float64[257]) with |rfft|^2 of the windowed last 400 samples, zero-padded to 512.

    `work` (float64[WORK_SIZE]) is scratch.
    """
    for index in range(WINDOW_LENGTH // 2):
        work[INPUT + index] = recent[2 * index] * WINDOW[2 * index]
        work[INPUT + HALF + index] = recent[2 * index + 1] * WINDOW[2 * index + 1]
    for index in range(WINDOW_LENGTH // 2, HALF):
        work[INPUT + index] = work[INPUT + HALF + index] = 0.0
    transform(work)
    out[0], out[HALF] = (work[0] + work[HALF]) ** 2, (work[0] - work[HALF]) ** 2
    for k in range(1, HALF):
        even_r, even_i = work[k] + work[HALF - k], work[HALF + k] - work[TRANSFORM - k]
        odd_r, odd_i = work[HALF + k] + work[TRANSFORM - k], work[HALF - k] - work[k]
        turned_r, turned_i = odd_r * _COS[k] + odd_i * _SIN[k], odd_i * _COS[k] - odd_r * _SIN[k]
        out[k] = 0.25 * ((even_r + turned_r) ** 2 + (even_i + turned_i) ** 2)
