"""Reminders and calendar events in a database."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from attrs import frozen
from sqlalchemy import ColumnElement, exists, func, or_, select

from adapters.sql import tables
from adapters.sql.shelves import Shelf
from adapters.sql.statements import Statements
from application.ports.storage import CalendarFilter, Listing, Page, ReminderFilter
from domain.agenda import CalendarEvent, Reminder, ReminderStatus
from domain.clients import ConnectionStatus
from domain.errors import NetworkNotFound, NotFound
from domain.ids import CalendarEventId, NetworkId, ReminderId

CLIENTS: Final = tables.clients.c
REMINDERS: Final = tables.reminders.c
EVENTS: Final = tables.calendar_events.c
REMINDER_SHELF: Final = Shelf(
    table=tables.reminders,
    kind=Reminder,
    noun="reminder",
    newest=("created_at", "id"),
    missing=lambda key: NotFound("There is no reminder with this id in the network.", reminder_id=key),
    orphaned=lambda reminder: NetworkNotFound(reminder.network_id),
)
EVENT_SHELF: Final = Shelf(
    table=tables.calendar_events,
    kind=CalendarEvent,
    noun="calendar event",
    newest=("created_at", "id"),
    missing=lambda key: NotFound("There is no calendar event with this id in the network.", event_id=key),
    orphaned=lambda event: NetworkNotFound(event.network_id),
)
SOMEBODY_LISTENS: Final = exists().where(
    CLIENTS.network_id == REMINDERS.network_id, CLIENTS.connection_status == ConnectionStatus.CONNECTED
)
WAITS: Final = (
    REMINDERS.status == ReminderStatus.PENDING,
    or_(REMINDERS.fired_at.is_(None), REMINDERS.fired_at < REMINDERS.due_time),
    SOMEBODY_LISTENS,
)


@frozen
class SqlAgenda:
    """The reminders and calendar events of each network."""

    _statements: Statements

    async def add_reminder(self, reminder: Reminder) -> None:
        """Keep a new reminder."""
        await REMINDER_SHELF.add(self._statements, reminder)

    async def get_reminder(self, network_id: NetworkId, reminder_id: ReminderId) -> Reminder:
        """Find a reminder of a network, or raise NotFound."""
        return await REMINDER_SHELF.get(self._statements, network_id, reminder_id)

    async def update_reminder(self, reminder: Reminder) -> None:
        """Replace a reminder, or raise NotFound."""
        await REMINDER_SHELF.update(self._statements, reminder)

    async def remove_reminder(self, network_id: NetworkId, reminder_id: ReminderId) -> None:
        """Take a reminder away, or raise NotFound."""
        await REMINDER_SHELF.remove(self._statements, network_id, reminder_id)

    async def reminders(self, network_id: NetworkId, wanted: ReminderFilter, page: Page) -> Listing[Reminder]:
        """The reminders of a network that pass a filter, newest first."""
        return await REMINDER_SHELF.listing(
            self._statements, page, REMINDERS.network_id == network_id, *_wanted(wanted)
        )

    async def due_reminders(self, now: datetime, limit: int) -> tuple[Reminder, ...]:
        """Pending reminders that are due, did not ring yet and would be heard, soonest first.

        Where this writes, each is held until the end, and those that others hold are skipped.
        """
        statement = (
            select(tables.reminders)
            .where(*WAITS, REMINDERS.due_time <= now)
            .order_by(REMINDERS.due_time, REMINDERS.id)
            .limit(limit)
        )
        rows = await self._statements.held_if_free(statement, of=tables.reminders)
        return tuple(map(REMINDER_SHELF.read, rows))

    async def next_due(self) -> datetime | None:
        """When the next pending reminder of those who would hear it is to ring."""
        rows = await self._statements.rows(select(func.min(REMINDERS.due_time)).where(*WAITS))
        soonest: datetime | None = rows[0][0]
        return soonest

    async def add_event(self, event: CalendarEvent) -> None:
        """Keep a new calendar event."""
        await EVENT_SHELF.add(self._statements, event)

    async def get_event(self, network_id: NetworkId, event_id: CalendarEventId) -> CalendarEvent:
        """Find a calendar event of a network, or raise NotFound."""
        return await EVENT_SHELF.get(self._statements, network_id, event_id)

    async def update_event(self, event: CalendarEvent) -> None:
        """Replace a calendar event, or raise NotFound."""
        await EVENT_SHELF.update(self._statements, event)

    async def remove_event(self, network_id: NetworkId, event_id: CalendarEventId) -> None:
        """Take a calendar event away, or raise NotFound."""
        await EVENT_SHELF.remove(self._statements, network_id, event_id)

    async def events(
        self, network_id: NetworkId, wanted: CalendarFilter, page: Page
    ) -> Listing[CalendarEvent]:
        """The calendar events of a network that pass a filter, newest first."""
        return await EVENT_SHELF.listing(
            self._statements, page, EVENTS.network_id == network_id, *_touching(wanted)
        )


def _wanted(wanted: ReminderFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.status is not None:
        yield REMINDERS.status == wanted.status
    if wanted.due_from is not None:
        yield REMINDERS.due_time >= wanted.due_from
    if wanted.due_before is not None:
        yield REMINDERS.due_time < wanted.due_before


def _touching(wanted: CalendarFilter) -> Iterator[ColumnElement[bool]]:
    """An event touches a stretch if it has begun before its end, and is not over at its start."""
    if wanted.recurring is not None:
        yield EVENTS.recurrence.is_not(None) if wanted.recurring else EVENTS.recurrence.is_(None)
    if wanted.end is not None:
        yield EVENTS.start_time < wanted.end
    if wanted.start is not None and wanted.recurring is not True:
        yield or_(EVENTS.end_time > wanted.start, EVENTS.start_time >= wanted.start)
