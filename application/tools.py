"""What an interlocutor may do during one turn: each act commits with the facts that tell of it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from typing import Final

from attrs import evolve, field, frozen

from application.ports.storage import CalendarFilter, Page, ReminderFilter, Transaction, Transactions
from application.ports.world import Clock, IdSource
from domain.agenda import CalendarEvent, CalendarEventStatus, Reminder, ReminderStatus
from domain.errors import InvalidValue
from domain.events import ActionExecuted
from domain.interactions import Action, ActionType, Interaction
from domain.moments import utc_text

USUAL_LENGTH: Final = timedelta(hours=1)
NEAR_ENOUGH: Final = 0.6
EVERYTHING: Final = Page(limit=200)


@frozen
class NetworkTools:
    """The tools of one turn, bound to its network: nothing done through them can leave it."""

    transactions: Transactions
    ids: IdSource
    clock: Clock
    interaction: Interaction
    done: list[Action] = field(factory=list, init=False)

    async def create_reminder(self, *, title: str, due_time: datetime) -> Reminder:
        now = self.clock.now()
        if due_time <= now:
            raise InvalidValue("due_time", "must be in the future")
        reminder = Reminder(
            id=self.ids.reminder(),
            network_id=self.interaction.network_id,
            title=title,
            due_time=due_time,
            client_id=self.interaction.client_id,
            interaction_id=self.interaction.id,
            created_at=now,
        )
        async with self.transactions.begin() as tx:
            await tx.agenda.add_reminder(reminder)
            await self._note(tx, "create_reminder", _of_reminder(reminder))
        return reminder

    async def create_calendar_event(
        self,
        *,
        title: str,
        start_time: datetime,
        end_time: datetime | None = None,
        attendees: tuple[str, ...] = (),
        location: str | None = None,
    ) -> CalendarEvent:
        event = CalendarEvent(
            id=self.ids.calendar_event(),
            network_id=self.interaction.network_id,
            title=title,
            start_time=start_time,
            end_time=end_time or start_time + USUAL_LENGTH,
            attendees=attendees,
            location=location,
            client_id=self.interaction.client_id,
            interaction_id=self.interaction.id,
            created_at=self.clock.now(),
        )
        async with self.transactions.begin() as tx:
            await tx.agenda.add_event(event)
            await self._note(tx, "create_calendar_event", _of_event(event))
        return event

    async def find_reminders(self, *, start: datetime | None, end: datetime | None) -> tuple[Reminder, ...]:
        wanted = ReminderFilter(status=ReminderStatus.PENDING, due_from=start, due_before=end)
        async with self.transactions.snapshot() as tx:
            listing = await tx.agenda.reminders(self.interaction.network_id, wanted, EVERYTHING)
        return tuple(sorted(listing.items, key=lambda reminder: reminder.due_time))

    async def find_calendar_events(self, *, start: datetime, end: datetime) -> tuple[CalendarEvent, ...]:
        wanted = CalendarFilter(start=start, end=end)
        async with self.transactions.snapshot() as tx:
            listing = await tx.agenda.events(self.interaction.network_id, wanted, EVERYTHING)
        standing = (event for event in listing.items if event.status is not CalendarEventStatus.CANCELLED)
        return tuple(sorted(standing, key=lambda event: event.start_time))

    async def complete_reminder(self, *, title: str) -> Reminder | None:
        return await self._settle("complete_reminder", title, ReminderStatus.COMPLETED)

    async def cancel_reminder(self, *, title: str) -> Reminder | None:
        return await self._settle("cancel_reminder", title, ReminderStatus.CANCELLED)

    async def _settle(self, action: ActionType, title: str, status: ReminderStatus) -> Reminder | None:
        async with self.transactions.begin() as tx:
            wanted = ReminderFilter(status=ReminderStatus.PENDING)
            pending = await tx.agenda.reminders(self.interaction.network_id, wanted, EVERYTHING)
            nearest = max(pending.items, key=_likeness_to(title), default=None)
            if nearest is None or _likeness_to(title)(nearest) < NEAR_ENOUGH:
                return None
            settled = evolve(nearest, status=status)
            await tx.agenda.update_reminder(settled)
            await self._note(tx, action, _of_reminder(settled))
        return settled

    async def _note(self, tx: Transaction, kind: ActionType, result: Mapping[str, object]) -> None:
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
        self.done.append(action)


def _likeness_to(title: str) -> Callable[[Reminder], float]:
    wanted = title.casefold().strip()
    return lambda reminder: SequenceMatcher(None, wanted, reminder.title.casefold()).ratio()


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
