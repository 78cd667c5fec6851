"""How well scores choose: figures for one way of scoring, their confidence, and pairs compared."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Scores = Sequence[Sequence[float]]
RESAMPLINGS: Final = 2000
CLOSE: Final = 0.02
BAD: Final = 0.1


@frozen(kw_only=True)
class Figure:
    """A mean over scenes with the interval that holds 95 % of its bootstrap."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


@frozen(kw_only=True)
class Row:
    """One way of scoring, measured."""

    top1: Figure
    close: Figure
    regret: Figure
    bad: Figure
    rho_scene: float
    rho_pooled: float


def ranks(values: Numbers) -> Numbers:
    """Ranks with ties averaged."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    averaged: Numbers = (np.cumsum(counts) - (counts - 1) / 2.0)[inverse]
    return averaged


def spearman(one: Numbers, other: Numbers) -> float:
    """Rank correlation, 0 where one of the two is constant."""
    a, b = ranks(one) - ranks(one).mean(), ranks(other) - ranks(other).mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / scale if scale > 0 else 0.0


def regrets(scores: Scores, truths: Scores) -> Numbers:
    """By scene, the ESTOI lost by taking the stream with the highest score; the first of equals."""
    lost = []
    for scene, truth in zip(scores, truths, strict=True):
        usable = np.nan_to_num(np.asarray(scene, dtype=np.float64), nan=-np.inf)
        lost.append(max(truth) - truth[int(usable.argmax())])
    return np.array(lost)


def figure(values: Numbers, seed: int = 0) -> Figure:
    """The mean and its bootstrap interval over scenes."""
    rng = np.random.default_rng(seed)
    means = [values[rng.integers(0, len(values), len(values))].mean() for _ in range(RESAMPLINGS)]
    low, high = np.percentile(means, [2.5, 97.5])
    return Figure(value=float(values.mean()), low=float(low), high=float(high))


def measure(scores: Scores, truths: Scores) -> Row:
    """The row of a way of scoring."""
    lost = regrets(scores, truths)
    inside = [spearman(np.array(s), np.array(t)) for s, t in zip(scores, truths, strict=True)]
    return Row(
        top1=figure((lost < 1e-6).astype(np.float64)),
        close=figure((lost <= CLOSE).astype(np.float64)),
        regret=figure(lost),
        bad=figure((lost > BAD).astype(np.float64)),
        rho_scene=float(np.mean(inside)),
        rho_pooled=spearman(
            np.concatenate([*map(np.array, scores)]), np.concatenate([*map(np.array, truths)])
        ),
    )


def gain(scores: Scores, than: Scores, truths: Scores) -> tuple[Figure, Figure]:
    """By how much top-1 rises and regret falls against another way, scene by scene (paired bootstrap)."""
    ours, theirs = regrets(scores, truths), regrets(than, truths)
    more = (ours < 1e-6).astype(np.float64) - (theirs < 1e-6).astype(np.float64)
    return figure(more), figure(theirs - ours)
