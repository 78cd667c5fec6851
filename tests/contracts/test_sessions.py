"""What every store of sessions does."""

from uuid import uuid4

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from application.ports.storage import Transactions
from domain.errors import ClientNotFound, Conflict, SessionNotFound
from domain.ids import ClientId, SessionId
from domain.sessions import SessionStatus
from tests import samples, strategies
from tests.samples import HOME, NOON, SHOP, minutes

KITCHEN = ClientId("kitchen")
HALL = ClientId("hall")


@pytest.fixture(autouse=True)
async def clients(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        for network_id in (HOME, SHOP):
            await tx.networks.add(samples.network(network_id))
            await tx.clients.add(samples.client("kitchen", network_id))
            await tx.clients.add(samples.client("hall", network_id))


@strategies.on_a_store
@given(data=st.data())
async def test_what_was_added_or_updated_comes_back_equal(
    transactions: Transactions, data: st.DataObject
) -> None:
    key = SessionId(f"sess_{uuid4().hex}")
    first = evolve(data.draw(strategies.sessions(HOME, KITCHEN)), id=key)
    second = evolve(data.draw(strategies.sessions(HOME, HALL)), id=key)
    async with transactions.begin() as tx:
        await tx.sessions.add(first)
        assert await tx.sessions.get(HOME, key) == first
        await tx.sessions.update(second)
    async with transactions.snapshot() as tx:
        assert await tx.sessions.get(HOME, key) == second


async def test_networks_do_not_see_each_others(transactions: Transactions) -> None:
    at_home, in_shop = samples.session("sess_a"), samples.session("sess_a", SHOP, user_id="cashier")
    async with transactions.begin() as tx:
        await tx.sessions.add(at_home)
        with pytest.raises(SessionNotFound):
            await tx.sessions.get(SHOP, at_home.id)
        with pytest.raises(SessionNotFound):
            await tx.sessions.update(in_shop)
        await tx.sessions.add(in_shop)
        with pytest.raises(Conflict):
            await tx.sessions.add(in_shop)
    async with transactions.snapshot() as tx:
        assert await tx.sessions.live_of(HOME, KITCHEN, NOON) == at_home
        assert await tx.sessions.live_of(SHOP, KITCHEN, NOON) == in_shop


async def test_a_session_needs_its_client(transactions: Transactions) -> None:
    with pytest.raises(ClientNotFound):
        async with transactions.begin() as tx:
            await tx.sessions.add(samples.session("sess_a", client_id=ClientId("attic")))
    async with transactions.begin() as tx:
        await tx.sessions.add(samples.session("sess_a"))
    with pytest.raises(ClientNotFound):
        async with transactions.begin() as tx:
            await tx.sessions.update(samples.session("sess_a", client_id=ClientId("attic")))


async def test_the_live_session_is_the_newest_that_is_active_and_not_expired(
    transactions: Transactions,
) -> None:
    async with transactions.begin() as tx:
        for n in range(3):
            await tx.sessions.add(samples.session(f"sess_{n}", at=minutes(n)))
        await tx.sessions.add(samples.session("sess_3", at=minutes(3), status=SessionStatus.ENDED))
        await tx.sessions.add(samples.session("sess_4", at=minutes(4), expires_at=minutes(5)))
        await tx.sessions.add(samples.session("sess_5", at=minutes(9), client_id=HALL))
    async with transactions.begin() as tx:
        for now, live in [(4.5, "sess_4"), (5, "sess_2"), (31.5, "sess_2")]:
            found = await tx.sessions.live_of(HOME, KITCHEN, minutes(now))
            assert found is not None
            assert found.id == live
        assert await tx.sessions.live_of(HOME, KITCHEN, minutes(32)) is None
        moved = evolve(await tx.sessions.get(HOME, SessionId("sess_5")), client_id=KITCHEN)
        await tx.sessions.update(moved)
        assert await tx.sessions.live_of(HOME, KITCHEN, minutes(10)) == moved
        assert await tx.sessions.live_of(HOME, HALL, minutes(10)) is None
