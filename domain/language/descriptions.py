"""Every intent, described once: how it is said, what it becomes, and how help speaks of it.

The parser, the sentences for the recogniser's language model and the help text are all made from this table.
"""

from collections.abc import Callable
from functools import cache
from typing import Final, Protocol

from attrs import frozen

from domain.language.grammar import Grammar, Production, Terminal, Values, say
from domain.language.intents import (
    AskAgenda,
    AskDate,
    AskHelp,
    AskName,
    AskNext,
    AskReminders,
    AskTime,
    AskWellbeing,
    CancelReminder,
    CompleteReminder,
    CreateEvent,
    CreateReminder,
    Dismiss,
    Greet,
    RepeatReminder,
    TakeLeave,
    Thank,
    Wish,
)
from domain.language.moments import Part, Period, TimePhrase, When
from domain.language.terminals import FreeText
from domain.language.time_grammar import time_rules, time_terminals
from domain.language.titles import event_parts, tidy_title

TASK: Final = "task"
THING: Final = "thing"
OCCASION: Final = "occasion"
ANYONE: Final = "anyone"


def _spoken_by(way: str, weight: float = 1.0) -> Production:
    return say(way, lambda _: True, weight)


LEADS: Final = (
    _spoken_by("please", 3.0),
    _spoken_by("(can|could|would|will) you [please]", 3.0),
    _spoken_by("(hey|okay|hello|hi) mira [can you|please]", 3.0),
    _spoken_by("mira", 1.0),
    _spoken_by("(hey|okay|hi|hello) {anyone}", 0.2),
    _spoken_by("i (want|need|would like) you to", 0.3),
    _spoken_by("i'd like you to", 0.3),
    _spoken_by("i (want|need|would like) to", 0.3),
    _spoken_by("i'd like to", 0.3),
    _spoken_by("(can|could) (i|we)", 0.2),
    _spoken_by("let's", 0.2),
    _spoken_by("(can|could) you tell me", 0.2),
    _spoken_by("tell me", 0.4),
)
TAILS: Final = (
    _spoken_by("please", 3.0),
    _spoken_by("(thanks|thank you)", 0.7),
    _spoken_by("mira", 0.3),
    _spoken_by("(for me|will you|would you)", 0.2),
)
FILLERS: Final = (
    _spoken_by("(um|uh|er|erm|hm|hmm|well|so|and|then|also|yeah|yes|yep|oh|ah|now|actually|just|right)", 0.0),
    _spoken_by("(the|a)", 0.0),
)


class Calendar(Protocol):
    """Turns time phrases into times, as of now and here."""

    def when(self, phrase: TimePhrase, *, early: bool = False) -> When:
        """When something is to happen; early prefers the morning."""
        ...

    def period(self, phrase: TimePhrase) -> Period | None:
        """Which stretch of time is asked about; None when there is no such day."""
        ...


Interpret = Callable[[Values, Calendar], Wish | None]


@frozen(kw_only=True)
class Description:
    """An intent: the phrases it is said with, what they become, and an example for help."""

    name: str
    does: str
    example: str
    ways: tuple[tuple[Production, Interpret], ...]
    share: float


def _way(phrase: str, interpret: Interpret, weight: float = 1.0) -> tuple[Production, Interpret]:
    return say(phrase, dict, weight), interpret


# -- reminders --


def _both(values: Values) -> TimePhrase | None:
    """The times that were said, as one: "remind me tomorrow to call Anna at noon"."""
    first, second = values.get("when"), values.get("also")
    return first.merged(second) if first is not None and second is not None else first or second


def _reminder(values: Values, calendar: Calendar) -> CreateReminder | None:
    if "also" in values and _both(values) is None:
        return None
    phrase = _both(values)
    title = values.get("title")
    return CreateReminder(
        title=None if title is None else tidy_title(title),
        when=None if phrase is None else calendar.when(phrase),
    )


