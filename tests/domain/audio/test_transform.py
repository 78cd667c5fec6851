"""The transform of 256 complex points, against NumPy's."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from domain.audio.transform import INPUT, POINTS, WORK_SIZE, Floats, transform


def transformed(points: Floats) -> Floats:
    """The transform of points, both float64[2, POINTS]: real and imaginary parts."""
    work = np.full(WORK_SIZE, np.nan)
    work[INPUT:] = points.ravel()
    transform(work)
    return work[:INPUT].reshape(2, POINTS)


@given(st.integers(0, 2**31), st.floats(1e-9, 1e9))
def test_it_is_numpys_transform(seed: int, scale: float) -> None:
    points = scale * np.random.default_rng(seed).standard_normal((2, POINTS))
    real, imaginary = transformed(points)
    expected = np.fft.fft(points[0] + 1j * points[1])
    np.testing.assert_allclose(real + 1j * imaginary, expected, rtol=0, atol=1e-13 * abs(expected).max())


@given(st.integers(0, POINTS - 1), st.integers(0, POINTS - 1))
def test_a_pulse_is_a_turning_pointer(place: int, frequency: int) -> None:
    points = np.zeros((2, POINTS))
    points[0, place] = 1.0
    real, imaginary = transformed(points)[:, frequency]
    angle = 2 * np.pi * place * frequency / POINTS
    assert abs(real - np.cos(angle)) < 1e-12
    assert abs(imaginary + np.sin(angle)) < 1e-12
