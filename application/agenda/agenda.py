"""Reading the agenda, and ringing what is due."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from application.agenda.occurrences import touching
from application.facts.wakeup import Wakeup
from application.networks.access import Principal, within
from application.ports.storage import CalendarFilter, Listing, Page, ReminderFilter, Transactions
from application.ports.world import Clock
from domain.agenda import CalendarEvent, Reminder
from domain.events import ReminderDue
from domain.ids import NetworkId

RING_AT_ONCE = 100
LONGEST_NAP = timedelta(seconds=30)
"""A clock that is put forward is noticed within this time."""
SHORTEST_NAP = timedelta(milliseconds=20)
"""What is due and did not ring just now is in the hands of another hub."""


@frozen
class ListReminders:
    """The reminders of a network that pass a filter, newest first."""

    transactions: Transactions

    async def __call__(
        self, principal: Principal, network_id: NetworkId, wanted: ReminderFilter, page: Page
    ) -> Listing[Reminder]:
        within(principal, network_id)
        async with self.transactions.snapshot() as tx:
            await tx.networks.get(network_id)
            return await tx.agenda.reminders(network_id, wanted, page)


@frozen
class ListCalendarEvents:
    """The calendar events of a network that pass a filter, newest first.

    Asked for a stretch of time, those that recur are told by their occurrences, soonest first, each with the
    id of its event; without one they are told once, as they were entered.
    """

    transactions: Transactions

    async def __call__(
        self, principal: Principal, network_id: NetworkId, wanted: CalendarFilter, page: Page
    ) -> Listing[CalendarEvent]:
        within(principal, network_id)
        async with self.transactions.snapshot() as tx:
            await tx.networks.get(network_id)
            if wanted.start is None and wanted.end is None:
                return await tx.agenda.events(network_id, wanted, page)
            return await touching(tx, network_id, wanted, page)


@frozen
class RingDueReminders:
    """Announce each reminder when its time comes, exactly once, whatever happens to the hub meanwhile.

    Where nobody is connected it waits for somebody to come. What recurs is set to its next time in the
    transaction that announces it; times that were missed are passed over: it rings once for all of them.
    """

    transactions: Transactions
    clock: Clock
    wakeup: Wakeup

    async def run(self) -> None:
        """Ring what is due, sleep until the next one, and look again whenever something was committed."""
        while True:
            while await self() == RING_AT_ONCE:
                pass
            await self.wakeup.wait(await self._nap())

    async def __call__(self) -> int:
        """Ring what is due now, and say how many that were."""
        now = self.clock.now()
        zones = await self._zones(now)
        async with self.transactions.begin() as tx:
            found = await tx.agenda.due_reminders(now, RING_AT_ONCE)
            due = [one for one in found if one.recurrence is None or one.network_id in zones]
            for reminder in sorted(due, key=lambda one: one.network_id):
                rung = evolve(reminder, fired_at=now)
                kept = rung if rung.recurrence is None else rung.moved_on(zones[rung.network_id], now)
                await tx.agenda.update_reminder(kept)
                await tx.outbox.append(reminder.network_id, ReminderDue(reminder=rung, at=now))
        return len(due)

    async def _zones(self, now: datetime) -> Mapping[NetworkId, ZoneInfo]:
        """The time zones of networks where something that recurs is due.

        They are read beforehand: who writes in a network holds it first and its reminders after that, and
        this holds reminders of many networks.
        """
        async with self.transactions.snapshot() as tx:
            due = await tx.agenda.due_reminders(now, RING_AT_ONCE)
            networks = {one.network_id for one in due if one.recurrence is not None}
            return {one: (await tx.networks.get(one)).settings.zone for one in networks}

    async def _nap(self) -> timedelta:
        async with self.transactions.snapshot() as tx:
            due = await tx.agenda.next_due()
        if due is None:
            return LONGEST_NAP
        return min(max(due - self.clock.now(), SHORTEST_NAP), LONGEST_NAP)
