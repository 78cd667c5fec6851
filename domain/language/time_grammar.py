"""How people say times: whole phrases, read by the parser and spoken by the sampler."""

from functools import cache

from domain.language.clock_phrases import clock_rules
from domain.language.day_phrases import day_rules, on_date
from domain.language.grammar import Production, Values, always, say, the
from domain.language.length_phrases import length_rules
from domain.language.moments import NamedMonth, Part, Reach, Repetition, TimePhrase
from domain.language.time_words import WEEKDAYS
from domain.recurrence import WEEKDAYS as RULE_DAYS


def _merged(values: Values) -> TimePhrase | None:
    """All the pieces that were said, as one phrase."""
    whole: TimePhrase | None = TimePhrase()
    for piece in values.values():
        whole = whole.merged(piece) if whole is not None else None
    return whole


def _repetitions() -> dict[str, tuple[Production, ...]]:
    """How people say that something comes again and again."""
    often = {
        "day": "FREQ=DAILY",
        "weekday": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "weekend": "FREQ=WEEKLY;BYDAY=SA,SU",
        "week": "FREQ=WEEKLY",
        "month": "FREQ=MONTHLY",
        "year": "FREQ=YEARLY",
        "hour": "FREQ=HOURLY",
    }
    adverbs = {"daily": "day", "weekly": "week", "monthly": "month", "hourly": "hour", "yearly": "year"}
    known = {word: Repetition(words=word, rule=rule) for word, rule in often.items()}
    return {
        "repeat": (
            say("(every|each) [single] {often}", the("often"), 1.4),
            say("(every|each) other {often}", lambda v: v["often"].alternating, 0.6),
            *(say(word, always(known[unit]), 0.06) for word, unit in adverbs.items()),
        ),
        "often": (
            *(say(word, always(value)) for word, value in known.items()),
            say("{part}", _in_each_part),
            say("{weekday}", _on_each),
            say("{few} {units}", _in_every_few),
        ),
    }


def _in_each_part(values: Values) -> Repetition:
    part: Part = values["part"]
    return Repetition(words=part.value, rule="FREQ=DAILY", part=part)


def _on_each(values: Values) -> Repetition:
    day: int = values["weekday"]
    return Repetition(words=WEEKDAYS[day].capitalize(), rule=f"FREQ=WEEKLY;BYDAY={RULE_DAYS[day]}")


def _in_every_few(values: Values) -> Repetition:
    """Hours run by a rule; minutes and seconds are too often for one."""
    hours, rest = divmod(values["units"].seconds * values["few"], 3600)
    rule = f"FREQ=HOURLY;INTERVAL={hours}" if hours and not rest else None
    return Repetition(words=f"{hours} hours" if rule else "few minutes", rule=rule)


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
        "{ahead}": 0.6,
        "{ahead} {at}": 0.6,
        "{at} {ahead}": 0.1,
        "{ahead} {inpart}": 0.1,
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
            say("[on] (this|the|on the) weekend", always(TimePhrase(reach=Reach("weekend", 0))), 2.0),
            say("[on] next weekend", always(TimePhrase(reach=Reach("weekend", 1))), 1.0),
            say("this week", always(TimePhrase(reach=Reach("week", 0))), 3.0),
            say("next week", always(TimePhrase(reach=Reach("week", 1))), 3.0),
            say("this month", always(TimePhrase(reach=Reach("month", 0))), 1.0),
            say("next month", always(TimePhrase(reach=Reach("month", 1))), 1.0),
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
            say("{spell}", _merged, 0.0),
            say("{bare}", lambda v: TimePhrase(clock=v["bare"]), 1.0),
            say("{day} {bare}", lambda v: v["day"].merged(TimePhrase(clock=v["bare"])), 0.5),
            say("{bare} {day}", lambda v: v["day"].merged(TimePhrase(clock=v["bare"])), 0.5),
            say("{bare} {inpart}", lambda v: v["inpart"].merged(TimePhrase(clock=v["bare"])), 0.5),
            say("{bare} {daypart}", lambda v: v["daypart"].merged(TimePhrase(clock=v["bare"])), 0.5),
            say("the {place}", on_date, 0.2),
            say("{part}", lambda v: TimePhrase(part=v["part"]), 0.0),
        ),
        "span": (
            say("[for] {day}", the("day"), 6.0),
            say("[for] the {place}", on_date, 0.2),
            say("[for] {daypart}", the("daypart"), 2.0),
            say("[for] {reach}", the("reach"), 3.0),
            say("{inpart}", the("inpart"), 0.2),
            say("{past}", the("past"), 0.1),
            say("[{day}] {at}", _merged, 0.3),
            say("[{day}] {range}", _merged, 0.3),
            say(
                "[from] {start=near} (to|till|until|through) {end=near}",
                lambda v: v["start"].merged(TimePhrase(last_day=v["end"].day)),
                0.2,
            ),
        ),
        **_repetitions(),
    }
