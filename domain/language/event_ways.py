"""How people put things into the calendar."""

from typing import Final

from domain.language.grammar import Values
from domain.language.intents import CancelEvent, CreateEvent, Move
from domain.language.moments import TimePhrase
from domain.language.repeating import repeated_event
from domain.language.times import Almanac
from domain.language.titles import event_parts, with_usual_part
from domain.language.ways import Ways, way

NOT_ONE: Final = frozenset(
    {"that", "it", "this", "all", "everything", "reminder", "reminders", "alarm", "timer"}
)
"""Words that say that no event is meant, or not a single one."""


def _event(values: Values, almanac: Almanac) -> CreateEvent:
    parts = event_parts(values["title"]) if "title" in values else None
    phrase = with_usual_part(values.get("title", ""), values.get("when"))
    if phrase is not None and "length" in values:
        phrase = phrase.merged(TimePhrase(lasting=values["length"]))
    return CreateEvent(
        title=parts.title if parts else None,
        when=None if phrase is None else almanac.when(phrase),
        attendees=parts.attendees if parts else (),
        location=parts.location if parts else None,
    )


def _gathering(values: Values, almanac: Almanac) -> CreateEvent | None:
    """An event whose words alone show that it is one: "make dinner" is none, "make an appointment" is."""
    event = _event(values, almanac)
    words = frozenset((event.title or "").casefold().split())
    return event if words & {"meeting", "appointment", "call", "date", "party", "event", "visit"} else None


def _cancelled(values: Values, _: Almanac) -> CancelEvent | None:
    title = _thing(values["title"])
    return None if NOT_ONE & frozenset(title.casefold().split()) else CancelEvent(title=title)


def _moved(values: Values, almanac: Almanac) -> Move | None:
    title, phrase = _thing(values["title"]), with_usual_part(values["title"], values["when"])
    if phrase is None or NOT_ONE & frozenset(title.casefold().split()):
        return None
    return Move(title=title, when=almanac.when(phrase))


def _thing(text: str) -> str:
    """What something is called, without its article."""
    return event_parts(text).title


def cancel_event_ways() -> Ways:
    """The ways to take something out of the calendar."""
    drop = "(cancel|call off|delete|remove|drop)"
    on = "(from|in|on) [my|the|our] (calendar|agenda|schedule)"
    ways = {
        f"{drop} [the|my|our] {{title=occasion}}": 2.0,
        f"{drop} [the|my|our] {{title=occasion}} {on}": 0.5,
        "take [the|my|our] {title=occasion} (off|out of) [my|the|our] (calendar|agenda|schedule)": 0.2,
    }
    return tuple(way(phrase, _cancelled, weight) for phrase, weight in ways.items())


def move_ways() -> Ways:
    """The ways to have something at another time."""
    move = "(move|reschedule|postpone|shift|change|push|put off)"
    ways = {
        f"{move} [the|my|our] {{title=occasion}} to {{when=spell}}": 2.0,
        f"{move} [the|my] reminder (to|about|for|of) {{title=occasion}} to {{when=spell}}": 0.5,
    }
    return tuple(way(phrase, _moved, weight) for phrase, weight in ways.items())


def event_ways() -> Ways:
    book = "(schedule|book|plan|arrange)"
    put = "(put|add|enter)"
    on = "(on|to|in|into) [my|the|our] (calendar|agenda|schedule)"
    make = "(create|add|make|schedule|set up) (a|an|another) [new] [calendar] (event|entry)"
    ways = {
        f"{book} {{title=occasion}} [for] {{when=spell}}": 8.0,
        f"{book} (a|an) {{length=adjective}} {{title=occasion}} [for] {{when=spell}}": 0.3,
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
    repeated_ways = (
        f"({book[1:-1]}|create|make|add) {{title=occasion}} [for] {{repeat}} [{{range}}|{{at}}|{{inpart}}]",
        f"{put} {{title=occasion}} {on} [for] {{repeat}} [{{range}}|{{at}}|{{inpart}}]",
    )
    return (
        *(way(phrase, repeated_event, 0.0) for phrase in repeated_ways),
        *(way(phrase, _event, weight) for phrase, weight in ways.items()),
        *(way(phrase, _gathering, weight) for phrase, weight in gatherings.items()),
    )
