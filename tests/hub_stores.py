"""What the hubs of tests stand on: memory, or databases of the kind that pytest was told by --store."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from attrs import define, field
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.memory.transactions import MemoryTransactions
from adapters.sql.engine import make_engine
from adapters.sql.metadata import METADATA
from adapters.sql.transactions import SqlTransactions
from application.ports.storage import Transactions
from domain.events import Fact
from tests.stores import create_postgresql_database, migrated

T = TypeVar("T")
KINDS = ("memory", "sqlite", "postgresql")
Committed = Callable[[Sequence[Fact]], None]


def _nobody(_: Sequence[Fact]) -> None:
    """Tell nobody."""


async def _no_need(_: Transactions) -> None:
    """What is in memory needs no closing."""


@define
class HubStores:
    """How a test's hubs get a store of their own each."""

    open: Callable[[Committed], Transactions] = MemoryTransactions
    close: Callable[[Transactions], Awaitable[None]] = _no_need


STORES = HubStores()


def fresh_store(committed: Committed = _nobody) -> Transactions:
    """A store with nothing in it, of the kind that this test is to run on; it is closed after the test."""
    return STORES.open(committed)


@asynccontextmanager
async def open_store(committed: Committed) -> AsyncIterator[Transactions]:
    """The same, closed after the block already."""
    store = STORES.open(committed)
    try:
        yield store
    finally:
        await STORES.close(store)


@define
class Databases:
    """Databases for hubs: one for each that is open at a time, emptied and used again."""

    url_of: Callable[[int], str]
    _made: int = field(default=0, init=False)
    _free: list[str] = field(factory=list, init=False)
    _open: dict[Transactions, tuple[str, AsyncEngine]] = field(factory=dict, init=False)

    def open(self, committed: Committed) -> Transactions:
        """Open one with nothing in it."""
        if not self._free:
            self._free.append(self.url_of(self._made))
            self._made += 1
        url = self._free.pop()
        engine = make_engine(url)
        store = SqlTransactions(engine, committed)
        self._open[store] = url, engine
        return store

    async def close(self, store: Transactions) -> None:
        """Empty a database, and have it ready for another hub."""
        url, engine = self._open.pop(store)
        async with engine.begin() as connection:
            for table in reversed(METADATA.sorted_tables):
                await connection.execute(table.delete())
        await engine.dispose()
        self._free.append(url)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Give hubs their stores from here while the block lasts."""
        before = STORES.open, STORES.close
        STORES.open, STORES.close = self.open, self.close
        try:
            yield
        finally:
            STORES.open, STORES.close = before
            for store in tuple(self._open):
                await self.close(store)


def sqlite_databases(folder: Path) -> Databases:
    """Databases in a folder."""
    template = folder / "template.db"
    asyncio.run(migrated(f"sqlite+aiosqlite:///{template}"))

    def copied(number: int) -> str:
        path = shutil.copy(template, folder / f"hub-{number}.db")
        return f"sqlite+aiosqlite:///{path}"

    return Databases(copied)


def postgresql_databases(socket: Path) -> Databases:
    """Databases on a server."""

    def made(number: int) -> str:
        url = new_postgresql_database(socket, f"hub_{number}")
        _apart(migrated(url))
        return url

    return Databases(made)


def new_postgresql_database(socket: Path, name: str) -> str:
    """Make an empty database on a server, whatever runs here, and give its URL."""
    return _apart(create_postgresql_database(socket, name))


def _apart(work: Coroutine[None, None, T]) -> T:
    """Run something to its end in a loop of its own, as it is called from within another."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
