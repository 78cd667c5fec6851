"""A transform of 256 complex points, with its steps laid out so that a processor takes many at a time.

numpy.fft does not work inside a compiled function, so the transform is written out: as sixteen rows of
sixteen points whose columns are transformed, turned by their twiddle factors, made rows, and transformed
again (the four-step transform of Bailey, Journal of Supercomputing 4, 1990, after Gentleman and Sande).
Columns lie beside each other in memory, so what is done to one is done to sixteen in the same instructions.
All of it happens in one array, in which the compiler can see that nothing overlaps.
"""

from typing import Final

import numpy as np

from domain.audio.compiling import compiled, inlined
from domain.audio.pcm import Floats

SIDE: Final = 16
POINTS: Final = SIDE * SIDE
INPUT: Final = 2 * POINTS
"""Where real parts of the input begin, after real and imaginary parts of the output."""
WORK_SIZE: Final = 4 * POINTS
_QUARTER: Final = POINTS // 4
_ANGLES: Final[Floats] = 2.0 * np.pi * np.arange(POINTS) / POINTS
_COS: Final[Floats] = np.cos(_ANGLES)
_SIN: Final[Floats] = np.sin(_ANGLES)
_TURNS: Final = np.outer(np.arange(SIDE), np.arange(SIDE)).ravel()
_TURN_COS: Final[Floats] = _COS[_TURNS]
_TURN_SIN: Final[Floats] = _SIN[_TURNS]


@inlined
def _fours(work: Floats, first: int, apart: int, to: int, turns: int) -> None:
    """Transform four rows, so far `apart`, column by column, into rows a quarter of all points apart.

    The row numbered k is turned by k times as many sixteenths of a circle as `turns` says.
    """
    cos_1, cos_2, cos_3 = _COS[SIDE * turns], _COS[2 * SIDE * turns], _COS[3 * SIDE * turns]
    sin_1, sin_2, sin_3 = _SIN[SIDE * turns], _SIN[2 * SIDE * turns], _SIN[3 * SIDE * turns]
    for column in range(SIDE):
        a, b = first + column, first + apart + column
        c, d = first + 2 * apart + column, first + 3 * apart + column
        ar, br, cr, dr = work[a], work[b], work[c], work[d]
        ai, bi, ci, di = work[a + POINTS], work[b + POINTS], work[c + POINTS], work[d + POINTS]
        even_r, even_i, odd_r, odd_i = ar + cr, ai + ci, br + dr, bi + di
        less_r, less_i, turn_r, turn_i = ar - cr, ai - ci, bi - di, dr - br
        here = to + column
        work[here], work[here + POINTS] = even_r + odd_r, even_i + odd_i
        here = to + _QUARTER + column
        real, imaginary = less_r + turn_r, less_i + turn_i
        work[here], work[here + POINTS] = real * cos_1 + imaginary * sin_1, imaginary * cos_1 - real * sin_1
        here = to + 2 * _QUARTER + column
        real, imaginary = even_r - odd_r, even_i - odd_i
        work[here], work[here + POINTS] = real * cos_2 + imaginary * sin_2, imaginary * cos_2 - real * sin_2
        here = to + 3 * _QUARTER + column
        real, imaginary = less_r - turn_r, less_i - turn_i
        work[here], work[here + POINTS] = real * cos_3 + imaginary * sin_3, imaginary * cos_3 - real * sin_3


@inlined
def _columns(work: Floats, here: int, there: int) -> None:
    """Transform each of sixteen columns of sixteen points in place, by way of what lies `there`."""
    for row in range(4):
        _fours(work, here + SIDE * row, _QUARTER, there + SIDE * row, row)
    for row in range(4):
        _fours(work, there + _QUARTER * row, SIDE, here + SIDE * row, 0)


@compiled
def _turn(work: Floats) -> None:
    """Turn each point of the input by row times column, and write columns as rows of the output."""
    for point in range(POINTS):
        real, imaginary = work[INPUT + point], work[INPUT + POINTS + point]
        work[INPUT + point] = real * _TURN_COS[point] + imaginary * _TURN_SIN[point]
        work[INPUT + POINTS + point] = imaginary * _TURN_COS[point] - real * _TURN_SIN[point]
    for row in range(SIDE):
        for column in range(SIDE):
            work[SIDE * row + column] = work[INPUT + SIDE * column + row]
            work[POINTS + SIDE * row + column] = work[INPUT + POINTS + SIDE * column + row]


@compiled
def transform(work: Floats) -> None:
    """Transform 256 complex points.

    `work` is float64[WORK_SIZE]: the real, then the imaginary parts of the transform, and from INPUT on
    those of the points, which are lost.
    """
    _columns(work, INPUT, 0)
    _turn(work)
    _columns(work, 0, INPUT)