def _fixed(title: str, early: bool) -> Interpret:
    """A reminder whose title lies in the way it is asked for, such as an alarm."""

    def interpret(values: Values, calendar: Calendar) -> CreateReminder:
        phrase = values.get("when")
        if "length" in values:
            phrase = TimePhrase(offset=values["length"])
        return CreateReminder(
            title=title, when=None if phrase is None else calendar.when(phrase, early=early)
        )

    return interpret


def _repeated(values: Values, _: Calendar) -> RepeatReminder:
    title = values.get("title")
    return RepeatReminder(title=None if title is None else tidy_title(title))


def _reminder_ways() -> tuple[tuple[Production, Interpret], ...]:
    ask = "(set|create|make|add|give me|i need) (a|another|the|one) [new] reminder"
    forget = "(don't let me forget|make sure i remember|help me remember|i (need|have|want) to remember)"
    ways = {
        "remind me to {title=task} {when}": 12.0,
        "remind me {when} to {title=task}": 5.0,
        "{when} remind me to {title=task}": 0.5,
        "remind me to {title=task}": 1.5,
        "remind me {when} to {title=task} {also=when}": 0.2,
        "remind me (about|of) {title=thing} {when}": 2.0,
        "remind me {when} (about|of) {title=thing}": 0.7,
        "remind me (about|of) {title=thing}": 0.3,
        "remind me [{when}] that {title=thing}": 0.0,
        "remind me that {title=thing} {when}": 0.0,
        "remind me {title=task} {when}": 0.0,
        "remind me {when} {title=task}": 0.0,
        "remind me {when}": 1.0,
        "remind me": 0.1,
        f"{ask} to {{title=task}} [for] {{when}}": 1.5,
        f"{ask} to {{title=task}}": 0.3,
        f"{ask} [for] {{when=time}} to {{title=task}}": 1.5,
        f"{ask} [for] {{when=time}} (about|for) {{title=thing}}": 0.2,
        f"{ask} (about|for|of) {{title=thing}} [for] {{when}}": 0.6,
        f"{ask} (about|for|of) {{title=thing}}": 0.2,
        f"{ask} (called|named|saying|that says) {{title=thing}} [for] {{when}}": 0.1,
        f"{ask} [for] {{when=time}}": 1.0,
        f"{ask}": 0.1,
        f"{forget} to {{title=task}} {{when}}": 1.0,
        f"{forget} {{when}} to {{title=task}}": 0.1,
        f"{forget} to {{title=task}}": 0.2,
        f"{forget} {{title=thing}} {{when}}": 0.1,
        f"{forget} {{title=thing}}": 0.1,
    }
    repeated = {
        "remind me to {title=task} {repeat} [{at}|{inpart}]": 0.0,
        "remind me to {title=task} {at} {repeat}": 0.0,
        "remind me {repeat} [{at}|{inpart}] to {title=task}": 0.0,
        "remind me {at} {repeat} to {title=task}": 0.0,
        f"{ask} [for] {{repeat}} [{{at}}] [to {{title=task}}]": 0.0,
        f"{ask} to {{title=task}} {{repeat}} [{{at}}|{{inpart}}]": 0.0,
    }
    alarms = {
        "(set|start|make) (a|an|the|another) alarm [for] {when=time}": ("alarm", True, 0.3),
        "wake me [up] {when}": ("wake up", True, 0.3),
        "(set|start|make) (a|the|another) timer for {length=amount}": ("timer", False, 0.4),
        "(set|start|make) (a|the|another) {length=adjective} timer": ("timer", False, 0.3),
    }
    return (
        *(_way(phrase, _reminder, weight) for phrase, weight in ways.items()),
        *(_way(phrase, _repeated, weight) for phrase, weight in repeated.items()),
        *(_way(phrase, _fixed(title, early), weight) for phrase, (title, early, weight) in alarms.items()),
    )


# -- calendar events --


