"""A socket that lives on: it is opened again when it is lost, and nothing that the hub keeps is missed."""

import asyncio
from collections import deque
from collections.abc import Mapping
from itertools import count
from typing import Any, Final, Generic, Protocol, TypeVar

import aiohttp
import orjson
import structlog
from attrs import frozen

from adapters.hub.clocks import HubClock, micros
from adapters.hub.errors import HubError, HubUnreachable, SocketEnded
from adapters.hub.events import Reconnected
from adapters.hub.reading import read_object
from adapters.hub.upgrade import PASSING, Backoff, Upgrade

log = structlog.get_logger(__name__)

Event = TypeVar("Event")
Event_co = TypeVar("Event_co", covariant=True)
HEARTBEAT_SECONDS: Final = 15.0
QUICK_BEATS: Final = 4
"""So many heartbeats come QUICKLY after each other on a fresh socket, so that clocks are soon compared."""
QUICKLY: Final = 0.25
SILENCES: Final = 3
"""A hub that leaves so many heartbeats unanswered is taken to be gone."""
MOST_WAITING: Final = 256
REMEMBERED: Final = 256
HELD_SECONDS: Final = 5.0
FINAL_CODES: Final = frozenset({1008, 4000, 4001, 4002, 4005})
"""Close codes after which coming back is of no use: rubbish was sent, replaced, deregistered, deleted,
revoked."""


@frozen(kw_only=True)
class Welcome:
    """How the hub took the client in: whether facts were missed, and where to resume from."""

    resumed: bool
    last_event_id: str | None


@frozen(kw_only=True)
class HeartbeatAnswer:
    """The hub's answer to a heartbeat, in microseconds; and where to resume from, if it says so."""

    echo: int
    received_at: int
    sent_at: int
    last_event_id: str | None = None


class Words(Protocol[Event_co]):
    """One protocol, as the client's side speaks it."""

    def query(self, last_event_id: str | None) -> Mapping[str, str]:
        """What goes into the address of the socket."""
        ...

    async def greet(self, socket: aiohttp.ClientWebSocketResponse, last_event_id: str | None) -> Welcome:
        """Say hello on a socket just opened, and read the answer, if there is one."""
        ...

    def heartbeat(self, sent_at: int, answer: HeartbeatAnswer | None, heard_at: int) -> Mapping[str, Any]:
        """A heartbeat, which tells of the answer to the one before it."""
        ...

    def new_token(self, event: object) -> str | None:
        """The token that the hub hands over with an event, if it does."""
        ...

    def understand(self, body: Mapping[str, Any]) -> "Event_co | HeartbeatAnswer":
        """The event or answer that a message is."""
        ...


