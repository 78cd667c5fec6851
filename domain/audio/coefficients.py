"""The numbers that were fitted: how measures add up to an estimate of intelligibility, SNR and clarity.

Fitted on simulated rooms, with people's recordings and synthetic voices (see docs/audio.md for what that
means); negative weights are suppressor terms, so none is to be tuned alone.
"""

from typing import Final

import numpy as np
from attrs import frozen

from domain.audio import room_weights, weights
from domain.audio.pcm import Floats


@frozen(eq=False)
class Network:
    """A straight sum of measures, with one layer of tanh beside it."""

    names: tuple[str, ...]
    means: Floats
    deviations: Floats
    highest: Floats
    plain: Floats
    hidden: Floats
    """float64[measures, units]."""
    offsets: Floats
    out: Floats
    constant: float

    @classmethod
    def read(cls, table: str) -> "Network":
        """The network that the rows of a written table describe."""
        rows = [line.split() for line in table.splitlines() if line]
        measures, (offsets, out, constant) = rows[:-3], rows[-3:]
        numbers = np.array([row[1:] for row in measures], dtype=np.float64)
        return cls(
            names=tuple(row[0] for row in measures),
            means=numbers[:, 0],
            deviations=numbers[:, 1],
            highest=numbers[:, 2],
            plain=numbers[:, 3],
            hidden=numbers[:, 4:],
            offsets=np.array(offsets[1:], dtype=np.float64),
            out=np.array(out[1:], dtype=np.float64),
            constant=float(constant[1]),
        )

    def of(self, measures: dict[str, float]) -> float:
        """The estimate for these measures."""
        return float(self.of_rows(np.array([[measures[name] for name in self.names]]))[0])

    def of_rows(self, values: Floats) -> Floats:
        """Estimates (float64[rows]) for rows of measures in the order of `names`."""
        standard = np.clip((values - self.means) / self.deviations, -3.0, self.highest)
        bent = np.tanh(standard @ self.hidden + self.offsets)
        estimates: Floats = self.constant + standard @ self.plain + bent @ self.out
        return estimates


INTELLIGIBILITY: Final = Network.read(weights.INTELLIGIBILITY)
"""An estimate of ESTOI (Jensen and Taal, 2016) against the unheard clean speech, fitted to choose well
among the streams of a scene as much as to be right about each."""

TOGETHER: Final = Network.read(weights.TOGETHER)
"""The same estimate where several streams hear the sentence, from each one's own and what lies between
them (`domain.audio.comparison`), less the mean over the streams."""

SNR: Final = Network.read(room_weights.SNR)
"""Signal-to-noise ratio in dB. Among its measures: level percentiles, of which the low ones follow the
noise and the high ones the speech (Hirsch and Ehrlicher, ICASSP 1995, estimate noise by them), and the
statistic of WADA-SNR (Kim and Stern, 2008)."""

C50: Final = Network.read(room_weights.C50)
"""Early-to-late energy ratio of the room in dB (ISO 3382-1: the first 50 ms against the rest). Among its
measures: how fast the level falls, which reverberation limits (`domain.audio.changes`)."""


@frozen
class Ramp:
    """A limit that rises (or falls) in a straight line between two points, and goes on straight above."""

    start: float
    end: float
    at_start: float
    at_end: float

    def of(self, value: float) -> float:
        """The limit at this value."""
        share = (value - self.start) / (self.end - self.start)
        return self.at_start + max(0.0, share) * (self.at_end - self.at_start)


MOST_BY_ACTIVE_HOPS: Final = Ramp(2.0, 12.0, -0.3, 1.0)
MOST_BY_DROP: Final = Ramp(1.0, 0.5, 0.0, 1.0)
MOST_BY_SHAPE: Final = Ramp(2.6, 3.5, 0.1, 0.8)
MOST_BY_PEAKED: Final = Ramp(0.95, 0.88, 0.1, 1.0)
"""How high q may be by the evidence for speech: active hops of 10 ms, share of lost hops, change of
spectral shape in dB, share of the two strongest of 18 mel bands. See docs/audio.md for the figures."""
MOST_BY_SLOW_SHAPE: Final = Ramp(1.4, 1.7, 0.1, 0.8)
MOST_BY_LASTING: Final = Ramp(12.0, 32.0, 0.1, 0.8)
"""The same where noise hides the change from hop to hop: change of the shape averaged over 90 ms, in the
bands where it is most, in dB (steady noises stay below 1.4), which counts in what has been active for longer
than a cough (hops of 10 ms)."""
SPEECH_EVIDENCE: Final = 0.37
"""Below this limit a sound is not taken for speech at all."""
BEYOND_EVIDENCE: Final = 0.08
"""How much of q counts beyond that limit, so that no two sounds tie and streams stay in order."""

CALIBRATION_Q: Final = (-0.1, 0.2, 0.41, 0.63, 0.72, 1.0)
CALIBRATION_SCORE: Final = (0.0, 2.0, 5.0, 7.0, 8.5, 10.0)
"""Points of the map from q to the score 0..10: what is not speech ends at 2, half of the sentences within a
grammar are recognised at 5, nine in ten at 7; clean and near begins at 8.5. See docs/audio.md."""
