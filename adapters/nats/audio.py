"""Streams of sound by NATS: a gateway opens one for a client, and then sends what a socket would be sent."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import orjson
import structlog
from attrs import define, field, frozen
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error

from adapters.nats.commands import AUTHORIZATION, QUEUE, header_text
from adapters.nats.connection import NatsConnection
from adapters.nats.subjects import audio_subject, client_in, network_in, stream_subject, told_subject
from domain.errors import MiraError, Overloaded
from domain.ids import ClientId, NetworkId

log = structlog.get_logger(__name__)

MOST_STREAMS: Final = 1000
MOST_UNREAD: Final = 64
"""Messages of a stream that wait to be read; then the oldest make room."""
HANDSHAKE: Final = '{"type": "handshake"}'
"""What is taken as said by whoever opens a stream without a word."""
CONTENT_TYPE: Final = "content-type"


@frozen(kw_only=True)
class Opening:
    """Who wants a stream to be opened: a client of a network, and the token that proves it."""

    network_id: NetworkId
    client_id: ClientId
    token: str | None


@define(eq=False)
class StreamWire:
    """A stream as whoever talks over it sees it: whole messages in and out.

    What is said first answers the opening; the rest is published where the gateway listens. Binary
    messages are frames of sound; those whose Content-Type is JSON are words; an empty one is the end.
    """

    client: Client
    opened: Msg
    opening: Opening
    left: asyncio.Event = field(factory=asyncio.Event, init=False)
    dropped: int = field(default=0, init=False)
    _answered: bool = field(default=False, init=False)
    _unread: "asyncio.Queue[str | bytes]" = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._unread = asyncio.Queue(MOST_UNREAD)
        self._unread.put_nowait(self.opened.data.decode("utf-8", "replace") or HANDSHAKE)

    async def take(self, message: Msg) -> None:
        """A message has come."""
        if not message.data:
            self.left.set()
            return
        if self._unread.full():
            self._unread.get_nowait()
            self.dropped += 1
        headers = {name.lower(): value for name, value in (message.headers or {}).items()}
        in_words = headers.get(CONTENT_TYPE, "").startswith("application/json")
        self._unread.put_nowait(message.data.decode("utf-8", "replace") if in_words else message.data)

    async def accept(self) -> None:
        """The opening was taken already; what is said first answers it."""

    async def receive(self) -> str | bytes | None:
        """The next message."""
        return await self._unread.get()

    async def send(self, data: str | bytes) -> None:
        """Say something to the gateway."""
        content = data.encode() if isinstance(data, str) else data
        if self._answered:
            await self.client.publish(told_subject(self.opening.network_id, self.opening.client_id), content)
        else:
            await self._answer(content)

    async def close(self, code: int, reason: str = "") -> None:
        """Say goodbye."""
        await self.send(orjson.dumps({"type": "closed", "code": code, "reason": reason}))

    async def refuse(self, error: MiraError) -> None:
        """Answer the opening with a refusal, as commands are refused."""
        if not self._answered:
            headers = {
                "Nats-Service-Error-Code": error.code,
                "Nats-Service-Error": header_text(error.message),
            }
            refusal = {"code": error.code, "message": error.message, "details": error.details}
            await self._answer(orjson.dumps({"error": refusal}, default=str), headers)

    async def _answer(self, content: bytes, headers: dict[str, str] | None = None) -> None:
        self._answered = True
        if self.opened.reply:
            await self.client.publish(self.opened.reply, content, headers=headers)


Hold = Callable[[Opening, StreamWire], Awaitable[None]]


@define(eq=False)
class NatsAudio:
    """Opens streams for gateways; whichever instance opens one holds it, until it ends."""

    connection: NatsConnection
    hold: Hold
    _tasks: set["asyncio.Task[None]"] = field(factory=set, init=False)
    _openings: Subscription | None = field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        self.connection.when_open(self._set_up)

    async def stop(self) -> None:
        """Open no more, and end what is open."""
        if self._openings is not None and self.connection.ready:
            await self._openings.unsubscribe()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _set_up(self, client: Client) -> None:
        self._openings = await client.subscribe(stream_subject(), queue=QUEUE, cb=self._open)

    async def _open(self, message: Msg) -> None:
        opening = Opening(
            network_id=network_in(message.subject),
            client_id=client_in(message.subject),
            token=_token(message),
        )
        wire = StreamWire(self.connection.client, message, opening)
        if len(self._tasks) >= MOST_STREAMS:
            await wire.refuse(Overloaded("This hub holds as many streams as it can."))
            return
        task = asyncio.create_task(self._hold(opening, wire))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _hold(self, opening: Opening, wire: StreamWire) -> None:
        """Let a stream be talked over until either side ends it."""
        subject = audio_subject(opening.network_id, opening.client_id)
        try:
            sound = await wire.client.subscribe(subject, cb=wire.take)
            try:
                await self._until_left(self.hold(opening, wire), wire)
            finally:
                await sound.unsubscribe()
        except MiraError as error:
            await wire.refuse(error)
        except (Error, OSError) as error:
            log.warning("a stream by NATS ended", error=type(error).__name__)
        except Exception:
            log.exception("a stream by NATS broke", network=opening.network_id)
            await wire.refuse(MiraError("The hub failed at this stream."))

    async def _until_left(self, talk: Awaitable[None], wire: StreamWire) -> None:
        """Talk until that is over, or the gateway has left."""
        talking, leaving = asyncio.ensure_future(talk), asyncio.ensure_future(wire.left.wait())
        try:
            await asyncio.wait({talking, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            if not talking.done():
                talking.cancel()
                await asyncio.gather(talking, return_exceptions=True)
        if not talking.cancelled():
            talking.result()


def _token(message: Msg) -> str | None:
    headers = {name.lower(): value for name, value in (message.headers or {}).items()}
    scheme, _, token = headers.get(AUTHORIZATION.lower(), "").strip().partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None
