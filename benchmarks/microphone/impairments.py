"""What devices and networks do to sound: each takes and returns float64[n], -1..1 being full scale."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from domain.audio.pcm import SAMPLE_RATE

Signal = NDArray[np.float64]
Impairment = Callable[[Signal, np.random.Generator], Signal]
PACKET: Final = 320


def colour(x: Signal, rng: np.random.Generator) -> Signal:
    """Any microphone's own response: less lows, less highs, a tilt, a resonance."""
    low, high = rng.uniform(50, 350), rng.uniform(4500, 7900)
    heard = sosfilt(butter(int(rng.integers(1, 3)), low, "high", fs=SAMPLE_RATE, output="sos"), x)
    heard = sosfilt(butter(1, high, fs=SAMPLE_RATE, output="sos"), heard)
    dull = sosfilt(butter(1, rng.uniform(500, 3000), fs=SAMPLE_RATE, output="sos"), heard)
    heard = heard + (10 ** (rng.uniform(-6, 6) / 20) - 1) * dull
    centre = rng.uniform(300, 5000)
    peak = sosfilt(butter(1, [centre, 1.3 * centre], "band", fs=SAMPLE_RATE, output="sos"), heard)
    coloured: Signal = heard + (10 ** (rng.uniform(-6, 6) / 20) - 1) * peak
    return coloured


def overdrive(x: Signal, rng: np.random.Generator) -> Signal:
    """So hot that peaks are cut off at full scale."""
    return np.clip(x / (np.percentile(np.abs(x), rng.uniform(85, 98)) + 1e-9), -1, 1)


def clip(x: Signal, rng: np.random.Generator) -> Signal:
    """Cut off below full scale."""
    most = np.percentile(np.abs(x), rng.uniform(88, 99))
    return np.clip(x, -most, most)


def offset(x: Signal, rng: np.random.Generator) -> Signal:
    """A constant offset."""
    return x + rng.uniform(0.02, 0.2) * rng.choice([-1, 1])


def quiet(x: Signal, rng: np.random.Generator) -> Signal:
    """A gain so low that 16 bits are few."""
    return x * 10 ** (-rng.uniform(25, 50) / 20)


def lose(x: Signal, rng: np.random.Generator) -> Signal:
    """Packets lost one by one."""
    out = x.copy()
    for packet in np.flatnonzero(rng.random(len(x) // PACKET) < rng.uniform(0.03, 0.3)):
        out[packet * PACKET : (packet + 1) * PACKET] = 0.0
    return out


def repeat(x: Signal, rng: np.random.Generator) -> Signal:
    """Lost packets replaced by the ones before them."""
    out = x.copy()
    for packet in np.flatnonzero(rng.random(len(x) // PACKET) < rng.uniform(0.05, 0.3)):
        if packet:
            before = out[(packet - 1) * PACKET : packet * PACKET]
            out[packet * PACKET : (packet + 1) * PACKET] = before
    return out


def drop_bursts(x: Signal, rng: np.random.Generator) -> Signal:
    """Stretches of 80 to 400 ms lost."""
    out = x.copy()
    for _ in range(int(rng.integers(1, 5))):
        start, extent = int(rng.integers(0, len(x))), int(rng.uniform(0.08, 0.4) * SAMPLE_RATE)
        out[start : start + extent] = 0.0
    return out


def stall(x: Signal, rng: np.random.Generator) -> Signal:
    """Dead from some point on: constant, or a packet over and over."""
    out, start = x.copy(), int(rng.uniform(0.0, 0.6) * len(x)) // PACKET * PACKET
    rest = len(out) - start
    stuck = np.tile(out[start : start + PACKET], rest // PACKET + 1)[:rest]
    out[start:] = stuck if rng.random() < 0.5 else 0.0
    return out


def telephone(x: Signal, rng: np.random.Generator) -> Signal:
    """Narrow band."""
    band = butter(4, [rng.uniform(150, 350), rng.uniform(2800, 3800)], "band", fs=SAMPLE_RATE, output="sos")
    filtered: Signal = sosfilt(band, x)
    return filtered


def muffle(x: Signal, rng: np.random.Generator) -> Signal:
    """Behind cloth or a finger."""
    low_pass = butter(int(rng.integers(1, 4)), rng.uniform(500, 2000), fs=SAMPLE_RATE, output="sos")
    filtered: Signal = sosfilt(low_pass, x)
    return filtered


def mu_law(x: Signal, rng: np.random.Generator) -> Signal:
    """Eight bits of mu-law at a low level."""
    scaled = x * rng.uniform(0.1, 1.0)
    coded = np.sign(scaled) * np.log1p(255 * np.abs(np.clip(scaled, -1, 1))) / np.log(256)
    coded = np.round(coded * 127) / 127
    decoded: Signal = np.sign(coded) * np.expm1(np.abs(coded) * np.log(256)) / 255
    return decoded


def level_automatically(x: Signal, rng: np.random.Generator) -> Signal:
    """Automatic gain that lifts pauses to the level of speech."""
    reach = int(rng.uniform(0.05, 0.4) * SAMPLE_RATE)
    power = np.convolve(x**2, np.ones(reach) / reach, "same")
    gain = np.minimum((power + 1e-8) ** (-rng.uniform(0.3, 0.48)), 10 ** (rng.uniform(20, 40) / 20))
    levelled: Signal = np.clip(0.12 * x * gain, -1, 1)
    return levelled


def suppress(x: Signal, rng: np.random.Generator) -> Signal:
    """Spectral subtraction with its musical noise (Boll, 1979)."""
    size, hop = 512, 128
    window = np.hanning(size)
    padded = np.pad(x, size)
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop] * window
    spectra = np.fft.rfft(frames)
    power = np.abs(spectra) ** 2
    floor = np.percentile(power, 20, axis=0) * rng.uniform(1.5, 5)
    gain = np.sqrt(np.maximum(1 - floor / (power + 1e-12), 10 ** (-rng.uniform(10, 30) / 10)))
    cleaned = np.fft.irfft(spectra * gain) * window
    out = np.zeros(len(padded) + size)
    for index, frame in enumerate(cleaned):
        out[index * hop : index * hop + size] += frame / 1.5
    trimmed: Signal = out[size : size + len(x)]
    return trimmed


IMPAIRMENTS: Final[dict[str, Impairment]] = {
    "overdrive": overdrive,
    "clip": clip,
    "offset": offset,
    "quiet": quiet,
    "lose": lose,
    "repeat": repeat,
    "bursts": drop_bursts,
    "stall": stall,
    "telephone": telephone,
    "muffle": muffle,
    "mu_law": mu_law,
    "automatic_gain": level_automatically,
    "suppress": suppress,
}
