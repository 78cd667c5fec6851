"""Transactions in memory: one writer at a time works on a copy, and a commit puts the copy in its place."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from attrs import define, field, frozen

from adapters.memory.agenda import MemoryAgenda
from adapters.memory.census import MemoryCensus
from adapters.memory.clients import MemoryClients
from adapters.memory.conversations import MemoryConversations
from adapters.memory.coordination import (
    MemoryActivities,
    MemoryBroadcasts,
    MemoryCommands,
    MemoryPairings,
)
from adapters.memory.feeds import MemoryFeeds
from adapters.memory.instances import MemoryInstances
from adapters.memory.interactions import MemoryInteractions
from adapters.memory.jobs import MemoryJobs
from adapters.memory.made_personas import MemoryMadePersonas
from adapters.memory.networks import MemoryNetworks
from adapters.memory.outbox import MemoryOutbox
from adapters.memory.sessions import MemorySessions
from adapters.memory.state import State
from adapters.memory.uploads import MemoryUploads
from domain.errors import Overloaded
from domain.events import Fact

LONGEST_WAIT: Final = 10.0
"""For how many seconds a writer waits for its turn."""


def _nobody(_: Sequence[Fact]) -> None:
    """Tell nobody."""


@frozen(kw_only=True, eq=False)
class MemoryTransaction:
    """The collections over one state."""

    networks: MemoryNetworks
    clients: MemoryClients
    conversations: MemoryConversations
    interactions: MemoryInteractions
    agenda: MemoryAgenda
    feeds: MemoryFeeds
    sessions: MemorySessions
    jobs: MemoryJobs
    uploads: MemoryUploads
    personas: MemoryMadePersonas
    commands: MemoryCommands
    activities: MemoryActivities
    broadcasts: MemoryBroadcasts
    pairings: MemoryPairings
    outbox: MemoryOutbox
    census: MemoryCensus
    instances: MemoryInstances


@define(eq=False)
class MemoryTransactions:
    """A store that lasts as long as the process.

    on_facts is called with the facts of each commit that has any; relayed says whether facts wait in
    the outbox until a relay has published them.
    """

    _on_facts: Callable[[Sequence[Fact]], None] = _nobody
    _relayed: bool = True
    _longest_wait: float = LONGEST_WAIT
    _state: State = field(factory=State, init=False)
    _turn: asyncio.Lock = field(factory=asyncio.Lock, init=False)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[MemoryTransaction]:
        """Open a transaction that may write; leaving the block commits it, an exception rolls it back.

        Raises:
            Overloaded: other writers take too long.
        """
        try:
            async with asyncio.timeout(self._longest_wait):
                await self._turn.acquire()
        except TimeoutError as error:
            raise Overloaded("The store is busy with other writes; try again.") from error
        try:
            state = self._state.copy()
            transaction = _transaction(state, writable=True, relayed=self._relayed)
            yield transaction
            self._state = state
        finally:
            self._turn.release()
        if transaction.outbox.appended:
            self._on_facts(transaction.outbox.appended)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[MemoryTransaction]:
        """Open a transaction that only reads, and sees one state of the store; writes in it are refused."""
        yield _transaction(self._state, writable=False, relayed=self._relayed)


def _transaction(state: State, *, writable: bool, relayed: bool) -> MemoryTransaction:
    return MemoryTransaction(
        networks=MemoryNetworks(state, writable),
        clients=MemoryClients(state, writable),
        conversations=MemoryConversations(state, writable),
        interactions=MemoryInteractions(state, writable),
        agenda=MemoryAgenda(state, writable),
        feeds=MemoryFeeds(state, writable),
        sessions=MemorySessions(state, writable),
        jobs=MemoryJobs(state, writable),
        uploads=MemoryUploads(state, writable),
        personas=MemoryMadePersonas(state, writable),
        commands=MemoryCommands(state, writable),
        activities=MemoryActivities(state, writable),
        broadcasts=MemoryBroadcasts(state, writable),
        pairings=MemoryPairings(state, writable),
        census=MemoryCensus(state),
        outbox=MemoryOutbox(state, writable, relayed),
        instances=MemoryInstances(state, writable),
    )
