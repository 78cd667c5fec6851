"""How people greet, thank, take leave and ask who is there."""

from domain.language.grammar import Values
from domain.language.intents import Greet, Plain
from domain.language.moments import Part
from domain.language.times import Almanac
from domain.language.ways import Ways, plain_ways, way


def _greeting(values: Values, _: Almanac) -> Greet:
    return Greet(part=values.get("part"))


def _evening_or_leave(values: Values, _: Almanac) -> Greet | Plain:
    """Good night is said on leaving, good morning on coming."""
    return Plain.SAY_GOOD_NIGHT if values["part"] is Part.NIGHT else Greet(part=values["part"])


def help_ways() -> Ways:
    """The ways to ask for help."""
    return plain_ways(
        Plain.ASK_HELP,
        "what can you do [for me] / what can i (say|ask|ask you) / help [me] / how does this work / "
        "what do you do / how can you help [me] / what are you able to do / how do i use (you|this)",
    )


def small_talk_ways() -> Ways:
    """The ways of small talk, and of taking back what was begun."""
    return (
        way("(hello|hi|hey|good day|greetings) [there|again|{anyone}]", _greeting, 2.0),
        way("good {part} [{anyone}]", _evening_or_leave, 1.0),
        *plain_ways(Plain.ASK_WELLBEING, "how are you [doing] [today] / how do you do / how's it going"),
        *plain_ways(Plain.ASK_NAME, "who are you / what's your name / what is your name / what are you"),
        *plain_ways(
            Plain.THANK,
            "thanks [a lot|very much|so much|{anyone}] / thank you [very much|so much|{anyone}] / "
            "(great|perfect|good|okay) [thanks|thank you]",
        ),
        *plain_ways(
            Plain.TAKE_LEAVE,
            "(goodbye|bye|bye bye|good bye|see you) [later|soon|tomorrow|{anyone}] / that's all / "
            "that is all [for now]",
        ),
        *plain_ways(
            Plain.DISMISS,
            "never mind / forget (it|that|about it) / cancel [that|it] / stop / no thanks / no thank you / "
            "nothing / no",
        ),
    )
