"""MQ-15, the recipe that Mira began with: what every change of the scorer is measured against."""

from typing import Final

from domain.audio.features import NAMES, read
from domain.audio.pcm import Samples
from domain.audio.quality import StreamMeter

CONSTANT: Final = 0.356797
TERMS: Final = (
    ("mc1_2", -3.3251, 0.8129, 0.24112),
    ("mc1_3", -3.7508, 0.5808, -0.08567),
    ("sii", 0.6802, 0.29234, -0.09332),
    ("p99_75_0", 10.2793, 2.6397, -0.05487),
    ("drop", 0.02295, 0.06129, -0.05001),
    ("mc0_0", -2.3561, 0.9149, 0.08142),
    ("neg0", 0.51321, 0.01938, 0.02649),
    ("neg1", 0.51992, 0.02349, 0.02595),
    ("mc0_2", -3.3401, 0.5579, 0.12381),
    ("skw0", 0.69500, 1.01325, 0.03273),
    ("mc0_3", -3.7962, 0.3524, -0.03474),
    ("spi2", 1.59481, 0.51267, 0.01651),
    ("ml1_0", 2.7612, 1.1874, -0.11014),
    ("spa0", 2.57540, 0.35468, -0.02352),
    ("kurt", 2.1142, 0.6158, 0.03516),
)
"""Measure, mean, deviation and weight; deviations count up to 3 either way, lost hops up to 12."""


def mq15(samples: Samples) -> float:
    """The recipe's estimate of ESTOI (float32[n], 16 kHz)."""
    meter = StreamMeter(forgetting=False)
    meter.hear(samples)
    return add_up(dict(zip(NAMES, read(meter._state).tolist(), strict=True)))


def add_up(values: dict[str, float]) -> float:
    """The recipe's sum over measures."""
    total = CONSTANT
    for name, mean, deviation, weight in TERMS:
        highest = 12.0 if name == "drop" else 3.0
        total += weight * min(highest, max(-3.0, (values[name] - mean) / deviation))
    return total
