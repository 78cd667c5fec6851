"""Answering: who thinks of the reply, and what it may do on the way."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from attrs import field, frozen

from domain.agenda import CalendarEvent, Reminder
from domain.interactions import Action, Usage
from domain.personas import Persona

NOTE: Final = "note"


@frozen(kw_only=True)
class Exchange:
    """One earlier turn: what the person said and what was answered."""

    said: str
    answered: str


@frozen(kw_only=True)
class Image:
    """A picture that the person shows."""

    content: bytes
    media_type: str


@frozen(kw_only=True)
class Prompt:
    """What is known when a reply is wanted: the words, whether they were heard well, and the setting.

    begun is what another interlocutor has said already before it broke off: whoever is asked with it goes on
    from there, and does not do again what the toolbox says was done. notes is what the persona knows of the
    people of its network. With invention something is to be made up, and only those are asked who can.
    """

    text: str
    understood: bool = True
    now: datetime
    zone: ZoneInfo
    language: str = "en"
    persona: Persona
    history: tuple[Exchange, ...] = ()
    notes: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    begun: tuple[str, ...] = ()
    invention: bool = False
    context: Mapping[str, str] = field(factory=dict)
    """What else is to be known; under NOTE what somebody told beside the words, for a turn held again."""


@frozen(kw_only=True)
class Sentence:
    """A piece of the reply that can be spoken on its own."""

    text: str


@frozen(kw_only=True)
class ReplyDone:
    """The reply is whole: what it cost, and whether the request made sense to the interlocutor."""

    usage: Usage
    understood: bool = True


ReplyPart = Sentence | ReplyDone


class Toolbox(Protocol):
    """What an interlocutor may do, in the one network that it was made for; times are aware datetimes.

    What the persona may not do is refused with Forbidden, whoever asks for it.
    """

    @property
    def done(self) -> Sequence[Action]:
        """What was done so far in this turn."""
        ...

    async def create_reminder(
        self, *, title: str, due_time: datetime, recurrence: str | None = None
    ) -> Reminder:
        """Remember something, once or by an RRULE; without a time ahead it is refused with InvalidValue."""
        ...

    async def create_calendar_event(
        self,
        *,
        title: str,
        start_time: datetime,
        end_time: datetime | None = None,
        attendees: tuple[str, ...] = (),
        location: str | None = None,
        recurrence: str | None = None,
    ) -> CalendarEvent:
        """Put an event into the calendar, once or by an RRULE; without an end it lasts an hour."""
        ...

    async def find_reminders(self, *, start: datetime | None, end: datetime | None) -> tuple[Reminder, ...]:
        """Pending reminders due in a stretch of time, soonest first; None leaves that side open."""
        ...

    async def find_calendar_events(self, *, start: datetime, end: datetime) -> tuple[CalendarEvent, ...]:
        """Events that touch a stretch of time, soonest first, cancelled ones left out.

        Those that recur are given by each of their occurrences.
        """
        ...

    async def complete_reminder(self, *, title: str) -> Reminder | None:
        """Tick off the pending reminder whose title is nearest to these words; None when there is none.

        One that recurs is ticked off for this time, and stays pending.
        """
        ...

    async def cancel_reminder(self, *, title: str) -> Reminder | None:
        """Cancel the pending reminder whose title is nearest to these words; None when there is none."""
        ...


@frozen(kw_only=True)
class Capabilities:
    """What an interlocutor can do: give its reply bit by bit, use tools, see images, make things up."""

    streaming: bool = True
    tools: bool = True
    images: bool = False
    invention: bool = True


class Interlocutor(Protocol):
    """Whoever thinks of the reply: the offline assistant, or a language model."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        ...

    def answer(self, prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        """Reply in sentences as they are ready, using the tools on the way; the last part is ReplyDone.

        Raises:
            ModelInferenceFailed: no answer can be had, or no more of it.
        """
        ...
