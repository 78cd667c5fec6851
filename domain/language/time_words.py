"""Numbers, names of days and months, and figures as they are written."""

import re
from functools import cache
from typing import Final

from domain.language.grammar import Terminal
from domain.language.moments import Amount, Clock, EitherDate, OnDate, Part
from domain.language.terminals import Names, Numbers, Ordinals, Written
from domain.language.tokens import listed

WEEKDAYS: Final = listed(
    """
    monday tuesday wednesday thursday friday saturday sunday
    """
)
MONTHS: Final = listed(
    """
    january february march april may june july august september october november december
    """
)
WEEKDAY_ABBREVIATIONS: Final = {
    "mon": 0,
    "tue": 1,
    "tues": 1,
    "wed": 2,
    "thu": 3,
    "thur": 3,
    "thurs": 3,
    "fri": 4,
    "sat": 5,
    "sun": 6,
}
MONTH_ABBREVIATIONS: Final = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mar", "apr", "", "jun", "jul", "aug", "sep sept", "oct", "nov", "dec"), start=1
    )
    for name in names.split()
}
UNITS: Final = {
    "second": Amount(seconds=1),
    "minute": Amount(seconds=60),
    "hour": Amount(seconds=3600),
}
DAY_UNITS: Final = {
    "day": Amount(days=1),
    "week": Amount(days=7),
    "month": Amount(months=1),
    "year": Amount(months=12),
}
UNIT_ABBREVIATIONS: Final = {
    "sec": "second",
    "secs": "second",
    "min": "minute",
    "mins": "minute",
    "hr": "hour",
    "hrs": "hour",
    "h": "hour",
}


def _written_clock(hour: str, minute: str) -> Clock | None:
    """15:30 and 07:00 are sure, 7:00 may be in the morning or in the evening."""
    if int(hour) > 24 or int(minute) > 59 or (int(hour) == 24 and int(minute)):
        return None
    return Clock(int(hour), int(minute), not 1 <= int(hour) <= 12 or hour.startswith("0"))


def _slashed(first: str, second: str, year: str | None) -> EitherDate | OnDate | None:
    one, two = int(first), int(second)
    when = int(year) if year else None
    if one == two or (one <= 12 < two):
        return OnDate(two, one, when)
    if two <= 12 < one:
        return OnDate(one, two, when)
    return EitherDate(one, two, when) if max(one, two) <= 12 else None


@cache
def time_terminals() -> dict[str, Terminal]:
    """Numbers, names of days and months, and figures as they are written."""
    weekdays = {name: number for number, name in enumerate(WEEKDAYS)}
    months = {name: number for number, name in enumerate(MONTHS, start=1)}
    plural = {f"{name}s": amount for name, amount in UNITS.items()}
    short = {name: UNITS[unit] for name, unit in UNIT_ABBREVIATIONS.items()}
    return {
        "hour": Numbers(low=1, high=12),
        "late": Numbers(low=13, high=23),
        "minute": Numbers(low=10, high=59, usual=(10, 15, 20, 30, 40, 45, 50)),
        "digit": Numbers(low=1, high=9, usual=(5,)),
        "minutes": Numbers(low=1, high=29, usual=(5, 10, 20, 25)),
        "count": Numbers(low=1, high=999, usual=(2, 3, 5, 10, 15, 20, 30, 40, 45, 90), common=60),
        "few": Numbers(low=2, high=12, usual=(2, 3, 4)),
        "date": Numbers(low=1, high=31),
        "years": Numbers(low=2000, high=2199, usual=(2026, 2027, 2028)),
        "yy": Numbers(low=10, high=99, usual=(26, 27, 28, 29), common=35),
        "place": Ordinals(high=31),
        "weekday": Names(
            values={**weekdays, **WEEKDAY_ABBREVIATIONS}, only_written=frozenset(WEEKDAY_ABBREVIATIONS)
        ),
        "month": Names(values={**months, **MONTH_ABBREVIATIONS}, only_written=frozenset(MONTH_ABBREVIATIONS)),
        "unit": Names(values={**UNITS, **short}, only_written=frozenset(short)),
        "units": Names(values={**plural, **short}, only_written=frozenset(short)),
        "dayunit": Names(values=DAY_UNITS),
        "dayunits": Names(values={f"{name}s": amount for name, amount in DAY_UNITS.items()}),
        "part": Names(values={part.value: part for part in Part}),
        "dayhalf": Names(values={"am": False, "pm": True}, spoken={"am": "a m", "pm": "p m"}),
        "colon": Written(pattern=re.compile(r"(\d{1,2})[:.](\d{2})"), read=_written_clock),
        "decimal": Written(pattern=re.compile(r"(\d{1,2})\.(\d)"), read=lambda one, ten: int(one + ten)),
        "iso": Written(
            pattern=re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"),
            read=lambda year, month, day: OnDate(int(day), int(month), int(year)),
        ),
        "slashed": Written(pattern=re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?"), read=_slashed),
    }
