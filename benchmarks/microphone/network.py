"""A small network fitted to rank: one layer of tanh beside a straight sum, by Adam, in numpy.

What is minimised over scenes: the squared error of the estimate, three times its error within a scene,
and the regret to be expected if streams were drawn with softmax(estimate / temperature). On ladders, of
which each step is worse than the one before, also by how little the estimate falls from step to step.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
WITHIN: Final = 3.0
REGRET: Final = 1.0
TEMPERATURE: Final = 0.04
FALLING: Final = 1.0
FALL: Final = 0.06
"""By how much the estimate is to fall with every step of a ladder."""
SLACK: Final = 0.04
"""How soft that demand is."""
DECAY: Final = 1e-3
RATE: Final = 3e-3
BATCH: Final = 64


@frozen(kw_only=True)
class Examples:
    """Scenes of streams: what was measured and what is true."""

    measures: dict[str, Numbers] = field(eq=False, repr=False)
    """By stretch of the sentence, float64[streams, measures]."""
    truths: Numbers = field(eq=False, repr=False)
    scenes: NDArray[np.int64] = field(eq=False, repr=False)
    """Of each stream, which scene it is in: 0, 1, 2 .. without gaps, in order."""
    weights: Numbers = field(eq=False, repr=False)
    """Of each scene."""
    ladders: int = 0
    """How many of the last scenes are ladders: their streams come in order, the best first."""


@frozen(kw_only=True)
class Network:
    """The fitted weights: constant + plain . z + out . tanh(hidden z + offsets), z clipped."""

    means: Numbers = field(eq=False)
    deviations: Numbers = field(eq=False)
    highest: Numbers = field(eq=False)
    constant: float
    plain: Numbers = field(eq=False)
    hidden: Numbers = field(eq=False)
    offsets: Numbers = field(eq=False)
    out: Numbers = field(eq=False)

    def standard(self, measures: Numbers) -> Numbers:
        """Measures in deviations from their means, clipped."""
        z: Numbers = np.clip((measures - self.means) / self.deviations, -3.0, self.highest)
        return z

    def of(self, measures: Numbers) -> Numbers:
        """Estimates (float64[streams]) for measures (float64[streams, measures])."""
        z = self.standard(measures)
        estimates: Numbers = (
            self.constant + z @ self.plain + np.tanh(z @ self.hidden + self.offsets) @ self.out
        )
        return estimates


def folded(networks: Sequence[Network]) -> Network:
    """One network that estimates the mean of what several do; all have the same measures' standards."""
    first = networks[0]
    return Network(
        means=first.means,
        deviations=first.deviations,
        highest=first.highest,
        constant=float(np.mean([network.constant for network in networks])),
        plain=np.mean([network.plain for network in networks], axis=0),
        hidden=np.concatenate([network.hidden for network in networks], axis=1),
        offsets=np.concatenate([network.offsets for network in networks]),
        out=np.concatenate([network.out for network in networks]) / len(networks),
    )


def ridge(z: Numbers, truths: Numbers, scenes: NDArray[np.int64], amount: float) -> Numbers:
    """A straight fit, with the error within scenes counted three times more; the constant comes last."""
    inputs = np.column_stack([z, np.ones(len(z))])
    counts = np.bincount(scenes)[:, None]
    means = np.zeros((len(counts), inputs.shape[1] + 1))
    both = np.column_stack([inputs, truths])
    np.add.at(means, scenes, both)
    inside = both - (means / counts)[scenes]
    squares = inputs.T @ inputs + WITHIN * inside[:, :-1].T @ inside[:, :-1]
    squares[np.arange(z.shape[1]), np.arange(z.shape[1])] += amount * len(z)
    solved: Numbers = np.linalg.solve(squares, inputs.T @ truths + WITHIN * inside[:, :-1].T @ inside[:, -1])
    return solved


def _pull(estimates: Numbers, truths: Numbers, present: Numbers, weights: Numbers) -> Numbers:
    """The gradient by estimate (float64[scenes, streams]) of what is minimised."""
    counts = present.sum(axis=1, keepdims=True)
    error = (estimates - truths) * present
    inside = (error - error.sum(axis=1, keepdims=True) / counts) * present
    raised = np.where(present > 0, estimates / TEMPERATURE, -np.inf)
    chosen = np.exp(raised - raised.max(axis=1, keepdims=True))
    chosen /= chosen.sum(axis=1, keepdims=True)
    best = np.where(present > 0, truths, -np.inf).max(axis=1, keepdims=True)
    lost = (best - truths) * present
    expected = (chosen * lost).sum(axis=1, keepdims=True)
    pull: Numbers = 2 * (error + WITHIN * inside) / counts + REGRET * chosen * (lost - expected) / TEMPERATURE
    return pull * weights[:, None] / len(weights)


