"""Small networks fitted to be right about a stream: SNR and C50, as people are told them.

What is minimised is the mean absolute error of what is shown, so a truth beyond the ends of the scale asks
for no more than to be beyond them. Several networks, begun anew, are folded into one, their mean.
"""

from typing import Final

import numpy as np
from attrs import frozen

from benchmarks.microphone.network import Network, Numbers, begun, decays, folded, stepped

NETWORKS: Final = 3
UNITS: Final = 12
EPOCHS: Final = 100
BATCH: Final = 256
DECAY: Final = 1e-3
RIDGE: Final = 0.03
SOFT: Final = 0.1
"""Errors much smaller than this count by their square, others by their size; in units of `Scale.unit`."""
BEYOND: Final = 0.02
"""How much an error counts where truth and estimate lie beyond the same end."""


@frozen(kw_only=True)
class Scale:
    """What is shown: between which ends, and the unit in which it is fitted."""

    lowest: float
    highest: float
    unit: float = 10.0


def fit_told(measures: Numbers, truths: Numbers, scale: Scale) -> Network:
    """Fit to streams (float64[streams, measures]) of which the truth is known (float64[streams])."""
    means, deviations = measures.mean(axis=0), measures.std(axis=0) + 1e-9
    z = np.clip((measures - means) / deviations, -3.0, 3.0)
    ends = (scale.lowest / scale.unit, scale.highest / scale.unit)
    told = np.clip(truths / scale.unit, *ends)
    networks = []
    for seed in range(NETWORKS):
        plain, constant, hidden, offsets, out = _descended(z, told, ends, np.random.default_rng(seed))
        networks.append(
            Network(
                means=means,
                deviations=deviations,
                highest=np.full(len(means), 3.0),
                constant=scale.unit * float(constant[0]),
                plain=scale.unit * plain,
                hidden=hidden,
                offsets=offsets,
                out=scale.unit * out,
            )
        )
    return folded(networks)


def _straight(z: Numbers, truths: Numbers) -> Numbers:
    """A ridge regression to begin with; the constant comes last."""
    inputs = np.column_stack([z, np.ones(len(z))])
    amounts = np.append(np.full(z.shape[1], RIDGE * len(z)), 0.0)
    solved: Numbers = np.linalg.solve(inputs.T @ inputs + np.diag(amounts), inputs.T @ truths)
    return solved


def _pull(estimates: Numbers, truths: Numbers, ends: tuple[float, float]) -> Numbers:
    """The gradient by estimate of the mean absolute error, rounded off near nought."""
    errors = estimates - truths
    low, high = ends
    beyond = ((truths >= high) & (estimates > high)) | ((truths <= low) & (estimates < low))
    pull: Numbers = np.where(beyond, BEYOND, 1.0) * errors / np.sqrt(errors**2 + SOFT**2) / len(errors)
    return pull


def _descended(
    z: Numbers, truths: Numbers, ends: tuple[float, float], rng: np.random.Generator
) -> list[Numbers]:
    """Weights by Adam: of the straight sum, the constant, the hidden units, their offsets and their sum."""
    weights, shrinking = begun(_straight(z, truths), UNITS, rng), decays(DECAY)
    moments = [(np.zeros_like(weight), np.zeros_like(weight)) for weight in weights]
    batches = len(z) // BATCH
    for step in range(EPOCHS * batches):
        if step % batches == 0:
            order = rng.permutation(len(z))
        batch = order[step % batches * BATCH : (step % batches + 1) * BATCH]
        here = z[batch]
        bent = np.tanh(here @ weights[2] + weights[3])
        pull = _pull(here @ weights[0] + weights[1] + bent @ weights[4], truths[batch], ends)
        back = pull[:, None] * weights[4] * (1 - bent**2)
        slopes = [here.T @ pull, pull.sum(keepdims=True), here.T @ back, back.sum(axis=0), bent.T @ pull]
        for index, weight in enumerate(weights):
            slope = slopes[index] + 2 * shrinking[index] * weight
            weights[index] = weight - stepped(moments[index], slope, step + 1, EPOCHS * batches)
    return weights
