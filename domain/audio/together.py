"""How well each stream hears a sentence, judged in sight of the other streams that hear it."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from domain.audio import coefficients
from domain.audio.comparison import NAMES, compare_streams
from domain.audio.pcm import Floats, Samples
from domain.audio.quality import Quality

INPUTS: Final = ("own", "above", *NAMES)
"""What the network takes: a stream's own estimate, how far that is above the mean, and what is told of it
in the comparison, less the mean over the streams."""


def inputs(estimates: Floats, differences: Floats) -> Floats:
    """What the network takes of streams compared (float64[streams, len(INPUTS)])."""
    above = estimates - estimates.mean()
    return np.column_stack([estimates, above, differences - differences.mean(axis=0)])


def judge_together(qualities: Sequence[Quality], rows: Sequence[Samples]) -> list[float]:
    """Estimates q of streams that hear one sentence, higher is better.

    `qualities` are their own judgements, `rows` what the kernels told of each (float32[hops, TOLD]),
    beginning at the same time. What is alone, too short or no speech keeps its own estimate.
    """
    estimates = [quality.estimate for quality in qualities]
    compared, differences = compare_streams(rows)
    if compared:
        taken = inputs(np.array([estimates[index] for index in compared]), differences)
        for index, value in zip(compared, coefficients.TOGETHER.of_rows(taken).tolist(), strict=True):
            if qualities[index].is_speech:
                estimates[index] = value
    return estimates
