"""Whoever is cancelled in the middle of a transaction leaves the database to the others."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from adapters.sql.blobs import SqlBlobs
from adapters.sql.engine import open_engine
from adapters.sql.migrating import migrate
from adapters.sql.patience import seen_through
from adapters.sql.transactions import SqlTransactions
from tests import samples
from tests.patience import PATIENCE
from tests.samples import HOME, NOON

TRIES = 80


async def write(transactions: SqlTransactions) -> None:
    """A transaction that reads and writes."""
    async with transactions.begin() as tx:
        await tx.networks.update(await tx.networks.get(HOME))


async def read(transactions: SqlTransactions) -> None:
    """A transaction that reads."""
    async with transactions.snapshot() as tx:
        await tx.networks.get(HOME)


async def sweep(transactions: SqlTransactions) -> None:
    """A transaction of the blobs' own."""
    await SqlBlobs(transactions._engine).remove_expired(NOON)


@pytest.mark.parametrize("work", [write, read, sweep])
async def test_wherever_a_transaction_is_cancelled_the_next_writer_gets_in(
    empty_url: str, work: Callable[[SqlTransactions], Awaitable[None]]
) -> None:
    async with open_engine(empty_url, patience=PATIENCE) as engine:
        await migrate(engine)
        transactions = SqlTransactions(engine)
        async with transactions.begin() as tx:
            await tx.networks.add(samples.network())
        began = time.perf_counter()
        await work(transactions)
        took = time.perf_counter() - began
        for number in range(TRIES):
            cancelled = asyncio.ensure_future(work(transactions))
            await asyncio.sleep(took * number / TRIES)
            cancelled.cancel()
            for _ in range(number % 8):
                await asyncio.sleep(0)
            cancelled.cancel()
            await asyncio.gather(cancelled, return_exceptions=True)
            assert engine.pool.checkedout() == 0, "what was cancelled has given its connection back"  # type: ignore[attr-defined]
            await write(transactions)


async def test_a_call_is_seen_through_though_its_caller_is_cancelled_again_and_again() -> None:
    go_on, ended = asyncio.Event(), asyncio.Event()

    async def call() -> str:
        await go_on.wait()
        ended.set()
        return "done"

    caller = asyncio.create_task(seen_through(call()))
    for _ in range(3):
        await asyncio.sleep(0)
        caller.cancel()
    await asyncio.sleep(0)
    assert not caller.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert ended.is_set()


async def test_what_a_call_answers_or_raises_reaches_a_caller_that_waits() -> None:
    async def answer() -> str:
        return "done"

    async def fail() -> str:
        raise ZeroDivisionError

    assert await seen_through(answer()) == "done"
    with pytest.raises(ZeroDivisionError):
        await seen_through(fail())


async def test_the_failure_of_a_call_whose_caller_was_cancelled_is_no_complaint() -> None:
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    go_on = asyncio.Event()

    async def fail() -> None:
        await go_on.wait()
        raise ZeroDivisionError

    caller = asyncio.create_task(seen_through(fail()))
    await asyncio.sleep(0)
    caller.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert complaints == []
