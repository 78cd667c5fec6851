"""The tools of a turn as a language model calls them: named functions of JSON arguments."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import msgspec
from attrs import frozen
from msgspec import Meta

from application.ports.dialogue import ActivityWish, Prompt, Toolbox
from domain.agenda import CalendarEvent, Reminder
from domain.errors import InvalidValue, Kind, MiraError
from domain.personas import ToolName

Title = Annotated[str, Meta(min_length=1, description="What it is about, in a few words.")]
LocalTime = Annotated[
    str,
    Meta(description="Local date and time in ISO 8601, such as 2026-03-01T15:00:00; no time zone needed."),
]
Rule = Annotated[
    str, Meta(description="An RRULE, such as FREQ=DAILY or FREQ=WEEKLY;BYDAY=MO; only if it repeats.")
]
MOST_TOLD: Final = 30
REFUSALS: Final = frozenset(
    {Kind.INVALID, Kind.NOT_FOUND, Kind.CONFLICT, Kind.FORBIDDEN, Kind.GONE, Kind.UNAVAILABLE}
)


@frozen(kw_only=True)
class CreateReminder:
    """Remind the people here of something at a time."""

    title: Title
    due_time: LocalTime
    recurrence: Rule | None = None

    async def __call__(self, tools: Toolbox, zone: ZoneInfo) -> object:
        due = _moment("due_time", self.due_time, zone)
        made = await tools.create_reminder(title=self.title, due_time=due, recurrence=self.recurrence or None)
        return _reminder(made, zone)


@frozen(kw_only=True)
class CreateCalendarEvent:
    """Put something into the calendar; without an end it lasts an hour."""

    title: Title
    start_time: LocalTime
    end_time: LocalTime | None = None
    attendees: tuple[str, ...] = ()
    location: str | None = None
    recurrence: Rule | None = None

    async def __call__(self, tools: Toolbox, zone: ZoneInfo) -> object:
        made = await tools.create_calendar_event(
            title=self.title,
            start_time=_moment("start_time", self.start_time, zone),
            end_time=_moment("end_time", self.end_time, zone) if self.end_time else None,
            attendees=self.attendees,
            location=self.location or None,
            recurrence=self.recurrence or None,
        )
        return _event(made, zone)


@frozen(kw_only=True)
class FindReminders:
    """List the reminders that wait, all of them or those due in a stretch of time."""

    start: LocalTime | None = None
    end: LocalTime | None = None

    async def __call__(self, tools: Toolbox, zone: ZoneInfo) -> object:
        start = _moment("start", self.start, zone) if self.start else None
        end = _moment("end", self.end, zone) if self.end else None
        found = await tools.find_reminders(start=start, end=end)
        return _told("reminders", [_reminder(one, zone) for one in found])


@frozen(kw_only=True)
class FindCalendarEvents:
    """List the events of the calendar in a stretch of time."""

    start: LocalTime
    end: LocalTime

    async def __call__(self, tools: Toolbox, zone: ZoneInfo) -> object:
        start, end = _moment("start", self.start, zone), _moment("end", self.end, zone)
        found = await tools.find_calendar_events(start=start, end=end)
        return _told("events", [_event(one, zone) for one in found])


@frozen(kw_only=True)
class CompleteReminder:
    """Tick off the reminder with the title nearest to these words: it was done."""

    title: Title

    async def __call__(self, tools: Toolbox, zone: ZoneInfo) -> object:
        return _settled(await tools.complete_reminder(title=self.title), zone)


@frozen(kw_only=True)
class CancelReminder:
    """Drop the reminder with the title nearest to these words: it is not wanted any more."""

    title: Title

    async def __call__(self, tools: Toolbox, zone: ZoneInfo) -> object:
        return _settled(await tools.cancel_reminder(title=self.title), zone)


@frozen(kw_only=True)
class ChangeReminder:
    """Give the reminder with the title nearest to these words another title or another time."""

    title: Title
    new_title: str | None = None
    due_time: LocalTime | None = None

    async def __call__(self, tools: Toolbox, zone: ZoneInfo) -> object:
        due = _moment("due_time", self.due_time, zone) if self.due_time else None
        changed = await tools.change_reminder(
            title=self.title, new_title=self.new_title or None, due_time=due
        )
        return _settled(changed, zone)


@frozen(kw_only=True)
class CancelCalendarEvent:
    """Cancel the event ahead with the title nearest to these words; one that repeats, altogether."""

    title: Title

    async def __call__(self, tools: Toolbox, zone: ZoneInfo) -> object:
        return _found(await tools.cancel_calendar_event(title=self.title), zone)


@frozen(kw_only=True)
class ChangeCalendarEvent:
    """Move, rename or place anew the event ahead with the title nearest to these words."""

    title: Title
    new_title: str | None = None
    start_time: LocalTime | None = None
    end_time: LocalTime | None = None
    location: str | None = None

    async def __call__(self, tools: Toolbox, zone: ZoneInfo) -> object:
        changed = await tools.change_calendar_event(
            title=self.title,
            new_title=self.new_title or None,
            start_time=_moment("start_time", self.start_time, zone) if self.start_time else None,
            end_time=_moment("end_time", self.end_time, zone) if self.end_time else None,
            location=self.location or None,
        )
        return _found(changed, zone)


@frozen(kw_only=True)
class Announce:
    """Let all other devices of the house, or those of one room, say a text aloud."""

    text: Annotated[str, Meta(min_length=1, description="What is to be said, word for word.")]
    room: Annotated[str, Meta(description="Only there; without it everywhere.")] | None = None

    async def __call__(self, tools: Toolbox, zone: ZoneInfo) -> object:
        return {"done": await tools.announce(text=self.text, room=self.room or None)}


@frozen(kw_only=True)
class SwitchPersona:
    """Let somebody else, by name, talk with the people here from the next turn on."""

    name: Annotated[str, Meta(min_length=1)]

    async def __call__(self, tools: Toolbox, zone: ZoneInfo) -> object:
        return {"says": await tools.switch_persona(name=self.name)}


@frozen(kw_only=True)
class ContinueAt:
    """Let this talk go on at the device of another room."""

    place: Annotated[str, Meta(min_length=1, description="The name of a room or of a device.")]

    async def __call__(self, tools: Toolbox, zone: ZoneInfo) -> object:
        return {"done": await tools.continue_at(place=self.place)}


@frozen(kw_only=True)
class StartActivity:
    """Begin a quiz (trivia) or a story at the devices of this room; the hub itself leads it."""

    activity: ActivityWish
    theme: str | None = None

    async def __call__(self, tools: Toolbox, zone: ZoneInfo) -> object:
        return {"done": await tools.start_activity(activity=self.activity, theme=self.theme or None)}


@frozen(kw_only=True)
class StopActivity:
    """Stop the quiz, story or music that goes on here."""

    async def __call__(self, tools: Toolbox, zone: ZoneInfo) -> object:
        return {"done": await tools.stop_activity()}


FUNCTIONS: Final[Mapping[ToolName, Callable[..., Callable[[Toolbox, ZoneInfo], Awaitable[object]]]]] = {
    "create_reminder": CreateReminder,
    "create_calendar_event": CreateCalendarEvent,
    "find_reminders": FindReminders,
    "find_calendar_events": FindCalendarEvents,
    "complete_reminder": CompleteReminder,
    "cancel_reminder": CancelReminder,
    "cancel_calendar_event": CancelCalendarEvent,
    "change_reminder": ChangeReminder,
    "change_calendar_event": ChangeCalendarEvent,
    "announce": Announce,
    "switch_persona": SwitchPersona,
    "continue_at": ContinueAt,
    "start_activity": StartActivity,
    "stop_activity": StopActivity,
}


def described(prompt: Prompt) -> list[dict[str, Any]]:
    """The functions that the persona of a prompt may call, as the API wants them."""
    return [_described(name) for name in FUNCTIONS if prompt.persona.behavior.allows(name)]


def _described(name: ToolName) -> dict[str, Any]:
    shape: Any = FUNCTIONS[name]
    _, components = msgspec.json.schema_components([shape])
    schema = dict(components[shape.__name__])
    schema.pop("title", None)
    description = schema.pop("description", "")
    return {"type": "function", "function": {"name": name, "description": description, "parameters": schema}}


async def called(name: str, arguments: str, tools: Toolbox, prompt: Prompt) -> str:
    """Call a function, and say in JSON what came of it; a call that makes no sense is told so.

    Raises:
        MiraError: the hub itself could not do it.
    """
    shape = next((shape for known, shape in FUNCTIONS.items() if known == name), None)
    if shape is None:
        return _error(f"there is no function {name[:80]!r}; there are {', '.join(FUNCTIONS)}")
    try:
        call = msgspec.json.decode(arguments or "{}", type=shape)
        return msgspec.json.encode(await call(tools, prompt.zone)).decode()
    except msgspec.ValidationError as error:
        return _error(f"wrong arguments: {error}")
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return _error("the arguments are not a JSON object")
    except MiraError as error:
        if error.kind not in REFUSALS:
            raise
        return _error(error.message)


def _error(problem: str) -> str:
    return msgspec.json.encode({"error": problem}).decode(errors="replace")


def _moment(name: str, text: str, zone: ZoneInfo) -> datetime:
    """A moment, by the clocks of the network unless it names an offset."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidValue(name, "must be in ISO 8601, such as 2026-03-01T15:00:00") from error
    return moment if moment.utcoffset() is not None else moment.replace(tzinfo=zone)


def _told(what: str, things: Iterable[object]) -> object:
    """The first few things, and how many more there are."""
    listed = list(things)
    return {what: listed[:MOST_TOLD], "more": max(0, len(listed) - MOST_TOLD)}


def _settled(reminder: Reminder | None, zone: ZoneInfo) -> object:
    return {"error": "no reminder is called like that"} if reminder is None else _reminder(reminder, zone)


def _found(event: CalendarEvent | None, zone: ZoneInfo) -> object:
    return {"error": "no event ahead is called like that"} if event is None else _event(event, zone)


def _reminder(reminder: Reminder, zone: ZoneInfo) -> dict[str, object]:
    return {
        "title": reminder.title,
        "due_time": _local(reminder.due_time, zone),
        "status": reminder.status.value,
        "recurrence": reminder.recurrence,
    }


def _event(event: CalendarEvent, zone: ZoneInfo) -> dict[str, object]:
    return {
        "title": event.title,
        "start_time": _local(event.start_time, zone),
        "end_time": _local(event.end_time, zone),
        "status": event.status.value,
        "attendees": event.attendees,
        "location": event.location,
        "recurrence": event.recurrence,
    }


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%A %Y-%m-%dT%H:%M}"