def _event(values: Values, calendar: Calendar) -> CreateEvent:
    phrase = values.get("when")
    parts = event_parts(values["title"]) if "title" in values else None
    return CreateEvent(
        title=parts.title if parts else None,
        when=None if phrase is None else calendar.when(phrase),
        attendees=parts.attendees if parts else (),
        location=parts.location if parts else None,
    )


def _gathering(values: Values, calendar: Calendar) -> CreateEvent | None:
    """An event whose words alone show that it is one: "make dinner" is none, "make an appointment" is."""
    event = _event(values, calendar)
    words = frozenset((event.title or "").casefold().split())
    return event if words & {"meeting", "appointment", "call", "date", "party", "event", "visit"} else None


def _event_ways() -> tuple[tuple[Production, Interpret], ...]:
    book = "(schedule|book|plan|arrange)"
    put = "(put|add|enter)"
    on = "(on|to|in|into) [my|the|our] (calendar|agenda|schedule)"
    make = "(create|add|make|schedule|set up) (a|an|another) [new] [calendar] (event|entry)"
    ways = {
        f"{book} {{title=occasion}} [for] {{when=spell}}": 8.0,
        f"{book} {{title=occasion}}": 0.5,
        f"{book} {{title=occasion}} [for] {{when=spell}} {on}": 0.2,
        f"{book} {{when=spell}} {{title=occasion}}": 0.0,
        f"{put} {{title=occasion}} {on} [for] {{when=spell}}": 5.0,
        f"{put} {{title=occasion}} [for] {{when=spell}} {on}": 2.0,
        f"{put} {on} {{title=occasion}} {{when=spell}}": 0.1,
        f"{put} {{title=occasion}} {on}": 0.5,
        f"{make} (called|named|for|about) {{title=occasion}} [for] {{when=spell}}": 0.6,
        f"{make} [for] {{when=spell}} (called|named) {{title=occasion}}": 0.2,
        f"{make} (called|named|for|about) {{title=occasion}}": 0.1,
        f"{make} [for] {{when=spell}}": 0.3,
        f"{make}": 0.1,
    }
    gatherings = {
        "(create|make|set up|add|organize|organise) {title=occasion} [for] {when=spell}": 0.0,
        "(create|make|set up|add|organize|organise) {title=occasion}": 0.0,
    }
    return (
        *(_way(phrase, _event, weight) for phrase, weight in ways.items()),
        *(_way(phrase, _gathering, weight) for phrase, weight in gatherings.items()),
    )


# -- questions --


def _asked(values: Values, calendar: Calendar) -> Period | None:
    phrase = values.get("span")
    return None if phrase is None else calendar.period(phrase)


def _agenda(values: Values, calendar: Calendar) -> AskAgenda | None:
    period = _asked(values, calendar)
    return None if "span" in values and period is None else AskAgenda(period=period)


def _free(values: Values, calendar: Calendar) -> AskAgenda | None:
    period = _asked(values, calendar)
    return None if "span" in values and period is None else AskAgenda(period=period, free=True)


def _reminders(values: Values, calendar: Calendar) -> AskReminders | None:
    period = _asked(values, calendar)
    return None if "span" in values and period is None else AskReminders(period=period)


def _date(values: Values, calendar: Calendar) -> AskDate | None:
    period = _asked(values, calendar)
    return None if "span" in values and period is None else AskDate(period=period)


