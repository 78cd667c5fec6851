"""The hot queries go by their indices, as PostgreSQL's planner says once tables are large."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.engine import open_engine
from tests.stores import create_postgresql_database, migrated

pytestmark = pytest.mark.slow
FILL = (
    "INSERT INTO outbox (id, network_id, position, event, happened_at, published)"
    " SELECT 'evt_' || n, 'net_' || n % 500, n, '{}', n, n < 19900 FROM generate_series(1, 20000) n",
    "INSERT INTO outbox_heads SELECT 'net_' || n, n FROM generate_series(1, 5000) n",
    "ANALYZE outbox",
    "ANALYZE outbox_heads",
)
HOT = {
    "relay: the oldest that wait": (
        "SELECT sequence, network_id FROM outbox WHERE NOT published ORDER BY sequence LIMIT 200",
        "outbox_unpublished",
    ),
    "delivery: a network after a position": (
        "SELECT * FROM outbox WHERE network_id = 'net_7' AND position > 19000 ORDER BY sequence LIMIT 200",
        "outbox_one_network_id_position",
    ),
    "resuming: after a fact": (
        "SELECT position FROM outbox WHERE network_id = 'net_7' AND id = 'evt_7'",
        "outbox_one_id",
    ),
    "looking: the last position of a network": (
        "SELECT * FROM outbox_heads WHERE network_id IN ('net_1', 'net_2')",
        "outbox_heads_key",
    ),
}


@pytest.fixture(scope="module")
def url(postgresql_socket: Path) -> str:
    """A migrated database of a PostgreSQL server of our own."""
    made = asyncio.run(create_postgresql_database(postgresql_socket, "plans"))
    asyncio.run(migrated(made))
    return made


@pytest.fixture
async def connection(url: str) -> AsyncIterator[AsyncConnection]:
    """A database with many facts, which is emptied again."""
    async with open_engine(url) as engine, engine.connect() as opened:
        for statement in FILL:
            await opened.execute(text(statement))
        yield opened
        await opened.rollback()


async def test_hot_queries_use_their_indices(connection: AsyncConnection) -> None:
    for name, (query, index) in HOT.items():
        rows = await connection.execute(text(f"EXPLAIN {query}"))
        plan = "\n".join(row[0] for row in rows)
        assert index in plan, f"{name}:\n{plan}"
        assert "Seq Scan" not in plan, f"{name}:\n{plan}"
