"""Reminders and calendar events in memory."""

from collections.abc import Iterator
from datetime import datetime

from attrs import frozen

from adapters.memory.shelves import Shelf, listing
from adapters.memory.state import State
from application.ports.storage import CalendarFilter, Listing, Page, ReminderFilter
from domain.agenda import CalendarEvent, Reminder, ReminderStatus
from domain.errors import NetworkNotFound, NotFound
from domain.ids import CalendarEventId, NetworkId, ReminderId


@frozen
class MemoryAgenda:
    """The reminders and calendar events of each network."""

    _state: State
    _writable: bool

    async def add_reminder(self, reminder: Reminder) -> None:
        """Keep a new reminder."""
        shelf = self._reminders()
        shelf.require_writable()
        self._require_network(reminder.network_id)
        shelf.add((reminder.network_id, reminder.id), reminder)

    async def get_reminder(self, network_id: NetworkId, reminder_id: ReminderId) -> Reminder:
        """Find a reminder of a network, or raise NotFound."""
        return self._reminders().get((network_id, reminder_id))

    async def update_reminder(self, reminder: Reminder) -> None:
        """Replace a reminder, or raise NotFound."""
        self._reminders().update((reminder.network_id, reminder.id), reminder)

    async def remove_reminder(self, network_id: NetworkId, reminder_id: ReminderId) -> None:
        """Take a reminder away, or raise NotFound."""
        self._reminders().remove((network_id, reminder_id))

    async def reminders(self, network_id: NetworkId, wanted: ReminderFilter, page: Page) -> Listing[Reminder]:
        """The reminders of a network that pass a filter, newest first."""
        passing = (known for known in self._reminders().within(network_id) if _wanted(known, wanted))
        return listing(passing, page, lambda known: (known.created_at, known.id))

    async def due_reminders(self, now: datetime, limit: int) -> tuple[Reminder, ...]:
        """Pending reminders that are due, did not ring yet and would be heard, soonest first."""
        due = (known for known in self._waiting() if known.due_time <= now)
        return tuple(sorted(due, key=lambda known: (known.due_time, known.id))[: max(limit, 0)])

    async def next_due(self) -> datetime | None:
        """When the next pending reminder of those who would hear it is to ring."""
        return min((known.due_time for known in self._waiting()), default=None)

    def _waiting(self) -> Iterator[Reminder]:
        """Those that are to ring, and would be heard."""
        listening = {client.network_id for client in self._state.clients.values() if client.connected}
        return (known for known in self._state.reminders.values() if _waits(known, listening))

    async def add_event(self, event: CalendarEvent) -> None:
        """Keep a new calendar event."""
        shelf = self._events()
        shelf.require_writable()
        self._require_network(event.network_id)
        shelf.add((event.network_id, event.id), event)

    async def get_event(self, network_id: NetworkId, event_id: CalendarEventId) -> CalendarEvent:
        """Find a calendar event of a network, or raise NotFound."""
        return self._events().get((network_id, event_id))

    async def update_event(self, event: CalendarEvent) -> None:
        """Replace a calendar event, or raise NotFound."""
        self._events().update((event.network_id, event.id), event)

    async def remove_event(self, network_id: NetworkId, event_id: CalendarEventId) -> None:
        """Take a calendar event away, or raise NotFound."""
        self._events().remove((network_id, event_id))

    async def events(
        self, network_id: NetworkId, wanted: CalendarFilter, page: Page
    ) -> Listing[CalendarEvent]:
        """The calendar events of a network that pass a filter, newest first."""
        passing = (known for known in self._events().within(network_id) if _touches(known, wanted))
        return listing(passing, page, lambda known: (known.created_at, known.id))

    def _require_network(self, network_id: NetworkId) -> None:
        if (network_id,) not in self._state.networks:
            raise NetworkNotFound(network_id)

    def _reminders(self) -> Shelf[Reminder]:
        return Shelf(
            rows=self._state.reminders, noun="reminder", missing=_no_reminder, writable=self._writable
        )

    def _events(self) -> Shelf[CalendarEvent]:
        return Shelf(
            rows=self._state.calendar_events,
            noun="calendar event",
            missing=_no_event,
            writable=self._writable,
        )


def _no_reminder(reminder_id: str) -> NotFound:
    return NotFound("There is no reminder with this id in the network.", reminder_id=reminder_id)


def _no_event(event_id: str) -> NotFound:
    return NotFound("There is no calendar event with this id in the network.", event_id=event_id)


def _waits(reminder: Reminder, listening: set[NetworkId]) -> bool:
    untold = reminder.fired_at is None or reminder.fired_at < reminder.due_time
    return untold and reminder.status is ReminderStatus.PENDING and reminder.network_id in listening


def _wanted(reminder: Reminder, wanted: ReminderFilter) -> bool:
    return (
        (wanted.status is None or reminder.status is wanted.status)
        and (wanted.due_from is None or reminder.due_time >= wanted.due_from)
        and (wanted.due_before is None or reminder.due_time < wanted.due_before)
    )


def _touches(event: CalendarEvent, wanted: CalendarFilter) -> bool:
    if wanted.recurring is not None and wanted.recurring != (event.recurrence is not None):
        return False
    starts_in_time = wanted.end is None or event.start_time < wanted.end
    return starts_in_time and (
        wanted.recurring is True
        or wanted.start is None
        or event.end_time > wanted.start
        or event.start_time >= wanted.start
    )
