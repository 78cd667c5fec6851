"""What time a phrase means: the rules by which "at 7", "tonight" or "on the 5th" become moments.

All of it is meant in one zone, as of now:
- "at 7" without a day and half of the day is the next 7 o'clock between 7 in the morning and midnight.
- "tomorrow at 7" prefers the day: 7 to 11 are in the morning, 12 is noon, 1 to 6 are after noon.
- "today at 7" is the next 7 o'clock that is left of today.
- Nights end in the morning: "tonight at 1" is tomorrow's date. "Friday at midnight" ends Friday.
- A part of the day rings at 9, 15, 18 or 20 o'clock; the answer says so, and one can object.
- Wall time that a change of clocks leaves out moves on by the change (2:30 becomes 3:30); time that comes
  twice is the first one, or the second when the first has passed.
- Days, weeks and months keep the time of day; seconds, minutes and hours run by any clock.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from domain.language.calendar_days import added, days_of, reached
from domain.language.clock_times import DAY, HOUR, REACHES, RINGS_AT, WAKING, minutes_of
from domain.language.grammar import Grammar, Reader
from domain.language.moments import (
    Amount,
    Clock,
    Day,
    EitherDate,
    Moment,
    OnDate,
    OnWeekday,
    Period,
    Stretch,
    TimePhrase,
    Trouble,
    Unclear,
    When,
)
from domain.language.present import Present
from domain.language.time_grammar import time_rules
from domain.language.time_words import time_terminals
from domain.language.tokens import tokens_of


@frozen(kw_only=True)
class Almanac:
    """Turns time phrases into times."""

    present: Present

    def when(self, phrase: TimePhrase, *, early: bool = False) -> When:
        """When something is to happen; early prefers the morning, as for an alarm."""
        try:
            return self._when(phrase, early)
        except OverflowError:
            return Unclear(Trouble.IMPOSSIBLE)

    def completed(self, before: When | None, phrase: TimePhrase) -> When:
        """When something is to happen that an earlier turn said a part of, such as only the day."""
        match before:
            case Day(day, part, lasting) if phrase.day is None and phrase.offset is None:
                phrase = evolve(
                    phrase,
                    day=OnDate(day.day, day.month, day.year),
                    part=phrase.part or (part if phrase.clock is None or not phrase.clock.sure else None),
                    lasting=phrase.lasting or lasting,
                )
            case Period(start, end) if isinstance(phrase.day, OnWeekday):
                for day in (start.date() + timedelta(days=away) for away in range((end - start).days)):
                    if day.weekday() == phrase.day.weekday and day > self.present.today:
                        return self.when(evolve(phrase, day=OnDate(day.day, day.month, day.year)))
        return self.when(phrase)

    def _when(self, phrase: TimePhrase, early: bool) -> When:
        if phrase.vague is not None:
            return Unclear(Trouble.VAGUE)
        if phrase.reach is not None:
            first, after = reached(phrase.reach, self.present.today)
            return Period(self.present.at(first, 0), self.present.at(after, 0))
        if phrase.offset is not None:
            return self._later(phrase.offset, phrase, early)
        if isinstance(phrase.day, EitherDate):
            return self._either(phrase.day)
        return self._on_a_day(phrase, early)

    def _on_a_day(self, phrase: TimePhrase, early: bool) -> When:
        if phrase.clock is None:
            return self._without_clock(phrase)
        if phrase.until is not None:
            return self._between(phrase, phrase.clock, phrase.until)
        start = self._start(
            phrase, minutes_of(phrase.clock, phrase.part, early=early), phrase.clock.sure or early
        )
        return self._lasting(phrase, start) if isinstance(start, datetime) else start

    def _later(self, offset: Amount, phrase: TimePhrase, early: bool) -> When:
        """Counted from now: minutes run on, days go by the calendar and may be given a time of day."""
        if not (offset.days or offset.months):
            later = self.present.now.astimezone(UTC) + timedelta(seconds=offset.seconds)
            return self._lasting(phrase, later.astimezone(self.present.zone))
        day = added(self.present.today, offset)
        if phrase.clock is not None or phrase.part is not None:
            dated = OnDate(day.day, day.month, day.year)
            return self._when(evolve(phrase, offset=None, day=dated), early)
        local = self.present.now.astimezone(self.present.zone)
        moment = self.present.at(day, local.hour * HOUR + local.minute) + timedelta(seconds=local.second)
        return self._lasting(phrase, moment)

    def _either(self, day: EitherDate) -> Unclear:
        one = next(days_of(OnDate(day.second, day.first, day.year), self.present.today), None)
        two = next(days_of(OnDate(day.first, day.second, day.year), self.present.today), None)
        return Unclear(Trouble.EITHER, tuple(sorted(filter(None, (one, two)))))

    def _without_clock(self, phrase: TimePhrase) -> When:
        """A day alone has to be asked about; a part of it rings at its usual time while that is ahead."""
        day = self.day(phrase)
        if isinstance(day, Unclear):
            return day
        if phrase.part is None:
            return Day(day, None, phrase.lasting) if day >= self.present.today else Unclear(Trouble.PAST)
        rings = RINGS_AT[phrase.part]
        if phrase.day is None and self.present.at(day, rings) <= self.present.now:
            day += timedelta(days=1)
        if self.present.at(day, rings) > self.present.now:
            return self._lasting(phrase, self.present.at(day, rings))
        still = day >= self.present.today and self.present.at(day, REACHES[phrase.part][1]) > self.present.now
        return Day(day, phrase.part, phrase.lasting) if still else Unclear(Trouble.PAST)

    def day(self, phrase: TimePhrase) -> date | Unclear:
        """The first day that is meant, today when none was said."""
        if phrase.day is None:
            return self.present.today
        day = next(days_of(phrase.day, self.present.today), None)
        if day is None:
            return Unclear(Trouble.IMPOSSIBLE)
        named = phrase.day.weekday if isinstance(phrase.day, OnDate) else None
        return day if named in {None, day.weekday()} else Unclear(Trouble.CONTRADICTION, (day,))

    def _start(self, phrase: TimePhrase, options: tuple[int, ...], exact: bool) -> datetime | Unclear:
        """The moment that a time of day means: options are minutes of the day, the likeliest first."""
        if not options:
            return Unclear(Trouble.CONTRADICTION)
        if phrase.day is None:
            days = (self.present.today, self.present.today + timedelta(days=1))
            return self._soonest(days, options[:1] if exact else options, exact=exact)
        first = self.day(phrase)
        if isinstance(first, Unclear):
            return first
        if first == self.present.today:
            found = self._soonest((first,), options, exact=exact)
            if isinstance(found, datetime) or not isinstance(phrase.day, OnDate):
                return found
        for day in days_of(phrase.day, self.present.today):
            moment = self.present.at(day, options[0])
            if moment > self.present.now:
                return moment
        return Unclear(Trouble.PAST)

    def _soonest(
        self, days: tuple[date, ...], options: tuple[int, ...], *, exact: bool
    ) -> datetime | Unclear:
        """The next of the times that is still ahead; a waking one if it was left open."""
        ahead = sorted(
            (self.present.at(day, minutes), exact or minutes >= WAKING)
            for day in days
            for minutes in options
            if self.present.at(day, minutes) > self.present.now
        )
        awake = [moment for moment, waking in ahead if waking]
        return awake[0] if awake else ahead[0][0] if ahead else Unclear(Trouble.PAST)

    def _between(self, phrase: TimePhrase, clock: Clock, until: Clock) -> When:
        """From a time of day to a later one; "from 11 to 1 pm" begins in the morning."""
        ends = minutes_of(until, None if until.sure else phrase.part)
        options = minutes_of(clock, phrase.part)
        if not options or not ends:
            return Unclear(Trouble.CONTRADICTION)
        if until.sure and not clock.sure:
            before = sorted((start for start in options if start < ends[0]), reverse=True)
            options = tuple(before) or options
        start = self._start(phrase, options[:1] if until.sure else options, clock.sure or until.sure)
        if isinstance(start, Unclear):
            return start
        day = start.date()
        later = (self.present.at(day, minutes + night) for night in (0, DAY) for minutes in sorted(ends))
        return Stretch(start, next(end for end in later if end > start))

    def _lasting(self, phrase: TimePhrase, start: datetime) -> When:
        """A moment, or a stretch when it was said how long; a length of nothing is none."""
        lasting = phrase.lasting
        if start <= self.present.now:
            return Unclear(Trouble.PAST)
        if lasting is None or lasting == Amount():
            return Moment(start)
        if lasting.days or lasting.months:
            return Stretch(
                start, self.present.at(added(start.date(), lasting), start.hour * HOUR + start.minute)
            )
        end = start.astimezone(UTC) + timedelta(seconds=lasting.seconds)
        return Stretch(start, end.astimezone(self.present.zone))


def parse_time(text: str, now: datetime, zone: ZoneInfo) -> When | None:
    """Read a text that is a time phrase and nothing else; None when it is none."""
    phrase = phrase_of(text)
    return None if phrase is None else Almanac(present=Present(now=now, zone=zone)).when(phrase)


def phrase_of(text: str) -> TimePhrase | None:
    """What a text says about time, if that is all it says; the reading with the most said wins."""
    tokens = tokens_of(text)
    found = Reader(times(), text, tokens).find("time", 0)
    whole = [reading for reading in found if reading.end == len(tokens)]
    return max(whole, key=lambda reading: reading.explained).value if whole else None


@cache
def times() -> Grammar:
    """The grammar of times alone."""
    return Grammar(time_rules(), time_terminals())
