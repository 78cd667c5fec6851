"""The transform and the mel bands, against NumPy's."""

import numpy as np
import pytest

from domain.audio import spectrum
from domain.audio.transform import WORK_SIZE


@pytest.mark.parametrize("seed", range(5))
def test_power_is_that_of_numpys_transform(seed: int) -> None:
    recent = np.random.default_rng(seed).standard_normal(spectrum.WINDOW_LENGTH)
    out = np.empty(spectrum.HALF + 1)
    spectrum.power(recent, np.empty(WORK_SIZE), out)
    window = np.hanning(spectrum.WINDOW_LENGTH)
    expected = np.abs(np.fft.rfft(recent * window, spectrum.TRANSFORM)) ** 2
    np.testing.assert_allclose(out, expected, rtol=1e-9, atol=1e-12 * expected.max())


def test_a_tone_falls_into_the_band_around_it() -> None:
    tone = np.sin(2 * np.pi * 1000.0 * np.arange(spectrum.WINDOW_LENGTH) / spectrum.RATE)
    out = np.empty(spectrum.HALF + 1)
    spectrum.power(tone, np.empty(WORK_SIZE), out)
    assert spectrum.PEAK_HZ[np.argmax(spectrum.MEL @ out)] == pytest.approx(1000.0, abs=60.0)


def test_filters_are_triangles_that_reach_each_others_peaks() -> None:
    inner = spectrum.MEL[:, spectrum.MEL_SPANS[1, 0] : spectrum.MEL_SPANS[-2, 1]]
    assert np.all(inner.sum(axis=0)[2:-8] == pytest.approx(1.0, abs=1e-9))
    assert spectrum.MEL.max() <= 1.0
    assert spectrum.MEL.min() == 0.0
