"""What a time phrase says before anybody looks at a clock, and what it comes to afterwards."""

from datetime import date, datetime
from enum import Enum
from typing import Literal

from attrs import evolve, fields, frozen

Which = Literal["coming", "this", "next", "last"]
Unit = Literal["week", "weekend", "month", "days"]


class Part(Enum):
    """A part of the day, in the words people use for it."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


@frozen
class Clock:
    """A time of day: sure when the half of the day is known (hour 0..24, 24 ends it), else hour 1..12."""

    hour: int
    minute: int = 0
    sure: bool = False


@frozen
class Amount:
    """A length of time: seconds run by any clock, days and months go by the calendar."""

    seconds: int = 0
    days: int = 0
    months: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.seconds + other.seconds, self.days + other.days, self.months + other.months)


@frozen
class DaysAway:
    """So many days from today."""

    days: int


@frozen
class OnWeekday:
    """A day of the week, Monday being 0, and so many weeks after the one that "which" names."""

    weekday: int
    which: Which = "coming"
    weeks: int = 0


@frozen
class OnDate:
    """A day of a month; month and year may be left open, a weekday may have been said along with it."""

    day: int
    month: int | None = None
    year: int | None = None
    weekday: int | None = None


@frozen
class InMonth:
    """A day of the month that is so many months away, such as the first of next month."""

    day: int
    months: int


@frozen
class MonthEnd:
    """The last day of this month or of a later one."""

    months: int = 0


@frozen
class EitherDate:
    """Figures that two countries read differently, such as 5/6."""

    first: int
    second: int
    year: int | None = None


@frozen
class Reach:
    """A stretch of the calendar: a week, weekend or month so many away, or the next so many days."""

    unit: Unit
    away: int = 0


@frozen
class NamedMonth:
    """A month by its name."""

    month: int


DayReference = DaysAway | OnWeekday | OnDate | InMonth | MonthEnd | EitherDate


@frozen(kw_only=True)
class TimePhrase:
    """The pieces of a time phrase, each None when it was not said."""

    day: DayReference | None = None
    last_day: DayReference | None = None
    part: Part | None = None
    clock: Clock | None = None
    until: Clock | None = None
    lasting: Amount | None = None
    offset: Amount | None = None
    reach: Reach | NamedMonth | None = None
    vague: str | None = None

    def merged(self, other: "TimePhrase") -> "TimePhrase | None":
        """Both phrases as one, or None when they say the same thing twice or contradict each other."""
        changes = {}
        for piece in fields(TimePhrase):
            mine, theirs = getattr(self, piece.name), getattr(other, piece.name)
            if mine is not None and theirs is not None:
                return None
            if theirs is not None:
                changes[piece.name] = theirs
        both = evolve(self, **changes)
        return both if both.is_possible else None

    @property
    def is_possible(self) -> bool:
        """Whether the pieces can be said together: a count of minutes leaves no room for a time of day."""
        if self.offset is not None:
            runs = self.offset.seconds != 0
            return self.day is None and not (runs and (self.clock or self.part))
        return self.until is None or self.lasting is None


@frozen
class Moment:
    """A point in time, in the zone it was meant in."""

    at: datetime


@frozen
class Stretch:
    """From a moment to a later one."""

    start: datetime
    end: datetime


@frozen
class Day:
    """A day, or a part of one, without a time of day; how long it is to last may have been said."""

    date: date
    part: Part | None = None
    lasting: Amount | None = None


@frozen
class Period:
    """A stretch of the calendar, such as next week, that is too wide to ring in; start inclusive."""

    start: datetime
    end: datetime


@frozen(kw_only=True)
class Repetition:
    """How often something comes again: in words, as an RRULE, and in which part of the day, if that was said.

    There is no rule for what comes more often than every hour.
    """

    words: str
    rule: str | None
    part: Part | None = None

    @property
    def alternating(self) -> "Repetition":
        """Every other one of it."""
        rule = self.rule and f"{self.rule};INTERVAL=2"
        return Repetition(words=f"other {self.words}", rule=rule, part=self.part)


class Trouble(Enum):
    """Why a time phrase cannot be acted on."""

    VAGUE = "vague"
    PAST = "past"
    IMPOSSIBLE = "impossible"
    CONTRADICTION = "contradiction"
    EITHER = "either"


@frozen
class Unclear:
    """A time phrase that has to be asked about: why, and the days it could mean."""

    trouble: Trouble
    days: tuple[date, ...] = ()


When = Moment | Stretch | Day | Period | Unclear
