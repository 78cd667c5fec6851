"""The socket of a companion device, as the device's side sees it."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import aiohttp

from adapters.hub.commands import LIVE, DeviceCommand, NewToken, device_command
from adapters.hub.lifeline import HEARTBEAT_SECONDS, QUICK_BEATS, HeartbeatAnswer, Lifeline, Welcome
from adapters.hub.live_socket import SpeakingSocket
from adapters.hub.reading import read
from adapters.hub.upgrade import Upgrade

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


class DeviceSocket(SpeakingSocket[DeviceCommand]):
    """A device's link to the hub: sound, text and buttons go in, commands come out, each once and in order.

    The socket is opened again by itself when it is lost, and answers that came meanwhile are caught up on.
    It ends with SocketEnded where the hub wants it no more.

    Example::

        async with hub.device_socket(device.device_id, device.auth_token) as socket:
            await socket.send_text("What time is it?")
            answer = await socket.expect(AudioResponse)
            print(answer.text)
    """

    def __init__(
        self, upgrade: Upgrade, *, heartbeat_seconds: float = HEARTBEAT_SECONDS, patient: bool = False
    ) -> None:
        super().__init__(
            Lifeline(
                upgrade,
                DeviceWords(),
                live=LIVE,
                heartbeat_seconds=heartbeat_seconds,
                quick_beats=QUICK_BEATS,
                patient=patient,
            )
        )

    async def settled(self) -> None:
        """Wait until it is open, and clocks have been compared since: the times of sound are right then."""
        await self._line.settled()

    @property
    def times_opened(self) -> int:
        """How many sockets there have been; what one of them lost, the next one can bring."""
        return self._line.times_opened

    @property
    def received_until(self) -> int:
        """What this socket sent before this moment has reached the hub (microseconds, one's own clock)."""
        return self._line.received_until

    @property
    def received_before(self) -> int:
        """The same for the socket before this one: what it sent later may be lost."""
        return self._line.received_before

    async def beat(self) -> None:
        """Send a heartbeat now, to learn how far the hub has come."""
        await self._line.beat()

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

    async def _say(self, sort: str, payload: Mapping[str, Any]) -> None:
        stamp = datetime.now(UTC).isoformat()
        await self._line.send({"type": sort, "payload": dict(payload), "timestamp": stamp})
