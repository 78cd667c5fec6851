"""What else one could choose by: each takes float32[n] at 16 kHz and returns a number, higher is better."""

from collections.abc import Callable
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from domain.audio.pcm import SAMPLE_RATE, Samples, to_s16le
from domain.audio.spectrum import MEL, TRANSFORM, WINDOW

Scorer = Callable[[Samples], float]
Signal = NDArray[np.float64]
FRAME: Final = 320
HOP: Final = 160


def level(samples: Samples) -> float:
    """Root mean square, in dB."""
    return float(10 * np.log10(np.mean(samples.astype(np.float64) ** 2) + 1e-12))


def percentile_snr(samples: Samples) -> float:
    """Loud frames of 20 ms against quiet ones (95th and 10th percentile), in dB."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME).astype(np.float64)
    decibels = 10 * np.log10(np.mean((frames - frames.mean()) ** 2, axis=1) + 1e-12)
    high, low = np.percentile(decibels, [95, 10])
    return float(high - low)


def wada(samples: Samples) -> float:
    """The statistic that WADA-SNR looks up its SNR by (Kim and Stern, 2008); the order is the same."""
    magnitude = np.abs(samples.astype(np.float64) - np.mean(samples)) + 1e-6
    return float(np.log(magnitude.mean()) - np.log(magnitude).mean())


def _mel_energies(samples: Samples) -> Signal:
    """Energies of 18 mel bands every 10 ms (float64[hops, 18])."""
    length = max(len(samples), len(WINDOW) + HOP)
    padded = np.pad(samples.astype(np.float64), (0, length - len(samples)))
    frames = np.lib.stride_tricks.sliding_window_view(padded, len(WINDOW))[::HOP] * WINDOW
    energies: Signal = np.abs(np.fft.rfft(frames, TRANSFORM)) ** 2 @ MEL.T + 1e-9
    return energies


def envelope_variance(samples: Samples) -> float:
    """Variance of cube-rooted mel energies, each band's mean logarithm removed (Wolf and Nadeu, 2014)."""
    logarithms = np.log(_mel_energies(samples))
    compressed = np.exp((logarithms - logarithms.mean(axis=0)) / 3)
    return float(compressed.var(axis=0).mean())


def modulation_ratio(samples: Samples) -> float:
    """Slow against fast modulation energy in 16 bands, after SRMR (Falk, Zheng and Chan, 2010)."""
    edges = np.geomspace(125, 7000, 17)
    pace = 400
    ratios = []
    for low, high in pairwise(edges):
        band = sosfilt(butter(2, [low, high], "band", fs=SAMPLE_RATE, output="sos"), samples)
        envelope = sosfilt(butter(2, 150, fs=SAMPLE_RATE, output="sos"), np.abs(band))[:: SAMPLE_RATE // pace]
        power = np.abs(np.fft.rfft((envelope - envelope.mean()) * np.hanning(len(envelope)))) ** 2
        hertz = np.fft.rfftfreq(len(envelope), 1 / pace)
        slow, fast = power[(hertz >= 3) & (hertz < 20)].sum(), power[(hertz >= 20) & (hertz < 130)].sum()
        ratios.append(np.log((slow + 1e-12) / (fast + 1e-12)))
    return float(np.mean(ratios))


BASELINES: Final[dict[str, Scorer]] = {
    "level": level,
    "percentile SNR": percentile_snr,
    "WADA-SNR": wada,
    "envelope variance": envelope_variance,
    "SRMR-like": modulation_ratio,
}


def voiced() -> Scorer | None:
    """The share of frames that WebRTC's voice detector takes for speech, if webrtcvad is installed."""
    try:
        import webrtcvad
    except ImportError:
        return None
    detector = webrtcvad.Vad(2)

    def share(samples: Samples) -> float:
        data = to_s16le(samples)
        frames = [data[first : first + 2 * FRAME] for first in range(0, len(data) - 2 * FRAME + 1, 2 * FRAME)]
        return sum(detector.is_speech(frame, SAMPLE_RATE) for frame in frames) / max(1, len(frames))

    return share


def dnsmos() -> Scorer | None:
    """DNSMOS's overall score (Reddy et al., 2021), if the package speechmos is installed."""
    try:
        from speechmos import dnsmos as model
    except ImportError:
        return None

    def overall(samples: Samples) -> float:
        return float(model.run(np.clip(samples, -1, 1).astype(np.float32), SAMPLE_RATE)["ovrl_mos"])

    return overall
