"""Limits that several instances share."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.sql.engine import open_engine
from adapters.sql.instances import SqlInstances
from adapters.sql.limits import BIG, CHUNK_LASTS, CHUNKS, SqlLimits
from adapters.sql.statements import Statements
from application.ports.limits import Charge, Rate
from domain.ids import ClientId, InstanceId
from tests.contracts.test_limits import Hand
from tests.samples import HOME, NOON
from tests.stores import create_postgresql_database, migrated

pytestmark = pytest.mark.slow
ONE, OTHER = InstanceId("inst_one"), InstanceId("inst_other")
KITCHEN, HALL = ClientId("kitchen"), ClientId("hall")


@pytest.fixture(scope="module")
def url(postgresql_socket: Path) -> str:
    """A migrated database of a PostgreSQL server of our own."""
    made = asyncio.run(create_postgresql_database(postgresql_socket, "limits"))
    asyncio.run(migrated(made))
    return made


@pytest.fixture
async def engine(url: str) -> AsyncIterator[AsyncEngine]:
    """The database, in which two instances live and nothing was done."""
    async with open_engine(url) as opened:
        async with opened.begin() as connection:
            for table in ("allowances", "instances"):
                await connection.execute(text(f"DELETE FROM {table}"))
            instances = SqlInstances(Statements(connection, writing=True))
            for instance_id in (ONE, OTHER):
                await instances.beat(instance_id, NOON)
        yield opened


def deed(most: int, seconds: int = 60, subject: str = "home") -> Charge:
    return Charge(subject=subject, what="requests", rate=Rate(most=most, seconds=seconds))


@pytest.mark.parametrize("most", [3, 40, BIG, 300])
async def test_instances_together_allow_no_more_than_there_may_be(engine: AsyncEngine, most: int) -> None:
    hand, chance = Hand(), random.Random(most)
    instances = [SqlLimits(engine, one, hand) for one in (ONE, OTHER)]
    allowed: list[float] = []
    for _ in range(2 * most):
        hand.at += chance.random() * 60 / most
        if (await chance.choice(instances).charge([deed(most)])).allowed:
            allowed.append(hand.at)
        assert sum(at > hand.at - 60 for at in allowed) <= most
    assert len(allowed) >= most - 2 * (most // CHUNKS)


async def test_small_budgets_are_shared_to_the_last(engine: AsyncEngine) -> None:
    hand = Hand()
    one, other = (SqlLimits(engine, instance, hand) for instance in (ONE, OTHER))
    assert [(await each.charge([deed(3)])).remaining for each in (one, other, one)] == [2, 1, 0]
    refused = await other.charge([deed(3), deed(9, subject="hall")])
    assert (refused.allowed, refused.what, refused.resets_in) == (False, "requests", 60)
    assert (await one.charge([deed(9, subject="hall")])).remaining == 8
    hand.at += 60.001
    assert (await other.charge([deed(3)])).remaining == 2


async def test_what_was_set_aside_is_used_without_asking_and_given_back(engine: AsyncEngine) -> None:
    hand = Hand()
    limits = SqlLimits(engine, ONE, hand)
    first = await limits.charge([deed(1000)])
    writes = 0

    async with engine.connect() as connection:
        count = text("SELECT deeds FROM allowances")
        before = (await connection.execute(count)).scalar()
        for _ in range(1000 // CHUNKS - 1):
            standing = await limits.charge([deed(1000)])
            writes += (await connection.execute(count)).scalar() != before
    assert (first.remaining, standing.remaining, writes) == (999, 980, 0)
    assert (await limits.charge([deed(1000)])).remaining == 979
    hand.at += CHUNK_LASTS + 1
    assert (await limits.charge([deed(1000)])).remaining == 978


async def test_many_at_once_are_counted_exactly(engine: AsyncEngine) -> None:
    hand = Hand()
    instances = [SqlLimits(engine, one, hand) for one in (ONE, OTHER)]
    standings = await asyncio.gather(*(each.charge([deed(20)]) for _ in range(25) for each in instances))
    assert sum(standing.allowed for standing in standings) == 20


async def test_a_network_has_its_seats_on_all_instances_together(engine: AsyncEngine) -> None:
    one, other = (SqlLimits(engine, instance) for instance in (ONE, OTHER))
    async with one.seat(HOME, KITCHEN, 1) as first, other.seat(HOME, HALL, 1) as second:
        assert (first, second) == (True, False)
        async with other.seat(HOME, KITCHEN, 1) as back:
            assert back
    async with other.seat(HOME, HALL, 1) as again:
        assert again


async def test_the_seats_of_a_dead_instance_are_free(engine: AsyncEngine) -> None:
    one, other = (SqlLimits(engine, instance) for instance in (ONE, OTHER))
    async with one.seat(HOME, KITCHEN, 1) as first:
        assert first
        async with engine.begin() as connection:
            await SqlInstances(Statements(connection, writing=True)).remove(ONE)
        async with other.seat(HOME, HALL, 1) as second:
            assert second
