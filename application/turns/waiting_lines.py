"""Standing in line: what one client types is answered one after the other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from attrs import define, field, frozen

from domain.errors import Overloaded
from domain.ids import ClientId, NetworkId

LONGEST_LINE: Final = 16
"""Turns of one client that may be under way or wait; one more is refused."""


@define(eq=False)
class _Line:
    turn: asyncio.Lock = field(factory=asyncio.Lock)
    length: int = 0


@frozen(eq=False)
class WaitingLines:
    """One line for each client that has a typed turn under way, first come, first served."""

    _lines: dict[tuple[NetworkId, ClientId], _Line] = field(factory=dict, init=False)

    @asynccontextmanager
    async def place(self, network_id: NetworkId, client_id: ClientId) -> AsyncIterator[None]:
        """Wait for a client's turn, and have it while the block lasts.

        Raises:
            Overloaded: too many of its turns wait already.
        """
        key = network_id, client_id
        line = self._lines.setdefault(key, _Line())
        if line.length >= LONGEST_LINE:
            raise Overloaded("Too many turns of this client wait for an answer; try again.")
        line.length += 1
        try:
            async with line.turn:
                yield
        finally:
            line.length -= 1
            if not line.length:
                del self._lines[key]
