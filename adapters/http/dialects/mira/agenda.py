"""The agenda: reminders and calendar events."""

from datetime import datetime

from attrs import frozen

from adapters.http.dialects.mira.dialect import MIRA
from adapters.http.dialects.mira.paging import PageQuery
from adapters.http.routing import Call, operation
from application.ports.storage import CalendarFilter, Listing, ReminderFilter
from domain.agenda import CalendarEvent, Reminder, ReminderStatus


@frozen(kw_only=True)
class ReminderQuery(PageQuery):
    """Which reminders are asked for: by status, and due before a moment."""

    status: ReminderStatus | None = None
    due_before: datetime | None = None


@frozen(kw_only=True)
class CalendarQuery(PageQuery):
    """Which events are asked for: those that touch the stretch from start_date to end_date."""

    start_date: datetime | None = None
    end_date: datetime | None = None


@frozen(kw_only=True)
class ReminderView:
    """A reminder; recurrence is an RRULE or null."""

    reminder_id: str
    title: str
    due_time: datetime
    status: str
    recurrence: str | None
    created_at: datetime

    @classmethod
    def of(cls, reminder: Reminder) -> "ReminderView":
        """The view of a reminder."""
        return cls(
            reminder_id=reminder.id,
            title=reminder.title,
            due_time=reminder.due_time,
            status=reminder.status.value,
            recurrence=reminder.recurrence,
            created_at=reminder.created_at,
        )


@frozen(kw_only=True)
class ReminderListView:
    """A part of the reminders of a network, newest first."""

    reminders: tuple[ReminderView, ...]
    total: int
    limit: int
    offset: int

    @classmethod
    def of(cls, found: Listing[Reminder]) -> "ReminderListView":
        """The view of a listing."""
        return cls(
            reminders=tuple(ReminderView.of(reminder) for reminder in found.items),
            total=found.total,
            limit=found.page.limit,
            offset=found.page.offset,
        )


@frozen(kw_only=True)
class CalendarEventView:
    """A calendar event; recurrence is an RRULE or null."""

    event_id: str
    title: str
    start_time: datetime
    end_time: datetime
    attendees: tuple[str, ...]
    location: str | None
    status: str
    recurrence: str | None
    created_at: datetime

    @classmethod
    def of(cls, event: CalendarEvent) -> "CalendarEventView":
        """The view of an event."""
        return cls(
            event_id=event.id,
            title=event.title,
            start_time=event.start_time,
            end_time=event.end_time,
            attendees=event.attendees,
            location=event.location,
            status=event.status.value,
            recurrence=event.recurrence,
            created_at=event.created_at,
        )


@frozen(kw_only=True)
class CalendarEventListView:
    """A part of the calendar events of a network, newest first."""

    events: tuple[CalendarEventView, ...]
    total: int
    limit: int
    offset: int

    @classmethod
    def of(cls, found: Listing[CalendarEvent]) -> "CalendarEventListView":
        """The view of a listing."""
        return cls(
            events=tuple(CalendarEventView.of(event) for event in found.items),
            total=found.total,
            limit=found.page.limit,
            offset=found.page.offset,
        )


@operation(MIRA, "mira.reminder.list", "GET", "/api/v1/networks/{network_id}/reminders")
async def list_reminders(call: Call[None, ReminderQuery]) -> ReminderListView:
    """List the reminders of a network."""
    wanted = ReminderFilter(status=call.query.status, due_before=call.query.due_before)
    found = await call.use.list_reminders(call.principal, call.network_id, wanted, call.query.page)
    return ReminderListView.of(found)


@operation(MIRA, "mira.calendar.list", "GET", "/api/v1/networks/{network_id}/calendar")
async def list_events(call: Call[None, CalendarQuery]) -> CalendarEventListView:
    """List the calendar events of a network."""
    wanted = CalendarFilter(start=call.query.start_date, end=call.query.end_date)
    found = await call.use.list_calendar_events(call.principal, call.network_id, wanted, call.query.page)
    return CalendarEventListView.of(found)


OPERATIONS = (list_reminders, list_events)
