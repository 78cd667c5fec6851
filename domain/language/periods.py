"""Which stretch of time a question is about, such as "tomorrow" or "from Monday to Wednesday"."""

from datetime import date, timedelta

from domain.language.calendar_days import days_of, reached
from domain.language.clock_times import DAY, REACHES
from domain.language.moments import Day, DayReference, DaysAway, Moment, Period, Stretch, TimePhrase, Unclear
from domain.language.present import Present
from domain.language.times import Almanac


def asked_about(almanac: Almanac, phrase: TimePhrase) -> Period | None:
    """The stretch of time that is asked about, past ones too; None when there is no such day.

    Where a weekday and a date contradict each other the date counts: the answer says which day it is.
    """
    try:
        return _period(almanac, phrase)
    except OverflowError:
        return None


def _period(almanac: Almanac, phrase: TimePhrase) -> Period | None:
    present = almanac.present
    if phrase.reach is not None:
        first, after = reached(phrase.reach, present.today)
        return Period(present.at(first, 0), present.at(after, 0))
    if phrase.clock is not None:
        return _clocked(almanac, phrase)
    day = almanac.day(phrase)
    if isinstance(day, Unclear):
        if not day.days:
            return None
        day = day.days[0]
    if phrase.part is not None:
        start, end = REACHES[phrase.part]
        if phrase.day is None and present.at(day, end) <= present.now:
            day += timedelta(days=1)
        return Period(present.at(day, start), present.at(day, end))
    last = day if phrase.last_day is None else _last(present, phrase.last_day, day)
    return None if last is None else Period(present.at(day, 0), present.at(last, DAY))


def _last(present: Present, reference: DayReference, first: date) -> date | None:
    """The day on which a stretch that begins on a day ends."""
    if isinstance(reference, DaysAway):
        last = next(days_of(reference, present.today), None)
        return last if last is not None and last >= first else None
    return next(days_of(reference, first), None)


def _clocked(almanac: Almanac, phrase: TimePhrase) -> Period | None:
    """The hour that begins at a time of day, or the stretch that was said."""
    match almanac.when(phrase):
        case Moment(at):
            return Period(at, at + timedelta(hours=1))
        case Stretch(start, end):
            return Period(start, end)
        case Day() | Period() | Unclear():
            return None
