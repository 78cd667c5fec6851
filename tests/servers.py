"""Servers of our own to test with."""

import asyncio
import socket
import subprocess
import sysconfig
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Self

from attrs import define, field


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def nats_server(folder: Path, *options: str, port: int | None = None) -> Iterator[str]:
    """A NATS server with JetStream that keeps its data in a folder, while the block lasts; its URL."""
    folder.mkdir(parents=True, exist_ok=True)
    chosen = free_port() if port is None else port
    program = Path(sysconfig.get_path("scripts"), "nats-server")
    listening = ["-a", "127.0.0.1", "-p", str(chosen), "-js", "-sd", str(folder)]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen([program, *listening, *options], stderr=log, start_new_session=True)
    try:
        _wait_for(chosen, process)
        yield f"nats://127.0.0.1:{chosen}"
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until somebody listens; a server that ended says why in its log."""
    while process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError("the NATS server ended at once")


@define(eq=False)
class Balancer:
    """A load balancer that sticks to nobody: a connection goes to the first of its servers that takes it."""

    ports: list[int] = field(factory=list)
    url: str = field(default="", init=False)
    _pumps: set["asyncio.Task[None]"] = field(factory=set, init=False)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """Take connections while the block lasts."""
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            for pump in self._pumps:
                pump.cancel()
            await asyncio.gather(*self._pumps, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for port in self.ports:
            try:
                answers, questions = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                continue
            for source, target in ((reader, questions), (answers, writer)):
                task = asyncio.create_task(_pump(source, target))
                self._pumps.add(task)
                task.add_done_callback(self._pumps.discard)
            return
        writer.close()


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    except OSError:
        pass
    finally:
        target.close()
