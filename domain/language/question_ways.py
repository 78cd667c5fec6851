"""How people ask about their calendar, their reminders, the time and the date."""

from domain.language.grammar import Values
from domain.language.intents import AskAgenda, AskDate, AskReminders, AskWhen, Plain
from domain.language.moments import Period, Reach, TimePhrase
from domain.language.periods import asked_about
from domain.language.times import Almanac
from domain.language.titles import tidy_title
from domain.language.ways import Ways, plain_ways, way


def _asked(values: Values, almanac: Almanac) -> Period | None:
    phrase = values.get("span")
    return None if phrase is None else asked_about(almanac, phrase)


def _agenda(values: Values, almanac: Almanac) -> AskAgenda | None:
    period = _asked(values, almanac)
    return None if "span" in values and period is None else AskAgenda(period=period)


def _this_week(_: Values, almanac: Almanac) -> AskAgenda:
    return AskAgenda(period=asked_about(almanac, TimePhrase(reach=Reach("week", 0))))


def _free(values: Values, almanac: Almanac) -> AskAgenda | None:
    period = _asked(values, almanac)
    return None if "span" in values and period is None else AskAgenda(period=period, free=True)


def _reminders(values: Values, almanac: Almanac) -> AskReminders | None:
    period = _asked(values, almanac)
    return None if "span" in values and period is None else AskReminders(period=period)


def _dated(values: Values, _: Almanac) -> AskWhen:
    return AskWhen(title=tidy_title(values["title"]))


def _date(values: Values, almanac: Almanac) -> AskDate | None:
    period = _asked(values, almanac)
    return None if "span" in values and period is None else AskDate(period=period)


def agenda_ways() -> Ways:
    agenda = "(my|the|our) (calendar|agenda|schedule)"
    busy = "[planned|scheduled|going on|coming up|to do|on|on my calendar|in my calendar]"
    ways = {
        f"(what's|what is) [there] (on|in) {agenda} [{{span}}]": 8.0,
        f"[is there] (anything|something) (on|in) {agenda} [{{span}}]": 0.5,
        "what have (i|we) got [on|planned|to do] [{span}]": 1.0,
        "what do (i|we) have to do [{span}]": 0.5,
        "(what does|how does) my day look [like] [{span}]": 0.5,
        "(what's|what is) (on|up|in store|the plan) for {span}": 0.5,
        "(tell|show|read) me (my|the|our) (plans|appointments|meetings|events) [{span}]": 0.5,
        "(show|list|read) (my|the|our) (plans|appointments|meetings|events) [{span}]": 0.5,
        "(anything|something) (planned|scheduled) [{span}]": 0.1,
        f"(what's|what is) {agenda} [look] [like] [{{span}}]": 0.3,
        f"(what do|do) (i|we) have {busy} {{span}}": 6.0,
        f"what do (i|we) have {busy}": 0.3,
        f"what did (i|we) have {busy} {{span}}": 0.0,
        f"(do (i|we) have|have (i|we) got|have i|is there|are there) (anything|something|any plans|plans|any "
        f"appointments|appointments|any meetings|meetings|a meeting|any events) {busy} [{{span}}]": 3.0,
        "(what's|what is) (happening|planned|going on|scheduled|on|coming up|the plan) [{span}]": 1.0,
        f"(show|read|tell|give) me {agenda} [{{span}}]": 1.0,
        f"(show|read|check|open) {agenda} [{{span}}]": 1.0,
        f"what (does|is) {agenda} (look like|say) [{{span}}]": 0.3,
        f"how does {agenda} look [{{span}}]": 0.2,
        "what (are|is) (my|our|the) (plans|appointments|meetings|events) [{span}]": 1.0,
        "(what|which|how many) (appointments|meetings|events|plans) do (i|we) have [{span}]": 1.0,
    }
    free = {
        "am i (free|busy|available) [{span}]": 1.0,
        "are we (free|busy) [{span}]": 0.2,
        f"is {agenda} (free|clear|empty) [{{span}}]": 0.2,
    }
    following = (
        "(what's|what is) next [on (my|the) calendar]",
        "(what's|what is|when's|when is) my next (appointment|meeting|event)",
        "what do i have next",
        "(what's|what is) coming up next",
    )
    dated = {
        "(when is|when's|what time is|at what time is) (my|the|our) [next] {title=occasion}": 1.0,
        "when do (i|we) have [the|my] {title=occasion}": 0.3,
        "when do (i|we) (have|need) to {title=task}": 0.5,
        "when (should|must) (i|we) {title=task}": 0.2,
    }
    return (
        *(way(phrase, _dated, weight) for phrase, weight in dated.items()),
        *(way(phrase, _agenda, weight) for phrase, weight in ways.items()),
        way("(what does|how does|how is) my week (look|looking) [like]", _this_week, 0.2),
        *(way(phrase, _free, weight) for phrase, weight in free.items()),
        *(way(phrase, lambda _, __: Plain.ASK_NEXT, 0.4) for phrase in following),
    )


def reminder_question_ways() -> Ways:
    ways = {
        "what (are|is) (my|the|our) [pending|open|next] (reminders|reminder) [{span}]": 3.0,
        "(what|which|how many) reminders (do (i|we) have|are there|are pending) [{span}]": 2.0,
        "(do (i|we) have|are there|have i got) [any] reminders [set|pending|left] [{span}]": 3.0,
        "(show|read|tell|give|list) [me] [all|all of] (my|the|our) reminders [{span}]": 2.0,
        "(show|read|tell|give|list) [me] all reminders [{span}]": 0.2,
        "(what's|what is|what) [is] on my (reminder list|reminders|to do list|list) [{span}]": 0.3,
        "(what|is there anything|what else) (do i have to|should i|must i) (remember|do) [{span}]": 0.3,
        "what did (i|you) (ask you to remind|have to remind) me [of|about]": 0.0,
        "my reminders [{span}]": 0.2,
    }
    return tuple(way(phrase, _reminders, weight) for phrase, weight in ways.items())


def time_ways() -> Ways:
    """The ways to ask what time it is."""
    return plain_ways(
        Plain.ASK_TIME,
        "what time is it [now|right now] / what's the time [now] / what is the time / time / "
        "do you have the time / (tell|give) me the time / "
        "(can you tell me|do you know) (what time it is|the time)",
    )


def date_ways() -> Ways:
    """The ways to ask what day it is, or what day another one is."""
    return (
        *plain_ways(
            AskDate(),
            "what day is it [today|now] / what day is today / what's the date [today] / "
            "what is the date [today] / what's today's date / what is today's date / "
            "what date is it [today] / (tell|give) me the date / which day is it [today] / "
            "what's today / what's the day [today]",
        ),
        way("(what|which) (day|date) is {span=day}", _date, 0.5),
        way("(what|which) (day|date|weekday) is {span=time}", _date, 0.0),
        way("what's the date {span=day}", _date, 0.2),
    )
