"""The socket of a client of a network, as the client's side sees it."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Final

import aiohttp
import attrs
import orjson

from adapters.hub.answers import Location
from adapters.hub.errors import HubError
from adapters.hub.events import (
    AudioStreamSelected,
    ErrorReported,
    InteractionInterrupted,
    NetworkEvent,
    StreamsMeasured,
    TokenRotated,
    network_event,
)
from adapters.hub.lifeline import HEARTBEAT_SECONDS, HeartbeatAnswer, Lifeline, Welcome
from adapters.hub.live_socket import SpeakingSocket, first_message
from adapters.hub.reading import read
from adapters.hub.upgrade import Upgrade

VERSION: Final = "1.0.0"
LIVE: Final = (InteractionInterrupted, AudioStreamSelected, StreamsMeasured, ErrorReported)


class NetworkWords:
    """The mira protocol, from the client's side."""

    def __init__(self, client_id: str, capabilities: Sequence[str] | None) -> None:
        self.client_id = client_id
        self.capabilities = capabilities
        self.features: frozenset[str] = frozenset()

    def query(self, last_event_id: str | None) -> Mapping[str, str]:
        """Nothing: what was missed is asked for in the handshake."""
        return {}

    async def greet(self, socket: aiohttp.ClientWebSocketResponse, last_event_id: str | None) -> Welcome:
        """Make the handshake.

        Raises:
            HubError: the hub refused it.
            HubUnreachable: it was not answered.
            SocketEnded: the hub has closed the socket for good.
        """
        await socket.send_str(orjson.dumps(self._hello(last_event_id)).decode())
        answer = await first_message(socket)
        if answer.get("type") != "handshake_ack":
            raise HubError(
                0, str(answer.get("error_code")), str(answer.get("message")), answer.get("details")
            )
        self.features = frozenset(map(str, answer.get("features", ())))
        return Welcome(resumed=bool(answer.get("resumed")), last_event_id=answer.get("last_event_id"))

    def heartbeat(self, sent_at: int, answer: HeartbeatAnswer | None, heard_at: int) -> Mapping[str, Any]:
        """A heartbeat."""
        beat = {"type": "heartbeat", "client_id": self.client_id, "timestamp": sent_at}
        if answer is None:
            return beat
        return beat | {"answer_sent_at": answer.sent_at, "answer_received_at": heard_at}

    def new_token(self, event: object) -> str | None:
        """The client's new token, where it was rotated."""
        return event.client_token if isinstance(event, TokenRotated) else None

    def understand(self, body: Mapping[str, Any]) -> NetworkEvent | HeartbeatAnswer:
        """The event or answer that a message is."""
        return read(body, HeartbeatAnswer) if body.get("type") == "heartbeat_ack" else network_event(body)

    def _hello(self, last_event_id: str | None) -> Mapping[str, Any]:
        hello: dict[str, Any] = {"type": "handshake", "client_id": self.client_id, "version": VERSION}
        if self.capabilities is not None:
            hello["capabilities"] = list(self.capabilities)
        if last_event_id is not None:
            hello["last_event_id"] = last_event_id
        return hello


class NetworkSocket(SpeakingSocket[NetworkEvent]):
    """A client's place in its network: sound goes in, events come out, each once and in order.

    The socket is opened again by itself when it is lost, and what the hub keeps is caught up on; a
    Reconnected among the events says so. It ends with SocketEnded where the hub wants it no more.

    Example::

        async with hub.socket(network_id, "phone", token) as socket:
            await socket.send_audio(samples)
            await socket.finish()
            async for event in socket:
                match event:
                    case InteractionResponse():
                        print(event.text)
    """

    def __init__(
        self,
        upgrade: Upgrade,
        client_id: str,
        capabilities: Sequence[str] | None = None,
        *,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
        last_event_id: str | None = None,
    ) -> None:
        self.client_id = client_id
        self._words = NetworkWords(client_id, capabilities)
        super().__init__(Lifeline(upgrade, self._words, live=LIVE, heartbeat_seconds=heartbeat_seconds))
        self._line.last_event_id = last_event_id

    @property
    def features(self) -> frozenset[str]:
        """What the hub offers to this client, by its capabilities."""
        return self._words.features

    @property
    def last_event_id(self) -> str | None:
        """The last fact that came; name it at the client's next socket to be told what came since."""
        return self._line.last_event_id

    @property
    def missed_live(self) -> int:
        """How many live events came while too many waited to be read."""
        return self._line.missed_live

    async def send_file(self, data: bytes, quality_metrics: Mapping[str, float] | None = None) -> None:
        """Send a sound file, such as a WAV or FLAC of a whole utterance, as the API's audio_data."""
        message = {"type": "audio_data", "audio_buffer": base64.b64encode(data).decode()}
        metrics = {} if quality_metrics is None else {"quality_metrics": dict(quality_metrics)}
        await self._line.send(message | metrics)

    async def finish(self) -> None:
        """Say that the utterance is complete, so that nobody waits for silence."""
        self._capture.end()
        await self._line.send({"type": "audio_end"})

    async def status(
        self,
        status: str | None = None,
        *,
        capabilities: Sequence[str] | None = None,
        location: Location | None = None,
    ) -> None:
        """Say what has changed of the client."""
        message: dict[str, Any] = {"type": "client_status"}
        if status is not None:
            message["status"] = status
        if capabilities is not None:
            message["capabilities"] = list(capabilities)
        if location is not None:
            message["location"] = attrs.asdict(location)
        await self._line.send(message)
