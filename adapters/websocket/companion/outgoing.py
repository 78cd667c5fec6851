"""What a device is told: an envelope of type, payload and priority, and one shape a payload."""

from collections.abc import Mapping
from typing import Final, Literal

from attrs import field, frozen

SPOKEN: Final = 0
TIMELY: Final = 5
"""How urgent a command is; higher is more."""


@frozen(kw_only=True)
class Answer:
    """The answer of a turn, and where its sound is."""

    text: str
    audio_url: str | None
    interaction_id: str
    event_id: str


@frozen(kw_only=True)
class DueReminder:
    """A reminder whose time has come."""

    event: Literal["reminder_due"] = "reminder_due"
    event_id: str
    reminder_id: str
    title: str
    due_time: str
    status: str


@frozen(kw_only=True)
class NewToken:
    """This device's new token; its old one is good no more. The socket stays open."""

    event_id: str
    auth_token: str = field(repr=False)
    expires_at: str


@frozen(kw_only=True)
class Times:
    """The heartbeat's own timestamp, and the hub's clock in microseconds since 1970.

    `last_event_id` is where to resume from (`?last_event_id=`) until a command brings an `event_id`.
    """

    echo: str | int | None
    received_at: int
    sent_at: int
    last_event_id: str | None


@frozen(kw_only=True)
class Problem:
    """What went wrong."""

    error_code: str
    message: str
    details: Mapping[str, object] = field(factory=dict)


@frozen(kw_only=True)
class AudioResponse:
    """Say this: exactly one a turn."""

    type: Literal["audio_response"] = "audio_response"
    payload: Answer
    priority: int = SPOKEN


@frozen(kw_only=True)
class SyncEvent:
    """Something that devices do or show together."""

    type: Literal["sync_event"] = "sync_event"
    payload: DueReminder
    priority: int = TIMELY


@frozen(kw_only=True)
class TokenRotatedCommand:
    """Keep this token."""

    type: Literal["token_rotated"] = "token_rotated"
    payload: NewToken
    priority: int = TIMELY


@frozen(kw_only=True)
class HeartbeatAck:
    """The answer to a heartbeat."""

    type: Literal["heartbeat_ack"] = "heartbeat_ack"
    payload: Times
    priority: int = SPOKEN


@frozen(kw_only=True)
class Error:
    """Something went wrong; the socket lives on."""

    type: Literal["error"] = "error"
    payload: Problem
    priority: int = SPOKEN


CompanionCommand = AudioResponse | SyncEvent | TokenRotatedCommand | HeartbeatAck | Error
SHAPES: Final = (AudioResponse, SyncEvent, TokenRotatedCommand, HeartbeatAck, Error)
