"""Turns that are cancelled anywhere, over a real database: none of them stays open."""

import asyncio
import time
from pathlib import Path

import pytest

from adapters.sql.engine import open_engine
from adapters.sql.migrating import migrate
from adapters.sql.transactions import SqlTransactions
from application.ports.storage import InteractionFilter
from domain.events import InteractionCreated
from domain.interactions import ProcessingStatus
from tests.application.household import EVERYTHING, Household, typed
from tests.application.turns.turning import until
from tests.fakes.storage import Brittle
from tests.patience import PATIENCE

TRIES = 80


@pytest.mark.slow
async def test_wherever_a_turn_is_cancelled_it_does_not_stay_open(tmp_path: Path) -> None:
    async with open_engine(f"sqlite+aiosqlite:///{tmp_path / 'mira.db'}", patience=PATIENCE) as engine:
        await migrate(engine)
        hub = Household()
        hub.transactions = Brittle(SqlTransactions(engine))
        home = await hub.home()
        converse = hub.converse()

        async def hold() -> None:
            async for _ in converse(typed(home, "remind me to water the ferns")):
                pass

        async def none_is_open() -> bool:
            async with hub.transactions.snapshot() as tx:
                return await tx.interactions.unfinished() == ()

        await hold()
        began = time.perf_counter()
        await hold()
        took = time.perf_counter() - began
        for number in range(TRIES):
            turn = asyncio.create_task(hold())
            await asyncio.sleep(took * number / TRIES)
            turn.cancel()
            await asyncio.gather(turn, return_exceptions=True)
        await until(none_is_open)

        async with hub.transactions.snapshot() as tx:
            turns = (await tx.interactions.list(home, InteractionFilter(), EVERYTHING)).items
            facts = await tx.outbox.unpublished(10_000)
        told = [fact.event.interaction for fact in facts if isinstance(fact.event, InteractionCreated)]
        assert len(told) == len(turns)
        assert {turn.id: turn.status for turn in told} == {turn.id: turn.status for turn in turns}
        assert ProcessingStatus.FAILED in {turn.status for turn in turns}
