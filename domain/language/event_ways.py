"""How people put things into the calendar."""

from domain.language.grammar import Values
from domain.language.intents import CreateEvent
from domain.language.moments import TimePhrase
from domain.language.repeating import repeated_event
from domain.language.times import Almanac
from domain.language.titles import event_parts, with_usual_part
from domain.language.ways import Ways, way


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
