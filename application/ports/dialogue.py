"""Answering: who thinks of the reply, and what it may do on the way."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Final, Literal, Protocol
from zoneinfo import ZoneInfo

from attrs import field, frozen

from domain.agenda import CalendarEvent, Reminder
from domain.interactions import Action, Usage
from domain.personas import Persona

NOTE: Final = "note"
ActivityWish = Literal["trivia", "story"]


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

    async def change_reminder(
        self, *, title: str, new_title: str | None = None, due_time: datetime | None = None
    ) -> Reminder | None:
        """Give the pending reminder whose title is nearest another title or time; None when there is none."""
        ...

    async def cancel_calendar_event(self, *, title: str) -> CalendarEvent | None:
        """Cancel the event ahead whose title is nearest to these words, the soonest of those; None for none.

        One that recurs is cancelled with all its occurrences.
        """
        ...

    async def change_calendar_event(
        self,
        *,
        title: str,
        new_title: str | None = None,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        location: str | None = None,
    ) -> CalendarEvent | None:
        """Change the event ahead whose title is nearest, None leaving things as they are; None for none.

        One that recurs is changed with all its occurrences; another start alone moves it, as long as it was.
        """
        ...

    async def announce(self, *, text: str, room: str | None = None) -> str:
        """Let a text be said by the devices of a room, or of the whole network; what to tell of that.

        Raises:
            DeviceOffline: no device is there.
        """
        ...

    async def switch_persona(self, *, name: str) -> str:
        """Let another persona, by its name, answer at this client from its next turn on; what it says first.

        Raises:
            PersonaNotFound: there is none of this name.
            DeviceOffline: the client takes no commands just now.
        """
        ...

    async def continue_at(self, *, place: str) -> str:
        """Let this talk go on at the device of a room, or of this name; what to tell of that.

        Raises:
            DeviceNotFound: there is none.
        """
        ...

    async def start_activity(self, *, activity: ActivityWish, theme: str | None = None) -> str:
        """Begin a quiz or a story at the devices of this room; what to tell of that.

        Raises:
            DeviceOffline: there is no device here that could.
            Conflict: one of them does something else.
        """
        ...

    async def stop_activity(self) -> str:
        """Stop what this client, or its room, does together with others; what to tell of that.

        Raises:
            Conflict: nothing goes on there.
        """
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
