"""What arbiters decided, by kind, and how alike two sounds are."""

import numpy as np

from domain.audio.decisions import (
    Decision,
    StreamSelected,
    UtteranceEnded,
    UtteranceRejected,
)
from domain.audio.pcm import Samples

BEGIN = 1_700_000_000_000_000


def ended(decisions: list[Decision]) -> list[UtteranceEnded]:
    return [decision for decision in decisions if isinstance(decision, UtteranceEnded)]


def rejected(decisions: list[Decision]) -> list[UtteranceRejected]:
    return [decision for decision in decisions if isinstance(decision, UtteranceRejected)]


def selected(decisions: list[Decision]) -> list[StreamSelected]:
    return [decision for decision in decisions if isinstance(decision, StreamSelected)]


def hears(recording: Samples, dry: Samples) -> float:
    """How much of a dry sentence is in a recording: the highest normalised correlation of envelopes."""
    one, other = (
        np.convolve(np.abs(sound), np.ones(400) / 400, "same")[::80]
        for sound in (recording, np.trim_zeros(dry))
    )
    other = other - other.mean()
    places = range(max(1, len(one) - len(other) + 1))
    cuts = [one[place : place + len(other)] for place in places]
    return max(float(np.corrcoef(cut, other[: len(cut)])[0, 1]) for cut in cuts)
