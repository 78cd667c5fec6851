"""The sockets that are open on this hub, and the one that each client speaks through."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from attrs import define, field

from adapters.websocket.endings import SERVER_STOPS, Goodbye
from domain.errors import Overloaded
from domain.ids import ClientId, NetworkId


class Closable(Protocol):
    """A socket that can be told to end."""

    def end(self, goodbye: Goodbye) -> None:
        """Close soon, with these words."""
        ...


@define(eq=False)
class OpenSockets:
    """Knows every open socket, so that a hub that stops can say goodbye to each."""

    stopping: bool = field(default=False, init=False)
    _open: set[Closable] = field(factory=set, init=False)
    _current: dict[tuple[NetworkId, ClientId], Closable] = field(factory=dict, init=False)
    _changed: asyncio.Event = field(factory=asyncio.Event, init=False)

    def __len__(self) -> int:
        return len(self._open)

    @contextmanager
    def opened(self, socket: Closable) -> Iterator[None]:
        """Count a socket as open while the block lasts, or raise Overloaded when the hub is stopping."""
        if self.stopping:
            raise Overloaded("The hub is stopping.")
        self._open.add(socket)
        try:
            yield
        finally:
            self._open.discard(socket)
            self._changed.set()

    def speak_through(self, network_id: NetworkId, client_id: ClientId, socket: Closable) -> None:
        """Note that a client now speaks through this socket, whichever it was before."""
        self._current[network_id, client_id] = socket

    def fall_silent(self, network_id: NetworkId, client_id: ClientId, socket: Closable) -> bool:
        """Note that a socket is silent; whether it was the one that its client spoke through."""
        if self._current.get((network_id, client_id)) is not socket:
            return False
        del self._current[network_id, client_id]
        return True

    def stop(self) -> None:
        """Take no new socket."""
        self.stopping = True

    async def close(self, seconds: float) -> None:
        """Say goodbye to every socket, and wait until all are closed, but not longer than so many seconds."""
        self.stop()
        for socket in tuple(self._open):
            socket.end(SERVER_STOPS)
        try:
            async with asyncio.timeout(seconds):
                while self._open:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return
