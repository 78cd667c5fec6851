"""How people move a talk to another room, and ask for somebody else to talk with."""

from domain.language.grammar import Values
from domain.language.intents import Announce, Begin, ContinueAt, Plain, TalkTo
from domain.language.times import Almanac
from domain.language.titles import tidy_title
from domain.language.ways import Ways, plain_ways, way


def _place(values: Values, _: Almanac) -> ContinueAt:
    return ContinueAt(place=_bare(values["thing"]))


def _name(values: Values, _: Almanac) -> TalkTo:
    return TalkTo(name=_bare(values["thing"]))


def _bare(text: str) -> str:
    """A name without its article."""
    words = text.split()
    return " ".join(words[1:] if len(words) > 1 and words[0].lower() in {"the", "my", "our"} else words)


def _announcement(values: Values, _: Almanac) -> Announce:
    return Announce(text=tidy_title(values["thing"]))


def _quiz(values: Values, _: Almanac) -> Begin:
    return Begin(activity="trivia")


def _story(values: Values, _: Almanac) -> Begin:
    return Begin(activity="story", theme=_bare(values["thing"]) if "thing" in values else None)


def announcing_ways() -> Ways:
    """The ways to let everybody hear something."""
    everybody = "(everyone|everybody|the whole house|the others|all of them)"
    return (
        way(f"(tell|let) {everybody} [know] [that] {{thing}}", _announcement, 1.0),
        way(f"announce [to {everybody}] [that] {{thing}}", _announcement, 0.5),
    )


def together_ways() -> Ways:
    """The ways to begin something together."""
    return (
        way(
            "(play|start|begin|do) [a game of] (trivia|a quiz|the quiz|a trivia quiz|a quiz game)", _quiz, 1.0
        ),
        way("[tell us|read us|read me|start|begin] a [bedtime] story", _story, 1.0),
        way("[tell us|read us|read me|start|begin] a [bedtime] story about {thing}", _story, 0.5),
    )


def stopping_ways() -> Ways:
    """The ways to stop what was begun together."""
    return plain_ways(
        Plain.STOP_ACTIVITY, "(stop|end|quit|finish) (the|this|our) (game|quiz|trivia|story|music|playback)"
    )


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
