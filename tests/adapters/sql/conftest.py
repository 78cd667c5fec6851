"""Databases with nothing in them."""

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest

from tests.stores import create_postgresql_database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables, of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
    socket: Path = request.getfixturevalue("postgresql_socket")
    return asyncio.run(create_postgresql_database(socket, uuid4().hex))


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite database that is not there yet."""
    return f"sqlite+aiosqlite:///{tmp_path / 'store.db'}"
