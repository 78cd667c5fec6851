"""Sentences said by flite's voices, and the noise that is laid over them."""

import shutil
import subprocess
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from typing import Final

import numpy as np
from numpy.typing import NDArray

from adapters.soundfiles.files import decode
from domain.audio.pcm import SAMPLE_RATE, Samples

VOICES: Final = ("slt", "rms", "awb")
MARGIN: Final = 0.3
TALKERS: Final = 6
PEAK: Final = 0.9
SPEECH_FLOOR: Final = 1e-3
LOWEST_HZ: Final = 50.0


class NoFlite(SystemExit):
    """flite is not installed."""

    def __init__(self) -> None:
        super().__init__("flite is needed to speak the sentences: apt-get install flite")


def say(words: str, voice: str) -> Samples:
    """A sentence in a voice, with a little silence around it; kept in the temporary folder between runs."""
    if shutil.which("flite") is None:
        raise NoFlite
    folder = Path(gettempdir(), "mira-bench-speech")
    folder.mkdir(exist_ok=True)
    file = folder / f"{sha256(words.encode()).hexdigest()[:16]}-{voice}.wav"
    if not file.exists():
        subprocess.run(["flite", "-voice", voice, "-t", words, "-o", str(file)], check=True)
    return np.pad(decode(file.read_bytes()).samples, int(MARGIN * SAMPLE_RATE))


def with_noise(speech: Samples, noise: NDArray[np.float64], snr: float) -> Samples:
    """Speech with noise below its level by so many dB; the level is that of its samples above -60 dBFS."""
    loud = speech[np.abs(speech) > SPEECH_FLOOR]
    level = float(np.sqrt(np.mean(loud.astype(np.float64) ** 2)))
    mixed = speech + noise * (level * 10 ** (-snr / 20) / np.sqrt(np.mean(noise**2)))
    loudest = float(np.abs(mixed).max())
    scaled: Samples = (mixed * min(1.0, PEAK / loudest)).astype(np.float32)
    return scaled


def pink(count: int, source: np.random.Generator) -> NDArray[np.float64]:
    """Noise whose power falls by 3 dB an octave above 50 Hz."""
    frequencies = np.maximum(np.fft.rfftfreq(count, 1 / SAMPLE_RATE), LOWEST_HZ)
    spectrum = np.fft.rfft(source.standard_normal(count)) / np.sqrt(frequencies)
    return np.fft.irfft(spectrum, count)


def babble(count: int, talk: Sequence[Samples], source: np.random.Generator) -> NDArray[np.float64]:
    """Six people talking at once."""
    mixed = np.zeros(count)
    for _ in range(TALKERS):
        one = talk[int(source.integers(len(talk)))].astype(np.float64)
        turned = np.roll(one, int(source.integers(len(one))))
        mixed += np.resize(turned, count) / np.sqrt(np.mean(one**2))
    return mixed


def knocks(count: int, source: np.random.Generator) -> NDArray[np.float64]:
    """Six knocks on wood in an almost quiet room."""
    sound = 0.002 * source.standard_normal(count)
    length = SAMPLE_RATE // 20
    for _ in range(TALKERS):
        at = int(source.integers(count - length))
        sound[at : at + length] += source.standard_normal(length) * np.exp(-np.arange(length) / 150) * 0.4
    return sound


def hum(count: int, source: np.random.Generator) -> NDArray[np.float64]:
    """A transformer's hum at 100 and 300 Hz."""
    moments = np.arange(count) / SAMPLE_RATE
    tones = np.sin(2 * np.pi * 100 * moments) + 0.5 * np.sin(2 * np.pi * 300 * moments)
    return 0.1 * tones + 0.003 * source.standard_normal(count)
