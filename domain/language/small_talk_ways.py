"""How people greet, thank, take leave and ask who is there."""

from domain.language.grammar import Values
from domain.language.intents import (
    AskHelp,
    AskName,
    AskWellbeing,
    Dismiss,
    Greet,
    TakeLeave,
    Thank,
)
from domain.language.moments import Part
from domain.language.times import Almanac
from domain.language.ways import Ways, plain_ways, way


def _greeting(values: Values, _: Almanac) -> Greet:
    return Greet(part=values.get("part"))


def _evening_or_leave(values: Values, _: Almanac) -> Greet | TakeLeave:
    """Good night is said on leaving, good morning on coming."""
    return TakeLeave(night=True) if values["part"] is Part.NIGHT else Greet(part=values["part"])


def help_ways() -> Ways:
    """The ways to ask for help."""
    return plain_ways(
        AskHelp(),
        "what can you do [for me] / what can i (say|ask|ask you) / help [me] / how does this work / "
        "what do you do / how can you help [me] / what are you able to do / how do i use (you|this)",
    )


def small_talk_ways() -> Ways:
    """The ways of small talk, and of taking back what was begun."""
    return (
        way("(hello|hi|hey|good day|greetings) [there|again|{anyone}]", _greeting, 2.0),
        way("good {part} [{anyone}]", _evening_or_leave, 1.0),
        *plain_ways(AskWellbeing(), "how are you [doing] [today] / how do you do / how's it going"),
        *plain_ways(AskName(), "who are you / what's your name / what is your name / what are you"),
        *plain_ways(
            Thank(),
            "thanks [a lot|very much|so much|{anyone}] / thank you [very much|so much|{anyone}] / "
            "(great|perfect|good|okay) [thanks|thank you]",
        ),
        *plain_ways(
            TakeLeave(),
            "(goodbye|bye|bye bye|good bye|see you) [later|soon|tomorrow|{anyone}] / that's all / "
            "that is all [for now]",
        ),
        *plain_ways(
            Dismiss(),
            "never mind / forget (it|that|about it) / cancel [that|it] / stop / no thanks / no thank you / "
            "nothing / no",
        ),
    )