class Lifeline(Generic[Event]):
    """Keeps one socket to a hub, as long as it is open and the hub wants it.

    Events that wait for their reader are bounded: of those that the hub does not keep the newest are
    dropped and counted, and for the others the hub has to wait.
    """

    def __init__(
        self,
        upgrade: Upgrade,
        words: Words[Event],
        *,
        live: tuple[type[Any], ...],
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
        most_waiting: int = MOST_WAITING,
        quick_beats: int = 0,
        patient: bool = False,
    ) -> None:
        self.clock = HubClock()
        self.last_event_id: str | None = None
        self.missed_live = 0
        self.unsent = 0
        self._upgrade = upgrade
        self._words = words
        self._live = live
        self._heartbeat_seconds = heartbeat_seconds
        self._quick_beats = quick_beats
        self._patient = patient
        self.times_opened = 0
        self.received_before = 0
        self._waiting: asyncio.Queue[Event | Reconnected | None] = asyncio.Queue(most_waiting)
        self._recent: deque[str] = deque(maxlen=REMEMBERED)
        self._backoff = Backoff()
        self._connected = asyncio.Event()
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._living: asyncio.Task[None] | None = None
        self._over = False
        self._ending: SocketEnded | HubError | None = None
        self._answer: HeartbeatAnswer | None = None
        self._answered_at = 0
        self._settled = asyncio.Event()

    async def settled(self) -> None:
        """Wait until the socket is open and has answered a heartbeat, so that clocks are compared anew.

        Raises:
            SocketEnded, HubError: the socket has ended for good.
        """
        await self._settled.wait()
        if self._over:
            raise self._ending or SocketEnded(1000, "closed")

    @property
    def received_until(self) -> int:
        """What was sent before this moment has reached the hub (microseconds, one's own clock); or 0."""
        return 0 if self._answer is None else self._answer.echo

    @property
    def connected(self) -> bool:
        """Whether the socket is open just now."""
        return self._connected.is_set() and not self._over

    async def open(self) -> None:
        """Open the socket for the first time, or raise what the hub refuses it with.

        Who is patient waits for a hub that is not there.
        """
        socket, _ = await (self._reopened() if self._patient else self._opened())
        self._living = asyncio.create_task(self._live_on(socket))

    async def close(self) -> None:
        """Close the socket for good."""
        if self._living is not None:
            self._living.cancel()
            await asyncio.gather(self._living, return_exceptions=True)
        if self._socket is not None:
            await self._socket.close()
        self._finish(None)

    async def send_now(self, frame: bytes) -> bool:
        """Send a frame if the socket is open; what cannot be sent is dropped and counted."""
        if self._socket is not None and self.connected:
            try:
                await self._socket.send_bytes(frame)
            except (ConnectionError, aiohttp.ClientError):
                self._lose()
            else:
                return True
        self.unsent += 1
        return False

    async def send(self, message: Mapping[str, Any]) -> None:
        """Send a message, as soon as the socket is open.

        Raises:
            SocketEnded, HubError: the socket has ended for good.
        """
        text = orjson.dumps(message).decode()
        while True:
            await self._connected.wait()
            if self._over or self._socket is None:
                raise self._ending or SocketEnded(1000, "closed")
            try:
                await self._socket.send_str(text)
            except (ConnectionError, aiohttp.ClientError):
                self._lose()
            else:
                return

    async def next(self) -> Event | Reconnected:
        """The next event, in the hub's order; StopAsyncIteration once the socket was closed from here.

        Raises:
            SocketEnded, HubError: the hub has ended the socket for good.
        """
        event = None if self._over and self._waiting.empty() else await self._waiting.get()
        if event is None:
            if self._ending is not None:
                raise self._ending
            raise StopAsyncIteration
        return event

    async def _opened(self) -> tuple[aiohttp.ClientWebSocketResponse, Welcome]:
        socket = await self._upgrade(self._words.query(self.last_event_id))
        try:
            welcome = await self._words.greet(socket, self.last_event_id)
        except BaseException:
            await socket.close()
            raise
        self.last_event_id = welcome.last_event_id or self.last_event_id
        self._socket = socket
        self.times_opened += 1
        self.received_before = self.received_until
        self._connected.set()
        return socket, welcome

    async def _live_on(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Read until the socket is lost, open it again, and so on until it has ended for good."""
        try:
            while True:
                await self._hold(socket)
                socket, welcome = await self._reopened()
                await self._waiting.put(Reconnected(resumed=welcome.resumed))
        except (SocketEnded, HubError) as ending:
            await self._finish_unless_closed(ending)
        except Exception as error:
            log.exception("the socket's keeper broke")
            await self._finish_unless_closed(HubError(0, "BROKEN", repr(error)))

    async def _hold(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Read a socket until it is lost, with heartbeats beside."""
        opened_at = asyncio.get_running_loop().time()
        beating = asyncio.create_task(self._beat(socket))
        try:
            await self._read(socket)
        finally:
            self._lose()
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
            await socket.close()
        if asyncio.get_running_loop().time() - opened_at > HELD_SECONDS:
            self._backoff.reset()

    async def _reopened(self) -> tuple[aiohttp.ClientWebSocketResponse, Welcome]:
        while True:
            await asyncio.sleep(self._backoff.next())
            try:
                return await self._opened()
            except HubUnreachable:
                log.info("the hub is not there; trying again")
            except HubError as error:
                if error.status not in PASSING:
                    raise

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        while True:
            try:
                message = await socket.receive(self._heartbeat_seconds * SILENCES)
            except TimeoutError:
                return
            match message.type:
                case aiohttp.WSMsgType.TEXT:
                    await self._take(message.data)
                case aiohttp.WSMsgType.CLOSE if message.data in FINAL_CODES:
                    raise SocketEnded(int(message.data), str(message.extra or ""))
                case aiohttp.WSMsgType.BINARY:
                    continue
                case _:
                    return

    async def _take(self, text: str) -> None:
        """Put an event before its reader, each one once."""
        try:
            event = self._words.understand(read_object(text))
        except HubError as error:
            log.warning("the hub said something that cannot be read", problem=error.message)
            return
        if isinstance(event, HeartbeatAnswer):
            self._note(event)
            return
        self._upgrade.token = self._words.new_token(event) or self._upgrade.token
        event_id = getattr(event, "event_id", None)
        told_once = event_id or getattr(event, "command_id", None)
        if told_once is not None:
            if told_once in self._recent:
                return
            self._recent.append(told_once)
        if isinstance(event, self._live) and self._waiting.full():
            self.missed_live += 1
            return
        await self._waiting.put(event)
        if event_id is not None and not getattr(event, "overtakes", False):
            self.last_event_id = event_id

    def _note(self, answer: HeartbeatAnswer) -> None:
        self._answer, self._answered_at = answer, micros()
        self._settled.set()
        self.clock.note(
            sent=answer.echo, received=answer.received_at, answered=answer.sent_at, heard=self._answered_at
        )
        if self.last_event_id is None:
            self.last_event_id = answer.last_event_id

    async def beat(self) -> None:
        """Send a heartbeat now, if the socket is open."""
        if self._socket is not None and self.connected:
            try:
                await self._beat_once(self._socket)
            except (ConnectionError, aiohttp.ClientError):
                self._lose()

    async def _beat(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        for number in count(1):
            await self._beat_once(socket)
            quick = number <= self._quick_beats
            await asyncio.sleep(min(QUICKLY, self._heartbeat_seconds) if quick else self._heartbeat_seconds)

    async def _beat_once(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        beat = self._words.heartbeat(micros(), self._answer, self._answered_at)
        await socket.send_str(orjson.dumps(beat).decode())

    def _lose(self) -> None:
        """The socket is not there just now."""
        self._connected.clear()
        self._settled.clear()

    async def _finish_unless_closed(self, ending: SocketEnded | HubError) -> None:
        """End for a reason of the hub's; whoever reads gets what came before it first."""
        self._finish(ending)
        await self._waiting.put(None)

    def _finish(self, ending: SocketEnded | HubError | None) -> None:
        self._over = True
        self._ending = ending
        self._connected.set()
        self._settled.set()
        if not self._waiting.full():
            self._waiting.put_nowait(None)
