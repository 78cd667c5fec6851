"""What every store of clients does."""

from uuid import uuid4

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from application.ports.storage import Page, Transactions
from domain.clients import ConnectionStatus
from domain.errors import ClientNotFound, Conflict, InvalidValue, NetworkNotFound
from domain.ids import ClientId, NetworkId
from tests import samples, strategies
from tests.samples import HOME, NOON, SHOP, minutes

KITCHEN = ClientId("kitchen")


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
    client_id = ClientId(uuid4().hex)
    first = data.draw(strategies.clients(HOME, client_id))
    second = data.draw(strategies.clients(HOME, client_id))
    async with transactions.begin() as tx:
        await tx.clients.add(first)
        assert await tx.clients.get(HOME, client_id) == first
        await tx.clients.update(second)
    async with transactions.snapshot() as tx:
        assert await tx.clients.get(HOME, client_id) == second
        assert await tx.clients.find(HOME, client_id) == second


async def test_the_same_id_in_two_networks_is_two_clients(transactions: Transactions) -> None:
    at_home, in_shop = samples.client("kitchen"), samples.client("kitchen", SHOP, device_type="scale")
    async with transactions.begin() as tx:
        await tx.clients.add(at_home)
        await tx.clients.add(in_shop)
    async with transactions.begin() as tx:
        await tx.clients.update(evolve(at_home, room="cellar"))
        assert await tx.clients.get(SHOP, KITCHEN) == in_shop
        await tx.clients.remove(HOME, KITCHEN)
    async with transactions.snapshot() as tx:
        assert await tx.clients.find(HOME, KITCHEN) is None
        assert await tx.clients.get(SHOP, KITCHEN) == in_shop
        assert (await tx.clients.list(HOME, Page())).total == 0
        assert (await tx.clients.list(SHOP, Page())).items == (in_shop,)


async def test_a_taken_id_is_a_conflict_and_the_transaction_goes_on(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.clients.add(samples.client("kitchen"))
        with pytest.raises(Conflict):
            await tx.clients.add(samples.client("kitchen", device_type="tablet"))
        await tx.clients.add(samples.client("hall"))
    async with transactions.snapshot() as tx:
        assert (await tx.clients.get(HOME, KITCHEN)).device_type == "phone"
        assert await tx.clients.count(HOME) == 2


async def test_a_client_needs_its_network(transactions: Transactions) -> None:
    with pytest.raises(NetworkNotFound):
        async with transactions.begin() as tx:
            await tx.clients.add(samples.client("kitchen", NetworkId("net_nobody")))


@pytest.mark.parametrize("unknown", ["hall", "", "a\x00b", "\ud800", "Kitchen"])
async def test_an_unknown_client_is_refused(transactions: Transactions, unknown: str) -> None:
    async with transactions.begin() as tx:
        await tx.clients.add(samples.client("kitchen"))
    async with transactions.begin() as tx:
        assert await tx.clients.find(HOME, ClientId(unknown)) is None
        with pytest.raises(ClientNotFound):
            await tx.clients.get(HOME, ClientId(unknown))
        with pytest.raises(ClientNotFound):
            await tx.clients.remove(HOME, ClientId(unknown))
    async with transactions.begin() as tx:
        with pytest.raises((ClientNotFound, InvalidValue)):
            await tx.clients.update(samples.client(unknown))


async def test_the_list_is_newest_first_and_paged(transactions: Transactions) -> None:
    ages = {"old": 0, "B": 5, "a": 5, "Z": 5, "new": 9}
    async with transactions.begin() as tx:
        for client_id, age in ages.items():
            await tx.clients.add(samples.client(client_id, at=minutes(age)))
        await tx.clients.add(samples.client("elsewhere", SHOP, at=minutes(7)))
    async with transactions.snapshot() as tx:
        whole = await tx.clients.list(HOME, Page())
        part = await tx.clients.list(HOME, Page(limit=2, offset=2))
    assert [client.id for client in whole.items] == ["new", "a", "Z", "B", "old"]
    assert part.items == whole.items[2:4]
    assert (part.total, whole.total) == (5, 5)


async def test_a_client_takes_its_sessions_with_it_and_leaves_its_turns(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.clients.add(samples.client("kitchen"))
        await tx.clients.add(samples.client("hall"))
        await tx.conversations.add(samples.conversation("conv_a"))
        await tx.interactions.add(samples.interaction("int_a"))
        await tx.sessions.add(samples.session("sess_a"))
        await tx.sessions.add(samples.session("sess_b", client_id=ClientId("hall")))
        await tx.agenda.add_reminder(samples.reminder("rem_a", client_id=KITCHEN))
    async with transactions.begin() as tx:
        await tx.clients.remove(HOME, KITCHEN)
    async with transactions.snapshot() as tx:
        assert await tx.sessions.live_of(HOME, KITCHEN, NOON) is None
        assert await tx.sessions.live_of(HOME, ClientId("hall"), NOON) is not None
        turns = await tx.interactions.of_conversations(
            HOME, [samples.interaction("int_a").conversation_id], 5
        )
        assert len(turns) == 1


async def test_connected_clients_of_one_network_are_found_by_id(transactions: Transactions) -> None:
    there = samples.client("kitchen", connection_status=ConnectionStatus.CONNECTED, connected_since=NOON)
    async with transactions.begin() as tx:
        await tx.clients.add(there)
        await tx.clients.add(evolve(there, id=ClientId("attic")))
        await tx.clients.add(evolve(there, network_id=SHOP))
        await tx.clients.add(samples.client("hall"))
    async with transactions.snapshot() as tx:
        assert await tx.clients.connected_in(HOME) == (evolve(there, id=ClientId("attic")), there)
        assert await tx.clients.connected_in(NetworkId("net_none")) == ()


async def test_connected_clients_of_all_networks_are_found(transactions: Transactions) -> None:
    there = samples.client("kitchen", connection_status=ConnectionStatus.CONNECTED, connected_since=NOON)
    async with transactions.begin() as tx:
        await tx.clients.add(there)
        await tx.clients.add(evolve(there, network_id=SHOP))
        await tx.clients.add(samples.client("hall"))
    async with transactions.begin() as tx:
        found = sorted(await tx.clients.connected(), key=lambda client: client.network_id)
        assert found == [there, evolve(there, network_id=SHOP)]
        assert await tx.clients.count_connected() == 2
        for client in found:
            await tx.clients.update(evolve(client, connection_status=ConnectionStatus.DISCONNECTED))
    async with transactions.snapshot() as tx:
        assert await tx.clients.connected() == ()
        assert await tx.clients.count_connected() == 0
