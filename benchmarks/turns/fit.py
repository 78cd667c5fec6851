"""Fits how the end of a turn sounds and reads, and writes domain/audio/finality_weights.py.

Two logistic regressions with a ridge, both kinds of pause weighing alike: by the sound alone, on voices and
people; by that and the words, on voices. How long is waited by them was chosen by hand on the same pauses.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from attrs import frozen

from application.listening.patience import what_is_known
from benchmarks.turns.listening import NOW
from benchmarks.turns.requests import TUNING, Request, requests
from domain.audio import finality_weights
from domain.audio.endings import PAUSE
from domain.audio.endpointing import Endpointer, TurnRules
from domain.audio.finality import LOOKED_AT, Words, measures
from domain.audio.kernels import HOP
from domain.audio.pcm import SAMPLE_RATE
from domain.audio.spectrum import Floats

OUT: Final = Path(finality_weights.__file__)
RIDGE_SOUND, RIDGE_WORDS = 3.0, 30.0
STEPS: Final = 60
TEMPLATE: Final = '''"""The numbers of finality.py: `python -m benchmarks.turns --fit` writes them."""

from typing import Final

MEANS: Final = ({0:.4f}, {1:.4f})
DEVIATIONS: Final = ({2:.4f}, {3:.4f})
SOUND: Final = ({4:.4f}, {5:.4f})
SOUND_CONSTANT: Final = {6:.4f}
"""Of how far the voice has risen (semitones) and how much was said (logarithm of seconds)."""
FINALITY: Final = {7:.4f}
COMPLETE: Final = {8:.4f}
CONSTANT: Final = {9:.4f}
"""Of the log-odds by sound, and of words that ask for something that can be done."""
USUAL: Final = 0.55
SOUND_SECONDS, SOUND_SLOPE, SOUND_LEAST, SOUND_MOST = 0.55, 0.8, 0.4, 1.0
SECONDS, SLOPE, LEAST, COMPLETE_MOST, MOST = 0.8, 1.0, 0.35, 0.55, 1.3
"""So many seconds are waited at even odds, falling by this power of e with the odds, within these bounds."""
INCOMPLETE_SECONDS: Final = 1.43
"""Words that lack something are given time, however they sound."""
'''


@frozen(kw_only=True)
class Pause:
    """One pause, and whether it was the end."""

    measures: Floats
    words: Words
    last: bool


def pauses(request: Request) -> Iterator[Pause]:
    """Every pause that a very patient endpointer notices."""
    endpointer, told = Endpointer(TurnRules(end_silence_ms=3000)), -1
    for first in range(0, len(request.samples), HOP):
        endpointer.hear(request.samples[first : first + HOP])
        ended = endpointer.last_active
        if not endpointer.speaking or endpointer.heard - ended < PAUSE or ended == told:
            continue
        told = ended
        sound = request.samples[max(endpointer.began, ended - LOOKED_AT) : ended + SAMPLE_RATE // 20]
        words = what_is_known(request.said_by(ended + 3 * SAMPLE_RATE // 20), NOW)
        last = ended > request.ends[-1] - SAMPLE_RATE // 4
        yield Pause(measures=measures(sound, endpointer.speech_seconds), words=words, last=last)


def logistic(rows: Floats, last: Floats, ridge: float) -> Floats:
    """The weights of standardised columns, and a constant, by Newton's method."""
    design = np.column_stack([rows, np.ones(len(rows))])
    counts = np.where(last > 0.5, 0.5 * len(last) / last.sum(), 0.5 * len(last) / (1.0 - last).sum())
    held = ridge * np.diag([1.0] * rows.shape[1] + [0.0])
    weights = np.zeros(design.shape[1])
    for _ in range(STEPS):
        likely = 1.0 / (1.0 + np.exp(-design @ weights))
        slope = design.T @ (counts * (likely - last)) + held @ weights
        bend = (design.T * (counts * likely * (1.0 - likely))) @ design + held
        weights -= np.linalg.solve(bend, slope)
    return weights


def fit(recordings: Path | None, seed: int) -> None:
    """Gather, fit and write."""
    found = [
        (request.has_words, pause)
        for request in requests(seed, TUNING, recordings)
        for pause in pauses(request)
    ]
    last = np.array([float(pause.last) for _, pause in found])
    rows = np.array([pause.measures for _, pause in found])
    means, deviations = rows.mean(axis=0), rows.std(axis=0)
    standard = np.clip((rows - means) / deviations, -3.0, 3.0)
    sound = logistic(standard, last, RIDGE_SOUND)
    odds = standard @ sound[:-1] + sound[-1]
    worded = np.array([has_words and pause.words is not Words.INCOMPLETE for has_words, pause in found])
    complete = np.array([pause.words is Words.COMPLETE for _, pause in found])
    columns = np.column_stack([odds, complete])[worded]
    spread = columns.std(axis=0)
    joint = logistic((columns - columns.mean(axis=0)) / spread, last[worded], RIDGE_WORDS)
    plain = joint[:-1] / spread
    constant = joint[-1] - plain @ columns.mean(axis=0)
    OUT.write_text(TEMPLATE.format(*means, *deviations, *sound, *plain, constant))
    print(f"{len(found)} pauses, {int(last.sum())} of them the last, written to {OUT.name}")
