"""How peaked sound is within a few periods of the voice."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from domain.audio.features import NAMES as MEASURES
from domain.audio.features import read
from domain.audio.kernels import HOP
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.pulses import (
    EDGES,
    KINDS,
    NAMES,
    RESOLUTIONS,
    RING_SIZE,
    SLICE,
    SUMS_SIZE,
    WINDOWS,
    follow_pulses,
    read_pulses,
    sum_pulses,
)
from domain.audio.quality import StreamMeter

Floats = NDArray[np.float64]
TELLING = ("moment", "crest", "flatness")


def pulsed(samples: Floats, unbroken: float = 1e9) -> dict[str, float]:
    """What is told of samples (float64[n]) in which every hop is active."""
    memory, sums, out = np.zeros(RING_SIZE), np.zeros(SUMS_SIZE), np.zeros(len(NAMES))
    for hop, first in enumerate(range(0, len(samples), HOP)):
        follow_pulses(memory, samples[first : first + HOP])
        sum_pulses(memory, sums, min(unbroken, hop + 1.0), 1.0)
    read_pulses(sums, out)
    return dict(zip(NAMES, out.tolist(), strict=True))


def band_passed(samples: Floats, low: float, high: float) -> Floats:
    """By the bilinear transform of a first-order band-pass, written as a difference equation."""
    start, end = np.tan(np.pi * np.array([low, high]) / SAMPLE_RATE)
    scale = 1.0 + end - start + start * end
    out = np.zeros(len(samples) + 2)
    padded = np.concatenate([[0.0, 0.0], samples])
    for index in range(2, len(out)):
        out[index] = (
            (end - start) * (padded[index] - padded[index - 2])
            - 2.0 * (start * end - 1.0) * out[index - 1]
            - (1.0 - end + start + start * end) * out[index - 2]
        ) / scale
    return out[2:]


def test_what_is_told_is_what_numpy_tells() -> None:
    random = np.random.default_rng(5)
    samples = random.standard_normal(20 * HOP) * random.uniform(0.0, 0.3, 20 * HOP) ** 2
    told, per_hop = pulsed(samples), HOP // SLICE
    for part, edges in enumerate(EDGES):
        slices = np.square(band_passed(samples, *edges)).reshape(-1, SLICE).sum(axis=1)
        for window in WINDOWS:
            for resolution in RESOLUTIONS:
                rows = np.lib.stride_tricks.sliding_window_view(slices, window * per_hop)[::per_hop]
                rows = rows.reshape(len(rows), -1, resolution).sum(axis=2)
                means, place = rows.mean(axis=1), f"{10 * window}_{part}_{resolution}"
                moment = np.log(np.square(rows).mean(axis=1) / means**2).mean()
                crest = np.log(rows.max(axis=1) / means).mean()
                flatness = (np.log(means) - np.log(rows).mean(axis=1)).mean()
                assert told[f"moment{place}"] == pytest.approx(moment, abs=1e-3)
                assert told[f"crest{place}"] == pytest.approx(crest, abs=1e-3)
                assert told[f"flatness{place}"] == pytest.approx(flatness, abs=1e-3)


def test_attack_is_the_skewness_of_the_steps_of_levels() -> None:
    random = np.random.default_rng(8)
    samples = random.standard_normal(30 * HOP) * random.uniform(0.0, 0.3, 30 * HOP) ** 2
    told, per_hop = pulsed(samples), HOP // SLICE
    for part, edges in enumerate(EDGES):
        levels = np.log(np.square(band_passed(samples, *edges)).reshape(-1, SLICE).sum(axis=1))
        steps = np.diff(levels, prepend=levels[0])
        for window in WINDOWS:
            rows = np.lib.stride_tricks.sliding_window_view(steps, window * per_hop)[::per_hop]
            skewness = (rows**3).mean(axis=1) / (rows**2).mean(axis=1) ** 1.5
            assert told[f"attack{10 * window}_{part}_1"] == pytest.approx(skewness.mean(), abs=1e-3)


def _voiced(seconds: float = 1.0) -> Floats:
    """A pulse every 8 ms, each dying away within two."""
    samples = np.zeros(int(seconds * SAMPLE_RATE))
    samples[::128] = 0.5
    decay = np.exp(-np.arange(160) / 16.0) * np.random.default_rng(2).standard_normal(160)
    return np.convolve(samples, decay)[: len(samples)]


def test_echo_fills_the_gaps_between_pulses() -> None:
    random, voice = np.random.default_rng(6), _voiced()
    tail = random.standard_normal(4000) * 10 ** (-3 * np.arange(4000) / 4000)
    tail /= np.sqrt(np.square(tail).sum())
    tail[:80] = 0.0
    echoes = [voice + amount * np.convolve(voice, tail)[: len(voice)] for amount in (0.0, 0.5, 1.0, 4.0)]
    for name in (f"{kind}30_{part}_1" for kind in TELLING for part in range(len(EDGES))):
        along = [pulsed(echo)[name] for echo in echoes]
        assert along == sorted(along, reverse=True), name


@given(st.floats(0.01, 1.0), st.integers(0, 2**31))
def test_level_plays_no_part(gain: float, seed: int) -> None:
    samples = 0.3 * np.random.default_rng(seed).standard_normal(8 * HOP)
    loud, soft = pulsed(samples), pulsed(gain * samples)
    assert [soft[name] for name in NAMES] == pytest.approx([loud[name] for name in NAMES], abs=1e-4)


@pytest.mark.parametrize("unbroken", [0.0, 2.0, 5.0])
def test_a_window_with_a_lost_hop_tells_nothing(unbroken: float) -> None:
    told = pulsed(np.random.default_rng(3).standard_normal(20 * HOP), unbroken)
    for window in WINDOWS:
        of_window = [value for name, value in told.items() if f"{10 * window}_" in name]
        assert len(of_window) == KINDS * len(EDGES) * len(RESOLUTIONS)
        assert any(of_window) == (unbroken >= window)


@pytest.mark.parametrize("sound", [np.zeros, np.ones, lambda n: np.sign(np.sin(np.arange(n) / 6.0))])
def test_silence_direct_current_and_square_waves_tell_finite_numbers(sound) -> None:
    assert np.isfinite(list(pulsed(np.asarray(sound(30 * HOP), dtype=np.float64)).values())).all()


def test_a_stream_tells_of_its_active_hops_alone() -> None:
    random = np.random.default_rng(4)
    quiet = 1e-3 * random.standard_normal(SAMPLE_RATE)
    heard: Samples = np.concatenate([quiet, _voiced() + quiet, quiet]).astype(np.float32)
    meter = StreamMeter(forgetting=False)
    meter.hear(heard)
    told = dict(zip(MEASURES, read(meter._state).tolist(), strict=True))
    alone = pulsed(_voiced() + quiet)
    assert told["flatness30_2_1"] == pytest.approx(alone["flatness30_2_1"], rel=0.15)
    assert pulsed(quiet)["flatness30_2_1"] < 0.5 * told["flatness30_2_1"]
