"""The loop of one socket: one reader, one writer, and an end for everything."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final, NoReturn, Protocol

import structlog
from attrs import define, field

from adapters.websocket.endings import (
    FAILED,
    MALFORMED,
    NO_HANDSHAKE,
    TIMED_OUT,
    TOO_SLOW,
    Goodbye,
    Over,
    goodbye_for,
    goodbye_of,
)
from adapters.websocket.open_sockets import OpenSockets
from adapters.websocket.options import SocketOptions
from adapters.websocket.outgoing import Outgoing
from adapters.websocket.protocol import Greeting, SocketProtocol
from adapters.websocket.use_cases import SocketUseCases
from application.networks.access import Principal
from application.networks.connecting import Connection
from application.ports.announcing import Inbox
from domain.clients import LeaveReason
from domain.errors import Kind, MiraError, TooLarge
from domain.events import Announcement, CommandIssued, Fact
from domain.ids import ClientId, EventId, NetworkId

log = structlog.get_logger(__name__)

MALFORMED_KINDS: Final = frozenset({Kind.INVALID, Kind.TOO_LARGE, Kind.UNSUPPORTED})
SAID_BY_SOCKET: Final = frozenset({LeaveReason.DISCONNECTED, LeaveReason.TIMEOUT})
"""Reasons that only the socket knows of; the others were told by whoever closed the inbox."""
CLOSE_PATIENCE: Final = timedelta(seconds=2)


class Wire(Protocol):
    """A socket: once it is accepted, whole messages in and out. Losing it cancels whoever uses it."""

    async def accept(self) -> None: ...
    async def receive(self) -> str | bytes | None: ...
    async def send(self, data: str | bytes) -> None: ...
    async def close(self, code: int, reason: str = "") -> None: ...


@define(kw_only=True, eq=False)
class Line:
    """The socket of one client, from its upgrade to its last word.

    It is accepted as late as can be: a device that is greeted by its socket alone is there for everybody
    by the time it knows that it is.
    """

    wire: Wire
    protocol: SocketProtocol
    principal: Principal
    network_id: NetworkId
    client_id: ClientId
    use: SocketUseCases
    options: SocketOptions
    open_sockets: OpenSockets
    _outgoing: Outgoing = field(factory=Outgoing, init=False)
    _goodbye: Goodbye | None = field(default=None, init=False)
    _patience: asyncio.Timeout | None = field(default=None, init=False)
    _malformed: int = field(default=0, init=False)
    _accepted: bool = field(default=False, init=False)

    async def run(self) -> None:
        """Talk until the client leaves, which cancels this, or until the hub has a reason to close."""
        try:
            greeting = self.protocol.greeting or await self._greeted()
            with self.use.audience.join(self.network_id, self.client_id) as inbox:
                await self._joined(greeting, inbox)
        except Over as over:
            await self._close(over.goodbye)
        except Exception:
            log.exception("a socket broke", network=self.network_id, client=self.client_id)
            await self._close(FAILED)

    def end(self, goodbye: Goodbye) -> None:
        """Close soon, with these words."""
        self._goodbye = goodbye
        if self._patience is not None and not self._patience.expired():
            self._patience.reschedule(asyncio.get_running_loop().time())

    async def _greeted(self) -> Greeting:
        """Wait for the handshake; whatever comes before it is refused."""
        await self._accept()
        async with self._patient(self.options.handshake_timeout, NO_HANDSHAKE):
            while True:
                frame = await self._receive()
                try:
                    return self.protocol.greet(self._sized(frame))
                except MiraError as error:
                    self._count(error)
                    await self._send(self.protocol.refuse(error))

    async def _joined(self, greeting: Greeting, inbox: Inbox) -> None:
        """Be connected while the talk lasts; the inbox is open already, so that nothing falls between."""
        try:
            connection = await self.use.connect(
                self.principal,
                self.network_id,
                self.client_id,
                capabilities=greeting.capabilities,
                last_event_id=greeting.last_event_id,
                takes_commands=self.protocol.takes_commands,
            )
        except MiraError as error:
            await self._accept()
            await self._send(self.protocol.refuse(error))
            raise Over(goodbye_for(error)) from error
        inbox.begin(connection.position)
        self.open_sockets.speak_through(self.network_id, self.client_id, self)
        self.use.listening.join(self.network_id, connection.client)
        try:
            await self._talk(connection, inbox)
        finally:
            await self._parted(connection, inbox)

    async def _talk(self, connection: Connection, inbox: Inbox) -> None:
        await self._accept()
        welcome = self.protocol.welcome(connection)
        if welcome is not None:
            await self._send(welcome)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._read())
                tasks.create_task(self._announce(connection, inbox))
                tasks.create_task(self._write())
        except* Over as overs:
            self._goodbye = _first(overs)
        if self._goodbye is not None:
            raise Over(self._goodbye)

    async def _read(self) -> NoReturn:
        seconds = self.options.heartbeat_timeout.total_seconds()
        now = asyncio.get_running_loop().time
        async with self._patient(self.options.heartbeat_timeout, TIMED_OUT) as patience:
            while self._goodbye is None:
                patience.reschedule(now() + seconds)
                await self._hear(await self._receive())
        raise Over(self._goodbye)

    async def _hear(self, frame: str | bytes) -> None:
        """Take a message in; what it does wrong is told, and the socket lives."""
        try:
            await self.protocol.hear(self._sized(frame), self._outgoing.reply)
            self._malformed = 0
        except MiraError as error:
            self._count(error)
            self._outgoing.reply(self.protocol.refuse(error))
        except Exception:
            log.exception("a message could not be served", network=self.network_id, client=self.client_id)
            self._outgoing.reply(self.protocol.refuse(MiraError("The hub failed at this message.")))

    async def _announce(self, connection: Connection, inbox: Inbox) -> NoReturn:
        """Put what was missed, and then what happens, before the writer; each fact once."""
        position = connection.position
        for fact in connection.missed:
            await self._say(fact)
        for fact in _ordered(connection):
            await self._say(fact)
        while (announcement := await inbox.next()) is not None:
            if isinstance(announcement, Fact):
                if announcement.position <= position:
                    continue
                position = announcement.position
            await self._say(announcement)
        raise Over(goodbye_of(inbox))

    async def _say(self, announcement: Announcement) -> None:
        try:
            words = self.protocol.say(announcement)
        except Exception:
            log.exception("an announcement could not be put into words", network=self.network_id)
            return
        for said in words:
            await self._outgoing.announce(said.text, said.priority)

    async def _write(self) -> NoReturn:
        while True:
            await self._send(await self._outgoing.next())

    async def _accept(self) -> None:
        if not self._accepted:
            self._accepted = True
            await self.wire.accept()

    async def _send(self, text: str) -> None:
        try:
            async with asyncio.timeout(self.options.send_timeout.total_seconds()):
                await self.wire.send(text)
        except TimeoutError:
            raise Over(TOO_SLOW) from None

    async def _receive(self) -> str | bytes:
        """The next message; the framework says None for an empty binary one."""
        frame = await self.wire.receive()
        return b"" if frame is None else frame

    def _sized(self, frame: str | bytes) -> str | bytes:
        if len(frame) > self.options.largest_message:
            raise TooLarge("The message is larger than the hub takes.", largest=self.options.largest_message)
        return frame

    def _count(self, error: MiraError) -> None:
        """Note a message that could not be read; too many in a row are the end."""
        if error.kind not in MALFORMED_KINDS:
            return
        self._malformed += 1
        if self._malformed > self.options.most_malformed:
            raise Over(MALFORMED)

    @asynccontextmanager
    async def _patient(self, patience: timedelta, otherwise: Goodbye) -> AsyncIterator[asyncio.Timeout]:
        """Wait for so long inside the block, and then say goodbye; end() makes it at once."""
        try:
            async with asyncio.timeout(patience.total_seconds()) as self._patience:
                if self._goodbye is not None:
                    raise Over(self._goodbye)
                yield self._patience
        except TimeoutError:
            raise Over(self._goodbye or otherwise) from None
        finally:
            self._patience = None

    async def _parted(self, connection: Connection, inbox: Inbox) -> None:
        """Tell the rest of the hub that this socket is silent, unless the client has a newer one by now."""
        if self.open_sockets.fall_silent(self.network_id, self.client_id, self):
            self.use.listening.leave(self.network_id, self.client_id)
        told = inbox.leave_reason or (self._goodbye.leave if self._goodbye else LeaveReason.DISCONNECTED)
        if told not in SAID_BY_SOCKET:
            return
        try:
            since = connection.client.connected_since
            await self.use.disconnect(self.network_id, self.client_id, told, since=since)
        except Exception:
            log.exception("a goodbye was not noted", network=self.network_id, client=self.client_id)

    async def _close(self, goodbye: Goodbye) -> None:
        """Say goodbye, to those who take it."""
        try:
            async with asyncio.timeout(CLOSE_PATIENCE.total_seconds()):
                await self._accept()
                await self.wire.close(goodbye.code, goodbye.reason)
        except (TimeoutError, RuntimeError):
            log.info("a socket did not take its goodbye", network=self.network_id, client=self.client_id)


def _first(overs: BaseExceptionGroup[Over]) -> Goodbye:
    first = overs.exceptions[0]
    return first.goodbye if isinstance(first, Over) else FAILED


def _ordered(connection: Connection) -> tuple[Fact, ...]:
    """What a device that comes back has still to do."""
    return tuple(
        Fact(
            id=EventId(order.id),
            network_id=order.network_id,
            position=connection.position,
            event=CommandIssued(command=order, at=order.issued_at),
            recipient=order.client_id,
        )
        for order in connection.orders
    )
