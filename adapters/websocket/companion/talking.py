"""One device's side of the companion protocol."""

from typing import Final

import structlog
from attrs import define, field

from adapters.websocket.companion.announcing import CompanionVoice, refused
from adapters.websocket.companion.incoming import (
    Ack,
    AudioEnd,
    AudioStream,
    Button,
    ButtonPress,
    Heartbeat,
    TextInput,
    decode,
)
from adapters.websocket.companion.lights import light
from adapters.websocket.companion.outgoing import HeartbeatAck, LedControl, Times
from adapters.websocket.microphone import Microphone
from adapters.websocket.protocol import Greeting, Reply, Said
from adapters.websocket.typed_turns import TypedTurns
from adapters.websocket.wire import write
from application.coordination.activities import AnswerActivity
from application.devices.commanding import AcknowledgeCommand
from application.networks.access import Principal
from application.networks.connecting import Connection
from application.networks.limiting import AdmitMessage, Limit
from application.personas.switching import NextPersonaAt
from application.ports.world import Clock
from application.turns.turns import Turn, TypedWords
from domain.activities.choosing import LETTERS
from domain.errors import MiraError
from domain.events import Announcement, Attention, CommandIssued, Fact
from domain.ids import ClientId, EventId, NetworkId

log = structlog.get_logger(__name__)

LEDS: Final = "leds"
"""The capability of a device that has lights."""
PERSONA_BUTTON: Final = "persona"


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
    acknowledge: AcknowledgeCommand
    next_persona: NextPersonaAt
    answer_activity: AnswerActivity
    admit: AdmitMessage
    clock: Clock
    _joined_as: EventId | None = field(default=None, init=False)
    _has_lights: bool = field(default=False, init=False)

    def greet(self, frame: str | bytes) -> Greeting:
        """The greeting is known; no frame need be read for it."""
        return self.greeting

    @property
    def takes_commands(self) -> bool:
        """Devices do as they are told."""
        return True

    def welcome(self, connection: Connection) -> str | None:
        """A device is not greeted but by its lights; its heartbeats are told where to resume from."""
        self._joined_as = None if connection.resumed else connection.event_id
        self._has_lights = LEDS in connection.client.capabilities
        return write(light(Attention.IDLE)) if self._has_lights else None

    async def hear(self, frame: str | bytes, reply: Reply) -> None:
        """Take in sound, typed text, a button, a heartbeat, or what became of a command."""
        if isinstance(frame, bytes):
            self.microphone.take_frame(frame)
            return
        message = decode(frame)
        if not isinstance(message, AudioStream):
            await self.admit(self.principal, Limit.MESSAGE)
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
                await self._press(pressed)
            case Ack(payload=outcome):
                await self.acknowledge(self.network_id, self.device_id, outcome)

    def say(self, announcement: Announcement) -> tuple[Said, ...]:
        """Put an announcement into words, where it is for this device; what is too old is not said."""
        match announcement:
            case Fact(event=CommandIssued(command=command)) if not command.pending_at(self.clock.now()):
                return ()
            case _:
                pass
        words = (self.voice.lights(announcement), self.voice(announcement))
        told = [one for one in words if one is not None]
        return tuple(
            Said(text=write(one), priority=one.priority)
            for one in told
            if self._has_lights or not isinstance(one, LedControl)
        )

    def refuse(self, error: MiraError) -> str:
        """Put a refusal into words."""
        return write(refused(error))

    async def _press(self, pressed: Button) -> None:
        """The persona button lets the next persona answer; held, the usual one. Letters answer in a game."""
        if pressed.button == PERSONA_BUTTON:
            await self.next_persona(self.network_id, self.device_id, usual=pressed.action == "hold")
        elif pressed.button.lower() in LETTERS:
            await self.answer_activity.at_device(self.network_id, self.device_id, pressed.button)
        else:
            log.info("a button was pressed", device=self.device_id, action=pressed.action)

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
