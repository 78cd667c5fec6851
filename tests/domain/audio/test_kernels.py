"""The measuring kernels, against the recipe written out in NumPy and SciPy."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import signal

from domain.audio import kernels
from domain.audio.features import NAMES, read
from domain.audio.kernels import HOP, STATE_SIZE
from domain.audio.modulations import MODULATIONS
from domain.audio.pcm import Samples
from domain.audio.spectrum import BANDS, HOPS_PER_SECOND, MEL, TRANSFORM, WINDOW_LENGTH

Floats = NDArray[np.float64]


def measured(samples: Samples) -> dict[str, float]:
    state = np.zeros(STATE_SIZE)
    kernels.hear(state, samples, 1.0)
    return dict(zip(NAMES, read(state).tolist(), strict=True))


def energies(samples: Samples) -> tuple[Floats, Floats]:
    """Band energies [hops, BANDS] and totals of every hop whose window is full, as audio.md has them."""
    centred = np.empty(len(samples))
    offset = 0.0
    for index, value in enumerate(samples.astype(np.float64)):
        offset += 0.0005 * (value - offset)
        centred[index] = value - offset
    rows, totals, reference = [], [], 0.0
    for end in range(4 * HOP, len(samples) + 1, HOP):
        window = centred[end - WINDOW_LENGTH : end] * np.hanning(WINDOW_LENGTH)
        power = np.abs(np.fft.rfft(window, TRANSFORM)) ** 2
        total = power[4:224].sum()
        if end == 4 * HOP:
            reference = total
        elif total > reference:
            reference += 0.3 * (total - reference)
        else:
            reference *= 0.999
        floor = 1e-6 * reference / BANDS + 1e-9
        rows.append(MEL @ power + floor)
        totals.append(10 * np.log10(total + floor))
    return np.array(rows), np.array(totals)


@pytest.fixture(scope="module")
def heard(voices: dict[str, Samples]) -> Samples:
    noise = np.random.default_rng(4).standard_normal(len(voices["awb"])).astype(np.float32)
    return voices["awb"] + np.float32(0.01) * noise


def test_modulation_powers_are_those_of_scipys_butterworth_filters(heard: Samples) -> None:
    roots = np.cbrt(energies(heard)[0])
    got = measured(heard)
    for rate, edges in enumerate(MODULATIONS):
        b, a = signal.butter(1, edges, btype="bandpass", fs=HOPS_PER_SECOND)
        filtered = signal.lfilter(b, a, roots - roots[0], axis=0)
        expected = np.log((filtered**2).mean(axis=0) / roots.mean(axis=0) ** 2 + 1e-7)
        assert got[f"mc0_{rate}"] == pytest.approx(expected[:5].mean(), abs=1e-6)
        assert got[f"mc1_{rate}"] == pytest.approx(expected[5:10].mean(), abs=1e-6)
        assert got[f"mc2_{rate}"] == pytest.approx(expected[10:].mean(), abs=1e-6)


def test_slope_statistics_are_those_of_numpys_differences(heard: Samples) -> None:
    levels = 10 * np.log10(energies(heard)[0])
    slopes = np.diff(levels, axis=0, prepend=levels[:1])
    got = measured(heard)
    assert got["neg0"] == pytest.approx((slopes < 0).mean(axis=0)[:5].mean(), abs=1e-9)
    assert got["neg1"] == pytest.approx((slopes < 0).mean(axis=0)[5:10].mean(), abs=1e-9)
    squares = (slopes**2).mean(axis=0)
    skewness = (slopes**3).mean(axis=0) / (squares + 1e-6) ** 1.5
    assert got["skw0"] == pytest.approx(skewness[:5].mean(), abs=1e-6)
    rising = np.where(slopes > 0, slopes**2, 0).sum(axis=0)
    falling = np.where(slopes < 0, slopes**2, 0).sum(axis=0)
    assert got["asy1"] == pytest.approx(np.log((rising + 1e-3) / (falling + 1e-3))[5:10].mean(), abs=1e-6)


def test_percentiles_come_within_a_bin_of_numpys(heard: Samples) -> None:
    rows, totals = energies(heard)
    levels = 10 * np.log10(rows)
    got = measured(heard)
    assert got["dyn10"] == pytest.approx(np.percentile(totals, 95) - np.percentile(totals, 10), abs=2.0)
    peaks = np.percentile(levels, 99, axis=0) - np.percentile(levels, 75, axis=0)
    assert got["p99_75_0"] == pytest.approx(peaks[:5].mean(), abs=1.5)


def test_sample_statistics_are_those_of_numpy(heard: Samples) -> None:
    samples = heard[: len(heard) // HOP * HOP].astype(np.float64)
    steps = np.diff(samples, prepend=0.0)
    kurtosis = np.log(len(samples) * (steps**4).sum() / (steps**2).sum() ** 2)
    got = measured(heard)
    assert got["kurt"] == pytest.approx(kurtosis, abs=1e-6)
    assert got["clipping"] == pytest.approx((np.abs(samples) >= 0.985).mean())


def test_a_repeated_hop_a_constant_one_and_one_with_nan_are_lost(heard: Samples) -> None:
    whole = measured(heard)["drop"]
    repeated, constant, broken = heard.copy(), heard.copy(), heard.copy()
    repeated[60 * HOP : 62 * HOP] = heard[58 * HOP : 60 * HOP]
    constant[60 * HOP : 62 * HOP] = 0.25
    broken[60 * HOP], broken[61 * HOP] = np.nan, np.inf
    hops = len(heard) // HOP
    for damaged in (repeated, constant, broken):
        assert measured(damaged)["drop"] == pytest.approx(whole + 2 / hops, abs=1e-9)


def test_a_rest_of_digital_silence_is_no_loss(heard: Samples) -> None:
    fade = np.clip(np.arange(len(heard))[::-1] / 8000, 0, 1).astype(np.float32)
    padded = np.concatenate([np.zeros(8000, np.float32), heard * fade**4, np.zeros(24_000, np.float32)])
    assert measured(padded)["drop"] == 0.0


def test_forgetting_weighs_hops_by_their_age() -> None:
    random = np.random.default_rng(7)
    quiet = (0.001 * random.standard_normal(16_000)).astype(np.float32)
    loud = (0.5 * np.sign(random.standard_normal(16_000))).astype(np.float32) * np.float32(1.99)
    state = np.zeros(STATE_SIZE)
    kernels.hear(state, np.concatenate([loud, quiet]), kernels.FORGETTING)
    clipped = dict(zip(NAMES, read(state).tolist(), strict=True))["clipping"]
    ages = 0.995 ** np.arange(200)[::-1]
    assert clipped == pytest.approx(ages[:100].sum() / ages.sum(), abs=1e-9)


def test_an_hour_of_growing_weights_overflows_nothing() -> None:
    state = np.zeros(STATE_SIZE)
    noise = np.random.default_rng(1).standard_normal(16_000).astype(np.float32) * np.float32(0.1)
    state[kernels.WEIGHT] = 9e29
    kernels.hear(state, np.tile(noise, 3), kernels.FORGETTING)
    assert 0.0 < state[kernels.WEIGHT] < 1e6
    assert np.all(np.isfinite(read(state)))
