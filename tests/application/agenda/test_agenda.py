"""Reading the agenda, and ringing what is due."""

import asyncio
from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from application.agenda import agenda
from application.agenda.agenda import ListCalendarEvents, ListReminders, RingDueReminders
from application.facts.wakeup import Wakeup
from application.ports.storage import CalendarFilter, Page, ReminderFilter
from domain.agenda import Reminder, ReminderStatus
from domain.clients import ConnectionStatus
from domain.errors import MiraError, NetworkNotFound
from domain.events import ReminderDue
from domain.ids import ClientId, NetworkId
from tests import samples
from tests.application.household import OPERATOR, Household, owner
from tests.application.turns.turning import until
from tests.samples import SHOP, minutes

LISTENER = ClientId("listener")


def ringer(hub: Household, wakeup: Wakeup | None = None) -> RingDueReminders:
    return RingDueReminders(hub.transactions, hub.clock, wakeup or Wakeup())


async def remind(hub: Household, network_id: NetworkId, due: float, **others: object) -> Reminder:
    """A reminder that is due so many minutes after noon, where somebody would hear it."""
    reminder = samples.reminder(hub.ids.reminder(), network_id, due_time=minutes(due), **others)
    async with hub.store.begin() as tx:
        if await tx.clients.find(network_id, LISTENER) is None:
            connected = ConnectionStatus.CONNECTED
            await tx.clients.add(samples.client(LISTENER, network_id, connection_status=connected))
        await tx.agenda.add_reminder(reminder)
    return reminder


async def rung(hub: Household, network_id: NetworkId) -> list[str]:
    """The reminders of a network that rang, in order."""
    return [event.reminder.id for event in await hub.events(network_id, ReminderDue)]


async def test_a_reminder_rings_at_its_time_and_once(hub: Household) -> None:
    home = await hub.open_network()
    reminder = await remind(hub, home, 5)
    ring = ringer(hub)

    hub.clock.shown = minutes(5) - timedelta(microseconds=1)
    assert await ring() == 0
    hub.clock.pass_by(microseconds=1)
    assert await ring() == 1
    hub.clock.pass_by(days=1)
    assert await ring() == 0

    fired = evolve(reminder, fired_at=minutes(5))
    assert await hub.reminders(home) == [fired]
    assert await hub.events(home, ReminderDue) == [ReminderDue(reminder=fired, at=minutes(5))]
    assert fired.status is ReminderStatus.PENDING


async def test_what_came_due_while_the_hub_was_down_rings_when_it_is_back_and_once(hub: Household) -> None:
    home = await hub.open_network()
    reminder = await remind(hub, home, 5)
    before = await remind(hub, home, 1)
    hub.clock.shown = minutes(2)
    assert await ringer(hub)() == 1

    hub.clock.shown = minutes(600)
    assert await ringer(hub)() == 1
    assert await ringer(hub)() == 0
    assert await rung(hub, home) == [before.id, reminder.id]


async def test_where_nobody_would_hear_it_a_reminder_waits_until_somebody_comes(hub: Household) -> None:
    home, shop = await hub.home(), await hub.home()
    for network_id in (home, shop):
        reminder = samples.reminder(hub.ids.reminder(), network_id, due_time=minutes(5))
        async with hub.store.begin() as tx:
            await tx.agenda.add_reminder(reminder)
    hub.clock.shown = minutes(6)
    assert await ringer(hub)() == 0

    wakeup = Wakeup()
    hub.store._on_facts = lambda _: wakeup.nudge()
    running = asyncio.create_task(ringer(hub, wakeup).run())
    hub.clock.shown = minutes(60)
    await hub.connect(home)

    async def has_rung() -> bool:
        return len(await rung(hub, home)) == 1

    await until(has_rung)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await rung(hub, shop) == []


async def test_what_was_completed_or_cancelled_before_its_time_does_not_ring(hub: Household) -> None:
    home = await hub.open_network()
    for status in (ReminderStatus.COMPLETED, ReminderStatus.CANCELLED):
        await remind(hub, home, 5, status=status)
    hub.clock.shown = minutes(10)
    assert await ringer(hub)() == 0


