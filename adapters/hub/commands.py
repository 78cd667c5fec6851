"""What a hub tells a device, in typed commands."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from attrs import field, frozen

from adapters.hub.events import Reconnected
from adapters.hub.reading import read


@frozen(kw_only=True)
class AudioResponse:
    """Say this: the answer of a turn, and where its sound is."""

    text: str
    audio_url: str | None
    interaction_id: str
    event_id: str | None = None


@frozen(kw_only=True)
class SyncEvent:
    """Something that devices do or show together; what it is, is in the body under `event`."""

    event: str
    event_id: str | None
    body: Mapping[str, Any]


@frozen(kw_only=True)
class NewToken:
    """This device has a new token; the socket uses it from now on, and it should be kept."""

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


DeviceCommand = AudioResponse | SyncEvent | NewToken | DeviceError | UnknownCommand | Reconnected
LIVE: Final = (DeviceError,)


def device_command(envelope: Mapping[str, Any]) -> DeviceCommand:
    """The command that a message of the hub is."""
    body = envelope.get("payload")
    payload: Mapping[str, Any] = body if isinstance(body, dict) else {}
    event_id = payload.get("event_id")
    match envelope.get("type"):
        case "audio_response":
            return read(payload, AudioResponse)
        case "sync_event":
            return SyncEvent(event=str(payload.get("event")), event_id=event_id, body=payload)
        case "token_rotated":
            return read(payload, NewToken)
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
