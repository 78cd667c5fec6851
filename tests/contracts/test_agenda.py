"""What every store of reminders and calendar events does."""

from datetime import datetime
from uuid import uuid4

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from application.ports.storage import CalendarFilter, Page, ReminderFilter, Transaction, Transactions
from domain.agenda import ReminderStatus
from domain.clients import ConnectionStatus
from domain.errors import Conflict, NetworkNotFound, NotFound
from domain.ids import CalendarEventId, NetworkId, ReminderId
from tests import samples, strategies
from tests.samples import HOME, NOON, SHOP, minutes


@pytest.fixture(autouse=True)
async def networks(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.networks.add(samples.network(HOME))
        await tx.networks.add(samples.network(SHOP))


@strategies.on_a_store
@given(data=st.data())
async def test_reminders_come_back_equal(transactions: Transactions, data: st.DataObject) -> None:
    key = ReminderId(f"rem_{uuid4().hex}")
    first = evolve(data.draw(strategies.reminders(HOME)), id=key)
    second = evolve(data.draw(strategies.reminders(HOME)), id=key)
    async with transactions.begin() as tx:
        await tx.agenda.add_reminder(first)
        assert await tx.agenda.get_reminder(HOME, key) == first
        await tx.agenda.update_reminder(second)
    async with transactions.snapshot() as tx:
        assert await tx.agenda.get_reminder(HOME, key) == second


@strategies.on_a_store
@given(data=st.data())
async def test_events_come_back_equal(transactions: Transactions, data: st.DataObject) -> None:
    key = CalendarEventId(f"cal_{uuid4().hex}")
    first = evolve(data.draw(strategies.calendar_events(HOME)), id=key)
    second = evolve(data.draw(strategies.calendar_events(HOME)), id=key)
    async with transactions.begin() as tx:
        await tx.agenda.add_event(first)
        assert await tx.agenda.get_event(HOME, key) == first
        await tx.agenda.update_event(second)
    async with transactions.snapshot() as tx:
        assert await tx.agenda.get_event(HOME, key) == second


async def test_networks_do_not_see_each_others(transactions: Transactions) -> None:
    tea, tills = samples.reminder("rem_a"), samples.reminder("rem_a", SHOP, title="tills")
    dentist = samples.calendar_event("cal_a", start=NOON, end=minutes(30))
    delivery = evolve(dentist, network_id=SHOP, title="delivery")
    async with transactions.begin() as tx:
        await tx.agenda.add_reminder(tea)
        await tx.agenda.add_event(dentist)
        for refused in (
            tx.agenda.get_reminder(SHOP, tea.id),
            tx.agenda.update_reminder(tills),
            tx.agenda.get_event(SHOP, dentist.id),
            tx.agenda.update_event(delivery),
        ):
            with pytest.raises(NotFound):
                await refused
        await tx.agenda.add_reminder(tills)
        await tx.agenda.add_event(delivery)
        for taken in (tx.agenda.add_reminder(tills), tx.agenda.add_event(delivery)):
            with pytest.raises(Conflict):
                await taken
    async with transactions.snapshot() as tx:
        assert (await tx.agenda.reminders(HOME, ReminderFilter(), Page())).items == (tea,)
        assert (await tx.agenda.reminders(SHOP, ReminderFilter(), Page())).items == (tills,)
        assert (await tx.agenda.events(HOME, CalendarFilter(), Page())).items == (dentist,)
        assert (await tx.agenda.events(SHOP, CalendarFilter(), Page())).items == (delivery,)


async def test_an_agenda_needs_its_network(transactions: Transactions) -> None:
    with pytest.raises(NetworkNotFound):
        async with transactions.begin() as tx:
            await tx.agenda.add_reminder(samples.reminder("rem_a", "net_nobody"))
    with pytest.raises(NetworkNotFound):
        async with transactions.begin() as tx:
            await tx.agenda.add_event(samples.calendar_event("cal_a", "net_nobody", start=NOON, end=NOON))


async def test_reminders_are_picked_by_status_and_due_time(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        for n in range(4):
            status = ReminderStatus.COMPLETED if n == 2 else ReminderStatus.PENDING
            due = minutes(100 - n)
            await tx.agenda.add_reminder(
                samples.reminder(f"rem_{n}", at=minutes(n), due_time=due, status=status)
            )
    expected = [
        (ReminderFilter(), [3, 2, 1, 0]),
        (ReminderFilter(status=ReminderStatus.PENDING), [3, 1, 0]),
        (ReminderFilter(status=ReminderStatus.CANCELLED), []),
        (ReminderFilter(due_from=minutes(98), due_before=minutes(100)), [2, 1]),
        (ReminderFilter(due_from=minutes(98), status=ReminderStatus.PENDING), [1, 0]),
    ]
    async with transactions.snapshot() as tx:
        for wanted, numbers in expected:
            listing = await tx.agenda.reminders(HOME, wanted, Page())
            assert [found.id for found in listing.items] == [f"rem_{n}" for n in numbers]
            assert listing.total == len(numbers)
        page = await tx.agenda.reminders(HOME, ReminderFilter(), Page(limit=1, offset=1))
        assert ([found.id for found in page.items], page.total) == (["rem_2"], 4)


@pytest.mark.parametrize(
    ("start", "end", "touched"),
    [
        (None, None, True),
        (minutes(0), minutes(10), False),
        (minutes(0), minutes(11), True),
        (minutes(12), minutes(13), True),
        (minutes(19), minutes(30), True),
        (minutes(20), minutes(30), False),
        (minutes(0), minutes(60), True),
        (None, minutes(10), False),
        (minutes(19), None, True),
        (minutes(20), None, False),
    ],
)
async def test_events_are_picked_by_the_stretch_that_they_touch(
    transactions: Transactions, start: datetime | None, end: datetime | None, touched: bool
) -> None:
    async with transactions.begin() as tx:
        await tx.agenda.add_event(samples.calendar_event("cal_a", start=minutes(10), end=minutes(20)))
    async with transactions.snapshot() as tx:
        listing = await tx.agenda.events(HOME, CalendarFilter(start=start, end=end), Page())
    assert listing.total == len(listing.items) == int(touched)


async def test_an_event_of_no_length_touches_the_stretch_that_begins_with_it(
    transactions: Transactions,
) -> None:
    async with transactions.begin() as tx:
        await tx.agenda.add_event(samples.calendar_event("cal_a", start=NOON, end=NOON))
    async with transactions.snapshot() as tx:
        assert (await tx.agenda.events(HOME, CalendarFilter(start=NOON, end=minutes(1)), Page())).total == 1
        assert (await tx.agenda.events(HOME, CalendarFilter(start=minutes(-1), end=NOON), Page())).total == 0


async def test_events_are_listed_newest_first(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        for n in range(3):
            event = samples.calendar_event(f"cal_{n}", at=minutes(n), start=minutes(-n), end=minutes(60))
            await tx.agenda.add_event(event)
    async with transactions.snapshot() as tx:
        listing = await tx.agenda.events(HOME, CalendarFilter(), Page(limit=2))
    assert ([event.id for event in listing.items], listing.total) == (["cal_2", "cal_1"], 3)


async def test_due_reminders_of_all_networks_come_soonest_first_until_they_rang(
    transactions: Transactions,
) -> None:
    later = samples.reminder("rem_a", due_time=minutes(2))
    sooner = samples.reminder("rem_b", SHOP, due_time=minutes(1))
    others = [
        samples.reminder("rem_c", due_time=minutes(3)),
        samples.reminder("rem_d", due_time=NOON, status=ReminderStatus.CANCELLED),
        samples.reminder("rem_e", due_time=NOON, fired_at=NOON),
    ]
    async with transactions.begin() as tx:
        await listen_in(tx, HOME, SHOP)
        for reminder in (later, sooner, *others):
            await tx.agenda.add_reminder(reminder)
        assert await tx.agenda.next_due() == minutes(1)
    async with transactions.begin() as tx:
        assert await tx.agenda.due_reminders(NOON, 10) == ()
        assert await tx.agenda.due_reminders(minutes(2), 10) == (sooner, later)
        assert await tx.agenda.due_reminders(minutes(2), 1) == (sooner,)
        for due in (sooner, later):
            await tx.agenda.update_reminder(evolve(due, fired_at=minutes(2)))
    async with transactions.snapshot() as tx:
        assert await tx.agenda.due_reminders(minutes(2), 10) == ()
        assert await tx.agenda.next_due() == minutes(3)


async def test_a_reminder_waits_for_somebody_to_hear_it(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await listen_in(tx, SHOP)
        await tx.agenda.add_reminder(samples.reminder("rem_a", HOME, due_time=NOON))
    async with transactions.begin() as tx:
        assert await tx.agenda.due_reminders(NOON, 10) == ()
        assert await tx.agenda.next_due() is None
        await listen_in(tx, HOME)
        assert [due.id for due in await tx.agenda.due_reminders(NOON, 10)] == ["rem_a"]
        assert await tx.agenda.next_due() == NOON


async def listen_in(tx: Transaction, *network_ids: NetworkId) -> None:
    """Connect a client in each of some networks."""
    for network_id in network_ids:
        listener = samples.client("listener", network_id, connection_status=ConnectionStatus.CONNECTED)
        await tx.clients.add(listener)


async def test_when_nothing_waits_nothing_is_next(transactions: Transactions) -> None:
    async with transactions.snapshot() as tx:
        assert await tx.agenda.next_due() is None


async def test_what_is_removed_is_gone_from_its_network_alone(transactions: Transactions) -> None:
    tea, dentist = samples.reminder("rem_a"), samples.calendar_event("cal_a", start=NOON, end=NOON)
    async with transactions.begin() as tx:
        for network_id in (HOME, SHOP):
            await tx.agenda.add_reminder(evolve(tea, network_id=network_id))
            await tx.agenda.add_event(evolve(dentist, network_id=network_id))
        await tx.agenda.remove_reminder(HOME, tea.id)
        await tx.agenda.remove_event(HOME, dentist.id)
        for gone in (tx.agenda.remove_reminder(HOME, tea.id), tx.agenda.remove_event(HOME, dentist.id)):
            with pytest.raises(NotFound):
                await gone
        assert (await tx.agenda.get_reminder(SHOP, tea.id)).title == tea.title
        assert (await tx.agenda.get_event(SHOP, dentist.id)).title == dentist.title


async def test_what_rang_waits_again_when_it_is_due_later(transactions: Transactions) -> None:
    daily = samples.reminder("rem_a", due_time=minutes(2), fired_at=minutes(1), recurrence="FREQ=DAILY")
    async with transactions.begin() as tx:
        await listen_in(tx, HOME)
        await tx.agenda.add_reminder(daily)
        await tx.agenda.add_reminder(samples.reminder("rem_b", due_time=minutes(1), fired_at=minutes(1)))
    async with transactions.begin() as tx:
        assert await tx.agenda.next_due() == minutes(2)
        assert await tx.agenda.due_reminders(minutes(3), 10) == (daily,)


async def test_events_are_picked_by_whether_they_recur(transactions: Transactions) -> None:
    once = samples.calendar_event("cal_a", start=minutes(10), end=minutes(20))
    again = samples.calendar_event("cal_b", start=minutes(10), end=minutes(20), recurrence="FREQ=DAILY")
    async with transactions.begin() as tx:
        await tx.agenda.add_event(once)
        await tx.agenda.add_event(again)
    expected = [
        (CalendarFilter(recurring=True), [again]),
        (CalendarFilter(recurring=False), [once]),
        (CalendarFilter(recurring=True, start=minutes(500), end=minutes(600)), [again]),
        (CalendarFilter(recurring=True, end=minutes(10)), []),
        (CalendarFilter(recurring=False, start=minutes(500)), []),
        (CalendarFilter(start=minutes(500)), []),
    ]
    async with transactions.snapshot() as tx:
        for wanted, events in expected:
            assert list((await tx.agenda.events(HOME, wanted, Page())).items) == events
