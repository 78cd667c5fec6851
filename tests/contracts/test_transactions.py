"""What every store's transactions do."""

import asyncio

import pytest
from attrs import evolve

from application.ports.storage import Page, Transactions
from domain.clients import ConnectionStatus
from domain.errors import Kind, MiraError
from domain.events import NetworkCreated
from domain.ids import ClientId
from tests import samples
from tests.samples import HOME, NOON, SHOP, minutes
from tests.stores import Store

CREATED = NetworkCreated(name="Home", at=NOON)


async def test_leaving_the_block_commits(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.networks.add(samples.network())
        await tx.clients.add(samples.client("kitchen"))
    async with transactions.snapshot() as tx:
        assert await tx.networks.get(HOME) == samples.network()
        assert await tx.clients.count(HOME) == 1


@pytest.mark.parametrize("failure", [RuntimeError, asyncio.CancelledError, KeyError])
async def test_an_exception_rolls_everything_back_and_comes_out_as_it_was(
    store: Store, failure: type[BaseException]
) -> None:
    thrown = failure()

    async def fail() -> None:
        async with store.transactions.begin() as tx:
            await tx.networks.add(samples.network())
            await tx.outbox.append(HOME, CREATED)
            raise thrown

    with pytest.raises(failure) as caught:
        await fail()
    assert caught.value is thrown
    async with store.transactions.snapshot() as tx:
        assert await tx.networks.count() == 0
        assert await tx.outbox.unpublished(5) == ()
    assert store.nudges == []


async def test_a_commit_with_facts_nudges_and_one_without_does_not(store: Store) -> None:
    async with store.transactions.begin() as tx:
        await tx.networks.add(samples.network())
    assert len(store.nudges) == 0
    async with store.transactions.begin() as tx:
        await tx.outbox.append(HOME, CREATED)
        await tx.outbox.append(HOME, CREATED)
        assert len(store.nudges) == 0
    assert len(store.nudges) == 1
    async with store.transactions.snapshot() as tx:
        assert len(await tx.outbox.unpublished(5)) == 2


async def test_a_snapshot_refuses_every_write(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.networks.add(samples.network())
        await tx.clients.add(samples.client("kitchen"))
        fact = await tx.outbox.append(HOME, CREATED)
    writes = (
        lambda tx: tx.networks.add(samples.network(SHOP)),
        lambda tx: tx.networks.update(samples.network(name="Other")),
        lambda tx: tx.networks.remove(HOME),
        lambda tx: tx.clients.add(samples.client("hall")),
        lambda tx: tx.clients.update(samples.client("kitchen", room="cellar")),
        lambda tx: tx.clients.remove(HOME, ClientId("kitchen")),
        lambda tx: tx.conversations.add(samples.conversation()),
        lambda tx: tx.agenda.add_reminder(samples.reminder("rem_a")),
        lambda tx: tx.agenda.add_event(samples.calendar_event("cal_a", start=NOON, end=NOON)),
        lambda tx: tx.sessions.add(samples.session("sess_a")),
        lambda tx: tx.outbox.append(HOME, CREATED),
        lambda tx: tx.outbox.mark_published([fact]),
        lambda tx: tx.outbox.forget(minutes(60)),
    )
    for write in writes:
        with pytest.raises(MiraError) as refusal:
            async with transactions.snapshot() as tx:
                await write(tx)
        assert refusal.value.kind is Kind.INTERNAL
    async with transactions.snapshot() as tx:
        assert await tx.networks.get(HOME) == samples.network()
        assert (await tx.clients.list(HOME, Page())).items == (samples.client("kitchen"),)
        assert await tx.outbox.unpublished(5) == (fact,)


async def test_a_snapshot_sees_one_state_while_others_commit(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.networks.add(samples.network())
    async with transactions.snapshot() as before:
        assert await before.networks.count() == 1
        async with transactions.begin() as tx:
            await tx.networks.add(samples.network(SHOP))
            await tx.networks.update(samples.network(name="Other"))
        assert await before.networks.count() == 1
        assert (await before.networks.get(HOME)).name == "Home"
    async with transactions.snapshot() as after:
        assert await after.networks.count() == 2


async def test_what_is_not_committed_is_seen_by_nobody_else(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.networks.add(samples.network())
        async with transactions.snapshot() as other:
            assert await other.networks.count() == 0
        assert await tx.networks.count() == 1


async def test_reading_changing_and_writing_back_loses_nothing(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.networks.add(samples.network())
        await tx.clients.add(samples.client("kitchen"))

    async def rotate() -> None:
        for _ in range(4):
            async with transactions.begin() as tx:
                network = await tx.networks.get(HOME)
                client = await tx.clients.get(HOME, ClientId("kitchen"))
                await asyncio.sleep(0)
                await tx.networks.update(evolve(network, token_version=network.token_version + 1))
                await tx.clients.update(evolve(client, token_version=client.token_version + 1))

    await asyncio.gather(*(rotate() for _ in range(5)))
    async with transactions.snapshot() as tx:
        assert (await tx.networks.get(HOME)).token_version == 21
        assert (await tx.clients.get(HOME, ClientId("kitchen"))).token_version == 21


async def test_a_cancelled_writer_leaves_the_store_as_it_was_and_usable(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.networks.add(samples.network())

    async def write(number: int) -> None:
        async with transactions.begin() as tx:
            for n in range(20):
                await tx.clients.add(samples.client(f"client-{number}-{n}"))

    tasks = [asyncio.create_task(write(number)) for number in range(6)]
    await asyncio.sleep(0.02)
    for task in tasks:
        task.cancel()
        await asyncio.sleep(0.002)
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(outcome is None or isinstance(outcome, asyncio.CancelledError) for outcome in outcomes)
    async with transactions.begin() as tx:
        await tx.clients.add(samples.client("last"))
    async with transactions.snapshot() as tx:
        assert await tx.clients.count(HOME) % 20 == 1


async def test_many_read_while_one_writes(transactions: Transactions) -> None:
    async with transactions.begin() as tx:
        await tx.networks.add(samples.network())

    async def read() -> int:
        async with transactions.snapshot() as tx:
            return await tx.networks.count()

    async with transactions.begin() as tx:
        await tx.clients.add(samples.client("kitchen", connection_status=ConnectionStatus.CONNECTED))
        assert await asyncio.gather(*(read() for _ in range(30))) == [1] * 30
