"""What every store of activities does."""

from uuid import uuid4

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from application.ports.pages import Page
from application.ports.storage import Transactions
from domain.activities.activity import ActivityStatus
from domain.errors import ActivityNotFound, Conflict, NetworkNotFound
from domain.ids import ActivityId, NetworkId
from tests import samples, strategies
from tests.samples import HOME, SHOP, minutes


@pytest.fixture(autouse=True)
async def networks(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.networks.add(samples.network(HOME))
        await tx.networks.add(samples.network(SHOP))


@strategies.on_a_store
@given(data=st.data())
async def test_what_was_added_or_updated_comes_back_equal(
    transactions: Transactions, data: st.DataObject
) -> None:
    key = ActivityId(f"activity_{uuid4().hex}")
    first = evolve(data.draw(strategies.activities(HOME)), id=key)
    second = evolve(data.draw(strategies.activities(HOME)), id=key)
    async with transactions.begin() as tx:
        await tx.activities.add(first)
        assert await tx.activities.get(HOME, key) == first
        await tx.activities.update(second)
    async with transactions.snapshot() as tx:
        assert await tx.activities.get(HOME, key) == second


async def test_networks_do_not_see_each_others(transactions: Transactions) -> None:
    at_home = samples.activity("activity_a")
    async with transactions.begin() as tx:
        await tx.activities.add(at_home)
        with pytest.raises(ActivityNotFound):
            await tx.activities.get(SHOP, at_home.id)
        with pytest.raises(ActivityNotFound):
            await tx.activities.update(evolve(at_home, network_id=SHOP))
        with pytest.raises(Conflict):
            await tx.activities.add(at_home)
        assert await tx.activities.running(SHOP) == ()
        assert (await tx.activities.list(SHOP, None, Page())).items == ()


async def test_an_activity_needs_its_network_and_goes_with_it(transactions: Transactions) -> None:
    with pytest.raises(NetworkNotFound):
        async with transactions.begin() as tx:
            await tx.activities.add(samples.activity("activity_a", "net_none"))
    async with transactions.begin() as tx:
        await tx.activities.add(samples.activity("activity_a"))
        await tx.networks.remove(NetworkId(HOME))
        with pytest.raises(ActivityNotFound):
            await tx.activities.get(HOME, ActivityId("activity_a"))


async def test_they_are_listed_newest_first_all_or_by_status(transactions: Transactions) -> None:
    stopped = samples.activity("activity_b", at=minutes(1), status=ActivityStatus.STOPPED)
    older, newer = samples.activity("activity_a"), samples.activity("activity_c", at=minutes(2))
    async with transactions.begin() as tx:
        for activity in (stopped, newer, older):
            await tx.activities.add(activity)
        everything = await tx.activities.list(HOME, None, Page(limit=2))
        assert (everything.items, everything.total) == ((newer, stopped), 3)
        assert (await tx.activities.list(HOME, ActivityStatus.STOPPED, Page())).items == (stopped,)
        assert await tx.activities.running(HOME) == (newer, older)


async def test_those_that_go_on_by_themselves_are_found_in_order_of_their_time(
    transactions: Transactions,
) -> None:
    async with transactions.begin() as tx:
        assert await tx.activities.next_due() is None
        await tx.activities.add(samples.activity("activity_idle"))
        await tx.activities.add(samples.activity("activity_late", due_at=minutes(9)))
        await tx.activities.add(samples.activity("activity_soon", SHOP, due_at=minutes(2)))
        await tx.activities.add(samples.activity("activity_then", due_at=minutes(5)))
        over = samples.activity("activity_over", due_at=minutes(1), status=ActivityStatus.ENDED)
        await tx.activities.add(over)
    async with transactions.snapshot() as tx:
        assert await tx.activities.next_due() == minutes(2)
        assert await tx.activities.due(minutes(2), 10) == ()
        assert await tx.activities.due(minutes(6), 10) == ((SHOP, "activity_soon"), (HOME, "activity_then"))
        assert await tx.activities.due(minutes(60), 1) == ((SHOP, "activity_soon"),)
