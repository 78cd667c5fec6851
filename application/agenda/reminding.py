"""Setting, changing and dropping reminders, beside those that are set in conversation."""

from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from application.facts.wakeup import Wakeup
from application.networks.access import Principal, within
from application.ports.storage import Transaction, Transactions
from application.ports.world import Clock, IdSource
from domain.agenda import Reminder, ReminderStatus
from domain.ids import NetworkId, ReminderId


class Unchanged(Enum):
    """What stays as it is, where None would take it away."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED


@frozen(kw_only=True)
class NewReminder:
    """A reminder to be set; recurrence is an RRULE, followed by the clocks of the network."""

    title: str
    due_time: datetime
    recurrence: str | None = None


@frozen(kw_only=True)
class ReminderChanges:
    """What is to be changed of a reminder: None stays as it is.

    To complete one that recurs is to have done what rang, or else its next occurrence; the occurrence names
    the due time that is meant, so that it can be said twice.
    """

    title: str | None = None
    due_time: datetime | None = None
    recurrence: str | Unchanged | None = UNCHANGED
    status: ReminderStatus | None = None
    occurrence: datetime | None = None

    def applied_to(self, reminder: Reminder, zone: ZoneInfo, now: datetime) -> Reminder:
        """The reminder as it will be.

        Raises:
            InvalidValue: its time would not be ahead, or the rule has an end before now.
        """
        changed = evolve(
            reminder,
            title=reminder.title if self.title is None else self.title,
            due_time=self.due_time or reminder.due_time,
            recurrence=reminder.recurrence if self.recurrence is UNCHANGED else self.recurrence,
        )
        recurs_otherwise = changed.recurrence != reminder.recurrence
        if self.due_time is not None or (recurs_otherwise and changed.recurrence is not None):
            changed = evolve(changed.begun(zone, now), fired_at=None)
        elif recurs_otherwise:
            changed = evolve(changed, series_start=None)
        return self._with_status(changed, zone, now)

    def _with_status(self, reminder: Reminder, zone: ZoneInfo, now: datetime) -> Reminder:
        is_pending = reminder.status is ReminderStatus.PENDING
        match self.status:
            case ReminderStatus.COMPLETED if is_pending:
                return reminder.completed(zone, self.occurrence)
            case ReminderStatus.PENDING if not is_pending and reminder.recurrence is not None:
                again = evolve(reminder, due_time=reminder.series_start or reminder.due_time)
                return evolve(again.begun(zone, now), status=ReminderStatus.PENDING, fired_at=None)
            case None:
                return reminder
            case status:
                return evolve(reminder, status=status)


@frozen
class CreateReminder:
    """Set a reminder in a network."""

    transactions: Transactions
    ids: IdSource
    clock: Clock
    wakeup: Wakeup

    async def __call__(self, principal: Principal, network_id: NetworkId, wanted: NewReminder) -> Reminder:
        within(principal, network_id)
        now = self.clock.now()
        async with self.transactions.begin() as tx:
            reminder = Reminder(
                id=self.ids.reminder(),
                network_id=network_id,
                title=wanted.title,
                due_time=wanted.due_time,
                recurrence=wanted.recurrence,
                created_at=now,
            ).begun(await _zone(tx, network_id), now)
            await tx.agenda.add_reminder(reminder)
        self.wakeup.nudge()
        return reminder


@frozen
class GetReminder:
    """Look a reminder up."""

    transactions: Transactions

    async def __call__(
        self, principal: Principal, network_id: NetworkId, reminder_id: ReminderId
    ) -> Reminder:
        within(principal, network_id)
        async with self.transactions.snapshot() as tx:
            await tx.networks.get(network_id)
            return await tx.agenda.get_reminder(network_id, reminder_id)


@frozen
class UpdateReminder:
    """Change what is sent of a reminder, complete it, cancel it, or take that back."""

    transactions: Transactions
    clock: Clock
    wakeup: Wakeup

    async def __call__(
        self, principal: Principal, network_id: NetworkId, reminder_id: ReminderId, changes: ReminderChanges
    ) -> Reminder:
        within(principal, network_id)
        async with self.transactions.begin() as tx:
            zone = await _zone(tx, network_id)
            held = await tx.agenda.get_reminder(network_id, reminder_id)
            changed = changes.applied_to(held, zone, self.clock.now())
            await tx.agenda.update_reminder(changed)
        self.wakeup.nudge()
        return changed


@frozen
class DeleteReminder:
    """Take a reminder away, with all its occurrences."""

    transactions: Transactions

    async def __call__(self, principal: Principal, network_id: NetworkId, reminder_id: ReminderId) -> None:
        within(principal, network_id)
        async with self.transactions.begin() as tx:
            await tx.networks.get(network_id)
            await tx.agenda.remove_reminder(network_id, reminder_id)


async def _zone(tx: Transaction, network_id: NetworkId) -> ZoneInfo:
    return (await tx.networks.get(network_id)).settings.zone
