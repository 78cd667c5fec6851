"""The arbiter over whole households: picks over time, switches, turns, and what is in the recording."""

from collections.abc import Iterable
from itertools import chain, pairwise

import numpy as np
from attrs import frozen

from benchmarks.listening.households import Household, Sentence, households
from benchmarks.microphone.voices import HELD_OUT_VOICES, FliteVoice
from domain.audio.arbitration import Arbiter, ArbitrationRules
from domain.audio.decisions import Decision, StreamSelected, UtteranceEnded
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.ids import ClientId

BEGIN = 1_700_000_000_000_000
FRAME = 320
RADIO = 40_000
THRESHOLD = 0.3
AUDIBLE = 0.25
"""Sentences that no device hears better than this (ESTOI) are not asked for."""
SWITCHED_UNTIL = 1_500_000
EARLIEST, LATEST = SAMPLE_RATE // 50, 3 * SAMPLE_RATE // 50
"""So many samples of a sentence's soft beginning and end may be missing from a whole recording of it."""
MOMENTS = (0.25, 0.5, 1.0)
REPEATABLE = tuple(voice for voice in HELD_OUT_VOICES if isinstance(voice, FliteVoice))
"""espeak-ng's breath is not the same twice, in no process; all else here depends on the seed alone."""


def played(household: Household) -> list[Decision]:
    """What is decided, frame by frame, in real time."""
    arbiter, decisions = Arbiter(ArbitrationRules(threshold=THRESHOLD)), []
    moment = BEGIN
    for first in range(0, len(household.streams[0]), FRAME):
        moment = BEGIN + first * 1_000_000 // SAMPLE_RATE
        for index, samples in enumerate(household.streams):
            piece = np.ascontiguousarray(samples[first : first + FRAME])
            decisions += arbiter.hear(ClientId(str(index)), piece, moment, moment + RADIO)
        if first % 800 == 0:
            decisions += arbiter.advance(moment + RADIO)
    for later in range(0, 3_000_000, 50_000):
        decisions += arbiter.advance(moment + RADIO + later)
    return decisions


@frozen(kw_only=True)
class Outcome:
    """What became of one sentence; picks are None where nothing was named."""

    number: int
    moved: bool
    truths: tuple[float, ...]
    picks: tuple[int | None, ...]
    """The first, those after MOMENTS of speech, and the last."""
    switches: int
    """From the end of the sentence before until a moment after its own: an utterance may last for several."""
    turns: int
    whole: bool
    """Whether all of the sentence is in the recording."""
    until_switched: float | None
    """Seconds from when the used stream heard the sentence begin to when it was named, if not first."""


def outcomes(household: Household, decisions: list[Decision]) -> list[Outcome]:
    """One for each sentence that could be heard."""
    ends = [each for each in decisions if isinstance(each, UtteranceEnded)]
    picks = [each for each in decisions if isinstance(each, StreamSelected)]
    found, before = [], household.sentences[0].place
    for number, sentence in enumerate(household.sentences):
        moved, before = number > 0 and sentence.place != before, sentence.place
        if max(sentence.truths) >= AUDIBLE:
            after = household.sentences[number - 1].ends if number else -SAMPLE_RATE
            found.append(_outcome(number, moved, sentence, ends, picks, after, household.streams))
    return found


