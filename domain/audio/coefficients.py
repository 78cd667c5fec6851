"""The numbers that were fitted: how measures add up to an estimate of intelligibility, SNR and clarity.

Fitted by ridge regression on simulated rooms with synthetic voices (see docs/audio.md for what that
means); negative weights are suppressor terms, so none is to be tuned alone.
"""

from typing import Final

from attrs import frozen


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


INTELLIGIBILITY: Final = Fit(
    0.356797,
    (
        Term("mc1_2", -3.3251, 0.8129, 0.24112),
        Term("mc1_3", -3.7508, 0.5808, -0.08567),
        Term("sii", 0.6802, 0.29234, -0.09332),
        Term("p99_75_0", 10.2793, 2.6397, -0.05487),
        Term("drop", 0.02295, 0.06129, -0.05001, 12.0),
        Term("mc0_0", -2.3561, 0.9149, 0.08142),
        Term("neg0", 0.51321, 0.01938, 0.02649),
        Term("neg1", 0.51992, 0.02349, 0.02595),
        Term("mc0_2", -3.3401, 0.5579, 0.12381),
        Term("skw0", 0.69500, 1.01325, 0.03273),
        Term("mc0_3", -3.7962, 0.3524, -0.03474),
        Term("spi2", 1.59481, 0.51267, 0.01651),
        Term("ml1_0", 2.7612, 1.1874, -0.11014),
        Term("spa0", 2.57540, 0.35468, -0.02352),
        Term("kurt", 2.1142, 0.6158, 0.03516),
    ),
)
"""MQ-15: an estimate of ESTOI (Jensen and Taal, 2016) against the unheard clean speech."""

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

C50: Final = Fit(
    5.374,
    (
        Term("mc0_2", -3.3401, 0.5579, 1.466),
        Term("mc1_2", -3.3251, 0.8129, 2.889),
        Term("neg0", 0.51321, 0.01938, 1.314),
        Term("sii", 0.6802, 0.29234, -3.259),
        Term("act", 0.630, 0.179, -0.687),
    ),
)
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
