"""How people say times: one table of phrases, read by the parser and spoken by the sampler."""

import re
from functools import cache
from typing import Any, Final

from domain.language.grammar import Build, Production, Terminal, Values, say
from domain.language.moments import (
    Amount,
    Clock,
    DaysAway,
    EitherDate,
    MonthEnd,
    NamedMonth,
    OnDate,
    OnWeekday,
    Part,
    Reach,
    TimePhrase,
)
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


def times(amount: Amount, count: int) -> Amount:
    """So many of an amount."""
    return Amount(amount.seconds * count, amount.days * count, amount.months * count)


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
        "count": Numbers(low=1, high=999, usual=(2, 3, 4, 5, 10, 15, 20, 30, 40, 45, 90)),
        "few": Numbers(low=2, high=12),
        "date": Numbers(low=1, high=31),
        "years": Numbers(low=2000, high=2199, usual=(2026, 2027, 2028)),
        "place": Ordinals(high=31),
        "weekday": Names(
            values={**weekdays, **WEEKDAY_ABBREVIATIONS}, only_written=frozenset(WEEKDAY_ABBREVIATIONS)
        ),
        "month": Names(values={**months, **MONTH_ABBREVIATIONS}, only_written=frozenset(MONTH_ABBREVIATIONS)),
        "unit": Names(values={**UNITS, **short}, only_written=frozenset(short)),
        "units": Names(values={**plural, **short}, only_written=frozenset(short)),
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


def _merged(values: Values) -> TimePhrase | None:
    """All the pieces that were said, as one phrase."""
    whole: TimePhrase | None = TimePhrase()
    for piece in values.values():
        whole = whole.merged(piece) if whole is not None else None
    return whole


def _the(name: str) -> Any:
    return lambda values: values[name]


def _always(value: object) -> Any:
    return lambda _: value


# -- time of day --


def _halved(clock: Clock, after_noon: bool) -> Clock | None:
    """The clock in its half of the day; 15:30 pm is said, 15:30 am is not."""
    if clock.sure and not 1 <= clock.hour <= 12:
        return clock if after_noon else None
    return Clock(clock.hour % 12 + (12 if after_noon else 0), clock.minute, True)


def _halved_by(build: Build) -> Build:
    return lambda values: _halved(build(values), values["dayhalf"])


def _before(minutes: int, hour: int) -> Clock:
    return Clock(hour - 1 or 12, 60 - minutes)


