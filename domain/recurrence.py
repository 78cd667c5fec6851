"""Rules of recurrence: the part of an iCalendar RRULE (RFC 5545, 3.3.10) that people's agendas need."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from functools import lru_cache
from typing import Final

from attrs import evolve, field, frozen

from domain.errors import InvalidValue

LONGEST_RULE: Final = 500
LARGEST_INTERVAL: Final = 1000
LARGEST_COUNT: Final = 1000
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAY: Final = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL: Final = re.compile(r"\d{8}(T\d{6}Z?)?")


class Frequency(Enum):
    """How long a period of a rule is, before it is multiplied by the interval."""

    HOURLY = "HOURLY"
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@frozen
class NthWeekday:
    """A weekday, Monday being 0; the nth one of its month or year, from the end if negative, 0 for each."""

    weekday: int
    nth: int = 0


@frozen(kw_only=True)
class Rule:
    """When something comes again; empty tuples do not restrict, and no times are taken from the start.

    until is a date (that day included), or a moment: aware, or naive in the zone of whoever follows the rule.
    """

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: date | None = None
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[NthWeekday, ...] = ()
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    positions: tuple[int, ...] = field(default=())
    week_start: int = 0

    def __attrs_post_init__(self) -> None:
        counted = any(day.nth for day in self.weekdays)
        if self.count is not None and self.until is not None:
            raise _wrong("must not have both COUNT and UNTIL")
        if counted and self.frequency not in {Frequency.MONTHLY, Frequency.YEARLY}:
            raise _wrong("may count weekdays in BYDAY only by month or by year")
        if counted and self.month_days:
            raise _wrong("must not have BYMONTHDAY together with counted weekdays in BYDAY")
        if self.month_days and self.frequency is Frequency.WEEKLY:
            raise _wrong("must not have BYMONTHDAY in a weekly rule")
        if self.positions and not (
            self.months or self.month_days or self.weekdays or self.hours or self.minutes
        ):
            raise _wrong("must have another BY part for BYSETPOS to choose from")


def recurrence_rule(text: str) -> str:
    """Take an RRULE as people write it, and give it in capitals, without its name and the space around it.

    Raises:
        InvalidValue: it is not a rule, or has a part that this hub does not follow.
    """
    trimmed = text.strip().upper().removeprefix("RRULE:")
    rule_of(trimmed)
    return trimmed


@lru_cache(maxsize=4096)
def rule_of(text: str) -> Rule:
    """Read an RRULE in capitals.

    Raises:
        InvalidValue: it is not a rule, or has a part that this hub does not follow.
    """
    if not 1 <= len(text) <= LONGEST_RULE:
        raise _wrong(f"must be 1 to {LONGEST_RULE} characters")
    rule = Rule(frequency=Frequency.DAILY)
    parts: dict[str, str] = {}
    for part in text.rstrip(";").split(";"):
        name, separator, value = part.partition("=")
        if not separator or name not in _READERS:
            raise _wrong(f"must be an RRULE of {', '.join(_READERS)}, such as FREQ=WEEKLY;BYDAY=MO")
        if name in parts:
            raise _wrong(f"must have {name} once")
        parts[name] = value
    if "FREQ" not in parts:
        raise _wrong("must have FREQ, as in FREQ=WEEKLY;BYDAY=MO")
    read = {_READERS[name][0]: _READERS[name][1](name, value) for name, value in parts.items()}
    return evolve(rule, **read)  # type: ignore[arg-type]


def _wrong(problem: str) -> InvalidValue:
    return InvalidValue("recurrence", problem)


def _frequency(name: str, value: str) -> Frequency:
    try:
        return Frequency(value)
    except ValueError as error:
        raise _wrong(f"must have {name} as one of {', '.join(one.value for one in Frequency)}") from error


def _number(low: int, high: int) -> Callable[[str, str], int]:
    def read(name: str, value: str) -> int:
        if re.fullmatch(r"[+-]?[0-9]{1,4}", value) and low <= int(value) <= high:
            return int(value)
        raise _wrong(f"must have {name} from {low} to {high}")

    return read


def _numbers(low: int, high: int, *, but_zero: bool = False) -> Callable[[str, str], tuple[int, ...]]:
    number = _number(low, high)

    def read(name: str, value: str) -> tuple[int, ...]:
        found = tuple(sorted({number(name, one) for one in value.split(",")}))
        if but_zero and 0 in found:
            raise _wrong(f"must not have 0 in {name}")
        return found

    return read


def _weekdays(name: str, value: str) -> tuple[NthWeekday, ...]:
    found: set[NthWeekday] = set()
    for one in value.split(","):
        match = _WEEKDAY.fullmatch(one)
        nth = int(match[1] or 0) if match else 0
        if match is None or abs(nth) > 53 or (match[1] and not nth):
            raise _wrong(f"must have {name} in weekdays such as MO, 2TU or -1FR")
        found.add(NthWeekday(WEEKDAYS.index(match[2]), nth))
    return tuple(sorted(found, key=lambda day: (day.nth, day.weekday)))


def _weekday(name: str, value: str) -> int:
    if value not in WEEKDAYS:
        raise _wrong(f"must have {name} as one of {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(value)


def _until(name: str, value: str) -> date:
    problem = f"must have {name} as 20261231 or 20261231T225959Z"
    if not _UNTIL.fullmatch(value):
        raise _wrong(problem)
    try:
        if len(value) == 8:
            return date(int(value[:4]), int(value[4:6]), int(value[6:]))
        moment = datetime.fromisoformat(value.removesuffix("Z"))
    except ValueError as error:
        raise _wrong(problem) from error
    return moment.replace(tzinfo=UTC) if value.endswith("Z") else moment


_READERS: Final[Mapping[str, tuple[str, Callable[[str, str], object]]]] = {
    "FREQ": ("frequency", _frequency),
    "INTERVAL": ("interval", _number(1, LARGEST_INTERVAL)),
    "COUNT": ("count", _number(1, LARGEST_COUNT)),
    "UNTIL": ("until", _until),
    "BYMONTH": ("months", _numbers(1, 12)),
    "BYMONTHDAY": ("month_days", _numbers(-31, 31, but_zero=True)),
    "BYDAY": ("weekdays", _weekdays),
    "BYHOUR": ("hours", _numbers(0, 23)),
    "BYMINUTE": ("minutes", _numbers(0, 59)),
    "BYSETPOS": ("positions", _numbers(-366, 366, but_zero=True)),
    "WKST": ("week_start", _weekday),
}
