"""A series: what a rule of recurrence comes to, from a start on, in the time zone of those who follow it."""

from calendar import isleap, monthrange
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from domain.recurrence import Frequency, NthWeekday, Rule, rule_of

PERIODS_LOOKED_AT: Final[Mapping[Frequency, int]] = {
    Frequency.HOURLY: 9600,
    Frequency.DAILY: 4000,
    Frequency.WEEKLY: 1500,
    Frequency.MONTHLY: 600,
    Frequency.YEARLY: 60,
}
"""After so many periods a search ends: what does not come again until then has come for the last time."""
SLACK: Final = timedelta(days=1)
"""More than any change of clocks."""


@frozen
class Series:
    """The occurrences of an RRULE from a start on, which is an aware moment, by the wall time of a zone.

    The start itself is one only if the rule says so. Wall time that a change of clocks leaves out moves on by
    the change (2:30 becomes 3:30), time that comes twice is the first one. Every look-up is bounded.
    """

    rule: str
    start: datetime
    zone: ZoneInfo

    def since(self, moment: datetime) -> Iterator[datetime]:
        """The occurrences at a moment and after it, soonest first, in UTC."""
        rule = rule_of(self.rule)
        if rule.count is not None:
            last = _last_counted(self)
            rule = evolve(rule, count=None, until=last)
            if last is None:
                return iter(())
        return (one for one in _until(self, rule, moment) if one >= moment)

    def after(self, moment: datetime) -> datetime | None:
        """The first occurrence that comes after a moment, in UTC; None when the series is over by then."""
        return next((one for one in self.since(moment) if one > moment), None)

    @property
    def first(self) -> datetime | None:
        """The first occurrence, in UTC; None when there is none."""
        return next(self.since(self.start), None)

    @property
    def last(self) -> datetime | None:
        """The last occurrence of a series whose rule has an end, in UTC; None when there is none.

        Of a rule without an end it is the last one that a search would find.
        """
        rule = rule_of(self.rule)
        if rule.count is not None:
            return _last_counted(self)
        last = None
        for one in self.since(self.start):
            last = one
        return last


@lru_cache(maxsize=4096)
def _last_counted(series: Series) -> datetime | None:
    """The last occurrence of a series that is to come so many times."""
    rule = rule_of(series.rule)
    all_of_them = (one for one in _until(series, rule, series.start) if one >= series.start)
    last = None
    for one in islice(all_of_them, rule.count):
        last = one
    return last


def _until(series: Series, rule: Rule, moment: datetime) -> Iterator[datetime]:
    """The occurrences from a little before a moment on, until the rule ends or nothing comes any more."""
    begin = _wall(series.start, series.zone)
    aim = max(begin, _wall(moment, series.zone, -SLACK))
    before: datetime | None = None
    for wall in _walls(rule, begin, aim):
        one = series.start if wall == begin else wall.replace(tzinfo=series.zone)
        try:
            found = one.astimezone(UTC)
        except OverflowError:
            return
        if rule.until is not None and _is_past(wall, found, rule.until):
            return
        if before is None or found > before:
            yield found
        before = found


def _is_past(wall: datetime, moment: datetime, until: date) -> bool:
    if not isinstance(until, datetime):
        return wall.date() > until
    return moment > until if until.tzinfo else wall > until


def _wall(moment: datetime, zone: ZoneInfo, shift: timedelta = timedelta()) -> datetime:
    """What the clocks of a zone show at a moment, and a while from then."""
    try:
        return moment.astimezone(zone).replace(tzinfo=None) + shift
    except OverflowError:
        return moment.replace(tzinfo=None)


