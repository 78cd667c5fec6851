"""Every adapter of each port: in memory, SQLite, PostgreSQL."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from attrs import field, frozen
from sqlalchemy import text

from adapters.memory.transactions import MemoryTransactions
from adapters.sql.engine import open_engine
from adapters.sql.migrating import migrate
from adapters.sql.transactions import SqlTransactions
from application.ports.storage import Transactions

OpenStore = Callable[[], AbstractAsyncContextManager["Store"]]


@frozen
class Store:
    """A store with nothing in it, and how often it said that facts were committed."""

    transactions: Transactions
    nudges: list[None] = field(factory=list)


@asynccontextmanager
async def _memory() -> AsyncIterator[Store]:
    nudges: list[None] = []
    yield Store(MemoryTransactions(lambda: nudges.append(None)), nudges)


def _sqlite(template: Path, folder: Path) -> OpenStore:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Store]:
        path = folder / "store.db"
        shutil.copy(template, path)
        nudges: list[None] = []
        async with open_engine(f"sqlite+aiosqlite:///{path}") as engine:
            yield Store(SqlTransactions(engine, lambda: nudges.append(None)), nudges)

    return opened


def _postgresql(url: str) -> OpenStore:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Store]:
        nudges: list[None] = []
        async with open_engine(url) as engine:
            async with engine.begin() as connection:
                await connection.execute(text("TRUNCATE networks, outbox, outbox_heads CASCADE"))
            yield Store(SqlTransactions(engine, lambda: nudges.append(None)), nudges)

    return opened


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with nothing in it, to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"

    async def make() -> None:
        async with open_engine(f"sqlite+aiosqlite:///{path}") as engine:
            await migrate(engine)

    asyncio.run(make())
    return path


@pytest.fixture(scope="session")
def postgresql_url(postgresql_socket: Path) -> str:
    """A migrated database of a PostgreSQL server of our own."""
    url = f"postgresql+asyncpg://postgres@/contracts?host={postgresql_socket}"

    async def make() -> None:
        administrator = url.replace("/contracts", "/postgres")
        async with open_engine(administrator) as engine, engine.connect() as connection:
            plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await plain.execute(text("CREATE DATABASE contracts"))
        async with open_engine(url) as engine:
            await migrate(engine)

    asyncio.run(make())
    return url


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> OpenStore:
    """How to open a store of each kind."""
    match request.param:
        case "memory":
            return _memory
        case "sqlite":
            return _sqlite(request.getfixturevalue("sqlite_template"), tmp_path)
        case _:
            return _postgresql(request.getfixturevalue("postgresql_url"))


@pytest.fixture
async def store(open_store: OpenStore) -> AsyncIterator[Store]:
    """A fresh store of each kind."""
    async with open_store() as fresh:
        yield fresh


@pytest.fixture
def transactions(store: Store) -> Transactions:
    """Where the transactions of a fresh store come from."""
    return store.transactions
