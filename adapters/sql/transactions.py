"""Transactions of a database."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final

from attrs import define, field, frozen
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.sql.activities import SqlActivities
from adapters.sql.agenda import SqlAgenda
from adapters.sql.broadcasts import SqlBroadcasts
from adapters.sql.census import SqlCensus
from adapters.sql.clients import SqlClients
from adapters.sql.commands import SqlCommands
from adapters.sql.connections import opened
from adapters.sql.conversations import SqlConversations
from adapters.sql.engine import LONGEST_WAIT, READS_ONLY
from adapters.sql.errors import translated
from adapters.sql.feeds import SqlFeeds
from adapters.sql.instances import SqlInstances
from adapters.sql.interactions import SqlInteractions
from adapters.sql.jobs import SqlJobs
from adapters.sql.networks import SqlNetworks
from adapters.sql.outbox import SqlOutbox
from adapters.sql.pairings import SqlPairings
from adapters.sql.patience import seen_through
from adapters.sql.personas import SqlPersonas
from adapters.sql.sessions import SqlSessions
from adapters.sql.statements import Statements
from adapters.sql.uploads import SqlUploads
from domain.errors import Overloaded
from domain.events import Fact

SNAPSHOT_OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "sqlite": {READS_ONLY: True},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


def _nobody(_: Sequence[Fact]) -> None:
    """Tell nobody."""


@frozen(kw_only=True, eq=False)
class SqlTransaction:
    """The collections over one connection."""

    networks: SqlNetworks
    clients: SqlClients
    conversations: SqlConversations
    interactions: SqlInteractions
    agenda: SqlAgenda
    feeds: SqlFeeds
    sessions: SqlSessions
    jobs: SqlJobs
    uploads: SqlUploads
    personas: SqlPersonas
    commands: SqlCommands
    activities: SqlActivities
    broadcasts: SqlBroadcasts
    pairings: SqlPairings
    outbox: SqlOutbox
    census: SqlCensus
    instances: SqlInstances


@define(eq=False)
class SqlTransactions:
    """A store in a database whose tables are there.

    on_facts is called with the facts of each commit that has any; relayed says whether facts wait in
    the outbox until a relay has published them.
    """

    _engine: AsyncEngine
    _on_facts: Callable[[Sequence[Fact]], None] = _nobody
    _relayed: bool = True
    _longest_wait: float = LONGEST_WAIT
    _turn: asyncio.Lock = field(factory=asyncio.Lock, init=False)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlTransaction]:
        """Open a transaction that may write; leaving the block commits it, an exception rolls it back.

        Raises:
            Overloaded: the database is busy or out of reach; nothing was written.
        """
        async with AsyncExitStack() as stack:
            if self._engine.dialect.name == "sqlite":
                await self._wait_for_turn(stack)
            connection = await opened(self._engine, stack)
            transaction = _transaction(Statements(connection, writing=True), self._relayed)
            yield transaction
            try:
                with translated():
                    await seen_through(connection.commit())
            finally:
                if transaction.outbox.appended:
                    self._on_facts(transaction.outbox.appended)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[SqlTransaction]:
        """Open a transaction that only reads, and sees one state of the store; writes in it are refused.

        Raises:
            Overloaded: the database is busy or out of reach.
        """
        options = SNAPSHOT_OPTIONS[self._engine.dialect.name]
        async with AsyncExitStack() as stack:
            connection = await opened(self._engine.execution_options(**options), stack)
            yield _transaction(Statements(connection, writing=False), self._relayed)

    async def _wait_for_turn(self, stack: AsyncExitStack) -> None:
        """Wait in line: SQLite has one writer, and would let those who wait try again at random."""
        try:
            async with asyncio.timeout(self._longest_wait):
                await stack.enter_async_context(self._turn)
        except TimeoutError as error:
            raise Overloaded("The store is busy with other writes; try again.") from error


def _transaction(statements: Statements, relayed: bool) -> SqlTransaction:
    return SqlTransaction(
        networks=SqlNetworks(statements),
        clients=SqlClients(statements),
        conversations=SqlConversations(statements),
        interactions=SqlInteractions(statements),
        agenda=SqlAgenda(statements),
        feeds=SqlFeeds(statements),
        sessions=SqlSessions(statements),
        jobs=SqlJobs(statements),
        uploads=SqlUploads(statements),
        personas=SqlPersonas(statements),
        commands=SqlCommands(statements),
        activities=SqlActivities(statements),
        broadcasts=SqlBroadcasts(statements),
        pairings=SqlPairings(statements),
        census=SqlCensus(statements),
        outbox=SqlOutbox(statements, relayed),
        instances=SqlInstances(statements),
    )
