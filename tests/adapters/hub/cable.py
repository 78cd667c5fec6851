"""A cable between a client and a hub, which can be cut and mended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from attrs import define, field


@define(eq=False)
class Cable:
    """Hands bytes on between a port of its own and the hub, while it is whole."""

    host: str
    port: int
    url: str = field(default="", init=False)
    whole: bool = field(default=True, init=False)
    swallows: bool = field(default=False, init=False)
    """Whether what goes to the hub is lost on the way, and nobody notices."""
    times_connected: int = field(default=0, init=False)
    sent: int = field(default=0, init=False)
    """Bytes that went to the hub."""
    _ends: set[asyncio.StreamWriter] = field(factory=set, init=False)

    def cut(self) -> None:
        """Lose every connection, and take no new one."""
        self.whole = self.swallows = False
        for end in tuple(self._ends):
            end.transport.abort()

    def mend(self) -> None:
        """Take connections again."""
        self.whole = True

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Join one connection to the hub."""
        if not self.whole:
            writer.transport.abort()
            return
        self.times_connected += 1
        there, back = await asyncio.open_connection(self.host, self.port)
        self._ends |= {writer, back}
        await asyncio.gather(self._carry(reader, back, to_hub=True), self._carry(there, writer))
        self._ends -= {writer, back}

    async def _carry(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, to_hub: bool = False
    ) -> None:
        try:
            while data := await source.read(65_536):
                if to_hub and self.swallows:
                    continue
                self.sent += len(data) * to_hub
                sink.write(data)
                await sink.drain()
        except ConnectionError:
            pass
        finally:
            sink.close()


@asynccontextmanager
async def cable_to(url: str) -> AsyncIterator[Cable]:
    """Lay a cable to a hub."""
    parts = urlsplit(url)
    cable = Cable(parts.hostname or "", parts.port or 0)
    server = await asyncio.start_server(cable.serve, "127.0.0.1", 0)
    cable.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield cable
    finally:
        server.close()
        cable.cut()
        await asyncio.sleep(0.05)
