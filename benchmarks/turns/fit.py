"""Fits how the end of a turn sounds and reads, and writes the weights that listening goes by.

Two logistic regressions with a ridge, both kinds of pause weighing alike: by the sound alone, on voices and
people; by that and the words, on the pauses that are noticed of voices. Then it tells what other constants of
the wait would cost, each request by weights that were fitted without it.
"""

from collections.abc import Iterator, Sequence
from itertools import compress, product
from pathlib import Path
from typing import Final

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from benchmarks.turns.listening import LATENCY, NOW
from benchmarks.turns.requests import TUNING, Request, requests
from domain.audio import finality_weights
from domain.audio.endings import FINAL_PAUSE, PAUSE, SOUNDS_FINAL
from domain.audio.endpointing import Endpointer, TurnRules
from domain.audio.finality import LOOKED_AT, measures, patience_ms
from domain.audio.kernels import HOP
from domain.audio.pcm import SAMPLE_RATE, Floats
from domain.language import completeness_weights
from domain.language.completeness import traits

OUT: Final = Path(finality_weights.__file__)
OUT_WORDS: Final = Path(completeness_weights.__file__)
RIDGE_SOUND, RIDGE_WORDS = 3.0, 40.0
FURTHER_COUNTS: Final = 0.5
"""What was written to be hard counts for half: more of it might go on than in life."""
STEPS: Final = 40
SECONDS: Final = (1.6, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0)
SLOPES: Final = (0.8, 1.0, 1.3, 1.5, 1.7, 2.0, 2.5)
CUT_OFF: Final = (0.1, 0.08, 0.06, 0.05, 0.04)
TEMPLATE: Final = '''"""The numbers of finality.py: `python -m benchmarks.turns --fit` writes them."""

from typing import Final

MEANS: Final = ({0:.4f}, {1:.4f})
DEVIATIONS: Final = ({2:.4f}, {3:.4f})
SOUND: Final = ({4:.4f}, {5:.4f})
SOUND_CONSTANT: Final = {6:.4f}
"""Of how far the voice has risen (semitones) and how much was said (logarithm of seconds)."""
FINALITY: Final = {7:.4f}
"""Of the log-odds by sound, beside those by the words."""
USUAL: Final = 0.55
SOUND_SECONDS, SOUND_SLOPE, SOUND_LEAST, SOUND_MOST = 0.55, 0.8, 0.4, 1.0
SECONDS, SLOPE, LEAST, MOST = 3.5, 1.5, 0.2, 1.3
"""So many seconds are waited at even odds, falling by this power of e with the odds, within these bounds."""
'''
TEMPLATE_WORDS: Final = '''"""The numbers of completeness.py, by `python -m benchmarks.turns --fit`."""

from collections.abc import Mapping
from typing import Final

CONSTANT: Final = {0:.4f}
WEIGHTS: Final[Mapping[str, float]] = {{
{1}}}
'''


@frozen(kw_only=True)
class Pause:
    """One pause, and whether it was the end."""

    request: int
    kind: str
    number: int
    text: str
    measures: Floats
    begins: int
    resumes: int | None = None
    """The samples at which silence began, and speech was found to go on."""
    last: bool

    @property
    def lasted(self) -> bool:
        """Whether it is noticed whatever it sounds like."""
        return self.resumes is None or self.resumes - self.begins >= PAUSE

    def noticed_after(self, finality: float) -> int:
        """After how many samples it is noticed."""
        return FINAL_PAUSE if finality >= SOUNDS_FINAL else PAUSE


