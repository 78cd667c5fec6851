"""Calendar events: entering, reading, changing and taking them out."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from attrs import frozen
from msgspec import UNSET, Meta, UnsetType

from adapters.http.dialects.mira.dialect import MIRA
from adapters.http.dialects.mira.paging import PageQuery
from adapters.http.dialects.mira.reminders import Recurrence, Title
from adapters.http.routing import Call, operation
from application.agenda.planning import CalendarEventChanges, NewCalendarEvent
from application.agenda.reminding import UNCHANGED
from application.ports.storage import CalendarFilter, Listing
from domain.agenda import MAX_ATTENDEES, MAX_LOCATION, CalendarEvent, CalendarEventStatus

Attendees = Annotated[tuple[str, ...], Meta(max_length=MAX_ATTENDEES)]
Place = Annotated[str, Meta(max_length=MAX_LOCATION)]


@frozen(kw_only=True)
class CalendarQuery(PageQuery):
    """Which events are asked for: those that touch the stretch from start_date to end_date."""

    start_date: datetime | None = None
    end_date: datetime | None = None


@frozen(kw_only=True)
class NewCalendarEventBody:
    """An event to be entered, an hour long where no end is given; recurrence goes by the network's clocks."""

    title: Title
    start_time: datetime
    end_time: datetime | None = None
    attendees: Attendees = ()
    location: Place | None = None
    status: CalendarEventStatus = CalendarEventStatus.CONFIRMED
    recurrence: Recurrence | None = None

    def wanted(self) -> NewCalendarEvent:
        """The event that is wanted."""
        return NewCalendarEvent(
            title=self.title,
            start_time=self.start_time,
            end_time=self.end_time,
            attendees=self.attendees,
            location=self.location,
            status=self.status,
            recurrence=self.recurrence,
        )


@frozen(kw_only=True)
class CalendarEventChangesBody:
    """What is to be changed of an event, with all its occurrences; what is not sent stays as it is.

    A start without an end moves it. A location or a recurrence of null is taken away.
    """

    title: Title | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    attendees: Attendees | None = None
    location: str | UnsetType | None = UNSET
    status: CalendarEventStatus | None = None
    recurrence: str | UnsetType | None = UNSET

    def changes(self) -> CalendarEventChanges:
        """The changes."""
        return CalendarEventChanges(
            title=self.title,
            start_time=self.start_time,
            end_time=self.end_time,
            attendees=self.attendees,
            location=UNCHANGED if self.location is UNSET else self.location,
            status=self.status,
            recurrence=UNCHANGED if self.recurrence is UNSET else self.recurrence,
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


@operation(MIRA, "mira.calendar.list", "GET", "/api/v1/networks/{network_id}/calendar")
async def list_events(call: Call[None, CalendarQuery]) -> CalendarEventListView:
    """List the calendar events of a network."""
    wanted = CalendarFilter(start=call.query.start_date, end=call.query.end_date)
    found = await call.use.list_calendar_events(call.principal, call.network_id, wanted, call.query.page)
    return CalendarEventListView.of(found)


@operation(
    MIRA, "mira.calendar.create", "POST", "/api/v1/networks/{network_id}/calendar", status=HTTPStatus.CREATED
)
async def create(call: Call[NewCalendarEventBody, None]) -> CalendarEventView:
    """Enter a calendar event."""
    wanted = call.body.wanted()
    made = await call.use.create_calendar_event(call.principal, call.network_id, wanted)
    return CalendarEventView.of(made)


@operation(MIRA, "mira.calendar.get", "GET", "/api/v1/networks/{network_id}/calendar/{event_id}")
async def get(call: Call[None, None]) -> CalendarEventView:
    """Look a calendar event up."""
    found = await call.use.get_calendar_event(call.principal, call.network_id, call.event_id)
    return CalendarEventView.of(found)


@operation(MIRA, "mira.calendar.update", "PUT", "/api/v1/networks/{network_id}/calendar/{event_id}")
async def update(call: Call[CalendarEventChangesBody, None]) -> CalendarEventView:
    """Change what is sent of a calendar event, or cancel it."""
    changes = call.body.changes()
    changed = await call.use.update_calendar_event(call.principal, call.network_id, call.event_id, changes)
    return CalendarEventView.of(changed)


@operation(
    MIRA,
    "mira.calendar.delete",
    "DELETE",
    "/api/v1/networks/{network_id}/calendar/{event_id}",
    status=HTTPStatus.NO_CONTENT,
)
async def delete(call: Call[None, None]) -> None:
    """Take a calendar event out, with all its occurrences."""
    await call.use.delete_calendar_event(call.principal, call.network_id, call.event_id)


OPERATIONS = (list_events, create, get, update, delete)
