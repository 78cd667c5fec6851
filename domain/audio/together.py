"""How well each stream hears a sentence, judged in sight of the other streams that hear it."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from domain.audio import coefficients
from domain.audio.comparison import ALIKE, NAMES, compare_streams
from domain.audio.pcm import Floats, Samples
from domain.audio.quality import Quality, held

INPUTS: Final = ("own", "above", *NAMES)
"""What the network takes: a stream's own estimate, how far that is above the mean, and what is told of it
in the comparison, less the mean over the streams."""
HEARS_THE_SAME: Final = 0.4
"""How like the others (`comparison.ALIKE`) a stream must be to hear what they hear; 95 % of those are that
hear a sentence for half a second."""


def inputs(estimates: Floats, differences: Floats) -> Floats:
    """What the network takes of streams compared (float64[streams, len(INPUTS)])."""
    above = estimates - estimates.mean()
    return np.column_stack([estimates, above, differences - differences.mean(axis=0)])


def judge_together(qualities: Sequence[Quality], rows: Sequence[Samples]) -> list[float]:
    """Estimates q of streams that hear one sentence, higher is better.

    `qualities` are their own judgements, `rows` what the kernels told of each (float32[hops, TOLD]),
    beginning at the same time. What sounds like the others hears what they hear: the best evidence of speech
    among such streams counts for all of them. What is alone or too short keeps its own estimate.
    """
    estimates = [quality.estimate for quality in qualities]
    compared, differences = compare_streams(rows)
    if compared:
        taken = inputs(np.array([qualities[index].presumed for index in compared]), differences)
        alike = differences[:, ALIKE] >= HEARS_THE_SAME
        shared = max((qualities[index].evidence for index in np.array(compared)[alike]), default=0.0)
        for place, value in enumerate(coefficients.TOGETHER.of_rows(taken).tolist()):
            evidence = qualities[compared[place]].evidence
            estimates[compared[place]] = held(value, max(evidence, shared) if alike[place] else evidence)
    return estimates
