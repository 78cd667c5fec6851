"""What a person can want of the assistant: a closed union, one value for each thing."""

from enum import Enum
from typing import Literal

from attrs import frozen

from domain.language.moments import Moment, Part, Period, Repetition, Stretch, When


@frozen(kw_only=True)
class CreateReminder:
    """Be reminded of something; what is None was not said and has to be asked for."""

    title: str | None = None
    when: When | None = None


@frozen(kw_only=True)
class Repeat:
    """Have a reminder or an event come again and again: how often, and when it is for the first time.

    The first time may lie before now: it tells the time of day, and the rule goes on from there. None of it
    is there where what was said makes no time.
    """

    title: str | None = None
    often: Repetition
    first: Moment | Stretch | None = None
    is_event: bool = False


@frozen(kw_only=True)
class CreateEvent:
    """Put something into the calendar; what is None was not said and has to be asked for."""

    title: str | None = None
    when: When | None = None
    attendees: tuple[str, ...] = ()
    location: str | None = None


@frozen(kw_only=True)
class AskAgenda:
    """Hear what the calendar holds in a stretch of time; None when no time was said."""

    period: Period | None = None
    free: bool = False


@frozen(kw_only=True)
class AskWhen:
    """Hear when something is, by its title."""

    title: str


@frozen(kw_only=True)
class AskReminders:
    """Hear which reminders are pending, in a stretch of time or at all."""

    period: Period | None = None


@frozen(kw_only=True)
class CompleteReminder:
    """Tick off a reminder; the title is None when none was said."""

    title: str | None = None


@frozen(kw_only=True)
class CancelReminder:
    """Drop a reminder; the title is None when none was said."""

    title: str | None = None


@frozen(kw_only=True)
class CancelEvent:
    """Have something cancelled that is in the calendar, or is a reminder."""

    title: str


@frozen(kw_only=True)
class Move:
    """Have something that is planned, an event or else a reminder, at another time."""

    title: str
    when: When


@frozen(kw_only=True)
class Announce:
    """Let everybody in the house hear something."""

    text: str


@frozen(kw_only=True)
class Begin:
    """Begin a quiz or a story, about a theme if one was said."""

    activity: Literal["trivia", "story"]
    theme: str | None = None


@frozen(kw_only=True)
class AskDate:
    """Hear what day it is, or on which date a day falls; None is today."""

    period: Period | None = None


@frozen(kw_only=True)
class ContinueAt:
    """Go on with this talk at a device in another place."""

    place: str


@frozen(kw_only=True)
class TalkTo:
    """Have somebody else answer from now on."""

    name: str


class Plain(Enum):
    """Wishes that take nothing from the words."""

    ASK_NEXT = "hear what comes next in the calendar"
    ASK_TIME = "hear what time it is"
    ASK_HELP = "hear what the assistant can do"
    ASK_NAME = "hear who is answering"
    ASK_WELLBEING = "ask how the assistant is"
    THANK = "say thank you"
    TAKE_LEAVE = "say goodbye"
    SAY_GOOD_NIGHT = "say good night"
    STOP_ACTIVITY = "stop a game or a story"
    DISMISS = "take back what was begun"


@frozen(kw_only=True)
class Greet:
    """Say hello, with the part of the day when it was said."""

    part: Part | None = None


@frozen(kw_only=True)
class NotUnderstood:
    """Words that no description fits."""

    text: str


Wish = (
    CreateReminder
    | Repeat
    | CreateEvent
    | AskAgenda
    | AskWhen
    | AskReminders
    | CompleteReminder
    | CancelReminder
    | CancelEvent
    | Move
    | Announce
    | Begin
    | AskDate
    | ContinueAt
    | TalkTo
    | Greet
    | Plain
)
Intent = Wish | NotUnderstood


@frozen(kw_only=True)
class Understanding:
    """What was understood, and how sure that is: 1 when every word has its place, 0 when nothing has."""

    intent: Intent
    confidence: float
