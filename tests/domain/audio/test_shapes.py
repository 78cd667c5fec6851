"""How far the shape of a spectrum changes: from hop to hop, and slowly."""

import numpy as np
import pytest
from numpy.typing import NDArray

from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.quality import StreamMeter, assess
from domain.audio.shapes import (
    BESIDE,
    FIRST,
    PEAKED,
    RING_SIZE,
    SECOND,
    SLOW_FIRST,
    SLOW_SECOND,
    SLOWLY,
    SMOOTHED,
    SUMS_SIZE,
    deviation,
    follow_shape,
)
from domain.audio.spectrum import BANDS

Floats = NDArray[np.float64]


def followed(levels: Floats, active: NDArray[np.bool_]) -> Floats:
    ring, sums = np.zeros(RING_SIZE), np.zeros(SUMS_SIZE)
    for row, heard in zip(levels, active.tolist(), strict=True):
        follow_shape(ring, sums, row, heard, 1.0)
    return sums


def test_deviations_are_those_of_numpy() -> None:
    random = np.random.default_rng(7)
    levels, active = random.uniform(-80.0, 0.0, (120, BANDS)), random.random(120) < 0.6
    shapes = levels - levels.mean(axis=1, keepdims=True)
    slow = np.array([shapes[end - SMOOTHED : end].mean(axis=0) for end in range(SMOOTHED, 121)])
    sums = followed(levels, active)
    fast = deviation(sums, FIRST, SECOND, float(active.sum()), BANDS)
    assert fast == pytest.approx(shapes[active].std(axis=0).mean())
    later = active[SMOOTHED - 1 :]
    assert sums[SLOWLY] == later.sum()
    neighbours = np.lib.stride_tricks.sliding_window_view(slow[later].std(axis=0), BESIDE).mean(axis=1)
    found = deviation(sums, SLOW_FIRST, SLOW_SECOND, sums[SLOWLY], BESIDE)
    assert found == pytest.approx(neighbours.max())


def test_a_whistle_sits_in_two_bands_and_noise_in_none() -> None:
    flat, peak = np.zeros((20, BANDS)), np.full((20, BANDS), -60.0)
    peak[:, 7:9] = 0.0
    active = np.ones(20, dtype=bool)
    assert followed(flat, active)[PEAKED] / 20 == pytest.approx(2 / BANDS)
    assert followed(peak, active)[PEAKED] / 20 == pytest.approx(1.0, abs=1e-4)


def _white(random: np.random.Generator, length: int) -> Samples:
    return random.standard_normal(length).astype(np.float32)


def _pink(random: np.random.Generator, length: int) -> Samples:
    spectrum = np.fft.rfft(random.standard_normal(length))
    hertz = np.maximum(np.fft.rfftfreq(length, 1 / SAMPLE_RATE), 40.0)
    pink: Samples = np.fft.irfft(spectrum / np.sqrt(hertz), length).astype(np.float32)
    return pink


@pytest.mark.parametrize("snr", [5, 10])
@pytest.mark.parametrize("noise", [_white, _pink])
@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
def test_a_voice_is_told_from_the_noise_it_hardly_rises_above(noise, voice: str, snr: int, voices) -> None:
    random, said = np.random.default_rng(8), voices[voice]
    heard = noise(random, len(said))
    loud = np.sqrt(np.mean(said[np.abs(said) > 0.1 * np.abs(said).max()] ** 2))
    heard = (heard * (loud * 10 ** (-snr / 20) / heard.std())).astype(np.float32)
    assert assess(said + heard).is_speech
    live = StreamMeter()
    live.hear(said + heard)
    assert live.quality().is_speech
    assert not assess(heard).is_speech
