"""What every store of conversations does."""

from uuid import uuid4

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from application.ports.storage import Page, Transactions
from domain.errors import Conflict, NetworkNotFound, NotFound
from domain.ids import ConversationId
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
    key = ConversationId(f"conv_{uuid4().hex}")
    first = evolve(data.draw(strategies.conversations(HOME)), id=key)
    second = evolve(data.draw(strategies.conversations(HOME)), id=key)
    async with transactions.begin() as tx:
        await tx.conversations.add(first)
        assert await tx.conversations.get(HOME, key) == first
        await tx.conversations.update(second)
    async with transactions.snapshot() as tx:
        assert await tx.conversations.get(HOME, key) == second


async def test_networks_do_not_see_each_others(transactions: Transactions) -> None:
    at_home, in_shop = (
        samples.conversation(summary="tea"),
        samples.conversation("conv_a", SHOP, summary="tills"),
    )
    async with transactions.begin() as tx:
        await tx.conversations.add(at_home)
        with pytest.raises(NotFound):
            await tx.conversations.get(SHOP, at_home.id)
        with pytest.raises(NotFound):
            await tx.conversations.update(in_shop)
        await tx.conversations.add(in_shop)
        with pytest.raises(Conflict):
            await tx.conversations.add(in_shop)
    async with transactions.snapshot() as tx:
        assert (await tx.conversations.list(HOME, Page())).items == (at_home,)
        assert (await tx.conversations.list(SHOP, Page())).items == (in_shop,)


async def test_a_conversation_needs_its_network(transactions: Transactions) -> None:
    with pytest.raises(NetworkNotFound):
        async with transactions.begin() as tx:
            await tx.conversations.add(samples.conversation(network_id="net_nobody"))


async def test_the_most_recently_used_comes_first(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        for age, key in enumerate(["conv_1", "conv_2", "conv_3"]):
            await tx.conversations.add(samples.conversation(key, at=minutes(age)))
        revived = await tx.conversations.get(HOME, ConversationId("conv_1"))
        await tx.conversations.update(evolve(revived, updated_at=minutes(9)))
    async with transactions.snapshot() as tx:
        listing = await tx.conversations.list(HOME, Page(limit=2))
    assert [conversation.id for conversation in listing.items] == ["conv_1", "conv_3"]
    assert listing.total == 3
