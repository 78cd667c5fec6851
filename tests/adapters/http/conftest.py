"""A hub for each test, over each kind of store."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from adapters.sql.engine import open_engine
from adapters.sql.migrating import migrate
from adapters.sql.transactions import SqlTransactions
from tests.adapters.http.house import House, build_house


@pytest.fixture
def house() -> House:
    """A hub with nothing in it, where anybody may open a network."""
    return build_house()


@pytest.fixture(
    params=[
        "memory",
        pytest.param("sqlite", marks=pytest.mark.slow),
        pytest.param("postgresql", marks=pytest.mark.slow),
    ]
)
async def any_house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    """A hub over each kind of store."""
    match request.param:
        case "memory":
            yield build_house()
            return
        case "sqlite":
            url = f"sqlite+aiosqlite:///{tmp_path / 'hub.db'}"
        case _:
            server = request.getfixturevalue("postgresql_socket")
            url = f"postgresql+asyncpg://postgres@/{await _fresh_database(server)}?host={server}"
    async with open_engine(url) as engine:
        await migrate(engine)
        yield build_house(SqlTransactions(engine))


async def _fresh_database(server: Path) -> str:
    """Make a database of our own anew, and name it."""
    administrator = f"postgresql+asyncpg://postgres@/postgres?host={server}"
    async with open_engine(administrator) as engine, engine.connect() as connection:
        plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await plain.execute(text("DROP DATABASE IF EXISTS http_tests WITH (FORCE)"))
        await plain.execute(text("CREATE DATABASE http_tests"))
    return "http_tests"