def _walls(rule: Rule, begin: datetime, aim: datetime) -> Iterator[datetime]:
    """The wall times at which a rule that begins with one comes again, from the period of another on."""
    nearest = max(0, _periods_between(rule, begin, aim) // rule.interval)
    for number in range(nearest, nearest + PERIODS_LOOKED_AT[rule.frequency]):
        try:
            found = _in_period(rule, begin, number * rule.interval)
        except (OverflowError, ValueError):
            return
        yield from (wall for wall in found if wall >= begin)


def _periods_between(rule: Rule, begin: datetime, aim: datetime) -> int:
    """How many periods of length one a moment lies after the beginning."""
    match rule.frequency:
        case Frequency.HOURLY:
            return int((aim - begin) / timedelta(hours=1))
        case Frequency.DAILY:
            return (aim - begin).days
        case Frequency.WEEKLY:
            return (aim - begin).days // 7
        case Frequency.MONTHLY:
            return (aim.year - begin.year) * 12 + aim.month - begin.month
        case Frequency.YEARLY:
            return aim.year - begin.year


def _in_period(rule: Rule, begin: datetime, away: int) -> list[datetime]:
    """The wall times of the period that is so many away from the first, in order.

    Raises:
        OverflowError: no calendar has it.
        ValueError: likewise.
    """
    minutes = rule.minutes or (begin.minute,)
    if rule.frequency is Frequency.HOURLY:
        hour = begin + timedelta(hours=away)
        fits = _fits(rule, begin, hour.date()) and (not rule.hours or hour.hour in rule.hours)
        found = [hour.replace(minute=minute) for minute in minutes] if fits else []
    else:
        hours = rule.hours or (begin.hour,)
        times = [time(hour, minute, begin.second, begin.microsecond) for hour in hours for minute in minutes]
        days = (day for day in _days(rule, begin.date(), away) if _fits(rule, begin, day))
        found = [datetime.combine(day, at) for day in days for at in times]
    if not rule.positions:
        return found
    count = len(found)
    places = {place - 1 if place > 0 else count + place for place in rule.positions}
    return [found[place] for place in sorted(places) if 0 <= place < count]


def _days(rule: Rule, begin: date, away: int) -> Iterator[date]:
    """The days of the period that is so many away from the first."""
    first, length = begin, 1
    match rule.frequency:
        case Frequency.WEEKLY:
            monday = begin - timedelta(days=(begin.weekday() - rule.week_start) % 7)
            first, length = monday + timedelta(weeks=away), 7
        case Frequency.MONTHLY:
            year, month = divmod(begin.year * 12 + begin.month - 1 + away, 12)
            first, length = date(year, month + 1, 1), monthrange(year, month + 1)[1]
        case Frequency.YEARLY:
            first = date(begin.year + away, 1, 1)
            length = 366 if isleap(first.year) else 365
        case Frequency.DAILY | Frequency.HOURLY:
            first = begin + timedelta(days=away)
    return (first + timedelta(days=number) for number in range(length))


def _fits(rule: Rule, begin: datetime, day: date) -> bool:
    """Whether a day is one that a rule wants; what the rule leaves open is as at its beginning."""
    months, month_days, weekdays = rule.months, rule.month_days, rule.weekdays
    if not (month_days or weekdays):
        match rule.frequency:
            case Frequency.YEARLY:
                months, month_days = months or (begin.month,), (begin.day,)
            case Frequency.MONTHLY:
                month_days = (begin.day,)
            case Frequency.WEEKLY:
                weekdays = (NthWeekday(begin.weekday()),)
            case Frequency.DAILY | Frequency.HOURLY:
                pass
    if months and day.month not in months:
        return False
    if month_days and not (day.day in month_days or day.day - _month_length(day) - 1 in month_days):
        return False
    return not weekdays or any(_is_the(wanted, day, rule) for wanted in weekdays)


def _is_the(wanted: NthWeekday, day: date, rule: Rule) -> bool:
    """Whether a day is such a weekday: of its month, or of its year in a yearly rule without months."""
    if day.weekday() != wanted.weekday:
        return False
    if not wanted.nth:
        return True
    if rule.frequency is Frequency.YEARLY and not rule.months:
        place, length = day.timetuple().tm_yday, 366 if isleap(day.year) else 365
    else:
        place, length = day.day, _month_length(day)
    from_start, from_end = (place - 1) // 7 + 1, (length - place) // 7 + 1
    return wanted.nth in {from_start, -from_end}


def _month_length(day: date) -> int:
    return monthrange(day.year, day.month)[1]
