"""What an interlocutor may do with reminders during one turn."""

from datetime import datetime

from attrs import evolve, frozen

from application.agenda.reminding import ReminderChanges
from application.ports.storage import ReminderFilter, Transaction
from application.turns.acting import Acting, about, everything
from application.turns.action_results import of_reminder
from application.turns.earlier_actions import Fits
from application.turns.likeness import nearest
from domain.agenda import Reminder, ReminderStatus
from domain.errors import NotFound
from domain.ids import ReminderId
from domain.interactions import Action, ActionType
from domain.moments import utc_text


@frozen
class ReminderTools(Acting):
    """Reminders made, found, changed and settled: each deed commits with the facts that tell of it."""

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

    async def find_reminders(self, *, start: datetime | None, end: datetime | None) -> tuple[Reminder, ...]:
        self._permit("find_reminders")
        wanted = ReminderFilter(status=ReminderStatus.PENDING, due_from=start, due_before=end)
        async with self.transactions.snapshot() as tx:
            return await self._pending(tx, wanted)

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
            standing = await self._standing_reminder(tx, "change_reminder", about(new_title or title))
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

    async def _settle(self, kind: ActionType, title: str, status: ReminderStatus) -> Reminder | None:
        async with self.transactions.begin() as tx:
            standing = await self._standing_reminder(tx, kind, about(title))
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

    async def _pending(self, tx: Transaction, wanted: ReminderFilter) -> tuple[Reminder, ...]:
        """The reminders that pass a filter, soonest first."""
        found = await everything(lambda page: tx.agenda.reminders(self.interaction.network_id, wanted, page))
        return tuple(sorted(found, key=lambda reminder: reminder.due_time))


def _same_reminder(wanted: Reminder) -> Fits:
    """Same title, and the same time; of what recurs the time has moved on."""

    def same(action: Action) -> bool:
        in_time = wanted.recurrence is not None or action.result.get("due_time") == utc_text(wanted.due_time)
        return in_time and action.result.get("title") == wanted.title

    return same
