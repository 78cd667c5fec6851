"""Taking noise and channel out of speech, by what the acoustic model knows of clean speech.

In the log mel domain noise n turns speech x into y = x + ln(1 + e^(n - x)). The acoustic model's Gaussians
say how x is distributed; with n and the colour h of the channel known, so is y, and the expected x of every
frame follows (vector Taylor series: Moreno, Raj and Stern, 1996). The noise is read off the quietest frames,
and the colour is found in two rounds. What then remains of the channel is the bias that makes the loud frames
most likely (Sankar and Lee, 1996); unlike the mean of a recording it hardly depends on what was said in it
and on how much silence is around it, so the first second and a half of a sentence tells it.
"""

import struct
from pathlib import Path
from typing import Final

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from adapters.pocketsphinx.features import CEPSTRA, COSINES, FILTERS, LIFTERS, Frames, log_mel

QUIET_SHARE: Final = 0.12
FEWEST_QUIET: Final = 6
SMOOTHED: Final = 7
EVERY: Final = 8
ROUNDS: Final = 2
BIAS_ROUNDS: Final = 4
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
    """Noise: its power in each band, the logarithm of that, and its variance in each cepstrum."""

    power: NDArray[np.float64]
    level: NDArray[np.float64]
    variance: NDArray[np.float64]


@frozen(kw_only=True, eq=False)
class Surroundings:
    """What surrounds the speech of a recording: its noise, if that can be taken out, and its channel."""

    noise: _Noise | None
    colour: NDArray[np.float64]
    """The channel while the noise is taken out, in unliftered cepstra."""
    bias: NDArray[np.float64]
    """What then remains of it."""


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

    def study(self, spectra: Frames) -> Surroundings:
        """What surrounds speech, by the mel spectra of some of it with the silence before."""
        noise = _noise_of(spectra)
        colour = np.zeros(CEPSTRA) if noise is None else self._colour(spectra, noise)
        around = Surroundings(noise=noise, colour=colour, bias=np.zeros(CEPSTRA))
        cleaned = self.clean(spectra, around) @ COSINES.T
        return evolve(around, bias=self._bias(cleaned[_is_loud(cleaned)]))

    def clean(self, spectra: Frames, around: Surroundings) -> Frames:
        """The log mel spectra without noise; where there is hardly any, or nothing else, as they are."""
        heard = log_mel(spectra)
        if around.noise is None:
            return heard
        shares, added, _ = self._explain(heard, around.noise, around.colour)
        return np.asarray(heard - shares @ added)

    def cepstra(self, spectra: Frames, around: Surroundings) -> bytes:
        """Mel spectra without noise and channel, as the decoder takes them: 13 liftered cepstra a frame."""
        plain = self.clean(spectra, around) @ COSINES.T - around.bias
        return bytes((plain * LIFTERS).astype("<f4").tobytes())

    def _colour(self, spectra: Frames, noise: _Noise) -> NDArray[np.float64]:
        """The channel of noisy speech, in unliftered cepstra."""
        heard = log_mel(spectra)
        subtracted = np.maximum(spectra - noise.power, 0.05 * spectra)
        colour: NDArray[np.float64] = (log_mel(subtracted) @ COSINES.T).mean(axis=0)
        for _ in range(ROUNDS - 1):
            shares, added, kept = self._explain(heard, noise, colour)
            without = (heard - shares @ added) @ COSINES.T - colour - shares @ self.means
            weight = (shares @ kept).mean(axis=1, keepdims=True)
            colour = colour + (without * weight).sum(axis=0) / max(float(weight.sum()), 1e-3)
        return colour

    def _bias(self, frames: Frames) -> NDArray[np.float64]:
        """The bias of unliftered cepstra that makes them most likely, by expectation and maximisation."""
        bias: NDArray[np.float64] = frames.mean(axis=0)
        precision = 1.0 / self.variances
        for _ in range(BIAS_ROUNDS):
            shares = _shares(frames - bias, self.means, self.variances)
            weight = shares @ precision
            bias = (frames * weight - shares @ (self.means * precision)).sum(axis=0) / weight.sum(axis=0)
        return bias

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


def _is_loud(frames: Frames) -> NDArray[np.bool_]:
    """Which cepstra are of speech: those above the middle between the loudest and the quietest."""
    loudness = frames[:, 0]
    is_loud: NDArray[np.bool_] = loudness >= (np.percentile(loudness, 10) + np.percentile(loudness, 95)) / 2
    return is_loud


def _noise_of(spectra: Frames) -> _Noise | None:
    """The noise of speech; None where there is hardly any, or nothing else."""
    if len(spectra) < 2 * FEWEST_QUIET:
        return None
    quiet = spectra[_quietest(spectra)]
    if not NO_SPEECH_DB < _signal_to_noise(spectra, quiet) < CLEAN_ENOUGH_DB:
        return None
    power = quiet.mean(axis=0)
    spread = np.maximum(log_mel(quiet).var(axis=0), _LEAST_VARIANCE)
    return _Noise(power=power, level=log_mel(power), variance=COSINES**2 @ spread)


def _quietest(spectra: Frames) -> NDArray[np.int64]:
    """Which frames are the quietest eighth, by their mean log energy over 70 ms."""
    energy = np.pad(log_mel(spectra).mean(axis=1), SMOOTHED // 2, mode="edge")
    energy = np.convolve(energy, np.ones(SMOOTHED) / SMOOTHED, "valid")
    return np.argsort(energy)[: max(FEWEST_QUIET, int(QUIET_SHARE * len(spectra)))]


def _signal_to_noise(spectra: Frames, quiet: Frames) -> float:
    """How much louder all frames are than the quietest, in dB, averaged over the bands."""
    ratio = spectra.mean(axis=0) / np.maximum(quiet.mean(axis=0), 1e-4)
    return float(10.0 * np.log10(np.maximum(ratio, 1.0)).sum() / FILTERS)