async def test_a_reminder_that_cannot_be_announced_rings_later(hub: Household) -> None:
    home = await hub.open_network()
    reminder = await remind(hub, home, 5)
    hub.clock.shown = minutes(6)
    hub.transactions.break_at = lambda event: isinstance(event, ReminderDue)
    with pytest.raises(MiraError):
        await ringer(hub)()
    assert await hub.reminders(home) == [reminder]
    hub.transactions.break_at = lambda event: False
    assert await ringer(hub)() == 1
    assert await rung(hub, home) == [reminder.id]


@given(
    dues=st.lists(st.tuples(st.booleans(), st.integers(0, 20)), max_size=12),
    looks=st.lists(st.integers(-5, 25), min_size=1, max_size=8),
    at_once=st.integers(1, 4),
    ringers=st.integers(1, 3),
)
async def test_however_the_clock_jumps_and_however_many_ring_each_reminder_rings_once_and_never_early(
    dues: list[tuple[bool, int]], looks: list[int], at_once: int, ringers: int
) -> None:
    hub = Household()
    home, shop = await hub.open_network(), await hub.open_network("Shop")
    reminders = [await remind(hub, home if at_home else shop, due) for at_home, due in dues]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agenda, "RING_AT_ONCE", at_once)
        for look in looks:
            hub.clock.shown = minutes(look)
            while sum(await asyncio.gather(*(ringer(hub)() for _ in range(ringers)))):
                pass

    due_by_then = {one.id: one for one in reminders if one.due_time <= minutes(max(looks))}
    for network_id in (home, shop):
        events = await hub.events(network_id, ReminderDue)
        assert sorted(event.reminder.id for event in events) == sorted(
            one.id for one in due_by_then.values() if one.network_id == network_id
        )
        assert all(event.at >= event.reminder.due_time for event in events)


async def test_a_running_ringer_rings_what_is_committed_while_it_sleeps(hub: Household) -> None:
    home = await hub.open_network()
    wakeup = Wakeup()
    running = asyncio.create_task(ringer(hub, wakeup).run())
    for number in range(3):
        reminder = await remind(hub, home, -1)
        wakeup.nudge()

        async def has_rung(count: int = number + 1) -> bool:
            return len(await rung(hub, home)) == count

        await until(has_rung)
        assert (await rung(hub, home))[-1] == reminder.id
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_running_ringer_rings_more_than_it_takes_at_once(
    hub: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agenda, "RING_AT_ONCE", 2)
    home = await hub.open_network()
    for _ in range(5):
        await remind(hub, home, -1)
    running = asyncio.create_task(ringer(hub).run())

    async def all_have_rung() -> bool:
        return len(await rung(hub, home)) == 5

    await until(all_have_rung)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize(
    ("due", "nap"),
    [
        (None, agenda.LONGEST_NAP),
        (60, agenda.LONGEST_NAP),
        (0.25, timedelta(seconds=15)),
        (0, agenda.SHORTEST_NAP),
        (-600, agenda.SHORTEST_NAP),
    ],
)
async def test_a_ringer_sleeps_until_the_next_reminder_but_neither_too_long_nor_not_at_all(
    hub: Household, due: float | None, nap: timedelta
) -> None:
    home = await hub.open_network()
    if due is not None:
        await remind(hub, home, due)
    assert await ringer(hub)._nap() == nap


async def test_the_agenda_is_listed_by_filter_and_to_its_own_network(hub: Household) -> None:
    home, shop = await hub.open_network(), await hub.open_network("Shop")
    early, late = await remind(hub, home, 5), await remind(hub, home, 50, at=minutes(1))
    await remind(hub, shop, 5)
    event = samples.calendar_event("event_1", home, start=minutes(5), end=minutes(10))
    async with hub.store.begin() as tx:
        await tx.agenda.add_event(event)
    reminders, events = ListReminders(hub.transactions), ListCalendarEvents(hub.transactions)

    listing = await reminders(owner(home), home, ReminderFilter(), Page(limit=1))
    assert (listing.items, listing.total) == ((late,), 2)
    due = await reminders(owner(home), home, ReminderFilter(due_before=minutes(6)), Page())
    assert due.items == (early,)
    assert (await events(owner(home), home, CalendarFilter(start=minutes(9)), Page())).items == (event,)
    assert (await events(owner(home), home, CalendarFilter(start=minutes(10)), Page())).items == ()
    assert (await events(owner(shop), shop, CalendarFilter(), Page())).items == ()
    for who, asked in ((owner(shop), home), (OPERATOR, SHOP)):
        with pytest.raises(NetworkNotFound):
            await reminders(who, asked, ReminderFilter(), Page())
        with pytest.raises(NetworkNotFound):
            await events(who, asked, CalendarFilter(), Page())


