"""Every adapter of each port: in memory, SQLite, PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from application.ports.storage import Transactions
from tests.stores import (
    OpenStore,
    Store,
    create_postgresql_database,
    in_memory,
    in_postgresql,
    in_sqlite,
    migrated,
)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with nothing in it, to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(migrated(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgresql_url(postgresql_socket: Path) -> str:
    """A migrated database of a PostgreSQL server of our own."""
    url = asyncio.run(create_postgresql_database(postgresql_socket, "contracts"))
    asyncio.run(migrated(url))
    return url


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> OpenStore:
    """How to open a store of each kind."""
    match request.param:
        case "memory":
            return in_memory
        case "sqlite":
            return in_sqlite(request.getfixturevalue("sqlite_template"), tmp_path)
        case _:
            return in_postgresql(request.getfixturevalue("postgresql_url"))


@pytest.fixture
async def store(open_store: OpenStore) -> AsyncIterator[Store]:
    """A fresh store of each kind."""
    async with open_store() as fresh:
        yield fresh


@pytest.fixture
def transactions(store: Store) -> Transactions:
    """Where the transactions of a fresh store come from."""
    return store.transactions
