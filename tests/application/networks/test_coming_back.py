"""Coming back while others write: on PostgreSQL transactions really overlap."""

import asyncio

import pytest

from application.networks.connecting import Connect
from entrypoints.world import SystemClock
from tests.application.household import KITCHEN, as_client
from tests.hub_stores import fresh_store
from tests.samples import HOME, client, network, renamed


@pytest.mark.slow
@pytest.mark.usefixtures("hubs_on_postgresql")
async def test_no_fact_falls_between_what_was_missed_and_what_comes() -> None:
    store = fresh_store()
    async with store.begin() as tx:
        await tx.networks.add(network())
        await tx.clients.add(client(KITCHEN))
        first = await tx.outbox.append(HOME, renamed("first"))

    async def write() -> None:
        for number in range(150):
            async with store.begin() as tx:
                await tx.outbox.append(HOME, renamed(f"name {number}"))

    connect = Connect(store, SystemClock())
    writing = [asyncio.create_task(write()) for _ in range(2)]
    seen, last, visits = first.position, first.id, 0
    while not all(task.done() for task in writing):
        visit = await connect(as_client(HOME), HOME, KITCHEN, last_event_id=last)
        told_by_itself = 2 if visits else 1
        missed = [fact.position for fact in visit.missed]
        assert missed == list(range(seen + 1, visit.position - told_by_itself + 1))
        seen, last, visits = visit.position, visit.event_id, visits + 1
    await asyncio.gather(*writing)
    assert visits > 2
