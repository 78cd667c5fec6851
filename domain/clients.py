"""A client is a device or an app in a network; the companion API calls it a device."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Final

from attrs import evolve, field, frozen

from domain.errors import InvalidValue
from domain.ids import ClientId, InstanceId, NetworkId, PersonaId

MAX_CAPABILITIES: Final = 32
MAX_CAPABILITY: Final = 64
MAX_DEVICE_INFO: Final = 32
AUDIO_OUTPUTS: Final = frozenset({"audio", "audio_output", "speaker"})
AUDIO_INPUTS: Final = frozenset({"audio", "audio_input", "microphone"})
NOTIFICATIONS: Final = "notifications"


@frozen(kw_only=True)
class Location:
    """Where a client is on earth: degrees, and metres of accuracy."""

    latitude: float = field()
    longitude: float = field()
    accuracy: float | None = field(default=None)

    @latitude.validator
    def _check_latitude(self, _: object, value: float) -> None:
        if not -90.0 <= value <= 90.0:
            raise InvalidValue("location.latitude", "must be from -90 to 90 degrees")

    @longitude.validator
    def _check_longitude(self, _: object, value: float) -> None:
        if not -180.0 <= value <= 180.0:
            raise InvalidValue("location.longitude", "must be from -180 to 180 degrees")

    @accuracy.validator
    def _check_accuracy(self, _: object, value: float | None) -> None:
        if value is not None and not 0.0 <= value <= 1e8:
            raise InvalidValue("location.accuracy", "must be metres, not negative")


class ConnectionStatus(Enum):
    """Whether a client's socket is open."""

    CONNECTED = "connected"
    DISCONNECTED = "disconnected"


class LeaveReason(Enum):
    """Why a client's socket ended."""

    DISCONNECTED = "disconnected"
    TIMEOUT = "timeout"
    REPLACED = "replaced"
    DEREGISTERED = "deregistered"
    NETWORK_DELETED = "network_deleted"


@frozen(kw_only=True)
class Client:
    """A device or app registered in one network, as last heard of; ids are unique per network only.

    takes_commands says that its socket is, or last was, that of a device.
    While it is connected, instance_id says which instance of the hub holds its socket.
    """

    network_id: NetworkId
    id: ClientId
    device_type: str = field()
    name: str | None = field(default=None)
    device_info: Mapping[str, str] = field(factory=dict)
    capabilities: tuple[str, ...] = field(default=())
    location: Location | None = None
    room: str | None = field(default=None)
    group_id: str | None = field(default=None)
    persona_id: PersonaId | None = None
    connection_status: ConnectionStatus = ConnectionStatus.DISCONNECTED
    connected_since: datetime | None = None
    takes_commands: bool = False
    instance_id: InstanceId | None = None
    reported_status: str | None = field(default=None)
    audio_quality_score: float | None = field(default=None)
    token_version: int = 1
    registered_at: datetime
    last_seen_at: datetime

    @device_type.validator
    def _check_type(self, _: object, value: str) -> None:
        if not 1 <= len(value) <= 64:
            raise InvalidValue("device_type", "must be 1 to 64 characters")

    @name.validator
    def _check_name(self, _: object, value: str | None) -> None:
        _check_label("name", value)

    @room.validator
    def _check_room(self, _: object, value: str | None) -> None:
        _check_label("room", value)

    @reported_status.validator
    def _check_reported(self, _: object, value: str | None) -> None:
        _check_label("connection_status", value)

    @group_id.validator
    def _check_group(self, _: object, value: str | None) -> None:
        _check_label("group_id", value)

    @capabilities.validator
    def _check_capabilities(self, _: object, value: tuple[str, ...]) -> None:
        if len(value) > MAX_CAPABILITIES or any(not 1 <= len(name) <= MAX_CAPABILITY for name in value):
            raise InvalidValue(
                "capabilities",
                f"must be at most {MAX_CAPABILITIES} names of 1 to {MAX_CAPABILITY} characters",
            )

    @device_info.validator
    def _check_info(self, _: object, value: Mapping[str, str]) -> None:
        if len(value) > MAX_DEVICE_INFO or any(
            len(key) > 64 or len(text) > 256 for key, text in value.items()
        ):
            raise InvalidValue("device_info", f"must be at most {MAX_DEVICE_INFO} short texts by name")

    @audio_quality_score.validator
    def _check_score(self, _: object, value: float | None) -> None:
        if value is not None and not 0.0 <= value <= 10.0:
            raise InvalidValue("audio_quality_score", "must be a number from 0 to 10")

    @property
    def connected(self) -> bool:
        """Whether its socket is open."""
        return self.connection_status is ConnectionStatus.CONNECTED

    @property
    def shown_status(self) -> str:
        """How it stands: what it said of itself last, or else whether its socket is open."""
        return self.reported_status or self.connection_status.value

    @property
    def can_speak(self) -> bool:
        """Whether it has a loudspeaker; a client that says nothing of itself is taken to have one."""
        return not self.capabilities or bool(AUDIO_OUTPUTS.intersection(self.capabilities))

    @property
    def can_hear(self) -> bool:
        """Whether it has a microphone; a client that says nothing of itself is taken to have one."""
        return not self.capabilities or bool(AUDIO_INPUTS.intersection(self.capabilities))

    @property
    def can_notify(self) -> bool:
        """Whether it can bring something to somebody's notice: by showing it, or by saying it aloud."""
        return self.can_speak or NOTIFICATIONS in self.capabilities

    def without_token(self) -> "Client":
        """The client when none of its tokens made so far is good any more."""
        return evolve(self, token_version=self.token_version + 1)


def _check_label(name: str, value: str | None) -> None:
    if value is not None and not 1 <= len(value) <= 100:
        raise InvalidValue(name, "must be 1 to 100 characters")
