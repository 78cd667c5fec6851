"""One client's side of the mira protocol."""

from typing import Final

from attrs import define, field

from adapters.websocket.microphone import Microphone
from adapters.websocket.mira.announcing import MiraVoice
from adapters.websocket.mira.features import can_use, features_of
from adapters.websocket.mira.incoming import (
    AudioData,
    AudioEnd,
    ClientStatus,
    Handshake,
    Heartbeat,
    decode,
)
from adapters.websocket.mira.outgoing import ErrorEvent, HandshakeAck, HeartbeatAck
from adapters.websocket.protocol import Greeting, Reply, Said
from adapters.websocket.wire import write
from application.networks.access import Principal
from application.networks.clients import ClientChanges, UpdateClient
from application.networks.connecting import Connection
from application.networks.limiting import AdmitMessage, Limit
from application.ports.world import Clock
from domain.clients import Client
from domain.errors import ClientNotFound, Conflict, InvalidValue, MiraError, UnsupportedVersion
from domain.events import Announcement, TokenRotated
from domain.ids import ClientId, EventId
from domain.moments import utc_text

VERSIONS: Final = ("1",)
"""The major versions of the protocol that this hub speaks."""


@define(kw_only=True, eq=False)
class MiraProtocol:
    """Talks with one client of a network: a handshake first, then sound, its status and heartbeats."""

    principal: Principal
    client_id: ClientId
    microphone: Microphone
    voice: MiraVoice
    update_client: UpdateClient
    admit: AdmitMessage
    clock: Clock
    client: Client | None = field(default=None, init=False)
    """The client as it is now, once it has said hello."""

    @property
    def greeting(self) -> Greeting | None:
        """A handshake must come."""
        return None

    def greet(self, frame: str | bytes) -> Greeting:
        """Read the handshake; anything else has to wait for it."""
        match decode(frame) if isinstance(frame, str) else None:
            case Handshake() as hello:
                self._own(hello.client_id)
                _check_version(hello.version)
                last = None if hello.last_event_id is None else EventId(hello.last_event_id)
                return Greeting(capabilities=hello.capabilities, last_event_id=last)
            case _:
                raise InvalidValue("type", "must be handshake before anything else")

    def welcome(self, connection: Connection) -> str:
        """The handshake's answer."""
        self._know(connection.client)
        now = utc_text(self.clock.now())
        return write(
            HandshakeAck(
                server_time=now,
                features=features_of(connection.client),
                client_id=connection.client.id,
                network_id=connection.network.id,
                resumed=connection.resumed,
                last_event_id=None if connection.resumed else connection.event_id,
                timestamp=now,
            )
        )

    async def hear(self, frame: str | bytes, reply: Reply) -> None:
        """Take in sound, a change of status or a heartbeat."""
        if isinstance(frame, bytes):
            self.microphone.take_frame(frame)
            return
        message = decode(frame)
        self._own(message.client_id)
        if not isinstance(message, AudioData):
            self._know(await self.admit(self.principal, _sort(message)))
        match message:
            case AudioData():
                if message.quality_metrics is not None:
                    self.microphone.note_quality(message.quality_metrics.given)
                await self.microphone.take_base64("audio_buffer", message.audio_buffer)
            case AudioEnd():
                self.microphone.finish()
            case ClientStatus():
                await self._update(message)
            case Heartbeat():
                reply(write(self._answer(message)))
            case Handshake():
                raise Conflict("The handshake was made already.")

    @property
    def takes_commands(self) -> bool:
        """Clients of networks are told what happens, and never what to do."""
        return False

    def say(self, announcement: Announcement) -> tuple[Said, ...]:
        """Put an announcement into words, if the client can use it."""
        if self.client is not None and not can_use(self.client, announcement):
            return ()
        event = self.voice(announcement)
        return () if event is None else (Said(text=write(event)),)

    def refuse(self, error: MiraError) -> str:
        """Put a refusal into words."""
        return write(
            ErrorEvent(
                error_code=error.code,
                message=error.message,
                client_id=self.client_id,
                details=error.details,
                timestamp=utc_text(self.clock.now()),
            )
        )

    def _own(self, client_id: ClientId | None) -> None:
        if client_id not in {None, self.client_id}:
            raise ClientNotFound(client_id)

    def _answer(self, heartbeat: Heartbeat) -> HeartbeatAck:
        received_at = self.microphone.note_heartbeat(
            heartbeat.timestamp, heartbeat.answer_sent_at, heartbeat.answer_received_at
        )
        return HeartbeatAck(
            echo=heartbeat.timestamp,
            received_at=received_at,
            sent_at=self.clock.micros(),
            timestamp=utc_text(self.clock.now()),
        )

    async def _update(self, status: ClientStatus) -> None:
        changes = ClientChanges(
            status=status.status,
            capabilities=status.capabilities,
            location=None if status.location is None else status.location.value(),
        )
        self._know(await self.update_client(self.principal, self.client_id, changes))

    def _know(self, client: Client) -> None:
        self.client = client
        self.microphone.belongs_to(client)


@define(kw_only=True, eq=False)
class StreamProtocol(MiraProtocol):
    """The same for a stream that a gateway sends: whoever reads along there is told no token."""

    def say(self, announcement: Announcement) -> tuple[Said, ...]:
        """Put an announcement into words, unless it is a new token."""
        is_token = isinstance(announcement.event, TokenRotated)
        return () if is_token else MiraProtocol.say(self, announcement)


def _sort(message: ClientStatus | AudioEnd | Heartbeat | Handshake) -> Limit:
    """Which limits a message counts against; live sound has a budget of its own."""
    match message:
        case ClientStatus():
            return Limit.STATUS_MESSAGE
        case AudioEnd() | Heartbeat() | Handshake():
            return Limit.MESSAGE


def _check_version(version: str | None) -> None:
    if version is not None and version.split(".")[0] not in VERSIONS:
        raise UnsupportedVersion(version, VERSIONS)
