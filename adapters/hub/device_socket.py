"""The socket of a companion device, as the device's side sees it."""

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, Self

import aiohttp

from adapters.hub.capture import Capture
from adapters.hub.clocks import HubClock
from adapters.hub.commands import LIVE, DeviceCommand, NewToken, device_command
from adapters.hub.errors import SocketEnded
from adapters.hub.lifeline import HEARTBEAT_SECONDS, HeartbeatAnswer, Lifeline, Welcome
from adapters.hub.reading import read
from adapters.hub.upgrade import Upgrade
from domain.audio.pcm import Samples

ButtonAction = Literal["press", "hold", "double"]


class DeviceWords:
    """The companion protocol, from the device's side."""

    def query(self, last_event_id: str | None) -> Mapping[str, str]:
        """Where to resume from."""
        return {} if last_event_id is None else {"last_event_id": last_event_id}

    async def greet(self, socket: aiohttp.ClientWebSocketResponse, last_event_id: str | None) -> Welcome:
        """Connecting is joining; there is nothing to wait for, and resumed means that it was asked for."""
        return Welcome(resumed=last_event_id is not None, last_event_id=None)

    def heartbeat(self, sent_at: int, answer: HeartbeatAnswer | None, heard_at: int) -> Mapping[str, Any]:
        """A heartbeat."""
        times = {} if answer is None else {"answer_sent_at": answer.sent_at, "answer_received_at": heard_at}
        return {"type": "heartbeat", "payload": times, "timestamp": sent_at}

    def new_token(self, event: object) -> str | None:
        """The device's new token, where it was rotated."""
        return event.auth_token if isinstance(event, NewToken) else None

    def understand(self, body: Mapping[str, Any]) -> DeviceCommand | HeartbeatAnswer:
        """The command or answer that a message is."""
        if body.get("type") == "heartbeat_ack":
            return read(body.get("payload"), HeartbeatAnswer)
        return device_command(body)


class DeviceSocket:
    """A device's link to the hub: sound, text and buttons go in, commands come out, each once and in order.

    The socket is opened again by itself when it is lost, and answers that came meanwhile are caught up on.
    It ends with SocketEnded where the hub wants it no more.

    Example::

        async with hub.device_socket(device.device_id, device.auth_token) as socket:
            await socket.send_text("What time is it?")
            answer = await socket.expect(AudioResponse)
            print(answer.text)
    """

    def __init__(self, upgrade: Upgrade, *, heartbeat_seconds: float = HEARTBEAT_SECONDS) -> None:
        self._capture = Capture()
        self._line: Lifeline[DeviceCommand] = Lifeline(
            upgrade, DeviceWords(), live=LIVE, heartbeat_seconds=heartbeat_seconds
        )

    async def __aenter__(self) -> Self:
        await self._line.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._line.close()

    def __aiter__(self) -> AsyncIterator[DeviceCommand]:
        return self

    async def __anext__(self) -> DeviceCommand:
        return await self._line.next()

    @property
    def connected(self) -> bool:
        """Whether the socket is open just now."""
        return self._line.connected

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

    async def send_file(self, data: bytes) -> None:
        """Send a sound file, such as a WAV or FLAC of a whole utterance."""
        await self._say("audio_stream", {"audio_b64": base64.b64encode(data).decode()})

    async def finish(self) -> None:
        """Say that the utterance is complete, so that nobody waits for silence."""
        self._capture.end()
        await self._say("audio_end", {})

    async def send_text(self, text: str) -> None:
        """Say something in words; an AudioResponse answers it."""
        await self._say("text_input", {"text": text})

    async def press(self, button: str, action: ButtonAction = "press") -> None:
        """Tell of a button that was pressed."""
        await self._say("button_press", {"button": button, "action": action})

    async def acknowledge(self, outcome: Mapping[str, Any]) -> None:
        """Tell what became of a command."""
        await self._say("ack", outcome)

    async def expect(self, *kinds: type[Any], seconds: float = 10.0) -> Any:
        """The next command of one of these kinds, others passed over; TimeoutError when none comes."""
        async with asyncio.timeout(seconds):
            async for command in self:
                if isinstance(command, kinds):
                    return command
        raise SocketEnded(1000, "closed")

    async def _say(self, sort: str, payload: Mapping[str, Any]) -> None:
        stamp = datetime.now(UTC).isoformat()
        await self._line.send({"type": sort, "payload": dict(payload), "timestamp": stamp})
