"""Entering, changing and taking out calendar events, beside those that are made in conversation."""

from datetime import datetime, timedelta
from typing import Final

from attrs import evolve, frozen

from application.agenda.reminding import UNCHANGED, Unchanged
from application.networks.access import Principal, within
from application.ports.storage import Transactions
from application.ports.world import Clock, IdSource
from domain.agenda import CalendarEvent, CalendarEventStatus
from domain.errors import InvalidValue
from domain.ids import CalendarEventId, NetworkId

USUAL_LENGTH: Final = timedelta(hours=1)


@frozen(kw_only=True)
class NewCalendarEvent:
    """An event to be entered: an hour long where no end is given; recurrence is an RRULE."""

    title: str
    start_time: datetime
    end_time: datetime | None = None
    attendees: tuple[str, ...] = ()
    location: str | None = None
    status: CalendarEventStatus = CalendarEventStatus.CONFIRMED
    recurrence: str | None = None


@frozen(kw_only=True)
class CalendarEventChanges:
    """What is to be changed of an event: None stays as it is; another start alone moves it."""

    title: str | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    attendees: tuple[str, ...] | None = None
    location: str | Unchanged | None = UNCHANGED
    status: CalendarEventStatus | None = None
    recurrence: str | Unchanged | None = UNCHANGED

    def applied_to(self, event: CalendarEvent) -> CalendarEvent:
        """The event as it will be, before it is fitted to its rule."""
        moved = event if self.start_time is None else event.starting(self.start_time)
        return evolve(
            moved,
            title=event.title if self.title is None else self.title,
            end_time=self.end_time or moved.end_time,
            attendees=event.attendees if self.attendees is None else self.attendees,
            location=event.location if self.location is UNCHANGED else self.location,
            status=self.status or event.status,
            recurrence=event.recurrence if self.recurrence is UNCHANGED else self.recurrence,
        )


@frozen
class CreateCalendarEvent:
    """Enter an event into the calendar of a network."""

    transactions: Transactions
    ids: IdSource
    clock: Clock

    async def __call__(
        self, principal: Principal, network_id: NetworkId, wanted: NewCalendarEvent
    ) -> CalendarEvent:
        within(principal, network_id)
        async with self.transactions.begin() as tx:
            network = await tx.networks.get(network_id)
            event = CalendarEvent(
                id=self.ids.calendar_event(),
                network_id=network_id,
                title=wanted.title,
                start_time=wanted.start_time,
                end_time=wanted.end_time or usual_end(wanted.start_time),
                attendees=wanted.attendees,
                location=wanted.location,
                status=wanted.status,
                recurrence=wanted.recurrence,
                created_at=self.clock.now(),
            ).begun(network.settings.zone)
            await tx.agenda.add_event(event)
        return event


@frozen
class GetCalendarEvent:
    """Look a calendar event up."""

    transactions: Transactions

    async def __call__(
        self, principal: Principal, network_id: NetworkId, event_id: CalendarEventId
    ) -> CalendarEvent:
        within(principal, network_id)
        async with self.transactions.snapshot() as tx:
            await tx.networks.get(network_id)
            return await tx.agenda.get_event(network_id, event_id)


@frozen
class UpdateCalendarEvent:
    """Change what is sent of a calendar event, with all its occurrences, or cancel it."""

    transactions: Transactions

    async def __call__(
        self,
        principal: Principal,
        network_id: NetworkId,
        event_id: CalendarEventId,
        changes: CalendarEventChanges,
    ) -> CalendarEvent:
        within(principal, network_id)
        async with self.transactions.begin() as tx:
            network = await tx.networks.get(network_id)
            held = await tx.agenda.get_event(network_id, event_id)
            changed = changes.applied_to(held)
            if (changed.start_time, changed.recurrence) != (held.start_time, held.recurrence):
                changed = changed.begun(network.settings.zone)
            await tx.agenda.update_event(changed)
        return changed


@frozen
class DeleteCalendarEvent:
    """Take an event out of the calendar, with all its occurrences."""

    transactions: Transactions

    async def __call__(self, principal: Principal, network_id: NetworkId, event_id: CalendarEventId) -> None:
        within(principal, network_id)
        async with self.transactions.begin() as tx:
            await tx.networks.get(network_id)
            await tx.agenda.remove_event(network_id, event_id)


def usual_end(start: datetime) -> datetime:
    """When something that begins at a moment usually ends.

    Raises:
        InvalidValue: that is beyond all calendars.
    """
    try:
        return start + USUAL_LENGTH
    except OverflowError as error:
        raise InvalidValue("start_time", "must leave room for an hour before the year 10000") from error
