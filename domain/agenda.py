"""The agenda of a network: reminders and calendar events."""

from datetime import datetime
from enum import Enum
from typing import Final

from attrs import field, frozen

from domain.errors import InvalidValue
from domain.ids import CalendarEventId, ClientId, InteractionId, NetworkId, ReminderId

MAX_TITLE: Final = 500


def agenda_title(text: str) -> str:
    """Take the title of a reminder or an event, without the space around it.

    Raises:
        InvalidValue: nothing is left, or it is longer than 500 characters.
    """
    trimmed = text.strip()
    if not 1 <= len(trimmed) <= MAX_TITLE:
        raise InvalidValue("title", f"must be 1 to {MAX_TITLE} characters")
    return trimmed


class ReminderStatus(Enum):
    """What became of a reminder; one that rang stays pending until somebody completes it."""

    PENDING = "pending"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class CalendarEventStatus(Enum):
    """How sure an event is."""

    CONFIRMED = "confirmed"
    TENTATIVE = "tentative"
    CANCELLED = "cancelled"


@frozen(kw_only=True)
class Reminder:
    """Something to be told at a moment; fired_at says when it was, recurrence is an RRULE or None."""

    id: ReminderId
    network_id: NetworkId
    title: str = field(converter=agenda_title)
    due_time: datetime
    status: ReminderStatus = ReminderStatus.PENDING
    recurrence: str | None = None
    owner_id: str | None = None
    client_id: ClientId | None = None
    interaction_id: InteractionId | None = None
    created_at: datetime
    fired_at: datetime | None = None


@frozen(kw_only=True)
class CalendarEvent:
    """Something that happens from a start to an end, with whom and where."""

    id: CalendarEventId
    network_id: NetworkId
    title: str = field(converter=agenda_title)
    start_time: datetime
    end_time: datetime = field()
    attendees: tuple[str, ...] = ()
    location: str | None = None
    status: CalendarEventStatus = CalendarEventStatus.CONFIRMED
    recurrence: str | None = None
    owner_id: str | None = None
    client_id: ClientId | None = None
    interaction_id: InteractionId | None = None
    created_at: datetime

    @end_time.validator
    def _check_end(self, _: object, value: datetime) -> None:
        if value < self.start_time:
            raise InvalidValue("end_time", "must not be before start_time")
