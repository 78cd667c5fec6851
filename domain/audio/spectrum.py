"""A short stretch of sound, seen as power per frequency: one fixed transform and eighteen mel bands.

numpy.fft does not work inside a compiled function, so the transform is written out: a 512-point real
transform as a 256-point complex one (radix 4, decimation in time) and a split of its even and odd
parts (Press et al., Numerical Recipes, chapter 12.3).
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.audio.compiling import compiled

Floats = NDArray[np.float64]

TRANSFORM: Final = 512
HALF: Final = TRANSFORM // 2
WINDOW_LENGTH: Final = 400
RATE: Final = 16_000
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


def _digits_reversed() -> NDArray[np.int64]:
    """The order in which a radix-4 transform of 256 points wants its input."""
    order = np.zeros(HALF, dtype=np.int64)
    for index in range(HALF):
        digits = [index >> shift & 3 for shift in (0, 2, 4, 6)]
        order[index] = sum(digit << shift for digit, shift in zip(digits, (6, 4, 2, 0), strict=True))
    return order


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
_ORDER: Final = _digits_reversed()
_COS: Final[Floats] = np.cos(2.0 * np.pi * np.arange(TRANSFORM) / TRANSFORM)
_SIN: Final[Floats] = np.sin(2.0 * np.pi * np.arange(TRANSFORM) / TRANSFORM)


@compiled
def _butterflies(real: Floats, imaginary: Floats) -> None:
    """Transform 256 complex points in place; they come in digit-reversed order."""
    for first in range(0, HALF, 4):
        _four(real, imaginary, first, 1)
    span = 4
    while span < HALF:
        stride = TRANSFORM // (4 * span)
        for offset in range(span):
            one = offset * stride
            cos_1, sin_1, cos_2, sin_2 = _COS[one], _SIN[one], _COS[2 * one], _SIN[2 * one]
            cos_3, sin_3 = _COS[3 * one], _SIN[3 * one]
            for first in range(offset, HALF, 4 * span):
                b, c, d = first + span, first + 2 * span, first + 3 * span
                br, bi, cr, ci, dr, di = real[b], imaginary[b], real[c], imaginary[c], real[d], imaginary[d]
                real[b], imaginary[b] = br * cos_1 + bi * sin_1, bi * cos_1 - br * sin_1
                real[c], imaginary[c] = cr * cos_2 + ci * sin_2, ci * cos_2 - cr * sin_2
                real[d], imaginary[d] = dr * cos_3 + di * sin_3, di * cos_3 - dr * sin_3
                _four(real, imaginary, first, span)
        span *= 4


@compiled
def _four(real: Floats, imaginary: Floats, first: int, span: int) -> None:
    """The transform of four points, `span` apart, in place."""
    a, b, c, d = first, first + span, first + 2 * span, first + 3 * span
    even_r, even_i, odd_r, odd_i = (
        real[a] + real[c],
        imaginary[a] + imaginary[c],
        real[b] + real[d],
        imaginary[b] + imaginary[d],
    )
    less_r, less_i, turn_r, turn_i = (
        real[a] - real[c],
        imaginary[a] - imaginary[c],
        imaginary[b] - imaginary[d],
        real[d] - real[b],
    )
    real[a], imaginary[a] = even_r + odd_r, even_i + odd_i
    real[b], imaginary[b] = less_r + turn_r, less_i + turn_i
    real[c], imaginary[c] = even_r - odd_r, even_i - odd_i
    real[d], imaginary[d] = less_r - turn_r, less_i - turn_i


@compiled
def power(recent: Floats, real: Floats, imaginary: Floats, out: Floats) -> None:
    """Fill `out` (float64[257]) with |rfft|^2 of the windowed last 400 samples, zero-padded to 512.

    `real` and `imaginary` (float64[256]) are scratch. What two mirrored bins share is worked out once.
    """
    for index in range(HALF):
        source = 2 * _ORDER[index]
        real[index] = recent[source] * WINDOW[source] if source < WINDOW_LENGTH else 0.0
        imaginary[index] = recent[source + 1] * WINDOW[source + 1] if source < WINDOW_LENGTH else 0.0
    _butterflies(real, imaginary)
    for k in range(HALF // 2 + 1):
        mirrored = (HALF - k) % HALF
        even_r, even_i = real[k] + real[mirrored], imaginary[k] - imaginary[mirrored]
        odd_r, odd_i = imaginary[k] + imaginary[mirrored], real[mirrored] - real[k]
        turned_r, turned_i = odd_r * _COS[k] + odd_i * _SIN[k], odd_i * _COS[k] - odd_r * _SIN[k]
        out[k] = 0.25 * ((even_r + turned_r) ** 2 + (even_i + turned_i) ** 2)
        out[HALF - k] = 0.25 * ((even_r - turned_r) ** 2 + (even_i - turned_i) ** 2)
