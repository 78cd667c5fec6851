"""The store in memory: what the contract leaves to it."""

import asyncio

import pytest

from adapters.memory.transactions import MemoryTransactions
from domain.errors import Overloaded
from tests import samples
from tests.samples import HOME, SHOP


async def test_a_writer_that_waits_too_long_for_its_turn_is_refused_and_the_next_one_is_not() -> None:
    transactions = MemoryTransactions(longest_wait=0.02)
    async with transactions.begin() as tx:
        with pytest.raises(Overloaded):
            async with transactions.begin():
                raise AssertionError
        await tx.networks.add(samples.network())
    async with transactions.begin() as tx:
        assert await tx.networks.get(HOME) == samples.network()


async def test_writers_take_turns_in_the_order_of_their_coming() -> None:
    transactions = MemoryTransactions()
    order: list[int] = []

    async def write(number: int) -> None:
        async with transactions.begin():
            order.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*(write(number) for number in range(10)))
    assert order == list(range(10))


async def test_a_transaction_that_is_over_changes_nothing() -> None:
    transactions = MemoryTransactions()
    async with transactions.begin() as tx:
        await tx.networks.add(samples.network())
    async with transactions.snapshot() as before:
        pass
    async with transactions.begin() as later:
        await later.networks.add(samples.network(SHOP))
    assert await before.networks.count() == 1
