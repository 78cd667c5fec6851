"""Mel spectra and cepstra, computed as pocketsphinx computes them for its bundled acoustic model.

10 ms hops of 410 pre-emphasised samples under a Hamming window, 512 points, 25 triangular filters of unit
area from 130 to 6800 Hz, natural logarithms, the first 13 terms of an orthonormal cosine transform, and
lifters 1 + 11 sin(pi i / 22). (feat.params of the model; fe_sigproc.c of pocketsphinx.)
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Frames = NDArray[np.float64]
Sound = NDArray[np.float32]

RATE: Final = 16_000
HOP: Final = 160
WINDOW: Final = 410
POINTS: Final = 512
FILTERS: Final = 25
CEPSTRA: Final = 13
LOWEST_HZ: Final = 130.0
HIGHEST_HZ: Final = 6_800.0
PRE_EMPHASIS: Final = 0.97
FULL_SCALE: Final = 32_768.0
FLOOR: Final = 1e-4


def _mel_bank() -> Frames:
    """The filters as rows over the spectrum's points, their corners rounded to points."""

    def mel(hertz: float) -> float:
        return float(2595.0 * np.log10(1.0 + hertz / 700.0))

    step = RATE / POINTS
    mels = np.linspace(mel(LOWEST_HZ), mel(HIGHEST_HZ), FILTERS + 2)
    corners = np.floor(700.0 * (10.0 ** (mels / 2595.0) - 1.0) / step + 0.5) * step
    hertz = np.arange(POINTS // 2 + 1) * step
    low, middle, high = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    rising, falling = (hertz - low) / (middle - low), (high - hertz) / (high - middle)
    bank: Frames = np.maximum(np.minimum(rising, falling), 0.0) * 2.0 / (high - low)
    return bank


_BANK: Final = _mel_bank()
_HAMMING: Final = np.hamming(WINDOW)
_ORDER: Final = np.arange(CEPSTRA)[:, None]
COSINES: Final[Frames] = np.cos(np.pi / FILTERS * _ORDER * (np.arange(FILTERS) + 0.5)) * np.where(
    _ORDER == 0, np.sqrt(1.0 / FILTERS), np.sqrt(2.0 / FILTERS)
)
"""The cosine transform: 13 orthonormal rows over the 25 filters; its transpose undoes it."""

LIFTERS: Final[Frames] = 1.0 + 11.0 * np.sin(np.arange(CEPSTRA) * np.pi / 22.0)


def frames_within(samples: int) -> int:
    """How many frames lie wholly within so many samples."""
    return max(0, 1 + (samples - WINDOW) // HOP)


def mel_spectra(samples: Sound, first: int = 0) -> Frames:
    """The mel power spectra of samples at 16 kHz, from a frame on: a row of 25 for every 10 ms.

    The last frame may reach beyond the samples.
    """
    scaled = samples.astype(np.float64) * FULL_SCALE
    emphasised = scaled - PRE_EMPHASIS * np.concatenate([[0.0], scaled[:-1]])
    count = max(1, 1 + (len(samples) - WINDOW + HOP - 1) // HOP)
    padded = np.concatenate([emphasised, np.zeros(WINDOW + HOP)])
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[first * HOP : count * HOP : HOP]
    spectra: Frames = np.abs(np.fft.rfft(frames * _HAMMING, POINTS, axis=1)) ** 2 @ _BANK.T
    return spectra


def log_mel(spectra: Frames) -> Frames:
    """Natural logarithms of mel spectra."""
    logarithms: Frames = np.log(spectra + FLOOR)
    return logarithms
