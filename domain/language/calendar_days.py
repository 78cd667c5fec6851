"""Which days a phrase can mean, seen from today."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from domain.language.moments import (
    Amount,
    DayReference,
    DaysAway,
    EitherDate,
    InMonth,
    MonthEnd,
    NamedMonth,
    OnDate,
    OnWeekday,
    Reach,
)

YEARS_AHEAD: Final = 8


def days_of(reference: DayReference, today: date) -> Iterator[date]:
    """The days that are meant, the likeliest first; later ones only count when that one has passed.

    A day of the week is the coming one, never today: whoever means today says today. "This Friday" may be
    today. "Next Friday" is the one in the week after this, weeks beginning on Monday. A date without a year
    or month is the next there is: the 31st skips short months, February 29th waits for a leap year.
    """
    match reference:
        case DaysAway(days):
            yield today + timedelta(days=days)
        case OnWeekday():
            yield _weekday(reference, today)
        case OnDate():
            yield from _dates(reference, today)
        case InMonth(day, months):
            first = added(today.replace(day=1), Amount(months=months))
            if _exists(first.year, first.month, day):
                yield first.replace(day=day)
        case MonthEnd(months):
            first = added(today.replace(day=1), Amount(months=months))
            yield first.replace(day=monthrange(first.year, first.month)[1])
        case EitherDate(first_figure, second_figure, year):
            yield from _dates(OnDate(second_figure, first_figure, year), today)


def _weekday(reference: OnWeekday, today: date) -> date:
    ahead = (reference.weekday - today.weekday()) % 7
    away = {
        "this": ahead,
        "coming": ahead or 7,
        "next": 7 - today.weekday() + reference.weekday,
        "last": ahead - 7,
    }
    return today + timedelta(days=away[reference.which], weeks=reference.weeks)


def _dates(reference: OnDate, today: date) -> Iterator[date]:
    if reference.year is not None and reference.month is not None:
        if _exists(reference.year, reference.month, reference.day):
            yield date(reference.year, reference.month, reference.day)
        return
    for month in range(12 * YEARS_AHEAD + 1):
        year, index = divmod(today.year * 12 + today.month - 1 + month, 12)
        if reference.month in {None, index + 1} and _exists(year, index + 1, reference.day):
            day = date(year, index + 1, reference.day)
            if day >= today:
                yield day


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= year <= 9999 and 1 <= day <= monthrange(year, month)[1]


def added(day: date, amount: Amount) -> date:
    """A day so many days and months later; the 31st becomes the last day of a shorter month.

    Raises:
        OverflowError: there is no such year.
    """
    year, index = divmod(day.year * 12 + day.month - 1 + amount.months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(year)
    last = monthrange(year, index + 1)[1]
    return date(year, index + 1, min(day.day, last)) + timedelta(days=amount.days)


def reached(reach: Reach | NamedMonth, today: date) -> tuple[date, date]:
    """The first day of a stretch of the calendar, and the day after its last."""
    if isinstance(reach, NamedMonth):
        first = date(today.year + (reach.month < today.month), reach.month, 1)
        return first, added(first, Amount(months=1))
    match reach.unit:
        case "days":
            return today, today + timedelta(days=reach.away + 1)
        case "week":
            monday = today + timedelta(days=7 * reach.away - today.weekday())
            return monday, monday + timedelta(days=7)
        case "weekend":
            saturday = today + timedelta(days=5 - today.weekday() + 7 * reach.away)
            return saturday, saturday + timedelta(days=2)
        case "month":
            first = added(today.replace(day=1), Amount(months=reach.away))
            return first, added(first, Amount(months=1))
