"""Degradations in steps: a score should fall with each. And sounds that are no speech at all."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.microphone.baselines import Scorer
from benchmarks.microphone.scenes import Scene
from domain.audio.pcm import SAMPLE_RATE, Samples

Signal = NDArray[np.float64]
Step = Callable[[Signal, float, np.random.Generator], Signal]
MOST_STREAMS: Final = 30


def _rms(x: Signal) -> float:
    return float(np.sqrt(np.mean(x**2)))


def _white(x: Signal, snr: float, rng: np.random.Generator) -> Signal:
    return x + rng.standard_normal(len(x)) * _rms(x) * 10 ** (-snr / 20)


def _hum(x: Signal, snr: float, _: np.random.Generator) -> Signal:
    seconds = np.arange(len(x)) / SAMPLE_RATE
    tones = 1.4 * np.sin(2 * np.pi * 50 * seconds) + np.sin(2 * np.pi * 150 * seconds)
    mixed: Signal = x + tones * _rms(x) * 10 ** (-snr / 20)
    return mixed


def _clip(x: Signal, share: float, _: np.random.Generator) -> Signal:
    most = np.percentile(np.abs(x), 99.9) * share
    return np.clip(x, -most, most)


def _lose(x: Signal, share: float, rng: np.random.Generator) -> Signal:
    out = x.copy()
    for packet in np.flatnonzero(rng.random(len(x) // 320) < share):
        out[packet * 320 : (packet + 1) * 320] = 0.0
    return out


def _low_pass(x: Signal, highest: float, _: np.random.Generator) -> Signal:
    spectrum = np.fft.rfft(x)
    spectrum[np.fft.rfftfreq(len(x), 1 / SAMPLE_RATE) > highest] = 0.0
    return np.fft.irfft(spectrum, len(x))


def _echo(x: Signal, amount: float, rng: np.random.Generator) -> Signal:
    response = np.zeros(SAMPLE_RATE // 2)
    seconds = np.arange(len(response)) / SAMPLE_RATE
    response[80:] = amount / 8 * rng.standard_normal(len(response) - 80) * 10 ** (-6 * seconds[80:])
    response[0] = 1.0
    length = len(x) + len(response)
    wet = np.fft.irfft(np.fft.rfft(x, length) * np.fft.rfft(response, length), length)[: len(x)]
    scaled: Signal = wet * (_rms(x) / _rms(wet))
    return scaled


LADDERS: Final[dict[str, tuple[Step, tuple[float, ...]]]] = {
    "white noise, SNR in dB": (_white, (30, 20, 10, 0)),
    "hum, SNR in dB": (_hum, (20, 10, 0, -10)),
    "clipping, share of peak": (_clip, (1.0, 0.3, 0.1, 0.03)),
    "packets lost, share": (_lose, (0, 0.1, 0.25, 0.5)),
    "low-pass, Hz": (_low_pass, (7900, 3000, 1500, 700)),
    "reverberation, amount": (_echo, (0, 0.3, 0.8, 2.0)),
}


def clean_streams(scenes: list[Scene]) -> list[Samples]:
    """The cleanest unimpaired streams of the scenes, on which the ladders stand."""
    clean = [
        d.samples for s in scenes for d in s.devices if d.estoi > 0.6 and d.snr > 15 and not d.impairments
    ]
    return clean[:MOST_STREAMS]


def climb(scorer: Scorer, streams: list[Samples], seed: int = 5) -> dict[str, NDArray[np.float64]]:
    """Scores by ladder: float64[streams, steps], from the mildest step to the harshest."""
    rng = np.random.default_rng(seed)
    climbed = {}
    for name, (step, amounts) in LADDERS.items():
        rows = []
        for samples in streams:
            worse = [np.clip(step(samples.astype(np.float64), amount, rng), -1, 1) for amount in amounts]
            rows.append([scorer(x.astype(np.float32)) for x in worse])
        climbed[name] = np.array(rows).reshape(-1, len(amounts))
    return climbed


def in_order(climbed: NDArray[np.float64]) -> float:
    """The share of steps at which the score fell."""
    return float(np.mean(climbed[:, :-1] > climbed[:, 1:])) if len(climbed) else float("nan")


def not_speech(seed: int = 6) -> dict[str, Samples]:
    """Three seconds each of what nobody said."""
    rng, length = np.random.default_rng(seed), 3 * SAMPLE_RATE
    seconds = np.arange(length) / SAMPLE_RATE
    sounds = {
        "silence": np.zeros(length),
        "constant": np.full(length, 0.3),
        "white noise": 0.1 * rng.standard_normal(length),
        "50 Hz": 0.3 * np.sin(2 * np.pi * 50 * seconds),
        "brown noise": np.cumsum(rng.standard_normal(length)) / 2000,
        "1 kHz": 0.2 * np.sin(2 * np.pi * 1000 * seconds),
        "clicks": 0.8 * (rng.random(length) < 0.0005),
        "square wave": 0.5 * np.sign(np.sin(2 * np.pi * 440 * seconds)),
    }
    return {name: np.clip(sound, -1, 1).astype(np.float32) for name, sound in sounds.items()}
