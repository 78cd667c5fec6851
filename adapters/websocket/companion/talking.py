"""One device's side of the companion protocol."""

import structlog
from attrs import define, field

from adapters.websocket.companion.announcing import CompanionVoice, refused
from adapters.websocket.companion.incoming import (
    Ack,
    AudioEnd,
    AudioStream,
    ButtonPress,
    Heartbeat,
    TextInput,
    decode,
)
from adapters.websocket.companion.outgoing import HeartbeatAck, Times
from adapters.websocket.microphone import Microphone
from adapters.websocket.protocol import Greeting, Reply
from adapters.websocket.typed_turns import TypedTurns
from adapters.websocket.wire import write
from application.access import Principal
from application.connecting import Connection
from application.limiting import Limit, Throttle
from application.ports.world import Clock
from application.turns import Turn, TypedWords
from domain.errors import MiraError
from domain.events import Announcement
from domain.ids import ClientId, EventId, NetworkId

log = structlog.get_logger(__name__)


@define(kw_only=True, eq=False)
class CompanionProtocol:
    """Talks with one device: connecting is joining, then sound, typed text, buttons and heartbeats."""

    principal: Principal
    network_id: NetworkId
    device_id: ClientId
    greeting: Greeting
    microphone: Microphone
    voice: CompanionVoice
    typed_turns: TypedTurns
    throttle: Throttle
    clock: Clock
    _joined_as: EventId | None = field(default=None, init=False)

    def greet(self, frame: str | bytes) -> Greeting:
        """The greeting is known; no frame need be read for it."""
        return self.greeting

    def welcome(self, connection: Connection) -> None:
        """A device is not greeted; its heartbeats are told where to resume from."""
        self._joined_as = None if connection.resumed else connection.event_id

    async def hear(self, frame: str | bytes, reply: Reply) -> None:
        """Take in sound, typed text, a button, a heartbeat, or what became of a command."""
        if isinstance(frame, bytes):
            self.microphone.take_frame(frame)
            return
        message = decode(frame)
        if not isinstance(message, AudioStream):
            await self.throttle.deed(self.principal, Limit.MESSAGE)
        match message:
            case AudioStream(payload=sound):
                await self.microphone.take_base64("payload.audio_b64", sound.audio_b64)
            case AudioEnd():
                self.microphone.finish()
            case TextInput(payload=typed):
                self._take_turn(typed.text, reply)
            case Heartbeat() as heartbeat:
                reply(write(self._answer(heartbeat)))
            case ButtonPress(payload=pressed):
                log.info("a button was pressed", device=self.device_id, action=pressed.action)
            case Ack():
                log.debug("a device has acknowledged a command", device=self.device_id)

    def say(self, announcement: Announcement) -> str | None:
        """Put an announcement into words, where it is for this device."""
        command = self.voice(announcement)
        return None if command is None else write(command)

    def refuse(self, error: MiraError) -> str:
        """Put a refusal into words."""
        return write(refused(error))

    def _take_turn(self, text: str, reply: Reply) -> None:
        turn = Turn(network_id=self.network_id, client_id=self.device_id, words=TypedWords(text=text))
        self.typed_turns.take(turn, lambda error: reply(self.refuse(error)))

    def _answer(self, heartbeat: Heartbeat) -> HeartbeatAck:
        received_at = self.microphone.note_heartbeat(
            heartbeat.timestamp, heartbeat.payload.answer_sent_at, heartbeat.payload.answer_received_at
        )
        times = Times(
            echo=heartbeat.timestamp,
            received_at=received_at,
            sent_at=self.clock.micros(),
            last_event_id=self._joined_as,
        )
        return HeartbeatAck(payload=times)
