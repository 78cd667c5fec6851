"""The bell between instances that share a PostgreSQL database: who commits facts rings, the others hear."""

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any, Final

import asyncpg
import structlog
from attrs import define, field
from sqlalchemy import make_url

from adapters.sql.engine import LONGEST_WAIT
from domain.ids import NetworkId

log = structlog.get_logger(__name__)

CHANNEL: Final = "mira_facts"
LONGEST_MESSAGE: Final = 7000
"""Bytes; PostgreSQL takes less than 8000."""
RETRY_SECONDS: Final = 1.0
LOOK_SECONDS: Final = 10.0
"""After so many quiet seconds the line is tried."""


@define(eq=False)
class PostgresBell:
    """Rings with the networks that facts were committed in; what is lost with its line, others poll for.

    It is one connection beside the pool, and a message is no part of any transaction: commits do not queue up
    for it, and many of them share one.
    """

    url: str
    heard: Callable[[Collection[NetworkId]], None]
    _waiting: set[NetworkId] = field(factory=set, init=False)
    _rung: asyncio.Event = field(factory=asyncio.Event, init=False)

    def ring(self, networks: Collection[NetworkId]) -> None:
        """Tell the other instances soon."""
        self._waiting.update(networks)
        self._rung.set()

    async def run(self) -> None:
        """Hold the line; a broken one is laid anew."""
        while True:
            try:
                await self._hold()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("the line between instances broke", error=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)

    async def _hold(self) -> None:
        line: asyncpg.Connection[Any] = await asyncpg.connect(**_arguments(self.url), timeout=LONGEST_WAIT)
        try:
            await line.add_listener(CHANNEL, self._hear)
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS):
                        await self._rung.wait()
                self._rung.clear()
                await self._send(line)
        finally:
            line.terminate()

    async def _send(self, line: "asyncpg.Connection[Any]") -> None:
        """Say what waits; nothing is said aloud too, as that is how a dead line is found."""
        while True:
            message = self._message()
            await line.execute("SELECT pg_notify($1, $2)", CHANNEL, message, timeout=LONGEST_WAIT)
            if not self._waiting:
                return

    def _message(self) -> str:
        """As many of the waiting networks as fit into one message."""
        names: list[str] = []
        room = LONGEST_MESSAGE
        while self._waiting and room > 0:
            names.append(self._waiting.pop())
            room -= len(names[-1].encode()) + 1
        return " ".join(names)

    def _hear(self, line: object, sender: int, channel: str, message: object) -> None:
        own = getattr(line, "get_server_pid", lambda: None)()
        if sender != own and isinstance(message, str) and message:
            self.heard([NetworkId(name) for name in message.split(" ")])


def _arguments(url: str) -> dict[str, Any]:
    """What asyncpg wants to know of a URL, as SQLAlchemy reads it."""
    address = make_url(url)
    _, arguments = address.get_dialect()().create_connect_args(address)
    arguments.pop("prepared_statement_cache_size", None)
    return dict(arguments)
