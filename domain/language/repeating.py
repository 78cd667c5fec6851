"""What is said to come again: how often, and from which time on."""

from datetime import timedelta
from typing import Final

from attrs import evolve

from domain.language.grammar import Values
from domain.language.intents import Repeat
from domain.language.moments import Clock, DaysAway, Moment, Repetition, Stretch, TimePhrase
from domain.language.times import Almanac
from domain.language.titles import tidy_title

DAY: Final = timedelta(days=1)
USUAL: Final = Clock(9, 0, True)
"""When something comes whose time of day was not said; the answer tells, and one can object."""


def repeated_reminder(values: Values, almanac: Almanac) -> Repeat:
    """A reminder that comes again."""
    return _repeated(values, almanac, is_event=False)


def repeated_event(values: Values, almanac: Almanac) -> Repeat:
    """An event that comes again."""
    return _repeated(values, almanac, is_event=True)


def _repeated(values: Values, almanac: Almanac, *, is_event: bool) -> Repeat:
    title = values.get("title")
    often: Repetition = values["repeat"]
    return Repeat(
        title=None if title is None else tidy_title(title),
        often=often,
        first=_first(values, often, almanac),
        is_event=is_event,
    )


def _first(values: Values, often: Repetition, almanac: Almanac) -> Moment | Stretch | None:
    """The time as of tomorrow, which prefers the day as one does for habits, moved to today."""
    said = next((values[name] for name in ("at", "inpart", "range") if name in values), TimePhrase())
    if not (said.clock or said.part or often.part):
        if often.rule is not None and "HOURLY" in often.rule:
            return Moment(almanac.present.now.replace(second=0, microsecond=0))
        said = TimePhrase(clock=USUAL)
    when = almanac.when(evolve(said, day=DaysAway(1), part=said.part or often.part))
    match when:
        case Moment(at):
            return Moment(at - DAY)
        case Stretch(start, end):
            return Stretch(start - DAY, end - DAY)
        case _:
            return None
