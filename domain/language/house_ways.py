"""How people move a talk to another room, and ask for somebody else to talk with."""

from domain.language.grammar import Values
from domain.language.intents import ContinueAt, TalkTo
from domain.language.times import Almanac
from domain.language.ways import Ways, way


def _place(values: Values, _: Almanac) -> ContinueAt:
    return ContinueAt(place=_bare(values["thing"]))


def _name(values: Values, _: Almanac) -> TalkTo:
    return TalkTo(name=_bare(values["thing"]))


def _bare(text: str) -> str:
    """A name without its article."""
    words = text.split()
    return " ".join(words[1:] if len(words) > 1 and words[0].lower() in {"the", "my", "our"} else words)


def elsewhere_ways() -> Ways:
    """The ways to go on elsewhere."""
    return (
        way("(continue|go on|carry on) [this] (in|on|at) {thing}", _place, 2.0),
        way("(move|bring|take) (this|our conversation) (to|over to|into) {thing}", _place, 0.5),
    )


def company_ways() -> Ways:
    """The ways to ask for somebody else."""
    return (
        way("(switch|change) [over] to {thing}", _name, 1.0),
        way("let me (talk|speak) (to|with) {thing}", _name, 0.5),
        way("(i want|i'd like) to (talk|speak) (to|with) {thing}", _name, 0.3),
    )
