"""Connections in a transaction, of which every step is seen through."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.sql.errors import translated
from adapters.sql.patience import seen_through
from adapters.sql.statements import Statements


async def opened(engine: AsyncEngine, stack: AsyncExitStack) -> AsyncConnection:
    """A connection in a transaction, rolled back and given back with the stack unless it is committed."""
    with translated():
        return await seen_through(_begun(engine, stack))


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncIterator[Statements]:
    """Statements in a transaction of their own; leaving the block commits it, an exception rolls it back.

    Raises:
        Overloaded: the database is busy or out of reach; nothing was written.
    """
    async with AsyncExitStack() as stack:
        connection = await opened(engine, stack)
        yield Statements(connection, writing=True)
        with translated():
            await seen_through(connection.commit())


async def _begun(engine: AsyncEngine, stack: AsyncExitStack) -> AsyncConnection:
    connection = await engine.connect().start()
    stack.push_async_callback(_given_back, connection)
    await connection.begin()
    return connection


async def _given_back(connection: AsyncConnection) -> None:
    """Whoever comes next finds the pool as it is to be, though this was cancelled meanwhile."""
    await seen_through(connection.close())
