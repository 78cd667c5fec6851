"""Speech and noise in parts of the spectrum, and what histograms of levels tell."""

import numpy as np
import pytest

from domain.audio.features import NAMES, read
from domain.audio.histograms import BIN_DB, BINS, LOWEST_DB, mean_power, percentiles
from domain.audio.kernels import GROUP_STARTS
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.quality import StreamMeter, assess
from domain.audio.sixths import PARTS
from tests.domain.audio.conftest import Studio

LEVELS = LOWEST_DB + BIN_DB * (np.arange(BINS) + 0.5)


def read_off(samples: Samples) -> dict[str, float]:
    meter = StreamMeter(forgetting=False)
    meter.hear(samples)
    return dict(zip(NAMES, read(meter._state).tolist(), strict=True))


def humming(length: int, level: float) -> Samples:
    return (level * np.sin(2 * np.pi * 60.0 * np.arange(length) / SAMPLE_RATE)).astype(np.float32)


def test_mean_power_and_percentiles_are_those_of_numpy() -> None:
    counts = np.random.default_rng(4).integers(0, 30, BINS).astype(np.float64)
    assert mean_power(counts) == pytest.approx(np.average(10.0 ** (LEVELS / 10.0), weights=counts))
    found = np.zeros(3)
    percentiles(counts, LOWEST_DB, BIN_DB, (0.1, 0.5, 0.95), found)
    exact = np.percentile(np.repeat(LEVELS, counts.astype(int)), [10, 50, 95])
    assert np.abs(found - exact).max() <= BIN_DB


def test_nothing_heard_has_no_power() -> None:
    assert mean_power(np.zeros(BINS)) == 0.0


def test_the_shares_of_speech_and_of_noise_are_shares(studio: Studio) -> None:
    values = read_off(studio.noisy(studio.say("slt")))
    for name in ("speech", "noise"):
        shares = [10.0 ** (values[f"{name}_{part}"] / 10.0) for part in range(PARTS)]
        assert sum(shares) == pytest.approx(1.0)
    assert values["noise_5"] > values["speech_5"]


def test_the_steps_between_percentiles_add_up_to_the_range(studio: Studio) -> None:
    values = read_off(studio.near(studio.say("awb")))
    ranges = [sum(values[f"step{step}_{part}"] for step in range(1, 5)) for part in range(PARTS)]
    dips = [values[f"dip_{group}"] for group in range(3)]
    assert np.mean(ranges) == pytest.approx(np.average(dips, weights=np.diff(GROUP_STARTS)))


def test_hum_below_the_bands_is_heard_and_told_as_noise(studio: Studio) -> None:
    clean = studio.near(studio.say("slt"))
    hummed = clean + humming(len(clean), 0.1)
    assert read_off(hummed)["low10"] > read_off(clean)["low10"] + 20.0
    assert assess(hummed).measures.snr < assess(clean).measures.snr - 10.0
