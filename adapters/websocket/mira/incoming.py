"""What a client of a network says: one shape a message, told apart by `type`."""

from collections.abc import Mapping
from typing import Final, Literal

from attrs import field, frozen

from adapters.websocket.clocks import client_micros
from adapters.websocket.wire import choose, read_object, structure, tagged
from domain.clients import MAX_CAPABILITIES, Location
from domain.errors import InvalidValue
from domain.ids import ClientId


def check_capabilities(names: tuple[str, ...] | None) -> None:
    """Refuse capabilities that no client can have."""
    if names is not None and (len(names) > MAX_CAPABILITIES or any(not 1 <= len(one) <= 64 for one in names)):
        raise InvalidValue("capabilities", f"must be at most {MAX_CAPABILITIES} names of 1 to 64 characters")


@frozen(kw_only=True)
class QualityMetrics:
    """What a client measured of its own sound: a hint for people, no reason to choose a stream."""

    snr: float | None = None
    speech_clarity: float | None = None
    volume_level: float | None = None

    @property
    def given(self) -> Mapping[str, float]:
        """Those that were sent, by name."""
        told = {"snr": self.snr, "speech_clarity": self.speech_clarity, "volume_level": self.volume_level}
        return {name: value for name, value in told.items() if value is not None}


@frozen(kw_only=True)
class LocationBody:
    """Where a client is: degrees, and metres of accuracy."""

    latitude: float
    longitude: float
    accuracy: float | None = None

    def value(self) -> Location:
        """The location, or InvalidValue where there is no such place."""
        return Location(latitude=self.latitude, longitude=self.longitude, accuracy=self.accuracy)


@frozen(kw_only=True)
class Handshake:
    """Hello: the first thing a client says. `last_event_id` asks for the facts that came after that one."""

    type: Literal["handshake"] = "handshake"
    client_id: ClientId | None = None
    capabilities: tuple[str, ...] | None = field(default=None)
    version: str | None = None
    last_event_id: str | None = None

    @capabilities.validator
    def _check(self, _: object, names: tuple[str, ...] | None) -> None:
        check_capabilities(names)


@frozen(kw_only=True)
class AudioData:
    """Sound in base64: a sound file, or raw mono s16le at 16 kHz. Its timestamp is a hint."""

    type: Literal["audio_data"] = "audio_data"
    client_id: ClientId | None = None
    audio_buffer: str
    quality_metrics: QualityMetrics | None = None
    timestamp: str | None = None


@frozen(kw_only=True)
class AudioEnd:
    """The utterance is complete; nobody need wait for silence."""

    type: Literal["audio_end"] = "audio_end"
    client_id: ClientId | None = None


@frozen(kw_only=True)
class ClientStatus:
    """What has changed of the client; what is left out stays."""

    type: Literal["client_status"] = "client_status"
    client_id: ClientId | None = None
    status: str | None = None
    capabilities: tuple[str, ...] | None = field(default=None)
    location: LocationBody | None = None

    @capabilities.validator
    def _check(self, _: object, names: tuple[str, ...] | None) -> None:
        check_capabilities(names)


@frozen(kw_only=True)
class Heartbeat:
    """A sign of life, and the time by the client's clock: ISO 8601, or microseconds since 1970.

    A client that says when the hub sent its last answer and when it got it (microseconds of either clock)
    lets the hub tell clocks apart more closely.
    """

    type: Literal["heartbeat"] = "heartbeat"
    client_id: ClientId | None = None
    timestamp: str | int | None = None
    answer_sent_at: int | None = None
    answer_received_at: int | None = None


MiraMessage = Handshake | AudioData | AudioEnd | ClientStatus | Heartbeat
SHAPES: Final[Mapping[str, type[MiraMessage]]] = tagged(
    Handshake, AudioData, AudioEnd, ClientStatus, Heartbeat
)


def decode(text: str) -> MiraMessage:
    """Read a message, or raise InvalidValue."""
    data = read_object(text)
    message = structure(data, choose(data.get("type"), SHAPES))
    match message:
        case AudioData(timestamp=timestamp) | Heartbeat(timestamp=timestamp) if timestamp is not None:
            client_micros(timestamp)
        case _:
            pass
    return message
