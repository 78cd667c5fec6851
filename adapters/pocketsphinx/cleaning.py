"""Taking steady noise out of speech, by what the acoustic model knows of clean speech.

In the log mel domain noise n turns speech x into y = x + ln(1 + e^(n - x)). The acoustic model's Gaussians
say how x is distributed; with n and the colour h of the channel known, so is y, and the expected x of every
frame follows (vector Taylor series: Moreno, Raj and Stern, 1996). The noise is read off the quietest frames,
and the colour is found in two rounds.
"""

import struct
from pathlib import Path
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from adapters.pocketsphinx.features import CEPSTRA, COSINES, FILTERS, LIFTERS, Frames, log_mel

QUIET_SHARE: Final = 0.12
FEWEST_QUIET: Final = 6
SMOOTHED: Final = 7
EVERY: Final = 8
ROUNDS: Final = 2
CLEAN_ENOUGH_DB: Final = 30.0
NO_SPEECH_DB: Final = 1.5
_HEADER_END: Final = b"endhdr\n"
_LEAST_VARIANCE: Final = 0.05
_FARTHEST: Final = 50.0


class UnreadableParameters(Exception):
    """A file of the acoustic model is not in the form that is read here."""


def read_static_codebook(path: Path) -> Frames:
    """The first 13 numbers (cepstra without their changes) of all Gaussians in a means or variances file."""
    data = path.read_bytes()
    at = data.find(_HEADER_END) + len(_HEADER_END) + 4
    try:
        books, streams, densities = struct.unpack_from("<3I", data, at)
        lengths = struct.unpack_from(f"<{min(streams, 16)}I", data, at + 12)
        count = struct.unpack_from("<I", data, at + 12 + 4 * streams)[0]
        if _HEADER_END not in data or lengths[0] != CEPSTRA or count != books * densities * sum(lengths):
            raise UnreadableParameters(path.name)
        numbers = np.frombuffer(data, "<f4", count, at + 16 + 4 * streams).reshape(books, -1)
    except (struct.error, ValueError, IndexError) as error:
        raise UnreadableParameters(path.name) from error
    return numbers[:, : densities * CEPSTRA].reshape(-1, CEPSTRA).astype(np.float64)


@frozen(kw_only=True, eq=False)
class _Noise:
    """The noise of a recording: its level in each band, in log mel, and its variance in each cepstrum."""

    level: NDArray[np.float64]
    variance: NDArray[np.float64]


@frozen(kw_only=True, eq=False)
class Cleaner:
    """Clean speech as a mixture of Gaussians over unliftered cepstra: means and variances, a row for each."""

    means: Frames
    variances: Frames

    @classmethod
    def of(cls, acoustic_model: Path) -> "Cleaner":
        """Take every eighth Gaussian of an acoustic model that was trained at all; more do not help."""
        means = read_static_codebook(acoustic_model / "means")
        variances = read_static_codebook(acoustic_model / "variances")
        trained = np.flatnonzero((variances > 0.0).all(axis=1))[::EVERY]
        return cls(means=means[trained] / LIFTERS, variances=variances[trained] / LIFTERS**2)

    def clean(self, spectra: Frames) -> Frames | None:
        """The log mel spectra without their noise; None where there is hardly any noise, or nothing else."""
        if len(spectra) < 2 * FEWEST_QUIET:
            return None
        quiet = _quietest(spectra)
        if not NO_SPEECH_DB < _signal_to_noise(spectra, quiet) < CLEAN_ENOUGH_DB:
            return None
        heard = log_mel(spectra)
        noise = _Noise(
            level=np.log(spectra[quiet].mean(axis=0) + 1e-4),
            variance=COSINES**2 @ np.maximum(heard[quiet].var(axis=0), _LEAST_VARIANCE),
        )
        subtracted = np.maximum(spectra - spectra[quiet].mean(axis=0), 0.05 * spectra)
        colour = (log_mel(subtracted) @ COSINES.T).mean(axis=0)
        for _ in range(ROUNDS - 1):
            shares, added, kept = self._explain(heard, noise, colour)
            without = (heard - shares @ added) @ COSINES.T - colour - shares @ self.means
            weight = (shares @ kept).mean(axis=1, keepdims=True)
            colour = colour + (without * weight).sum(axis=0) / max(float(weight.sum()), 1e-3)
        shares, added, _ = self._explain(heard, noise, colour)
        return np.asarray(heard - shares @ added)

    def _explain(
        self, heard: Frames, noise: _Noise, colour: NDArray[np.float64]
    ) -> tuple[Frames, Frames, Frames]:
        """For each frame the share of each Gaussian in it; for each Gaussian and band what noise adds to it
        (in log mel), and what share of its changes is still heard, 0..1.
        """
        below = np.clip(noise.level - (self.means + colour) @ COSINES, -_FARTHEST, _FARTHEST)
        added, kept = np.logaddexp(0.0, below), 1.0 / (1.0 + np.exp(below))
        means = self.means + colour + added @ COSINES.T
        slopes = np.einsum("ib,kb,jb->kij", COSINES, kept, COSINES, optimize=True)
        variances = np.einsum("kij,kj->ki", slopes**2, self.variances)
        variances += np.einsum("kij,j->ki", (np.eye(CEPSTRA) - slopes) ** 2, noise.variance)
        return _shares(heard @ COSINES.T, means, variances), added, kept


def _shares(frames: Frames, means: Frames, variances: Frames) -> Frames:
    """The posterior probability of each diagonal Gaussian in each frame; all are as probable beforehand."""
    precision = 1.0 / variances
    fit = -0.5 * (frames**2 @ precision.T) + frames @ (means * precision).T
    fit -= 0.5 * ((means**2 * precision).sum(axis=1) + np.log(variances).sum(axis=1))
    weights = np.exp(fit - fit.max(axis=1, keepdims=True))
    shares: Frames = weights / weights.sum(axis=1, keepdims=True)
    return shares


def _quietest(spectra: Frames) -> NDArray[np.int64]:
    """Which frames are the quietest eighth, by their mean log energy over 70 ms."""
    energy = np.convolve(log_mel(spectra).mean(axis=1), np.ones(SMOOTHED) / SMOOTHED, "same")
    return np.argsort(energy)[: max(FEWEST_QUIET, int(QUIET_SHARE * len(spectra)))]


def _signal_to_noise(spectra: Frames, quiet: NDArray[np.int64]) -> float:
    """How much louder all frames are than the quietest, in dB, averaged over the bands."""
    ratio = spectra.mean(axis=0) / np.maximum(spectra[quiet].mean(axis=0), 1e-4)
    return float(10.0 * np.log10(np.maximum(ratio, 1.0)).sum() / FILTERS)
