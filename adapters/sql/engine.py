"""Opening a database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from domain.errors import InvalidValue

READS_ONLY: Final = "mira_reads_only"
"""The execution option of a connection that is not to write."""
LONGEST_WAIT: Final = 10.0
"""For how many seconds a transaction waits for what it needs, before it is refused as too much."""
LONGEST_IDLE: Final = 60.0
"""After how many idle seconds PostgreSQL undoes a transaction: a hub that hangs holds no rows for ever."""
CONNECTIONS: Final = 8


@asynccontextmanager
async def open_engine(url: str, *, patience: float = LONGEST_WAIT) -> AsyncIterator[AsyncEngine]:
    """Open the database that a URL names, and close it in the end; the rest is as for make_engine."""
    engine = make_engine(url, patience=patience)
    try:
        yield engine
    finally:
        await engine.dispose()


def make_engine(url: str, *, patience: float = LONGEST_WAIT) -> AsyncEngine:
    """Make ready for the database that a URL names; whoever does so disposes of it.

    It is sqlite+aiosqlite:///path or postgresql+asyncpg://..., and nothing is connected to at once. Patience
    is for how many seconds to wait for a lock, a connection or a server. No exception tells what was to be
    written, as that may be what people said.

    Raises:
        InvalidValue: the URL is none, names another kind of database, or a folder that is not there.
    """
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise InvalidValue("database_url", "must be a database URL") from error
    match address.drivername, address.database:
        case "sqlite+aiosqlite", str(path) if path not in ("", ":memory:") and not path.startswith("file:"):
            if not Path(path).parent.is_dir():
                raise InvalidValue("database_url", "must name a file in a folder that is there")
            return _sqlite(url, patience)
        case "postgresql+asyncpg", _:
            return _postgresql(url, patience)
        case _:
            raise InvalidValue(
                "database_url", "must begin with sqlite+aiosqlite:///path or postgresql+asyncpg://"
            )


def _sqlite(url: str, patience: float) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=patience,
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args={"isolation_level": None, "timeout": patience},
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Take the one writer's place at once, or promise not to write; Python's driver would do neither.

    Both steps are one script, as each call is a journey to the connection's thread and back.
    """
    reads_only = bool(connection.get_execution_options().get(READS_ONLY, False))
    script = f"PRAGMA query_only = {int(reads_only)}; BEGIN {'DEFERRED' if reads_only else 'IMMEDIATE'}"
    wrapped: Any = connection.connection.dbapi_connection
    wrapped.run_async(lambda driver: driver.executescript(script))


def _postgresql(url: str, patience: float) -> AsyncEngine:
    limits = {
        "lock_timeout": str(int(patience * 1000)),
        "idle_in_transaction_session_timeout": str(int(LONGEST_IDLE * 1000)),
        "application_name": "mira",
    }
    return create_async_engine(
        url,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=patience,
        pool_use_lifo=True,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"timeout": patience, "server_settings": limits},
    )