def pauses(index: int, request: Request) -> Iterator[Pause]:
    """Every pause that may be noticed, by a very patient endpointer."""
    endpointer, pause = Endpointer(TurnRules(end_silence_ms=3000)), None
    for first in range(0, len(request.samples), HOP):
        endpointer.hear(request.samples[first : first + HOP])
        ended = endpointer.last_active
        if pause is not None and ended > pause.begins:
            yield evolve(pause, resumes=endpointer.heard)
            pause = None
        if pause is not None or not endpointer.speaking or endpointer.heard - ended < FINAL_PAUSE:
            continue
        sound = request.samples[max(endpointer.began, ended - LOOKED_AT) : ended + SAMPLE_RATE // 20]
        pause = Pause(
            request=index,
            kind=request.kind,
            number=request.number,
            text=request.said_by(ended + 3 * SAMPLE_RATE // 20),
            measures=measures(sound, endpointer.speech_seconds),
            begins=ended,
            last=ended > request.ends[-1] - SAMPLE_RATE // 4,
        )
    if pause is not None:
        yield pause


def logistic(rows: Floats, last: Floats, ridge: float, count: Floats | None = None) -> tuple[Floats, float]:
    """The weights of columns, standardised meanwhile, and a constant, by Newton's method.

    A row may count for so much; both kinds count alike in all.
    """
    count = np.ones(len(last)) if count is None else count
    means, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    design = np.column_stack([(rows - means) / spread, np.ones(len(rows))])
    both = count.sum(), count @ last
    counts = count * np.where(last > 0.5, 0.5 * both[0] / both[1], 0.5 * both[0] / (both[0] - both[1]))
    held = ridge * np.diag([1.0] * rows.shape[1] + [0.0])
    weights = np.zeros(design.shape[1])
    for _ in range(STEPS):
        likely = 1.0 / (1.0 + np.exp(-design @ weights))
        slope = design.T @ (counts * (likely - last)) + held @ weights
        bend = (design.T * (counts * likely * (1.0 - likely))) @ design + held
        weights -= np.linalg.solve(bend, slope)
    plain = weights[:-1] / spread
    return plain, float(weights[-1] - plain @ means)


def fit(recordings: Path | None, seed: int) -> None:
    """Gather, fit, write, and tell."""
    told = requests(seed, TUNING, recordings)
    ends: list[int] = []
    found: list[Pause] = []
    for index, request in enumerate(told):
        ends.append(request.ends[-1])
        found += pauses(index, request)
    lasted = np.array([pause.lasted for pause in found])
    last = np.array([float(pause.last) for pause in found])
    rows = np.array([pause.measures for pause in found])
    means, deviations = rows[lasted].mean(axis=0), rows[lasted].std(axis=0)
    standard = np.clip((rows - means) / deviations, -3.0, 3.0)
    sound, sound_constant = logistic(standard[lasted], last[lasted], RIDGE_SOUND)
    odds = standard @ sound + sound_constant
    noticed = lasted | (odds >= SOUNDS_FINAL)
    found, last, odds = list(compress(found, noticed)), last[noticed], odds[noticed]
    worded = [index for index, pause in enumerate(found) if pause.text]
    known = {text: list(traits(text, NOW).values()) for text in {found[index].text for index in worded}}
    columns = np.array([[*known[found[index].text], odds[index]] for index in worded])
    count = np.array([FURTHER_COUNTS if found[index].kind == "further" else 1.0 for index in worded])
    joint, constant = logistic(columns, last[worded], RIDGE_WORDS, count)
    OUT.write_text(TEMPLATE.format(*means, *deviations, *sound, sound_constant, joint[-1]))
    names = list(traits("", NOW))
    lines = "".join(f'    "{name}": {weight:.3f},\n' for name, weight in zip(names, joint[:-1], strict=True))
    OUT_WORDS.write_text(TEMPLATE_WORDS.format(constant, lines))
    print(f"{len(found)} pauses, {int(last.sum())} of them the last, written")
    scores = _unseen(columns, last[worded], count, np.array([found[index].kind for index in worded]))
    likely = dict(zip(worded, scores, strict=True))
    silent = {index: patience_ms(odds[index], None, 550) / 1000 for index in range(len(found))}
    since = [
        pause.noticed_after(each) / SAMPLE_RATE + LATENCY / 1e6
        for pause, each in zip(found, odds, strict=True)
    ]
    _tell(found, likely, silent, since, ends)


def _unseen(columns: Floats, last: Floats, count: Floats, kinds: NDArray[np.str_]) -> Floats:
    """The log-odds of each pause, by weights that were fitted on what others wrote."""
    scores = np.zeros(len(last))
    for kind in np.unique(kinds):
        here = kinds == kind
        weights, constant = logistic(columns[~here], last[~here], RIDGE_WORDS, count[~here])
        scores[here] = columns[here] @ weights + constant
    return scores


def _tell(
    found: Sequence[Pause],
    likely: dict[int, float],
    silent: dict[int, float],
    known: Sequence[float],
    ends: Sequence[int],
) -> None:
    """Print the least waiting for some shares of false cut-offs, over the constants of the wait."""
    voices = {pause.request for index, pause in enumerate(found) if index in likely}
    costs = []
    for seconds, slope in product(SECONDS, SLOPES):
        over: dict[int, float] = {}
        for index, pause in enumerate(found):
            odds = likely.get(index)
            wait = silent[index] if odds is None else seconds * float(np.exp(-slope * odds))
            end = pause.begins / SAMPLE_RATE + max(
                known[index], finality_weights.LEAST, min(finality_weights.MOST, wait)
            )
            if pause.resumes is None or end < pause.resumes / SAMPLE_RATE:
                over.setdefault(pause.request, end)
        late = [over[one] - ends[one] / SAMPLE_RATE for one in voices if one in over]
        waits = [each for each in late if each > 0]
        costs.append((1 - len(waits) / len(late), 1000 * float(np.mean(waits)), seconds, slope))
    for most in CUT_OFF:
        best = min((cost for cost in costs if cost[0] <= most), key=lambda cost: cost[1], default=None)
        if best is not None:
            print("{:.1%} cut off, {:.0f} ms waited with SECONDS {}, SLOPE {}".format(*best))
