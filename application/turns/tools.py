"""What an interlocutor may do during one turn: each act commits with the facts that tell of it."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Final, Literal, TypeVar
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen

from application.agenda.occurrences import occurrences
from application.agenda.planning import CalendarEventChanges, usual_end
from application.agenda.reminding import UNCHANGED, ReminderChanges
from application.ports.dialogue import ActivityWish
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
from application.turns.action_results import of_event, of_reminder
from application.turns.earlier_actions import EarlierActions, Fits
from application.turns.house_deeds import HouseDeeds
from application.turns.likeness import NEAR_ENOUGH, likeness, nearest
from domain.agenda import CalendarEvent, CalendarEventStatus, Reminder, ReminderStatus
from domain.errors import Forbidden, NotFound
from domain.events import ActionExecuted
from domain.ids import CalendarEventId, ReminderId
from domain.interactions import Action, ActionType, Interaction
from domain.moments import utc_text
from domain.personas import Behavior, ToolName

Item = TypeVar("Item")

MOST_LOOKED_AT: Final = 1000
HouseTool = Literal["announce", "switch_persona", "continue_at", "start_activity", "stop_activity"]


@frozen
class NetworkTools:
    """The tools of one turn, bound to its network: nothing done through them can leave it."""

    transactions: Transactions
    ids: IdSource
    clock: Clock
    interaction: Interaction
    earlier: EarlierActions = field(factory=EarlierActions)
    behavior: Behavior = Behavior()
    house: HouseDeeds | None = field(default=None, repr=False)
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
            action = await self._note(tx, "create_reminder", of_reminder(reminder))
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
            standing = await self._standing_event(tx, "create_calendar_event", _same_event(event))
            if standing is not None:
                return standing
            event = event.begun(await self._zone(tx))
            await tx.agenda.add_event(event)
            action = await self._note(tx, "create_calendar_event", of_event(event))
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

    async def change_reminder(
        self, *, title: str, new_title: str | None = None, due_time: datetime | None = None
    ) -> Reminder | None:
        self._permit("change_reminder")
        async with self.transactions.begin() as tx:
            standing = await self._standing_reminder(tx, "change_reminder", _about(new_title or title))
            if standing is not None:
                return standing
            meant = nearest(title, await self._pending(tx, ReminderFilter(status=ReminderStatus.PENDING)))
            if meant is None:
                return None
            held = await tx.agenda.get_reminder(meant.network_id, meant.id)
            changes = ReminderChanges(title=new_title, due_time=due_time)
            changed = changes.applied_to(held, await self._zone(tx), self.clock.now())
            await tx.agenda.update_reminder(changed)
            action = await self._note(tx, "change_reminder", of_reminder(changed))
        self.done.append(action)
        return changed

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

    async def announce(self, *, text: str, room: str | None = None) -> str:
        return await self._in_house(
            "announce", text, lambda house: house.announce(self.interaction, text, room)
        )

    async def switch_persona(self, *, name: str) -> str:
        return await self._in_house(
            "switch_persona", name, lambda house: house.switch(self.interaction, name)
        )

    async def continue_at(self, *, place: str) -> str:
        return await self._in_house("continue_at", place, lambda house: house.go_on(self.interaction, place))

    async def start_activity(self, *, activity: ActivityWish, theme: str | None = None) -> str:
        return await self._in_house(
            "start_activity", activity, lambda house: house.start(self.interaction, activity, theme)
        )

    async def stop_activity(self) -> str:
        return await self._in_house("stop_activity", "", lambda house: house.stop(self.interaction))

    async def _in_house(
        self, tool: HouseTool, wanted: str, act: Callable[[HouseDeeds], Awaitable[str]]
    ) -> str:
        """Do something that is of the house rather than of its agenda, and keep what was told of it."""
        self._permit(tool)
        if self.house is None:
            raise Forbidden("Nothing of the house can be done from here.", tool=tool)
        standing = self.earlier.standing(tool, lambda action: action.result.get("wanted") == wanted)
        if standing is not None:
            async with self.transactions.begin() as tx:
                await self._note_again(tx, standing)
            return str(standing.result.get("said", ""))
        said = await act(self.house)
        async with self.transactions.begin() as tx:
            action = await self._note(tx, tool, {"wanted": wanted, "said": said})
        self.done.append(action)
        return said

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
            meant = nearest(title, pending)
            if meant is None:
                return None
            zone = await self._zone(tx)
            held = await tx.agenda.get_reminder(meant.network_id, meant.id)
            if held.status is not ReminderStatus.PENDING:
                return None
            completed = status is ReminderStatus.COMPLETED
            settled = held.completed(zone) if completed else evolve(held, status=status)
            await tx.agenda.update_reminder(settled)
            action = await self._note(tx, kind, of_reminder(settled))
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

    async def _change_event(
        self, kind: ActionType, title: str, changes: CalendarEventChanges
    ) -> CalendarEvent | None:
        async with self.transactions.begin() as tx:
            standing = await self._standing_event(tx, kind, _about(changes.title or title))
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
            *await _all(lambda page: tx.agenda.events(network_id, once, page)),
            *await _all(lambda page: tx.agenda.events(network_id, again, page)),
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
    return lambda action: likeness(title, str(action.result.get("title", ""))) >= NEAR_ENOUGH


async def _all(read: Callable[[Page], Awaitable[Listing[Item]]]) -> tuple[Item, ...]:
    """All items of a list, page by page; only the newest thousand of a longer one."""
    found: list[Item] = []
    while len(found) < MOST_LOOKED_AT:
        listing = await read(Page(limit=MAX_PAGE, offset=len(found)))
        found.extend(listing.items)
        if not listing.items or len(found) >= listing.total:
            break
    return tuple(found)
