"""A socket that stays open: what all of the client library's sockets have in common."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar

import aiohttp

from adapters.hub.capture import Capture
from adapters.hub.clocks import HubClock
from adapters.hub.errors import HubUnreachable, SocketEnded
from adapters.hub.events import Reconnected
from adapters.hub.lifeline import FINAL_CODES, Lifeline
from adapters.hub.reading import read_object
from domain.audio.pcm import Samples

Event = TypeVar("Event")
GREETING_SECONDS: Final = 10.0


class LiveSocket(Generic[Event]):
    """Something to be entered, and then read event by event, until the hub wants it no more."""

    def __init__(self, line: Lifeline[Event]) -> None:
        self._line = line

    async def __aenter__(self) -> Self:
        await self._line.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._line.close()

    def __aiter__(self) -> AsyncIterator[Event | Reconnected]:
        return self

    async def __anext__(self) -> Event | Reconnected:
        return await self._line.next()

    @property
    def connected(self) -> bool:
        """Whether the socket is open just now."""
        return self._line.connected

    async def expect(self, *kinds: type[Any], seconds: float = 60.0) -> Any:
        """The next event of one of these kinds, others passed over; TimeoutError when none comes."""
        async with asyncio.timeout(seconds):
            async for event in self:
                if isinstance(event, kinds):
                    return event
        raise SocketEnded(1000, "closed")


class SpeakingSocket(LiveSocket[Event]):
    """A live socket that sound goes into."""

    def __init__(self, line: Lifeline[Event]) -> None:
        super().__init__(line)
        self._capture = Capture()

    @property
    def clock(self) -> HubClock:
        """How far the hub's clock is ahead, by the heartbeats."""
        return self._line.clock

    @property
    def unsent(self) -> int:
        """How many frames of sound were dropped because the socket was not open."""
        return self._line.unsent

    async def send_audio(self, sound: Samples | bytes, captured_at: int | None = None) -> bool:
        """Send sound (float32 samples at 16 kHz, or s16le bytes); whether it went out.

        captured_at is when its first sample was heard, in microseconds since 1970 by one's own clock;
        without it the sound ended just now. Sound is live: what cannot be sent now is dropped.
        """
        return await self._line.send_now(self._capture.frame(sound, captured_at))


async def first_message(socket: aiohttp.ClientWebSocketResponse) -> Mapping[str, Any]:
    """What the hub says first.

    Raises:
        HubUnreachable: it said nothing.
        SocketEnded: it has closed the socket for good.
    """
    try:
        message = await socket.receive(GREETING_SECONDS)
    except TimeoutError as error:
        raise HubUnreachable("the hub did not answer the socket") from error
    if message.type is not aiohttp.WSMsgType.TEXT:
        if message.data in FINAL_CODES:
            raise SocketEnded(int(message.data), str(message.extra or ""))
        raise HubUnreachable("the socket was closed at once")
    return read_object(message.data)
