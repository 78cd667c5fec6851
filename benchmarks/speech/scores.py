"""What is counted: words in error, requests understood, and what the gate lets through."""

from collections.abc import Iterable, Sequence

from attrs import frozen

from application.ports.speech import Transcript
from benchmarks.speech.requests import Meaning, meaning_of


def word_errors(said: str, heard: str) -> tuple[int, int]:
    """How many words must be changed, left out or put in to get from one to the other, of how many."""
    ours, theirs = said.split(), heard.split()
    row = list(range(len(theirs) + 1))
    for count, word in enumerate(ours, 1):
        before, row[0] = row[:], count
        for place, other in enumerate(theirs, 1):
            row[place] = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (word != other))
    return row[-1], len(ours)


@frozen(kw_only=True)
class Trial:
    """One sentence as it was heard, and the seconds that passed and that the processor worked on it."""

    said: str
    voice: str
    meaning: Meaning | None
    heard: Transcript
    sound_seconds: float
    seconds: float
    computed_seconds: float

    @property
    def understood_as(self) -> Meaning | None:
        """What the hub would act on: nothing if the gate is closed."""
        return meaning_of(self.heard.text) if self.heard.understood else None


@frozen(kw_only=True)
class Tally:
    """The figures of some trials; shares are 0..1, the real-time factor is of processor time."""

    trials: int
    word_error_rate: float
    intent: float
    time: float
    title: float
    all_right: float
    gate_closed: float
    real_time_factor: float
    median_seconds: float


def tally(trials: Sequence[Trial]) -> Tally:
    """Count up trials of requests."""
    errors = [word_errors(one.said, one.heard.text) for one in trials]
    times = sorted(one.seconds for one in trials)
    return Tally(
        trials=len(trials),
        word_error_rate=sum(wrong for wrong, _ in errors) / sum(said for _, said in errors),
        intent=_share(_same(one, "intent") for one in trials),
        time=_share(
            _same(one, "intent", "time") for one in trials if one.meaning and one.meaning.time != "-"
        ),
        title=_share(
            _same(one, "intent", "title") for one in trials if one.meaning and one.meaning.title != "-"
        ),
        all_right=_share(one.understood_as == one.meaning for one in trials),
        gate_closed=_share(not one.heard.understood for one in trials),
        real_time_factor=sum(one.computed_seconds for one in trials)
        / sum(one.sound_seconds for one in trials),
        median_seconds=times[len(times) // 2],
    )


def taken_for_requests(trials: Sequence[Trial]) -> list[Trial]:
    """The trials of sentences that ask for nothing, and were taken for requests."""
    return [one for one in trials if one.understood_as is not None]


def _same(trial: Trial, *fields: str) -> bool:
    found = trial.understood_as
    return found is not None and all(getattr(found, name) == getattr(trial.meaning, name) for name in fields)


def _share(answers: Iterable[bool]) -> float:
    listed = list(answers)
    return sum(listed) / len(listed) if listed else 0.0
