"""A connection to NATS that may be away: at the start, in between, for as long as it takes."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import structlog
from attrs import define, field, frozen
from nats.aio.client import Client
from nats.errors import Error, NoServersError

log = structlog.get_logger(__name__)

RETRY_SECONDS: Final = 1
CONNECT_SECONDS: Final = 5
PENDING_BYTES: Final = 8 * 1024 * 1024


@frozen(kw_only=True)
class NatsOptions:
    """Where NATS is and how to prove oneself: credentials, own certificate and whose to trust are files."""

    url: str
    credentials: Path | None = None
    ca_file: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    def arguments(self) -> dict[str, Any]:
        """What the client wants to know of them."""
        told: dict[str, Any] = {"servers": [server.strip() for server in self.url.split(",")]}
        if self.credentials is not None:
            told["user_credentials"] = str(self.credentials)
        if self.ca_file is not None or self.certificate is not None or self.url.startswith("tls://"):
            context = ssl.create_default_context(cafile=self.ca_file)
            if self.certificate is not None:
                context.load_cert_chain(self.certificate, self.key)
            told["tls"] = context
        return told


Opened = Callable[[Client], Awaitable[None]]


@define(eq=False)
class NatsConnection:
    """One connection; whoever needs it is told when it is there for the first time, and asks if it is now."""

    options: NatsOptions
    client: Client = field(factory=Client, init=False)
    _when_open: list[Opened] = field(factory=list, init=False)
    _asked: asyncio.Event = field(factory=asyncio.Event, init=False)
    _ready: bool = field(default=False, init=False)

    @property
    def ready(self) -> bool:
        """Whether NATS is there, and everything that was to be set up on it is."""
        return self._ready and self.client.is_connected

    def when_open(self, set_up: Opened) -> None:
        """Have something set up as soon as NATS is there; it is tried until it works."""
        self._when_open.append(set_up)
        self._asked.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Be connected whenever NATS is there, while the block lasts."""
        opening = asyncio.create_task(self._open())
        try:
            yield
        finally:
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
            if self.client.is_connected:
                await self.client.flush(timeout=1)
            await self.client.close()

    async def _open(self) -> None:
        """Connect and set up, as often as that takes; the client itself comes back when a server does."""
        while True:
            try:
                if not (self._ready or self.client.is_connected):
                    await self._connect()
                while self._when_open:
                    await self._when_open[0](self.client)
                    self._when_open.pop(0)
                if not self._ready:
                    self._ready = True
                    log.info("NATS is there")
                self._asked.clear()
                await self._asked.wait()
            except (Error, OSError, TimeoutError) as error:
                log.warning("NATS is not there yet", error=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)

    async def _connect(self) -> None:
        try:
            await self.client.connect(
                **self.options.arguments(),
                name="mira",
                no_echo=True,
                connect_timeout=CONNECT_SECONDS,
                reconnect_time_wait=RETRY_SECONDS,
                max_reconnect_attempts=-1,
                pending_size=PENDING_BYTES,
                ping_interval=10,
                error_cb=_note,
                disconnected_cb=_note_loss,
                reconnected_cb=_note_return,
            )
        except NoServersError:
            self.client = Client()
            raise


async def _note(error: Exception) -> None:
    log.warning("NATS had trouble", error=type(error).__name__)


async def _note_loss() -> None:
    log.warning("NATS is away")


async def _note_return() -> None:
    log.info("NATS is back")
