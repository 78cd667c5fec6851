"""The numbers that were fitted: how measures add up to an estimate of intelligibility, SNR and clarity.

Fitted on simulated rooms, with people's recordings and synthetic voices (see docs/audio.md for what that
means); negative weights are suppressor terms, so none is to be tuned alone.
"""

from typing import Final

import numpy as np
from attrs import frozen

from domain.audio import weights
from domain.audio.spectrum import Floats


@frozen
class Term:
    """One measure in a sum: its mean, its deviation and its weight there, and how far it may pull."""

    measure: str
    mean: float
    deviation: float
    weight: float
    highest: float = 3.0

    def of(self, value: float) -> float:
        """What this measure adds."""
        return self.weight * min(self.highest, max(-3.0, (value - self.mean) / self.deviation))


@frozen
class Fit:
    """A sum of terms on top of a constant."""

    constant: float
    terms: tuple[Term, ...]

    def of(self, measures: dict[str, float]) -> float:
        """The sum for these measures."""
        return self.constant + sum(term.of(measures[term.measure]) for term in self.terms)


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
        """The network that the rows of a table in domain.audio.weights describe."""
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
        values = np.array([measures[name] for name in self.names])
        standard = np.clip((values - self.means) / self.deviations, -3.0, self.highest)
        bent = np.tanh(standard @ self.hidden + self.offsets)
        return float(self.constant + standard @ self.plain + bent @ self.out)


INTELLIGIBILITY: Final = Network.read(weights.INTELLIGIBILITY)
"""An estimate of ESTOI (Jensen and Taal, 2016) against the unheard clean speech, fitted to choose well
among the streams of a scene as much as to be right about each.

What it learnt from: 2753 scenes of the microphone benchmark (people's recordings out of packages, flite,
festival, espeak-ng), 1050 ladders of one stream getting worse, and half of the development scenes, those
of every second voice."""

SNR: Final = Fit(
    17.21,
    (
        Term("dyn10", 29.70, 20.45, 5.737),
        Term("wada", 1.072, 0.627, 3.936),
        Term("asy1", 0.2916, 0.2641, -1.634),
        Term("sii", 0.680, 0.292, 7.816),
        Term("ml1_0", 2.761, 1.187, -6.151),
    ),
)
"""Signal-to-noise ratio in dB; `wada` after Kim and Stern (2008)."""

C50: Final = Network.read(weights.C50)
"""Early-to-late energy ratio of the room in dB (ISO 3382-1: the first 50 ms against the rest)."""


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
SPEECH_EVIDENCE: Final = 0.37
"""Below this limit a sound is not taken for speech at all."""
BEYOND_EVIDENCE: Final = 0.08
"""How much of q counts beyond that limit, so that no two sounds tie and streams stay in order."""

CALIBRATION_Q: Final = (-0.1, 0.2, 0.55, 0.63, 1.0)
CALIBRATION_SCORE: Final = (0.0, 2.0, 7.0, 8.5, 10.0)
"""Points of the map from q to the score 0..10."""
