"""Who hears a sentence best, by what was heard of it so far and by what was heard from there before."""

import math
from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np

from domain.audio.kernels import HOP, LEVEL
from domain.audio.pcm import Samples
from domain.audio.places import Expected, Heard, Places
from domain.audio.quality import Quality
from domain.audio.spectrum import HOPS_PER_SECOND
from domain.audio.speeches import Speech, Standing
from domain.audio.streams import microseconds
from domain.audio.stretches import COMPARED_BEFORE, Stretch
from domain.audio.together import judge_together
from domain.audio.utterances import Utterance

REVIEW_HOPS: Final = HOPS_PER_SECOND // 4
"""A winner may change when this much of both streams' speech has been heard."""
EARLY_MARGIN: Final = 0.25
LATE_MARGIN: Final = 0.10
FINAL_HOPS: Final = 3 * HOPS_PER_SECOND // 2
"""How much better in q another stream must be to replace the winner: a quarter of a second says little,
so then only a clear case counts; the margin shrinks until 1.5 s of speech have been heard, or as much is
known from before, or until the sentence is over."""
POOR: Final = 0.3
"""Of what is heard with a lower q one sentence in twenty is understood."""
SENTENCE_HOPS: Final = 2 * HOPS_PER_SECOND
"""So much speech says as much as an earlier sentence from the same place."""
MOST_BEFORE: Final = 1.0
MOST_AT_THE_END: Final = 0.0
"""What was heard before never counts for more than so many sentences."""


class Weighed(Stretch, Protocol):
    """A stretch of speech that can be weighed against others of its sentence."""

    beside: float | None
    """Its estimate q in sight of the others; None if it was not compared with any."""

    @property
    def before(self) -> Expected | None:
        """What earlier sentences let expect of its stream."""
        ...

    @property
    def hops(self) -> int:
        """How many hops it has lasted."""
        ...

    @property
    def goes_on(self) -> bool:
        """Whether speech is still heard on it."""
        ...

    def judge(self) -> Quality:
        """The judgement on this stretch alone."""
        ...


def margin(winner: Weighed) -> float:
    """How much better another stream must be by now; what is known from before counts as heard."""
    if not winner.goes_on:
        return LATE_MARGIN
    hops = winner.hops + known(winner) * FINAL_HOPS
    left = max(0.0, 1.0 - (hops - REVIEW_HOPS) / (FINAL_HOPS - REVIEW_HOPS))
    return LATE_MARGIN + min(1.0, left) * (EARLY_MARGIN - LATE_MARGIN)


def known(speech: Weighed) -> float:
    """How many earlier sentences from there are known; more than a few count no more."""
    most = MOST_BEFORE if speech.goes_on else MOST_AT_THE_END
    return 0.0 if speech.before is None else min(speech.before.weight, most)


class Scales:
    """Weighs the streams of a sentence, and remembers how well each heard the sentences before."""

    def __init__(self) -> None:
        self._places: Final = Places()

    def weigh(self, speeches: Sequence[Speech]) -> None:
        """Bring each one's estimate up to date (`Speech.expected`)."""
        levels = {speech.stream.client_id: level_of(speech) for speech in speeches if _counts(speech)}
        before = self._places.expect(levels)
        for speech in speeches:
            speech.before = before.get(speech.stream.client_id) if _counts(speech) else None
            speech.beside = None
        judge_beside([each for each in speeches if _counts(each) and not each.agreement.different])

    def remember(self, utterance: Utterance) -> None:
        """The sentence is over."""
        heard = [speech for speech in utterance.speeches if _counts(speech) and not speech.left]
        alike = [speech for speech in heard if speech is utterance.winner or not speech.agreement.different]
        self._places.remember(
            {speech.stream.client_id: Heard(level=level_of(speech), estimate=own(speech)) for speech in alike}
        )


def judge_beside(alike: Sequence[Weighed]) -> None:
    """Judge stretches of one sentence in sight of each other (`Weighed.beside`)."""
    if len(alike) > 1:
        together = judge_together([speech.judge() for speech in alike], _rows_of(alike))
        for speech, estimate in zip(alike, together, strict=True):
            speech.beside = estimate


def _counts(speech: Speech) -> bool:
    """Uploads come from anywhere."""
    return speech.reference is None and speech.standing in {Standing.COMPETING, Standing.UNSURE}


def expected(speech: Weighed) -> float:
    """The estimate q of a stretch, between what it tells itself and what is known from before."""
    if speech.before is None:
        return own(speech)
    now, earlier = min(1.0, max(speech.hops, 1) / SENTENCE_HOPS), known(speech)
    return (now * own(speech) + earlier * speech.before.estimate) / (now + earlier)


def own(speech: Weighed) -> float:
    """The estimate q of a stretch by what was heard of it, in sight of the other streams if there are any."""
    return speech.judge().estimate if speech.beside is None else speech.beside


def _rows_of(speeches: Sequence[Weighed]) -> list[Samples]:
    """What the kernels told of stretches of one sentence, from where all of them have it."""
    begins = [speech.rows_began_at() - microseconds(HOP * speech.agreement.lag_hops) for speech in speeches]
    skipped = [(max(begins) - begun) // microseconds(HOP) for begun in begins]
    return [speech.rows()[skip:] for speech, skip in zip(speeches, skipped, strict=True)]


def level_of(speech: Speech) -> float:
    """The level of a stretch in dB, what was there just before it taken away as noise."""
    power = 10.0 ** (speech.rows()[:, LEVEL].astype(np.float64) / 10.0)
    if len(power) <= COMPARED_BEFORE:
        return -100.0
    noise, sounding = power[:COMPARED_BEFORE].mean(), power[COMPARED_BEFORE:].mean()
    return 10.0 * math.log10(max(sounding - noise, 0.1 * sounding) + 1e-12)