def _fall(estimates: Numbers, present: Numbers, weights: Numbers) -> Numbers:
    """The gradient by estimate of what is lost where a ladder's estimates do not fall (logistic)."""
    wanted = (FALL - (estimates[:, :-1] - estimates[:, 1:])) / SLACK
    short = weights[:, None] / len(weights) * present[:, 1:] / (1.0 + np.exp(-np.clip(wanted, -30, 30)))
    gradient = np.zeros_like(estimates)
    gradient[:, :-1] -= short
    gradient[:, 1:] += short
    return gradient


def fit(examples: Examples, highest: Numbers, units: int, epochs: int, seed: int) -> Network:
    """Fit a network with so many hidden units; half of the steps see whole sentences."""
    rng = np.random.default_rng(seed)
    names = list(examples.measures)
    pooled = np.concatenate([examples.measures[name] for name in names[:2]])
    means, deviations = pooled.mean(axis=0), pooled.std(axis=0) + 1e-9
    standard = {
        name: np.clip((values - means) / deviations, -3.0, highest)
        for name, values in examples.measures.items()
    }
    first = ridge(standard[names[0]], examples.truths, examples.scenes, 0.03)
    weights = begun(first, units, rng)
    _descend(examples, standard, weights, decays(DECAY), epochs, rng)
    return Network(
        means=means,
        deviations=deviations,
        highest=highest,
        constant=float(weights[1][0]),
        plain=weights[0],
        hidden=weights[2],
        offsets=weights[3],
        out=weights[4],
    )


def begun(first: Numbers, units: int, rng: np.random.Generator) -> list[Numbers]:
    """The weights to begin with: a straight sum and its constant, and hidden units that hardly count yet."""
    count = len(first) - 1
    hidden = rng.standard_normal((count, units)) * 0.5 / np.sqrt(count)
    return [first[:-1], first[-1:], hidden, np.zeros(units), rng.standard_normal(units) * 0.02]


def decays(most: float) -> tuple[float, ...]:
    """How fast each of them shrinks; constants and offsets never do."""
    return (most, 0.0, 0.05 * most, 0.0, most)


def stepped(moments: tuple[Numbers, Numbers], slope: Numbers, step: int, steps: int) -> Numbers:
    """How far Adam (Kingma and Ba, 2015) goes down, at a rate that falls like a cosine; moments change."""
    first, second = moments
    first += 0.1 * (slope - first)
    second += 0.001 * (slope**2 - second)
    rate = RATE * 0.5 * (1 + np.cos(np.pi * step / steps))
    down: Numbers = rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return down


def _descend(
    examples: Examples,
    standard: dict[str, Numbers],
    weights: list[Numbers],
    shrinking: tuple[float, ...],
    epochs: int,
    rng: np.random.Generator,
) -> None:
    """Change the weights in place by Adam."""
    moments = [(np.zeros_like(weight), np.zeros_like(weight)) for weight in weights]
    rows, present = _by_scene(examples.scenes)
    steps, step = epochs * (len(rows) // BATCH), 0
    names = list(standard)
    chances = [0.5, *([0.5 / max(1, len(names) - 1)] * (len(names) - 1))] if len(names) > 1 else [1.0]
    for _ in range(epochs):
        order = rng.permutation(len(rows))
        for batch in np.array_split(order[: len(rows) // BATCH * BATCH], len(rows) // BATCH):
            step += 1
            z = standard[names[int(rng.choice(len(names), p=chances))]][rows[batch]]
            bent = np.tanh(z @ weights[2] + weights[3])
            estimates = z @ weights[0] + weights[1] + bent @ weights[4]
            truths, here = examples.truths[rows[batch]], present[batch]
            pull = _pull(estimates, truths, here, examples.weights[batch])
            ladders = FALLING * examples.weights[batch] * (batch >= len(rows) - examples.ladders)
            pull = (pull + _fall(estimates, here, ladders))[..., None]
            back = pull * weights[4] * (1 - bent**2)
            slopes = [
                (pull * z).sum(axis=(0, 1)),
                pull.sum().reshape(1),
                np.einsum("sif,siu->fu", z, back),
                back.sum(axis=(0, 1)),
                (pull * bent).sum(axis=(0, 1)),
            ]
            for index, weight in enumerate(weights):
                slope = slopes[index] + 2 * shrinking[index] * weight
                weights[index] = weight - stepped(moments[index], slope, step, steps)


def _by_scene(scenes: NDArray[np.int64]) -> tuple[NDArray[np.int64], Numbers]:
    """Rows of streams by scene (int64[scenes, most]), padded, and which of them are there."""
    counts = np.bincount(scenes)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    places = np.arange(counts.max())
    present = (places < counts[:, None]).astype(np.float64)
    rows = np.where(present > 0, starts[:, None] + places, starts[:, None])
    return rows, present