def _outcome(
    number: int,
    moved: bool,
    sentence: Sentence,
    ends: list[UtteranceEnded],
    picks: list[StreamSelected],
    after: int,
    streams: tuple[Samples, ...],
) -> Outcome:
    begins, over = (BEGIN + place * 1_000_000 // SAMPLE_RATE for place in (sentence.begins, sentence.ends))
    mine = [each for each in ends if each.started_at < over and each.speech_ended_at > begins]
    named = [each for each in picks if any(each.utterance == end.utterance for end in mine)]
    main = max(mine, key=lambda each: _overlap(each, begins, over), default=None)
    of_main = [each for each in named if main is not None and each.utterance == main.utterance]
    moments = [begins + RADIO + int(seconds * 1e6) for seconds in MOMENTS]
    at = [next((each for each in reversed(of_main) if each.at <= moment), None) for moment in moments]
    chosen = [of_main[0] if of_main else None, *at, main]
    return Outcome(
        number=number,
        moved=moved,
        truths=sentence.truths,
        picks=tuple(None if each is None else int(each.client_id) for each in chosen),
        switches=sum(
            a.client_id != b.client_id
            and BEGIN + after * 1_000_000 // SAMPLE_RATE < b.at <= over + SWITCHED_UNTIL
            for a, b in pairwise(of_main)
        ),
        turns=len(mine),
        whole=main is not None and _is_whole(main, streams[int(main.client_id)], sentence),
        until_switched=_until_switched(of_main, main, begins),
    )


def _overlap(end: UtteranceEnded, begins: int, over: int) -> float:
    """What a sentence and an utterance have in common, as a share of what either has."""
    common = min(end.speech_ended_at, over) - max(end.started_at, begins)
    return common / (max(end.speech_ended_at, over) - min(end.started_at, begins))


def _is_whole(end: UtteranceEnded, heard: Samples, sentence: Sentence) -> bool:
    """Whether all of a sentence is in the recording, found again to the sample in what its device heard."""
    recorded, heard = end.recording.samples, np.clip(heard, -1.0, 1.0)
    places = np.flatnonzero(heard[: len(heard) - len(recorded) + 1] == recorded[0])
    found = next(place for place in places if np.array_equal(heard[place:][: len(recorded)], recorded))
    return bool(found <= sentence.begins + EARLIEST and found + len(recorded) >= sentence.ends - LATEST)


def _until_switched(named: list[StreamSelected], main: UtteranceEnded | None, begins: int) -> float | None:
    """How long it took until the stream that is used was named for the first time, if another was before."""
    if main is None or named[0].client_id == main.client_id:
        return None
    moment = next((each.at for each in named if each.client_id == main.client_id), main.ended_at)
    return (moment - RADIO - begins) / 1e6


def print_outcomes(title: str, rows: Iterable[Outcome]) -> None:
    """Top-1 and regret of the picks over time, switches, turns, whole recordings."""
    rows = list(rows)
    heard = [row for row in rows if row.turns]
    cells = []
    for place in range(len(MOMENTS) + 2):
        lost = [max(r.truths) - r.truths[r.picks[place]] for r in heard if r.picks[place] is not None]
        cells.append(f"{np.mean(np.array(lost) < 1e-6):.2f}/{np.mean(lost):.3f}" if lost else "-")
    turns = np.bincount([row.turns for row in rows]).tolist()
    waits = [row.until_switched for row in heard if row.until_switched is not None]
    switched = [row.whole for row in heard if row.switches]
    print(
        f"{title:28s} {len(rows):4d} sentences  first {cells[0]}  "
        + "  ".join(f"{moment} s {cell}" for moment, cell in zip(MOMENTS, cells[1:-1], strict=True))
        + f"  end {cells[-1]}  switches {np.mean([row.switches for row in heard]):.2f}"
        + f"  turns {turns}  whole {np.mean([row.whole for row in heard]):.3f}"
        + (f", of those switched {np.mean(switched):.3f}" if switched else "")
        + (f"  used stream named after {np.median(waits):.2f} s (median of {len(waits)})" if waits else "")
    )


LIVELY = {"television", "babble", "music", "clicks"}


def print_households(seeds: Iterable[int], count: int) -> None:
    """The figures over so many households of each seed, whose talkers nothing was tuned on."""
    groups: dict[str, list[Outcome]] = {"steady noise": [], "lively noise": []}
    for household in chain.from_iterable(households(seed, count, REPEATABLE) for seed in seeds):
        name = "lively noise" if LIVELY & set(household.noises) else "steady noise"
        groups[name] += outcomes(household, played(household))
    rows = [row for group in groups.values() for row in group]
    groups["first sentences"] = [row for row in rows if row.number == 0]
    groups["talker has stayed"] = [row for row in rows if row.number > 0 and not row.moved]
    groups["talker has moved"] = [row for row in rows if row.moved]
    for title, group in {"all": rows, **groups}.items():
        print_outcomes(title, group)
