"""Stores to test with: in memory, in a SQLite file, in a PostgreSQL database, each opened fresh."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from attrs import field, frozen
from sqlalchemy import text

from adapters.memory.transactions import MemoryTransactions
from adapters.sql.engine import open_engine
from adapters.sql.migrating import migrate
from adapters.sql.transactions import SqlTransactions
from application.ports.storage import Transactions


@frozen
class Store:
    """A store with nothing in it, and how often it said that facts were committed."""

    transactions: Transactions
    nudges: list[None] = field(factory=list)


OpenStore = Callable[[], AbstractAsyncContextManager[Store]]


async def migrated(url: str) -> None:
    """Bring the tables of a database into being."""
    async with open_engine(url) as engine:
        await migrate(engine)


@asynccontextmanager
async def in_memory() -> AsyncIterator[Store]:
    """A store in memory."""
    nudges: list[None] = []
    yield Store(MemoryTransactions(lambda _: nudges.append(None)), nudges)


def in_sqlite(template: Path, folder: Path) -> OpenStore:
    """A store in a copy of a migrated file, which is faster than to migrate another."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Store]:
        path = folder / "store.db"
        shutil.copy(template, path)
        nudges: list[None] = []
        async with open_engine(f"sqlite+aiosqlite:///{path}") as engine:
            yield Store(SqlTransactions(engine, lambda _: nudges.append(None)), nudges)

    return opened


def in_postgresql(url: str) -> OpenStore:
    """A store in a migrated database, which is emptied first."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Store]:
        nudges: list[None] = []
        async with open_engine(url) as engine:
            async with engine.begin() as connection:
                for table in ("networks", "outbox", "outbox_heads"):
                    await connection.execute(text(f"DELETE FROM {table}"))
            yield Store(SqlTransactions(engine, lambda _: nudges.append(None)), nudges)

    return opened


async def create_postgresql_database(socket: Path, name: str) -> str:
    """Make an empty database on a server, and give its URL."""
    administrator = f"postgresql+asyncpg://postgres@/postgres?host={socket}"
    async with open_engine(administrator) as engine, engine.connect() as connection:
        plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await plain.execute(text(f'CREATE DATABASE "{name}"'))
    return administrator.replace("/postgres?", f"/{name}?")
