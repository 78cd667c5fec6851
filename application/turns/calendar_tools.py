"""What an interlocutor may do with the calendar during one turn."""

from datetime import datetime

from attrs import evolve, frozen

from application.agenda.occurrences import occurrences
from application.agenda.planning import CalendarEventChanges, usual_end
from application.agenda.reminding import UNCHANGED
from application.ports.storage import CalendarFilter, Transaction
from application.turns.acting import Acting, about, everything
from application.turns.action_results import of_event
from application.turns.earlier_actions import Fits
from application.turns.likeness import nearest
from domain.agenda import CalendarEvent, CalendarEventStatus
from domain.errors import NotFound
from domain.ids import CalendarEventId
from domain.interactions import Action, ActionType
from domain.moments import utc_text


@frozen
class CalendarTools(Acting):
    """Calendar events made, found and changed: each deed commits with the facts that tell of it."""

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
        self._permit("create_calendar_event")
        event = CalendarEvent(
            id=self.ids.calendar_event(),
            network_id=self.interaction.network_id,
            title=title,
            start_time=start_time,
            end_time=end_time or usual_end(start_time),
            attendees=attendees,
            location=location,
            recurrence=recurrence,
            client_id=self.interaction.client_id,
            interaction_id=self.interaction.id,
            created_at=self.clock.now(),
        )
        async with self.transactions.begin() as tx:
            standing = await self._standing_event(tx, "create_calendar_event", _same_event(event))
            if standing is not None:
                return standing
            event = event.begun(await self._zone(tx))
            await tx.agenda.add_event(event)
            action = await self._note(tx, "create_calendar_event", of_event(event))
        self.done.append(action)
        return event

    async def find_calendar_events(self, *, start: datetime, end: datetime) -> tuple[CalendarEvent, ...]:
        self._permit("find_calendar_events")
        wanted = CalendarFilter(start=start, end=end)
        async with self.transactions.snapshot() as tx:
            once = evolve(wanted, recurring=False)
            found = await everything(lambda page: tx.agenda.events(self.interaction.network_id, once, page))
            found += await occurrences(tx, self.interaction.network_id, wanted)
        standing = (event for event in found if event.status is not CalendarEventStatus.CANCELLED)
        return tuple(sorted(standing, key=lambda event: event.start_time))

    async def cancel_calendar_event(self, *, title: str) -> CalendarEvent | None:
        self._permit("cancel_calendar_event")
        cancelled = CalendarEventChanges(status=CalendarEventStatus.CANCELLED)
        return await self._change_event("cancel_calendar_event", title, cancelled)

    async def change_calendar_event(
        self,
        *,
        title: str,
        new_title: str | None = None,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        location: str | None = None,
    ) -> CalendarEvent | None:
        self._permit("change_calendar_event")
        changes = CalendarEventChanges(
            title=new_title,
            start_time=start_time,
            end_time=end_time,
            location=UNCHANGED if location is None else location,
        )
        return await self._change_event("change_calendar_event", title, changes)

    async def _change_event(
        self, kind: ActionType, title: str, changes: CalendarEventChanges
    ) -> CalendarEvent | None:
        async with self.transactions.begin() as tx:
            standing = await self._standing_event(tx, kind, about(changes.title or title))
            if standing is not None:
                return standing
            meant = nearest(title, await self._events_ahead(tx))
            if meant is None:
                return None
            held = await tx.agenda.get_event(meant.network_id, meant.id)
            changed = changes.applied_to(held)
            if changed.start_time != held.start_time:
                changed = changed.begun(await self._zone(tx))
            await tx.agenda.update_event(changed)
            action = await self._note(tx, kind, of_event(changed))
        self.done.append(action)
        return changed

    async def _events_ahead(self, tx: Transaction) -> list[CalendarEvent]:
        """The events that are not over and not cancelled, soonest first; one that recurs once."""
        network_id, now, zone = self.interaction.network_id, self.clock.now(), await self._zone(tx)
        once, again = CalendarFilter(start=now, recurring=False), CalendarFilter(recurring=True)
        found = (
            *await everything(lambda page: tx.agenda.events(network_id, once, page)),
            *await everything(lambda page: tx.agenda.events(network_id, again, page)),
        )
        ahead = list[tuple[datetime, CalendarEvent]]()
        for event in found:
            series = event.series(zone)
            begins = event.start_time if series is None else series.after(now)
            if begins is not None and event.status is not CalendarEventStatus.CANCELLED:
                ahead.append((begins, event))
        return [event for _, event in sorted(ahead, key=lambda one: one[0])]

    async def _standing_event(self, tx: Transaction, kind: ActionType, same: Fits) -> CalendarEvent | None:
        """The event of an earlier action that stands for this one, if it is still there."""
        action = self.earlier.standing(kind, same)
        try:
            if action is None:
                return None
            event_id = CalendarEventId(str(action.result["event_id"]))
            event = await tx.agenda.get_event(self.interaction.network_id, event_id)
        except NotFound:
            return None
        await self._note_again(tx, action)
        return event


def _same_event(wanted: CalendarEvent) -> Fits:
    """Same title, and the same time; of what recurs the time may have been moved to the first that fits."""

    def same(action: Action) -> bool:
        begins = action.result.get("start_time")
        in_time = wanted.recurrence is not None or begins == utc_text(wanted.start_time)
        return in_time and action.result.get("title") == wanted.title

    return same
