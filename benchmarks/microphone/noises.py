"""What else sounds in a room: eight kinds of noise, each float64[n] at mean square 1."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from benchmarks.microphone.voices import Voice
from domain.audio.pcm import SAMPLE_RATE

Signal = NDArray[np.float64]
Noise = Callable[[np.random.Generator, int, tuple[Voice, ...]], Signal]


def _coloured(rng: np.random.Generator, length: int, slope: float) -> Signal:
    """Noise whose power falls with frequency to the power of `slope`."""
    spectrum = np.fft.rfft(rng.standard_normal(length))
    hertz = np.maximum(np.fft.rfftfreq(length, 1 / SAMPLE_RATE), 40.0)
    noise: Signal = np.fft.irfft(spectrum * hertz ** (-slope / 2), length)
    return noise


def white(rng: np.random.Generator, length: int, _: tuple[Voice, ...]) -> Signal:
    """White noise."""
    return rng.standard_normal(length)


def pink(rng: np.random.Generator, length: int, _: tuple[Voice, ...]) -> Signal:
    """Noise that falls by about 3 dB an octave, or somewhat more."""
    return _coloured(rng, length, rng.uniform(0.8, 1.6))


def fan(rng: np.random.Generator, length: int, _: tuple[Voice, ...]) -> Signal:
    """Low noise with a blade's tone and its overtones, which waver."""
    seconds, tone = np.arange(length) / SAMPLE_RATE, rng.uniform(60, 250)
    noise = _coloured(rng, length, 2.2)
    noise /= noise.std()
    waver = 1 + rng.uniform(0, 0.3) * np.sin(2 * np.pi * rng.uniform(0.5, 6) * seconds)
    tones = sum(np.sin(2 * np.pi * tone * k * seconds + k) / k**1.5 for k in range(1, 8))
    mixed: Signal = waver * noise + rng.uniform(0, 0.8) * tones
    return mixed


def hum(rng: np.random.Generator, length: int, _: tuple[Voice, ...]) -> Signal:
    """Mains hum with overtones, and a little hiss."""
    seconds, mains = np.arange(length) / SAMPLE_RATE, float(rng.choice([50.0, 60.0]))
    tones = sum(rng.uniform(0, 1) / k * np.sin(2 * np.pi * mains * k * seconds + k) for k in range(1, 12))
    hummed: Signal = tones + 0.03 * rng.standard_normal(length)
    return hummed


def clicks(rng: np.random.Generator, length: int, _: tuple[Voice, ...]) -> Signal:
    """Knocks, key strokes and dishes: short decaying bursts."""
    out = 0.01 * rng.standard_normal(length)
    for start in rng.integers(0, length, max(2, int(length / SAMPLE_RATE * rng.uniform(2, 9)))):
        extent = int(rng.uniform(0.01, 0.12) * SAMPLE_RATE)
        decay = np.exp(-np.arange(extent) / extent * 6)
        low = rng.uniform(150, 3000)
        band = butter(1, [low, min(low * rng.uniform(1.5, 4), 7500)], "band", fs=SAMPLE_RATE, output="sos")
        burst = sosfilt(band, rng.standard_normal(extent)) * decay * rng.uniform(0.3, 1.5)
        end = min(length, start + extent)
        out[start:end] += burst[: end - start]
    return out


def music(rng: np.random.Generator, length: int, _: tuple[Voice, ...]) -> Signal:
    """Chords over a beat, like a radio in the corner."""
    seconds, out = np.arange(length) / SAMPLE_RATE, np.zeros(length)
    beat, start = int(rng.uniform(0.25, 0.6) * SAMPLE_RATE), 0
    root = rng.uniform(98, 260)
    while start < length:
        end = min(length, start + beat)
        time = seconds[: end - start]
        envelope = np.exp(-time * rng.uniform(1, 6))
        for step in rng.choice([0, 3, 4, 5, 7, 9, 12, 16, 19], 4):
            note = root * 2 ** (step / 12)
            out[start:end] += envelope * sum(
                np.sin(2 * np.pi * note * k * time) / k for k in range(1, 7) if note * k < 7000
            )
        drum = rng.standard_normal(end - start) * np.exp(-time * 60)
        out[start:end] += rng.uniform(0, 3) * drum
        start = end
    return out


def _crowd(rng: np.random.Generator, length: int, voices: tuple[Voice, ...], talkers: int) -> Signal:
    out = np.zeros(length)
    for _ in range(talkers):
        voice, at = voices[int(rng.integers(len(voices)))], -int(rng.integers(0, SAMPLE_RATE))
        while at < length:
            said = voice.say(rng)
            first, last = max(at, 0), min(at + len(said), length)
            if last > first:
                out[first:last] += said[first - at : last - at] / np.sqrt(np.mean(said**2) + 1e-12)
            at += len(said) + int(rng.uniform(0.05, 0.4) * SAMPLE_RATE)
    return out


def babble(rng: np.random.Generator, length: int, voices: tuple[Voice, ...]) -> Signal:
    """Five people at once."""
    return _crowd(rng, length, voices, 5)


def television(rng: np.random.Generator, length: int, voices: tuple[Voice, ...]) -> Signal:
    """Somebody talking over music."""
    tune, talk = music(rng, length, voices), _crowd(rng, length, voices, 1)
    mixed: Signal = talk / (talk.std() + 1e-9) + rng.uniform(0.1, 0.8) * tune / tune.std()
    return mixed


NOISES: Final[dict[str, Noise]] = {
    "white": white,
    "pink": pink,
    "fan": fan,
    "hum": hum,
    "clicks": clicks,
    "music": music,
    "babble": babble,
    "television": television,
}


def draw_noise(rng: np.random.Generator, kind: str, length: int, voices: tuple[Voice, ...]) -> Signal:
    """A stretch of one kind of noise at mean square 1."""
    noise = NOISES[kind](rng, length, voices)
    scaled: Signal = noise / np.sqrt(np.mean(noise**2) + 1e-12)
    return scaled