async def test_what_recurs_rings_each_time_once_and_waits_for_the_next(hub: Household) -> None:
    home = await hub.open_network(timezone="Europe/Berlin")
    daily = await remind(hub, home, 5, recurrence="FREQ=DAILY;COUNT=3")
    ring = ringer(hub)
    for day in range(5):
        hub.clock.shown = minutes(5) + timedelta(days=day)
        assert await asyncio.gather(ring(), ring()) in ([[1, 0], [0, 1]] if day < 3 else [[0, 0]])

    dues = [event.reminder.due_time for event in await hub.events(home, ReminderDue)]
    assert dues == [minutes(5) + timedelta(days=day) for day in range(3)]
    (kept,) = await hub.reminders(home)
    assert (kept.id, kept.status, kept.due_time) == (daily.id, ReminderStatus.PENDING, dues[-1])


async def test_times_that_were_missed_ring_as_one(hub: Household) -> None:
    home = await hub.open_network()
    await remind(hub, home, 5, recurrence="FREQ=HOURLY")
    hub.clock.shown = minutes(5 + 60 * 30)
    assert await ringer(hub)() == 1
    assert await ringer(hub)() == 0
    assert (await hub.reminders(home))[0].due_time == minutes(5 + 60 * 31)


async def test_what_recurs_and_cannot_be_announced_is_not_moved_on(hub: Household) -> None:
    home = await hub.open_network()
    daily = await remind(hub, home, 5, recurrence="FREQ=DAILY")
    hub.clock.shown = minutes(6)
    hub.transactions.break_at = lambda event: isinstance(event, ReminderDue)
    with pytest.raises(MiraError):
        await ringer(hub)()
    assert await hub.reminders(home) == [daily]


async def test_a_stretch_of_the_calendar_holds_the_occurrences_of_what_recurs(hub: Household) -> None:
    home, shop = await hub.open_network(), await hub.open_network("Shop")
    day = timedelta(days=1)
    daily = samples.calendar_event(
        "event_d", home, at=minutes(1), start=minutes(0), end=minutes(30), recurrence="FREQ=DAILY"
    )
    async with hub.store.begin() as tx:
        await tx.agenda.add_event(daily)
        await tx.agenda.add_event(evolve(daily, network_id=shop, recurrence=None))
        for n in range(4):
            once = samples.calendar_event(f"event_{n}", home, at=minutes(n), start=minutes(n), end=minutes(n))
            await tx.agenda.add_event(once)
    events = ListCalendarEvents(hub.transactions)
    wanted = CalendarFilter(start=minutes(0), end=minutes(0) + 3 * day)
    whole = await events(owner(home), home, wanted, Page())
    assert [(one.id, one.start_time) for one in whole.items] == [
        ("event_3", minutes(3)),
        ("event_2", minutes(2)),
        *(("event_d", minutes(0) + n * day) for n in range(3)),
        ("event_1", minutes(1)),
        ("event_0", minutes(0)),
    ]
    paged = [await events(owner(home), home, wanted, Page(limit=2, offset=n)) for n in range(0, 8, 2)]
    assert tuple(one for page in paged for one in page.items) == whole.items
    assert {page.total for page in paged} == {7}
    beyond = await events(owner(home), home, wanted, Page(offset=2**70))
    assert (beyond.items, beyond.total) == ((), 7)
    assert (await events(owner(home), home, CalendarFilter(), Page())).total == 5
    later = CalendarFilter(start=minutes(10) + 400 * day, end=minutes(20) + 400 * day)
    (found,) = (await events(owner(home), home, later, Page())).items
    assert (found.start_time, found.end_time) == (minutes(0) + 400 * day, minutes(30) + 400 * day)
    for start, end, count in ((None, minutes(1), 2), (minutes(31) + day, None, 366)):
        listing = await events(owner(home), home, CalendarFilter(start=start, end=end), Page())
        assert listing.total == count
