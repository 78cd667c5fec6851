"""How people ask to be reminded, and how they tick off and cancel."""

from domain.language.grammar import Values
from domain.language.intents import CancelReminder, CompleteReminder, CreateReminder
from domain.language.moments import TimePhrase
from domain.language.repeating import repeated_reminder
from domain.language.times import Almanac
from domain.language.titles import tidy_title, with_usual_part
from domain.language.ways import Interpret, Ways, way


def _both(values: Values) -> TimePhrase | None:
    """The times that were said, as one: "remind me tomorrow to call Anna at noon"."""
    first, second = values.get("when"), values.get("also")
    return first.merged(second) if first is not None and second is not None else first or second


def _reminder(values: Values, almanac: Almanac) -> CreateReminder | None:
    if "also" in values and _both(values) is None:
        return None
    title = values.get("title")
    phrase = with_usual_part(title or "", _both(values))
    return CreateReminder(
        title=None if title is None else tidy_title(title),
        when=None if phrase is None else almanac.when(phrase),
    )


def _fixed(title: str, early: bool) -> Interpret:
    """A reminder whose title lies in the way it is asked for, such as an alarm."""

    def interpret(values: Values, almanac: Almanac) -> CreateReminder:
        phrase = values.get("when")
        if "length" in values:
            phrase = TimePhrase(offset=values["length"])
        return CreateReminder(title=title, when=None if phrase is None else almanac.when(phrase, early=early))

    return interpret


def reminder_ways() -> Ways:
    ask = "(set|set up|create|make|add|give me|i need|put in) (a|another|the|one) [new] reminder [for me]"
    forget = (
        "(don't let me forget|make sure i remember|make sure i don't forget|help me remember|"
        "i (need|have|want) to remember|i (need|want) to be reminded|i (mustn't|must not|can't) forget)"
    )
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
    again = {
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
        *(way(phrase, _reminder, weight) for phrase, weight in ways.items()),
        *(way(phrase, repeated_reminder, weight) for phrase, weight in again.items()),
        *(way(phrase, _fixed(title, early), weight) for phrase, (title, early, weight) in alarms.items()),
    )


def _titled(make: type[CompleteReminder] | type[CancelReminder]) -> Interpret:
    def interpret(values: Values, _: Almanac) -> CompleteReminder | CancelReminder:
        title = values.get("title")
        return make(title=None if title is None else tidy_title(title))

    return interpret


def complete_ways() -> Ways:
    ways = {
        "(mark|set) [the|my] [reminder] [to|about|for] {title=task} as (done|completed|finished)": 2.0,
        "(mark|set) the {title=thing} reminder as (done|completed|complete|finished)": 1.0,
        "(complete|finish|check off|tick off) [the|my] reminder to {title=task}": 1.0,
        "(complete|finish|check off|tick off) [the|my] reminder (about|for|of) {title=thing}": 0.5,
        "(complete|finish|check off|tick off) [the|my] {title=thing} reminder": 1.0,
        "(check off|tick off) {title=task}": 0.5,
        "i (did|finished|have done|have finished|already did) {title=thing}": 0.2,
        "i've [already] (done|finished) {title=thing}": 0.2,
        "(i'm|i am) done with {title=thing}": 0.2,
        "the reminder to {title=task} is (done|completed|finished)": 0.3,
        "the reminder (about|for|of) {title=thing} is (done|completed|finished)": 0.2,
        "(complete|finish|check off|tick off) (a|the|my|that|this) reminder": 0.1,
        "mark (a|the|my|that|this) reminder as (done|completed)": 0.1,
    }
    return tuple(way(phrase, _titled(CompleteReminder), weight) for phrase, weight in ways.items())


def cancel_ways() -> Ways:
    drop = "(cancel|delete|remove|drop|erase|clear)"
    ways = {
        f"{drop} [the|my] reminder to {{title=task}}": 4.0,
        f"{drop} [the|my] reminder (about|for|of) {{title=thing}}": 2.0,
        f"{drop} [the|my] {{title=thing}} reminder": 2.0,
        "(don't|do not) remind me to {title=task} [anymore|any more]": 0.4,
        "(don't|do not) remind me (about|of) {title=thing} [anymore|any more]": 0.2,
        "forget [about] the reminder to {title=task}": 0.4,
        "forget [about] the reminder (about|for|of) {title=thing}": 0.1,
        "stop reminding me (to|about|of) {title=task}": 0.1,
        f"{drop} (a|the|my|that|this) reminder": 0.3,
    }
    return tuple(way(phrase, _titled(CancelReminder), weight) for phrase, weight in ways.items())
