"""What every store of networks does."""

from uuid import uuid4

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from application.ports.storage import Page, Transactions
from domain.errors import Conflict, InvalidValue, NetworkNotFound
from domain.events import ClientJoined, NetworkDeleted
from domain.ids import ClientId, ConversationId, NetworkId
from tests import samples, strategies
from tests.samples import HOME, NOON, SHOP, minutes


@strategies.on_a_store
@given(data=st.data())
async def test_what_was_added_or_updated_comes_back_equal(
    transactions: Transactions, data: st.DataObject
) -> None:
    network_id = NetworkId(f"net_{uuid4().hex}")
    first = data.draw(strategies.networks(network_id))
    second = data.draw(strategies.networks(network_id))
    async with transactions.begin() as tx:
        await tx.networks.add(first)
        assert await tx.networks.get(network_id) == first
        await tx.networks.update(second)
    async with transactions.snapshot() as tx:
        assert await tx.networks.get(network_id) == second


async def test_a_taken_id_is_a_conflict_and_the_transaction_goes_on(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.networks.add(samples.network())
        with pytest.raises(Conflict):
            await tx.networks.add(samples.network(name="Another"))
        await tx.networks.add(samples.network(SHOP))
    async with transactions.snapshot() as tx:
        assert (await tx.networks.get(HOME)).name == "Home"
        assert await tx.networks.count() == 2


@pytest.mark.parametrize("unknown", ["net_nobody", "", "a\x00b", "\ud800", "net_home "])
async def test_an_unknown_network_is_refused(transactions: Transactions, unknown: str) -> None:
    async with transactions.begin() as tx:
        await tx.networks.add(samples.network())
    async with transactions.begin() as tx:
        with pytest.raises(NetworkNotFound):
            await tx.networks.get(NetworkId(unknown))
        with pytest.raises(NetworkNotFound):
            await tx.networks.remove(NetworkId(unknown))
    async with transactions.begin() as tx:
        with pytest.raises((NetworkNotFound, InvalidValue)):
            await tx.networks.update(samples.network(unknown))


async def test_a_text_that_no_store_can_hold_is_refused_and_nothing_kept(transactions: Transactions) -> None:
    for text in ("a\x00b", "\ud800"):
        with pytest.raises(InvalidValue):
            async with transactions.begin() as tx:
                await tx.networks.add(samples.network(description=text))
    async with transactions.snapshot() as tx:
        assert await tx.networks.count() == 0


async def test_the_list_is_newest_first_and_paged(transactions: Transactions) -> None:
    ages = {"net_old": 0, "net_B": 5, "net_a": 5, "net_new": 9}
    async with transactions.begin() as tx:
        for network_id, age in ages.items():
            await tx.networks.add(samples.network(network_id, at=minutes(age)))
    async with transactions.snapshot() as tx:
        whole = await tx.networks.list(Page())
        part = await tx.networks.list(Page(limit=2, offset=1))
        beyond = await tx.networks.list(Page(limit=2, offset=10**30))
    assert [network.id for network in whole.items] == ["net_new", "net_a", "net_B", "net_old"]
    assert part.items == whole.items[1:3]
    assert part.total == beyond.total == 4
    assert part.page == Page(limit=2, offset=1)
    assert beyond.items == ()


async def test_all_that_a_network_owns_goes_with_it_and_nothing_else(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        for network_id in (HOME, SHOP):
            await tx.networks.add(samples.network(network_id))
            await tx.clients.add(samples.client("kitchen", network_id))
            await tx.conversations.add(samples.conversation("conv_a", network_id))
            await tx.interactions.add(samples.interaction("int_a", network_id))
            await tx.agenda.add_reminder(samples.reminder("rem_a", network_id))
            await tx.agenda.add_event(samples.calendar_event("cal_a", network_id, start=NOON, end=NOON))
            await tx.sessions.add(samples.session("sess_a", network_id))
            joined = ClientJoined(
                client_id=ClientId("kitchen"), device_type="phone", capabilities=(), at=NOON
            )
            await tx.outbox.append(network_id, joined)
    async with transactions.begin() as tx:
        await tx.networks.remove(HOME)
        gone = await tx.outbox.append(HOME, NetworkDeleted(at=NOON))
    assert await _owned(transactions, HOME) == [0] * 5 + [None]
    assert await _owned(transactions, SHOP) == [1] * 5 + [samples.session("sess_a", SHOP)]
    async with transactions.snapshot() as tx:
        waiting = await tx.outbox.unpublished(10)
    assert [fact for fact in waiting if fact.network_id == HOME] == [gone]
    assert gone.position == 2
    assert len(waiting) == 2


async def _owned(transactions: Transactions, network_id: NetworkId) -> list[object]:
    from application.ports.storage import CalendarFilter, InteractionFilter, ReminderFilter

    async with transactions.snapshot() as tx:
        turns = await tx.interactions.of_conversations(network_id, [ConversationId("conv_a")], 9)
        listed = await tx.interactions.list(network_id, InteractionFilter(), Page())
        assert listed.total == len(turns)
        return [
            await tx.clients.count(network_id),
            (await tx.conversations.list(network_id, Page())).total,
            listed.total,
            (await tx.agenda.reminders(network_id, ReminderFilter(), Page())).total,
            (await tx.agenda.events(network_id, CalendarFilter(), Page())).total,
            await tx.sessions.live_of(network_id, ClientId("kitchen"), NOON),
        ]


async def test_a_removed_network_can_be_told_apart_from_one_of_the_same_id(
    transactions: Transactions,
) -> None:
    async with transactions.begin() as tx:
        await tx.networks.add(samples.network())
        await tx.clients.add(samples.client("kitchen"))
    async with transactions.begin() as tx:
        await tx.networks.remove(HOME)
    async with transactions.begin() as tx:
        await tx.networks.add(evolve(samples.network(), name="Again"))
        assert await tx.clients.count(HOME) == 0