def _before_half(minutes: int, hour: int, after_noon: bool) -> Clock:
    whole = (hour % 12 + (12 if after_noon else 0)) * 60 - minutes
    return Clock(whole // 60 % 24, whole % 60, True)


def _to(minutes: Any, phrase: str, weight: float) -> list[Production]:
    """Minutes before an hour, with and without the half of the day."""
    return [
        say(phrase, lambda v: _before(minutes(v), v["hour"]), weight),
        say(
            f"{phrase} {{dayhalf}}", lambda v: _before_half(minutes(v), v["hour"], v["dayhalf"]), weight * 0.3
        ),
    ]


def _with_half(phrase: str, build: Any, weight: float) -> list[Production]:
    return [
        say(phrase, build, weight),
        say(f"{phrase} {{dayhalf}}", _halved_by(build), weight * 0.3),
    ]


@cache
def clock_rules() -> dict[str, tuple[Production, ...]]:
    """Times of day: "bare" is a number that only "at" turns into a time, "clear" is one by itself."""
    past = "(past|after)"
    to = "(to|before|till|of)"
    bare = {
        "{hour}": lambda v: Clock(v["hour"]),
        "{hour} {minute}": lambda v: Clock(v["hour"], v["minute"]),
        "{hour} (oh|o|zero) {digit}": lambda v: Clock(v["hour"], v["digit"]),
        "{colon}": _the("colon"),
    }
    weights = {"{hour}": 4.0, "{hour} {minute}": 4.0, "{hour} (oh|o|zero) {digit}": 0.5, "{colon}": 0.0}
    return {
        "bare": (
            *(say(phrase, build, weights[phrase]) for phrase, build in bare.items() if phrase != "{colon}"),
            say("{late}", lambda v: Clock(v["late"], 0, True), 0.1),
            say("{late} hundred [hours]", lambda v: Clock(v["late"], 0, True), 0.1),
            say("{late} {minute}", lambda v: Clock(v["late"], v["minute"], True), 0.3),
        ),
        "clear": (
            *(
                say(
                    f"{phrase} {{dayhalf}}",
                    _halved_by(build),
                    weights[phrase],
                )
                for phrase, build in bare.items()
            ),
            say("{colon}", _the("colon"), 0.0),
            say("{hour} o'clock", lambda v: Clock(v["hour"]), 1.5),
            say("{late} o'clock", lambda v: Clock(v["late"], 0, True), 0.0),
            say("{hour} o'clock {dayhalf}", lambda v: _halved(Clock(v["hour"]), v["dayhalf"]), 0.1),
            *_with_half("half past {hour}", lambda v: Clock(v["hour"], 30), 1.5),
            *_with_half(f"[a] quarter {past} {{hour}}", lambda v: Clock(v["hour"], 15), 1.0),
            *_with_half(
                f"{{minutes}} [minutes] {past} {{hour}}", lambda v: Clock(v["hour"], v["minutes"]), 0.7
            ),
            *_to(lambda _: 15, f"[a] quarter {to} {{hour}}", 1.0),
            *_to(_the("minutes"), f"{{minutes}} [minutes] {to} {{hour}}", 0.7),
            say("[twelve] (noon|midday)", _always(Clock(12, 0, True)), 1.0),
            say("[twelve] midnight", _always(Clock(24, 0, True)), 0.4),
        ),
        "clock": (say("{clear}", _the("clear"), 3.0), say("{bare}", _the("bare"), 2.0)),
        "at": (
            say("at {clock}", lambda v: TimePhrase(clock=v["clock"]), 6.0),
            say("at (around|about|exactly) {clock}", lambda v: TimePhrase(clock=v["clock"]), 0.2),
            say("(by|before|around|about) {clear}", lambda v: TimePhrase(clock=v["clear"]), 0.4),
            say("by {bare}", lambda v: TimePhrase(clock=v["bare"]), 0.2),
            say("{clear}", lambda v: TimePhrase(clock=v["clear"]), 1.0),
        ),
        "range": (
            say(
                "(from {start=clock} (to|till|until)|between {start=clock} and) {end=clock}",
                lambda v: TimePhrase(clock=v["start"], until=v["end"]),
            ),
            say(
                "{start=clear} (to|till|until) {end=clock}",
                lambda v: TimePhrase(clock=v["start"], until=v["end"]),
                0.1,
            ),
            say("{start=bare} to {end=clear}", lambda v: TimePhrase(clock=v["start"], until=v["end"]), 0.1),
        ),
    }


# -- days --


def _day(build: Any) -> Any:
    return lambda values: TimePhrase(day=build(values))


def _on_weekday(which: Any, weeks: int = 0) -> Any:
    return lambda values: TimePhrase(day=OnWeekday(values["weekday"], which, weeks))


def _on_date(values: Values) -> TimePhrase:
    day = values.get("place", values.get("date"))
    return TimePhrase(day=OnDate(day, values.get("month"), values.get("year"), values.get("weekday")))


@cache
def day_rules() -> dict[str, tuple[Production, ...]]:
    """Days: near ones, days of the week, dates."""
    return {
        "year": (
            say("{years}", _the("years"), 0.0),
            say("twenty {years=minute}", lambda v: 2000 + v["years"], 1.0),
            say("two thousand [and] {years=minute}", lambda v: 2000 + v["years"], 0.5),
        ),
        "near": (
            say("today", _always(TimePhrase(day=DaysAway(0))), 2.0),
            say("tomorrow", _always(TimePhrase(day=DaysAway(1))), 6.0),
            say("[the] day after tomorrow", _always(TimePhrase(day=DaysAway(2))), 0.7),
            say("[on] {weekday}", _on_weekday("coming"), 6.0),
            say("[on] this [coming] {weekday}", _on_weekday("this"), 1.0),
            say("[on] the coming {weekday}", _on_weekday("coming"), 0.1),
            say("[on] next {weekday}", _on_weekday("next"), 2.0),
            say("by {weekday}", _on_weekday("coming"), 0.2),
            say("by tomorrow", _always(TimePhrase(day=DaysAway(1))), 0.1),
        ),
        "past": (
            say("yesterday", _always(TimePhrase(day=DaysAway(-1)))),
            say("last {weekday}", _on_weekday("last")),
        ),
        "far": (
            say("[on] {weekday} after next", _on_weekday("next", 1), 0.2),
            say("[on] {weekday} [of] next week", _on_weekday("next"), 0.6),
            say("next week [on] {weekday}", _on_weekday("next"), 0.6),
            say("a week (from|on) {weekday}", _on_weekday("coming", 1), 0.2),
            say("{weekday} week", _on_weekday("coming", 1), 0.0),
            say("a week (from|on) tomorrow", _always(TimePhrase(day=DaysAway(8))), 0.1),
            say("a week from (today|now)", _always(TimePhrase(day=DaysAway(7))), 0.2),
            say("(on|by) [{weekday}] the {place} [of {month} [{year}]]", _on_date, 3.0),
            say("{weekday} the {place} [of {month}]", _on_date, 0.5),
            say("[on] [{weekday}] the {place} of {month} [{year}]", _on_date, 0.5),
            say("[on|by] [{weekday}] {place} [of] {month} [{year}]", _on_date, 0.2),
            say("[on|by] [{weekday}] {month} [the] {place} [{year}]", _on_date, 2.0),
            say("[on|by] [{weekday}] {month} {date} [{year}]", _on_date, 1.0),
            say("[on|by] [{weekday}] {date} {month} [{year}]", _on_date, 0.0),
            say("[on|by] {iso}", _day(_the("iso")), 0.0),
            say("[on|by] {slashed}", _day(_the("slashed")), 0.0),
            say("[at|on|by] [the] end of (the|this) month", _day(_always(MonthEnd(0))), 0.2),
            say("[at|on|by] [the] end of next month", _day(_always(MonthEnd(1))), 0.1),
            say("[on] the last day of (the|this) month", _day(_always(MonthEnd(0))), 0.2),
            say("[on] the last day of next month", _day(_always(MonthEnd(1))), 0.1),
        ),
        "day": (say("{near}", _the("near"), 4.0), say("{far}", _the("far"), 1.0)),
        "inpart": (
            say("(in|during) the {part}", lambda v: TimePhrase(part=v["part"]), 2.0),
            say("at night", _always(TimePhrase(part=Part.NIGHT)), 0.5),
        ),
        "daypart": (
            say("tonight", _always(TimePhrase(day=DaysAway(0), part=Part.NIGHT)), 3.0),
            say("this {part}", lambda v: TimePhrase(day=DaysAway(0), part=v["part"]), 2.0),
            say(
                "{day} ([in the] {part}|at {part})",
                lambda v: v["day"].merged(TimePhrase(part=v["part"])),
                4.0,
            ),
            say("first thing {day} [morning]", lambda v: v["day"].merged(TimePhrase(part=Part.MORNING)), 0.1),
            say("first thing in the morning", _always(TimePhrase(part=Part.MORNING)), 0.2),
        ),
    }


# -- lengths of time --


def _fraction(values: Values, seconds: int) -> Amount:
    return times(values["units"], values["count"]) + Amount(seconds=seconds)


def _decimal(values: Values) -> Amount | None:
    tenths = times(values["units"], values["decimal"])
    return None if tenths.months or tenths.days % 10 else Amount(tenths.seconds // 10, tenths.days // 10)


@cache
def length_rules() -> dict[str, tuple[Production, ...]]:
    """Lengths of time, and moments that are counted from now."""
    return {
        "amount": (
            say("{count} {units}", lambda v: times(v["units"], v["count"]), 6.0),
            say("(a|an|one) {unit}", _the("unit"), 2.0),
            say("(a couple [of]|a pair of) {units}", lambda v: times(v["units"], 2), 0.3),
            say("half an hour", _always(Amount(seconds=1800)), 1.5),
            say("[a] quarter of an hour", _always(Amount(seconds=900)), 0.4),
            say("three quarters of an hour", _always(Amount(seconds=2700)), 0.3),
            say("(an|one) hour and a half", _always(Amount(seconds=5400)), 1.0),
            say("(an|one) hour and a quarter", _always(Amount(seconds=4500)), 0.2),
            say("(one|a) minute and a half", _always(Amount(seconds=90)), 0.1),
            say("{few} and a half hours", lambda v: Amount(seconds=v["few"] * 3600 + 1800), 0.5),
            say("{few} hours and a half", lambda v: Amount(seconds=v["few"] * 3600 + 1800), 0.2),
            say("one and a half hours", _always(Amount(seconds=5400)), 0.3),
            say("{few} and a half minutes", lambda v: Amount(seconds=v["few"] * 60 + 30), 0.1),
            say("(an|one) hour [and] {count} minutes", lambda v: Amount(seconds=3600 + v["count"] * 60), 0.4),
            say(
                "{few} hours [and] {count} minutes",
                lambda v: Amount(seconds=v["few"] * 3600 + v["count"] * 60),
                0.4,
            ),
            say("{decimal} {units}", _decimal, 0.0),
            say("a fortnight", _always(Amount(days=14)), 0.1),
        ),
        "adjective": (say("{count} {unit}", lambda v: times(v["unit"], v["count"])),),
        "some": (
            say("(a few|some|several) {units}", _always("count"), 0.3),
            say("a (bit|while|moment)", _always("count"), 0.3),
        ),
        "offset": (
            say("in {amount}", lambda v: TimePhrase(offset=v["amount"]), 6.0),
            say("after {amount}", lambda v: TimePhrase(offset=v["amount"]), 0.2),
            say("{amount} from now", lambda v: TimePhrase(offset=v["amount"]), 0.7),
            say("{amount} from today", lambda v: TimePhrase(offset=v["amount"]), 0.1),
        ),
        "vague": (
            say("in {some}", _always(TimePhrase(vague="some")), 0.2),
            say("later [on|today]", _always(TimePhrase(vague="later")), 0.3),
            say("(sometime|someday|soon)", _always(TimePhrase(vague="some day")), 0.2),
        ),
        "lasting": (say("for {amount}", lambda v: TimePhrase(lasting=v["amount"])),),
    }


# -- whole phrases --


@cache
def time_rules() -> dict[str, tuple[Production, ...]]:
    """All rules of time: "when" for a moment, "span" for what one asks an agenda about."""
    moments = {
        "{day}": 2.0,
        "{day} {at}": 10.0,
        "{at} {day}": 4.0,
        "{at}": 6.0,
        "{daypart}": 2.0,
        "{inpart}": 0.2,
        "{daypart} {at}": 2.0,
        "{at} {daypart}": 1.0,
        "{at} {inpart}": 1.0,
        "{day} {at} {inpart}": 1.0,
        "{at} {inpart} {day}": 0.3,
        "{at} {day} {inpart}": 0.1,
        "{inpart} {at}": 0.1,
        "{inpart} {day}": 0.1,
        "{offset}": 6.0,
        "{offset} {at}": 0.6,
        "{at} {offset}": 0.1,
        "{offset} {inpart}": 0.1,
        "{range}": 0.5,
        "{day} {range}": 1.0,
        "{range} {day}": 0.6,
        "{range} {inpart}": 0.0,
        "{day} {range} {inpart}": 0.1,
        "{daypart} {range}": 0.2,
        "{range} {daypart}": 0.1,
        "{vague}": 0.3,
        "{day} {vague}": 0.0,
        "{vague} {day}": 0.0,
        "{reach}": 0.2,
        "{past} [{at}]": 0.0,
    }
    return {
        **clock_rules(),
        **day_rules(),
        **length_rules(),
        "reach": (
            say("[on] (this|the|on the) weekend", _always(TimePhrase(reach=Reach("weekend", 0))), 2.0),
            say("[on] next weekend", _always(TimePhrase(reach=Reach("weekend", 1))), 1.0),
            say("[for] this week", _always(TimePhrase(reach=Reach("week", 0))), 3.0),
            say("next week", _always(TimePhrase(reach=Reach("week", 1))), 3.0),
            say("this month", _always(TimePhrase(reach=Reach("month", 0))), 1.0),
            say("next month", _always(TimePhrase(reach=Reach("month", 1))), 1.0),
            say(
                "[in|for|over] the next {few} days",
                lambda v: TimePhrase(reach=Reach("days", v["few"])),
                1.0,
            ),
            say("in {month}", lambda v: TimePhrase(reach=NamedMonth(v["month"])), 0.5),
        ),
        "when": tuple(say(phrase, _merged, weight) for phrase, weight in moments.items()),
        "spell": (
            say("{when}", _merged, 8.0),
            say("{when} {lasting}", _merged, 1.0),
            say("{lasting} {when}", _merged, 0.4),
            say("{day} {lasting} {at}", _merged, 0.1),
        ),
        "time": (
            say("{when}", _merged, 4.0),
            say("{bare}", lambda v: TimePhrase(clock=v["bare"]), 1.0),
            say("{day} {bare}", lambda v: v["day"].merged(TimePhrase(clock=v["bare"])), 0.5),
            say("{bare} {day}", lambda v: v["day"].merged(TimePhrase(clock=v["bare"])), 0.5),
            say("{bare} {inpart}", lambda v: v["inpart"].merged(TimePhrase(clock=v["bare"])), 0.5),
            say("{bare} {daypart}", lambda v: v["daypart"].merged(TimePhrase(clock=v["bare"])), 0.5),
            say("the {place}", _on_date, 0.2),
            say("{part}", lambda v: TimePhrase(part=v["part"]), 0.0),
        ),
        "span": (
            say("[for] {day}", _the("day"), 6.0),
            say("[for] {daypart}", _the("daypart"), 2.0),
            say("[for] {reach}", _the("reach"), 3.0),
            say("{inpart}", _the("inpart"), 0.2),
            say("{past}", _the("past"), 0.1),
            say("[{day}] {at}", _merged, 0.3),
            say("[{day}] {range}", _merged, 0.3),
            say(
                "[from] {start=near} (to|till|until|through) {end=near}",
                lambda v: v["start"].merged(TimePhrase(last_day=v["end"].day)),
                0.2,
            ),
        ),
        "repeat": (
            say("(every|each) [single|other] {often}", _always("repeat"), 2.0),
            say("(daily|weekly|monthly|hourly|yearly)", _always("repeat"), 0.3),
        ),
        "often": (
            say(
                "(day|weekday|weekend|week|month|year|hour|{part}|{weekday}|{few} {units})", _always("often")
            ),
        ),
    }
