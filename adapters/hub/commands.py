"""What a hub tells a device, in typed commands."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Final

from attrs import field, frozen

from adapters.hub.events import Reconnected
from adapters.hub.reading import read


@frozen(kw_only=True)
class AudioResponse:
    """Say this: the answer of a turn, and where its sound is."""

    text: str
    audio_url: str | None
    interaction_id: str | None
    event_id: str | None = None
    command_id: str | None = None


@frozen(kw_only=True)
class StopAudio:
    """Stop playing the answer of this interaction: somebody speaks."""

    interaction_id: str


@frozen(kw_only=True)
class SyncEvent:
    """Something that devices do or show together; what it is, is in the body under `event`."""

    overtakes: ClassVar[bool] = True
    event: str
    event_id: str | None
    command_id: str | None = None
    body: Mapping[str, Any]


@frozen(kw_only=True)
class PersonaSwitch:
    """Be this persona from now on; acknowledge it with the command_id."""

    persona_id: str
    previous_persona_id: str | None
    name: str
    session_id: str
    command_id: str


@frozen(kw_only=True)
class LedControl:
    """What the lights show: the state, its colour, its pattern, and for how long where that is known."""

    state: str
    color: str
    pattern: str
    duration_ms: int | None = None


@frozen(kw_only=True)
class NewToken:
    """This device has a new token; the socket uses it from now on, and it should be kept."""

    overtakes: ClassVar[bool] = True
    event_id: str
    auth_token: str = field(repr=False)
    expires_at: datetime


@frozen(kw_only=True)
class DeviceError:
    """Something that this device did, or the hub did for it, went wrong."""

    error_code: str
    message: str
    details: Mapping[str, Any] = field(factory=dict)


@frozen(kw_only=True)
class UnknownCommand:
    """Something that a newer hub says, and this library has no word for."""

    type: str
    priority: int
    event_id: str | None
    body: Mapping[str, Any]


DeviceCommand = (
    AudioResponse
    | StopAudio
    | PersonaSwitch
    | LedControl
    | SyncEvent
    | NewToken
    | DeviceError
    | UnknownCommand
    | Reconnected
)
LIVE: Final = (StopAudio, DeviceError, LedControl)
READ_AS_THEY_ARE: Final = {
    "stop_audio": StopAudio,
    "persona_switch": PersonaSwitch,
    "led_control": LedControl,
    "token_rotated": NewToken,
}


def device_command(envelope: Mapping[str, Any]) -> DeviceCommand:
    """The command that a message of the hub is."""
    body = envelope.get("payload")
    payload: Mapping[str, Any] = body if isinstance(body, dict) else {}
    event_id = payload.get("event_id")
    match envelope.get("type"):
        case "audio_response":
            return read(payload, AudioResponse)
        case "sync_event":
            return SyncEvent(
                event=str(payload.get("event")),
                event_id=event_id,
                command_id=payload.get("command_id"),
                body=payload,
            )
        case "stop_audio" | "persona_switch" | "led_control" | "token_rotated" as sort:
            return read(payload, READ_AS_THEY_ARE[sort])
        case "error":
            return read(payload, DeviceError)
        case sort:
            priority = envelope.get("priority")
            return UnknownCommand(
                type=str(sort),
                priority=priority if isinstance(priority, int) else 0,
                event_id=event_id,
                body=payload,
            )
