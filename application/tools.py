"""What an interlocutor may do during one turn: each act commits with the facts that tell of it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from difflib import SequenceMatcher
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen

from application.earlier_actions import EarlierActions, Fits
from application.occurrences import occurrences
from application.planning import usual_end
from application.ports.storage import (
    MAX_PAGE,
    CalendarFilter,
    Listing,
    Page,
    ReminderFilter,
    Transaction,
    Transactions,
)
from application.ports.world import Clock, IdSource
from domain.agenda import CalendarEvent, CalendarEventStatus, Reminder, ReminderStatus
from domain.errors import Forbidden, NotFound
from domain.events import ActionExecuted
from domain.ids import CalendarEventId, ReminderId
from domain.interactions import Action, ActionType, Interaction
from domain.moments import utc_text
from domain.personas import Behavior, ToolName

Item = TypeVar("Item")

NEAR_ENOUGH: Final = 0.6
COMPARED: Final = 100
"""How many characters of a title are compared; the time it takes grows with their square."""
MOST_LOOKED_AT: Final = 1000


@frozen
class NetworkTools:
    """The tools of one turn, bound to its network: nothing done through them can leave it."""

    transactions: Transactions
    ids: IdSource
    clock: Clock
    interaction: Interaction
    earlier: EarlierActions = field(factory=EarlierActions)
    behavior: Behavior = Behavior()
    done: list[Action] = field(factory=list, init=False)

    async def create_reminder(
        self, *, title: str, due_time: datetime, recurrence: str | None = None
    ) -> Reminder:
        self._permit("create_reminder")
        now = self.clock.now()
        reminder = Reminder(
            id=self.ids.reminder(),
            network_id=self.interaction.network_id,
            title=title,
            due_time=due_time,
            recurrence=recurrence,
            client_id=self.interaction.client_id,
            interaction_id=self.interaction.id,
            created_at=now,
        )
        async with self.transactions.begin() as tx:
            standing = await self._standing_reminder(tx, "create_reminder", _same_reminder(reminder))
            if standing is not None:
                return standing
            reminder = reminder.begun(await self._zone(tx), now)
            await tx.agenda.add_reminder(reminder)
            action = await self._note(tx, "create_reminder", _of_reminder(reminder))
        self.done.append(action)
        return reminder

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
            standing = await self._standing_event(tx, event)
            if standing is not None:
                return standing
            event = event.begun(await self._zone(tx))
            await tx.agenda.add_event(event)
            action = await self._note(tx, "create_calendar_event", _of_event(event))
        self.done.append(action)
        return event

    async def find_reminders(self, *, start: datetime | None, end: datetime | None) -> tuple[Reminder, ...]:
        self._permit("find_reminders")
        wanted = ReminderFilter(status=ReminderStatus.PENDING, due_from=start, due_before=end)
        async with self.transactions.snapshot() as tx:
            return await self._pending(tx, wanted)

    async def find_calendar_events(self, *, start: datetime, end: datetime) -> tuple[CalendarEvent, ...]:
        self._permit("find_calendar_events")
        wanted = CalendarFilter(start=start, end=end)
        async with self.transactions.snapshot() as tx:
            once = evolve(wanted, recurring=False)
            found = await _all(lambda page: tx.agenda.events(self.interaction.network_id, once, page))
            found += await occurrences(tx, self.interaction.network_id, wanted)
        standing = (event for event in found if event.status is not CalendarEventStatus.CANCELLED)
        return tuple(sorted(standing, key=lambda event: event.start_time))

    async def complete_reminder(self, *, title: str) -> Reminder | None:
        self._permit("complete_reminder")
        return await self._settle("complete_reminder", title, ReminderStatus.COMPLETED)

    async def cancel_reminder(self, *, title: str) -> Reminder | None:
        self._permit("cancel_reminder")
        return await self._settle("cancel_reminder", title, ReminderStatus.CANCELLED)

    def _permit(self, tool: ToolName) -> None:
        """Refuse what the persona of this turn may not do, whoever thinks for it."""
        if not self.behavior.allows(tool):
            raise Forbidden("The persona that answers here may not do this.", tool=tool)

    async def _settle(self, kind: ActionType, title: str, status: ReminderStatus) -> Reminder | None:
        async with self.transactions.begin() as tx:
            standing = await self._standing_reminder(tx, kind, _about(title))
            if standing is not None:
                return standing
            pending = await self._pending(tx, ReminderFilter(status=ReminderStatus.PENDING))
            nearest = _nearest(title, pending)
            if nearest is None:
                return None
            zone = await self._zone(tx)
            held = await tx.agenda.get_reminder(nearest.network_id, nearest.id)
            if held.status is not ReminderStatus.PENDING:
                return None
            completed = status is ReminderStatus.COMPLETED
            settled = held.completed(zone) if completed else evolve(held, status=status)
            await tx.agenda.update_reminder(settled)
            action = await self._note(tx, kind, _of_reminder(settled))
        self.done.append(action)
        return settled

    async def _standing_reminder(self, tx: Transaction, kind: ActionType, same: Fits) -> Reminder | None:
        """The reminder of an earlier action that stands for this one, if it is still there."""
        action = self.earlier.standing(kind, same)
        try:
            if action is None:
                return None
            reminder_id = ReminderId(str(action.result["reminder_id"]))
            reminder = await tx.agenda.get_reminder(self.interaction.network_id, reminder_id)
        except NotFound:
            return None
        await self._note_again(tx, action)
        return reminder

    async def _standing_event(self, tx: Transaction, wanted: CalendarEvent) -> CalendarEvent | None:
        """The event of an earlier action that stands for a wanted one, if it is still there."""
        action = self.earlier.standing("create_calendar_event", _same_event(wanted))
        try:
            if action is None:
                return None
            event_id = CalendarEventId(str(action.result["event_id"]))
            event = await tx.agenda.get_event(self.interaction.network_id, event_id)
        except NotFound:
            return None
        await self._note_again(tx, action)
        return event

    async def _note_again(self, tx: Transaction, action: Action) -> None:
        """Keep with the interaction an action that stands; it was announced when it was carried out."""
        kept = await tx.interactions.get(self.interaction.network_id, self.interaction.id)
        if action not in kept.actions:
            await tx.interactions.update(evolve(kept, actions=(*kept.actions, action)))
        self.done.append(action)

    async def _zone(self, tx: Transaction) -> ZoneInfo:
        return (await tx.networks.get(self.interaction.network_id)).settings.zone

    async def _pending(self, tx: Transaction, wanted: ReminderFilter) -> tuple[Reminder, ...]:
        """The reminders that pass a filter, soonest first."""
        found = await _all(lambda page: tx.agenda.reminders(self.interaction.network_id, wanted, page))
        return tuple(sorted(found, key=lambda reminder: reminder.due_time))

    async def _note(self, tx: Transaction, kind: ActionType, result: Mapping[str, object]) -> Action:
        """Keep an action with its interaction, in the transaction that carries it out, and announce it."""
        now = self.clock.now()
        action = Action(id=self.ids.action(), type=kind, result=result, executed_at=now)
        kept = await tx.interactions.get(self.interaction.network_id, self.interaction.id)
        await tx.interactions.update(evolve(kept, actions=(*kept.actions, action)))
        await tx.outbox.append(
            self.interaction.network_id,
            ActionExecuted(
                interaction_id=self.interaction.id,
                client_id=self.interaction.client_id,
                action=action,
                at=now,
            ),
        )
        return action


def _same_reminder(wanted: Reminder) -> Fits:
    """Same title, and the same time; of what recurs the time has moved on."""

    def same(action: Action) -> bool:
        in_time = wanted.recurrence is not None or action.result.get("due_time") == utc_text(wanted.due_time)
        return in_time and action.result.get("title") == wanted.title

    return same


def _same_event(wanted: CalendarEvent) -> Fits:
    """Same title, and the same time; of what recurs the time may have been moved to the first that fits."""

    def same(action: Action) -> bool:
        begins = action.result.get("start_time")
        in_time = wanted.recurrence is not None or begins == utc_text(wanted.start_time)
        return in_time and action.result.get("title") == wanted.title

    return same


def _about(title: str) -> Fits:
    """Nearly the same title."""
    return lambda action: _likeness(title, str(action.result.get("title", ""))) >= NEAR_ENOUGH


async def _all(read: Callable[[Page], Awaitable[Listing[Item]]]) -> tuple[Item, ...]:
    """All items of a list, page by page; only the newest thousand of a longer one."""
    found: list[Item] = []
    while len(found) < MOST_LOOKED_AT:
        listing = await read(Page(limit=MAX_PAGE, offset=len(found)))
        found.extend(listing.items)
        if not listing.items or len(found) >= listing.total:
            break
    return tuple(found)


def _nearest(title: str, reminders: Sequence[Reminder]) -> Reminder | None:
    """The reminder whose title is most like some words, the first of those alike; None when none is."""
    nearest = max(reminders, key=lambda reminder: _likeness(title, reminder.title), default=None)
    return nearest if nearest and _likeness(title, nearest.title) >= NEAR_ENOUGH else None


def _likeness(title: str, other: str) -> float:
    """How far two titles agree, 0..1; 0 where they are too far apart for it to matter."""
    match = SequenceMatcher(None, _compared(title), _compared(other))
    return match.ratio() if match.quick_ratio() >= NEAR_ENOUGH else 0.0


def _compared(title: str) -> str:
    return title.strip().casefold()[:COMPARED]


def _of_reminder(reminder: Reminder) -> Mapping[str, object]:
    return {
        "reminder_id": reminder.id,
        "title": reminder.title,
        "due_time": utc_text(reminder.due_time),
        "status": reminder.status.value,
    }


def _of_event(event: CalendarEvent) -> Mapping[str, object]:
    return {
        "event_id": event.id,
        "title": event.title,
        "start_time": utc_text(event.start_time),
        "end_time": utc_text(event.end_time),
        "attendees": list(event.attendees),
        "location": event.location,
    }
