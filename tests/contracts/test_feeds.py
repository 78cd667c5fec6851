"""What every store of calendar feeds does."""

import pytest
from attrs import evolve

from application.ports.storage import Transactions
from domain.agenda import CalendarFeed
from domain.errors import NetworkNotFound, NotFound
from domain.ids import NetworkId
from tests import samples
from tests.samples import HOME, NOON, SHOP, minutes

FEED = CalendarFeed(network_id=HOME, secret_hash="one", created_at=NOON)


@pytest.fixture(autouse=True)
async def networks(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.networks.add(samples.network(HOME))
        await tx.networks.add(samples.network(SHOP))


async def test_a_feed_is_found_by_the_hash_of_its_secret_until_another_takes_its_place(
    transactions: Transactions,
) -> None:
    other = CalendarFeed(network_id=SHOP, secret_hash="two", created_at=NOON)
    async with transactions.begin() as tx:
        await tx.feeds.put(FEED)
        await tx.feeds.put(other)
    later = evolve(FEED, secret_hash="three", created_at=minutes(1))
    async with transactions.begin() as tx:
        assert await tx.feeds.find("one") == FEED
        await tx.feeds.put(later)
    async with transactions.snapshot() as tx:
        assert await tx.feeds.find("one") is None
        assert await tx.feeds.find("two") == other
        assert await tx.feeds.find("three") == later
        assert await tx.feeds.find("\0") is None


async def test_a_feed_that_is_removed_is_gone(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.feeds.put(FEED)
        await tx.feeds.remove(HOME)
        with pytest.raises(NotFound):
            await tx.feeds.remove(HOME)
    async with transactions.snapshot() as tx:
        assert await tx.feeds.find("one") is None


async def test_a_feed_goes_with_its_network_and_needs_one(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.feeds.put(FEED)
        await tx.networks.remove(HOME)
    async with transactions.snapshot() as tx:
        assert await tx.feeds.find("one") is None
    with pytest.raises(NetworkNotFound):
        async with transactions.begin() as tx:
            await tx.feeds.put(evolve(FEED, network_id=NetworkId("net_nobody")))
