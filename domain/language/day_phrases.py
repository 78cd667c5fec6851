"""How people name days and the parts of a day."""

from functools import cache

from domain.language.grammar import Build, Production, Values, always, say, the
from domain.language.moments import DaysAway, InMonth, MonthEnd, OnDate, OnWeekday, Part, TimePhrase, Which


def _day(build: Build) -> Build:
    return lambda values: TimePhrase(day=build(values))


def _on_weekday(which: Which, weeks: int = 0) -> Build:
    return lambda values: TimePhrase(day=OnWeekday(values["weekday"], which, weeks))


def on_date(values: Values) -> TimePhrase:
    day = values.get("place", values.get("date"))
    return TimePhrase(day=OnDate(day, values.get("month"), values.get("year"), values.get("weekday")))


@cache
def day_rules() -> dict[str, tuple[Production, ...]]:
    """Days: near ones, days of the week, dates."""
    return {
        "year": (
            say("{years}", the("years"), 0.0),
            say("twenty {yy}", lambda v: 2000 + v["yy"], 1.0),
            say("two thousand [and] {yy}", lambda v: 2000 + v["yy"], 0.5),
        ),
        "near": (
            say("today", always(TimePhrase(day=DaysAway(0))), 2.0),
            say("tomorrow", always(TimePhrase(day=DaysAway(1))), 6.0),
            say("[the] day after tomorrow", always(TimePhrase(day=DaysAway(2))), 0.7),
            say("[on] {weekday}", _on_weekday("coming"), 6.0),
            say("[on] this [coming] {weekday}", _on_weekday("this"), 1.0),
            say("[on] the coming {weekday}", _on_weekday("coming"), 0.1),
            say("[on] next {weekday}", _on_weekday("next"), 2.0),
            say("by {weekday}", _on_weekday("coming"), 0.2),
            say("by tomorrow", always(TimePhrase(day=DaysAway(1))), 0.1),
        ),
        "past": (
            say("yesterday", always(TimePhrase(day=DaysAway(-1)))),
            say("last {weekday}", _on_weekday("last")),
        ),
        "far": (
            say("[on] {weekday} after next", _on_weekday("next", 1), 0.2),
            say("[on] {weekday} [of] next week", _on_weekday("next"), 0.6),
            say("next week [on] {weekday}", _on_weekday("next"), 0.6),
            say("a week (from|on) {weekday}", _on_weekday("coming", 1), 0.2),
            say("{weekday} week", _on_weekday("coming", 1), 0.0),
            say("a week (from|on) tomorrow", always(TimePhrase(day=DaysAway(8))), 0.1),
            say("a week from (today|now)", always(TimePhrase(day=DaysAway(7))), 0.2),
            say("on [{weekday}] the {place} [of {month} [{year}]]", on_date, 3.0),
            say("by [{weekday}] the {place} [of {month} [{year}]]", on_date, 0.1),
            say("{weekday} the {place} [of {month}]", on_date, 0.5),
            say("[on] [{weekday}] the {place} of {month} [{year}]", on_date, 0.5),
            say("[on] [{weekday}] {place} [of] {month} [{year}]", on_date, 0.2),
            say("[on] [{weekday}] {month} [the] {place} [{year}]", on_date, 2.0),
            say("[on] [{weekday}] {month} {date} [{year}]", on_date, 1.0),
            say("[on] [{weekday}] {date} {month} [{year}]", on_date, 0.0),
            say("by {month} [the] ({place}|{date}) [{year}]", on_date, 0.0),
            say("[on|by] {iso}", _day(the("iso")), 0.0),
            say("[on|by] {slashed}", _day(the("slashed")), 0.0),
            say("[on] the {place} of (the|this) month", on_date, 0.3),
            say(
                "[on] the {place} of next month",
                lambda v: TimePhrase(day=InMonth(v["place"], 1)),
                0.3,
            ),
            say("[at|on|by] [the] end of (the|this) month", _day(always(MonthEnd(0))), 0.2),
            say("[at|on|by] [the] end of next month", _day(always(MonthEnd(1))), 0.1),
            say("[on] the last day of (the|this) month", _day(always(MonthEnd(0))), 0.2),
            say("[on] the last day of next month", _day(always(MonthEnd(1))), 0.1),
        ),
        "day": (say("{near}", the("near"), 4.0), say("{far}", the("far"), 1.0)),
        "inpart": (
            say("(in|during) the {part}", lambda v: TimePhrase(part=v["part"]), 2.0),
            say("at night", always(TimePhrase(part=Part.NIGHT)), 0.5),
        ),
        "night": (say("night", always(Part.NIGHT)),),
        "daypart": (
            say("tonight", always(TimePhrase(day=DaysAway(0), part=Part.NIGHT)), 3.0),
            say("this {part}", lambda v: TimePhrase(day=DaysAway(0), part=v["part"]), 2.0),
            say(
                "{day} ([in the] {part}|at {part=night})",
                lambda v: v["day"].merged(TimePhrase(part=v["part"])),
                4.0,
            ),
            say("first thing {day} [morning]", lambda v: v["day"].merged(TimePhrase(part=Part.MORNING)), 0.1),
            say("first thing in the morning", always(TimePhrase(part=Part.MORNING)), 0.2),
        ),
    }
