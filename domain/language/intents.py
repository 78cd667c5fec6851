"""What a person can want of the assistant: a closed union, one value for each thing."""

from attrs import field, frozen

from domain.language.moments import Part, Period, When


@frozen(kw_only=True)
class CreateReminder:
    """Be reminded of something; what is None was not said and has to be asked for."""

    title: str | None = None
    when: When | None = None


@frozen(kw_only=True)
class RepeatReminder:
    """Be reminded of something again and again."""

    title: str | None = None


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
class AskNext:
    """Hear what comes next in the calendar."""


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
class AskTime:
    """Hear what time it is."""


@frozen(kw_only=True)
class AskDate:
    """Hear what day it is, or on which date a day falls; None is today."""

    period: Period | None = None


@frozen(kw_only=True)
class AskHelp:
    """Hear what the assistant can do."""


@frozen(kw_only=True)
class AskName:
    """Hear who is answering."""


@frozen(kw_only=True)
class Greet:
    """Say hello, with the part of the day when it was said."""

    part: Part | None = None


@frozen(kw_only=True)
class AskWellbeing:
    """Ask how the assistant is."""


@frozen(kw_only=True)
class Thank:
    """Say thank you."""


@frozen(kw_only=True)
class TakeLeave:
    """Say goodbye or good night."""

    night: bool = False


@frozen(kw_only=True)
class Dismiss:
    """Take back what was begun."""


@frozen(kw_only=True)
class NotUnderstood:
    """Words that no description fits."""

    text: str


Wish = (
    CreateReminder
    | RepeatReminder
    | CreateEvent
    | AskAgenda
    | AskNext
    | AskReminders
    | CompleteReminder
    | CancelReminder
    | AskTime
    | AskDate
    | AskHelp
    | AskName
    | Greet
    | AskWellbeing
    | Thank
    | TakeLeave
    | Dismiss
)
Intent = Wish | NotUnderstood


@frozen(kw_only=True)
class Understanding:
    """What was understood, and how sure that is: 1 when every word has its place, 0 when nothing has."""

    intent: Intent
    confidence: float = field(default=1.0)