def _agenda_ways() -> tuple[tuple[Production, Interpret], ...]:
    agenda = "(my|the|our) (calendar|agenda|schedule)"
    busy = "[planned|scheduled|going on|coming up|to do|on|on my calendar|in my calendar]"
    ways = {
        f"(what's|what is) [there] (on|in) {agenda} [{{span}}]": 8.0,
        f"(what's|what is) {agenda} [look] [like] [{{span}}]": 0.3,
        f"(what do|do) (i|we) have {busy} {{span}}": 6.0,
        f"what do (i|we) have {busy}": 0.3,
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
    free = {"am i (free|busy|available) [{span}]": 1.0, "are we (free|busy) [{span}]": 0.2}
    following = (
        "(what's|what is) next [on (my|the) calendar]",
        "(what's|what is|when's|when is) my next (appointment|meeting|event)",
        "what do i have next",
        "(what's|what is) coming up next",
    )
    return (
        *(_way(phrase, _agenda, weight) for phrase, weight in ways.items()),
        *(_way(phrase, _free, weight) for phrase, weight in free.items()),
        *(_way(phrase, lambda _, __: AskNext(), 0.4) for phrase in following),
    )


def _reminder_question_ways() -> tuple[tuple[Production, Interpret], ...]:
    ways = {
        "what (are|is) (my|the|our) [pending|open|next] (reminders|reminder) [{span}]": 3.0,
        "(what|which|how many) reminders (do (i|we) have|are there|are pending) [{span}]": 2.0,
        "(do (i|we) have|are there|have i got) [any] reminders [set|pending|left] [{span}]": 3.0,
        "(show|read|tell|give|list) [me] [all] [of] (my|the|our) reminders [{span}]": 2.0,
        "(what|is there anything|what else) (do i have to|should i|must i) (remember|do) [{span}]": 0.3,
        "what did (i|you) (ask you to remind|have to remind) me [of|about]": 0.0,
        "my reminders [{span}]": 0.2,
    }
    return tuple(_way(phrase, _reminders, weight) for phrase, weight in ways.items())


def _titled(make: type[CompleteReminder] | type[CancelReminder]) -> Interpret:
    def interpret(values: Values, _: Calendar) -> CompleteReminder | CancelReminder:
        title = values.get("title")
        return make(title=None if title is None else tidy_title(title))

    return interpret


def _complete_ways() -> tuple[tuple[Production, Interpret], ...]:
    ways = {
        "(mark|set) [the|my] [reminder] [to|about|for] {title=task} as (done|completed|complete|finished)": 2.0,
        "(mark|set) the {title=thing} reminder as (done|completed|complete|finished)": 1.0,
        "(complete|finish|check off|tick off) [the|my] reminder (to|about|for|of) {title=task}": 1.0,
        "(complete|finish|check off|tick off) [the|my] {title=thing} reminder": 1.0,
        "(check off|tick off) {title=task}": 0.5,
        "(i'm|i am) done with {title=thing}": 0.2,
        "the reminder (to|about|for|of) {title=task} is (done|completed|finished)": 0.3,
        "(complete|finish|check off|tick off) (a|the|my|that|this) reminder": 0.1,
        "mark (a|the|my|that|this) reminder as (done|completed)": 0.1,
    }
    return tuple(_way(phrase, _titled(CompleteReminder), weight) for phrase, weight in ways.items())


def _cancel_ways() -> tuple[tuple[Production, Interpret], ...]:
    drop = "(cancel|delete|remove|drop|erase|clear)"
    ways = {
        f"{drop} [the|my] reminder (to|about|for|of) {{title=task}}": 4.0,
        f"{drop} [the|my] {{title=thing}} reminder": 2.0,
        "(don't|do not) remind me (to|about|of) {title=task} [anymore|any more]": 0.5,
        "forget [about] the reminder (to|about|for|of) {title=task}": 0.5,
        "stop reminding me (to|about|of) {title=task}": 0.2,
        f"{drop} (a|the|my|that|this) reminder": 0.3,
    }
    return tuple(_way(phrase, _titled(CancelReminder), weight) for phrase, weight in ways.items())


# -- small talk --


def _ways(intent: Wish, phrases: str) -> tuple[tuple[Production, Interpret], ...]:
    """The ways of an intent that takes nothing from the words."""
    return tuple(
        _way(phrase.strip(), lambda _, __: intent) for phrase in phrases.split("/") if phrase.strip()
    )


def _greeting(values: Values, _: Calendar) -> Greet:
    return Greet(part=values.get("part"))


@cache
def descriptions() -> tuple[Description, ...]:
    """All intents, in the order in which help speaks of them; share is how often people say one."""
    return (
        Description(
            name="create_reminder",
            does="remind you of things",
            example="remind me to water the plants tomorrow at 3 PM",
            ways=_reminder_ways(),
            share=40,
        ),
        Description(
            name="create_event",
            does="put events into the calendar",
            example="schedule a meeting with Anna on Tuesday at 10",
            ways=_event_ways(),
            share=22,
        ),
        Description(
            name="ask_agenda",
            does="tell you what is planned",
            example="what's on my calendar tomorrow",
            ways=_agenda_ways(),
            share=14,
        ),
        Description(
            name="ask_reminders",
            does="list your reminders",
            example="what are my reminders",
            ways=_reminder_question_ways(),
            share=7,
        ),
        Description(
            name="complete_reminder",
            does="tick reminders off",
            example="mark water the plants as done",
            ways=_complete_ways(),
            share=3,
        ),
        Description(
            name="cancel_reminder",
            does="cancel reminders",
            example="cancel the reminder to water the plants",
            ways=_cancel_ways(),
            share=4,
        ),
        Description(
            name="ask_time",
            does="tell the time",
            example="what time is it",
            ways=_ways(
                AskTime(),
                "what time is it [now|right now] / what's the time [now] / what is the time / "
                "(tell|give) me the time / (can you tell me|do you know) (what time it is|the time) / time",
            ),
            share=3,
        ),
        Description(
            name="ask_date",
            does="tell the date",
            example="what day is it",
            ways=(
                *_ways(
                    AskDate(),
                    "what day is it [today|now] / what day is today / what's the date [today] / what is the "
                    "date [today] / what's today's date / what is today's date / what date is it [today] / "
                    "(tell|give) me the date / which day is it [today]",
                ),
                _way("(what|which) (day|date) is {span=day}", _date, 0.5),
                _way("what's the date {span=day}", _date, 0.2),
            ),
            share=2,
        ),
        Description(
            name="ask_help",
            does="say what I can do",
            example="what can you do",
            ways=_ways(
                AskHelp(),
                "what can you do [for me] / what can i (say|ask|ask you) / help [me] / how does this work / "
                "what do you do / how can you help [me] / what are you able to do / how do i use (you|this)",
            ),
            share=1,
        ),
        Description(
            name="small_talk",
            does="",
            example="hello",
            ways=(
                _way("(hello|hi|hey|good day|greetings) [there|again|{anyone}]", _greeting, 2.0),
                _way("good {part} [{anyone}]", _evening_or_leave, 1.0),
                *_ways(AskWellbeing(), "how are you [doing] [today] / how do you do / how's it going"),
                *_ways(AskName(), "who are you / what's your name / what is your name / what are you"),
                *_ways(
                    Thank(),
                    "thanks [a lot|very much|so much|{anyone}] / thank you [very much|so much|{anyone}] / "
                    "(great|perfect|good|okay) [thanks|thank you]",
                ),
                *_ways(
                    TakeLeave(),
                    "(goodbye|bye|bye bye|good bye|see you) [later|soon|tomorrow|{anyone}] / that's all / "
                    "that is all [for now]",
                ),
                *_ways(
                    Dismiss(),
                    "never mind / forget (it|that|about it) / cancel [that|it] / stop / "
                    "no thanks / no thank you / nothing / no",
                ),
            ),
            share=4,
        ),
    )


def _evening_or_leave(values: Values, _: Calendar) -> Greet | TakeLeave:
    return TakeLeave(night=True) if values["part"] is Part.NIGHT else Greet(part=values["part"])


@cache
def language() -> Grammar:
    """The whole grammar: times, and the free words that only a sampler fills."""
    free: dict[str, Terminal] = {name: FreeText() for name in (TASK, THING, OCCASION)}
    rules = {**time_rules(), "lead": LEADS, "tail": TAILS, "filler": FILLERS}
    return Grammar(rules, {**time_terminals(), **free, ANYONE: FreeText(longest=1)})
