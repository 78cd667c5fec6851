"""What a device is told: an envelope of type, payload and priority, and one shape a payload."""

from collections.abc import Mapping
from typing import Final, Literal

from attrs import field, frozen

from domain.commands import SHOWN, SPOKEN, TIMELY

URGENT: Final = 10
"""Above all that a device may show or play: it is to fall silent."""


@frozen(kw_only=True)
class Answer:
    """The answer of a turn, and where its sound is; or, without an interaction, something else to be said."""

    text: str
    audio_url: str | None
    interaction_id: str | None
    complete: bool = True
    """Whether the text is whole; else the sound goes on, and answer_complete brings the rest."""
    event_id: str | None = None
    command_id: str | None = None


@frozen(kw_only=True)
class WholeAnswer:
    """All of an answer that was not complete when the device began to speak it."""

    event: Literal["answer_complete"] = "answer_complete"
    event_id: str
    interaction_id: str
    text: str


@frozen(kw_only=True)
class AnswerElsewhere:
    """The answer to this device, which another one of its room says aloud, and which one that is."""

    event: Literal["answer_spoken_elsewhere"] = "answer_spoken_elsewhere"
    event_id: str
    interaction_id: str
    spoken_by: str
    text: str
    complete: bool = True
    """Whether the text is whole; else answer_complete brings all of it."""


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
class Performance:
    """Something to do or to show, as the event and the rest of the payload say; audio_url is its sound."""

    event: str
    command_id: str
    expires_at: str
    audio_url: str | None
    data: Mapping[str, object]


@frozen(kw_only=True)
class SharedStart:
    """Play something from one moment on, which is given by the hub's clock and by the device's own.

    Moments are microseconds since 1970; the device's own is missing while its clock is not known.
    """

    event: Literal["sync_playback"] = "sync_playback"
    command_id: str
    activity_id: str
    media_url: str | None
    track: str | None
    volume: float
    start_at: str
    start_at_us: int
    start_at_device_us: int | None
    clock_offset_us: int | None


@frozen(kw_only=True)
class NewPersona:
    """Be this persona from now on, and acknowledge it with the command_id and switch_complete."""

    persona_id: str
    previous_persona_id: str | None
    name: str
    session_id: str
    command_id: str


@frozen(kw_only=True)
class Light:
    """What the device's lights show: the state, its colour as #rrggbb, and how it moves.

    After duration_ms, where that is given, the light is as in the state idle.
    """

    state: Literal["idle", "listening", "thinking", "speaking", "error"]
    color: str
    pattern: Literal["off", "solid", "pulse", "spin", "blink"]
    duration_ms: int | None = None


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
class Interrupted:
    """Whose answer it is that somebody speaks over."""

    interaction_id: str


@frozen(kw_only=True)
class AudioResponse:
    """Say this: exactly one a turn."""

    type: Literal["audio_response"] = "audio_response"
    payload: Answer
    priority: int = SPOKEN


@frozen(kw_only=True)
class StopAudio:
    """Stop playing this answer: somebody speaks."""

    type: Literal["stop_audio"] = "stop_audio"
    payload: Interrupted
    priority: int = URGENT


@frozen(kw_only=True)
class SyncEvent:
    """A reminder that everybody is told of."""

    type: Literal["sync_event"] = "sync_event"
    payload: DueReminder
    priority: int = TIMELY


@frozen(kw_only=True)
class AnswerCompleteEvent:
    """What is being spoken is complete by now; there is nothing more to say."""

    type: Literal["sync_event"] = "sync_event"
    payload: WholeAnswer
    priority: int = SPOKEN


@frozen(kw_only=True)
class AnswerElsewhereEvent:
    """Show this, but let it be said by the device that is named."""

    type: Literal["sync_event"] = "sync_event"
    payload: AnswerElsewhere
    priority: int = SPOKEN


@frozen(kw_only=True)
class PerformanceEvent:
    """Something of an activity, a broadcast or a handover; acknowledge it with its command_id."""

    type: Literal["sync_event"] = "sync_event"
    payload: Performance
    priority: int = TIMELY


@frozen(kw_only=True)
class SharedStartEvent:
    """Something to play from one moment on with others; acknowledge it with its command_id."""

    type: Literal["sync_event"] = "sync_event"
    payload: SharedStart
    priority: int = TIMELY


@frozen(kw_only=True)
class PersonaSwitch:
    """Another persona answers from now on."""

    type: Literal["persona_switch"] = "persona_switch"
    payload: NewPersona
    priority: int = TIMELY


@frozen(kw_only=True)
class LedControl:
    """The lights follow what happens; only devices with leds among their capabilities are told."""

    type: Literal["led_control"] = "led_control"
    payload: Light
    priority: int = SHOWN


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


CompanionCommand = (
    AudioResponse
    | StopAudio
    | PersonaSwitch
    | LedControl
    | SyncEvent
    | PerformanceEvent
    | SharedStartEvent
    | AnswerCompleteEvent
    | AnswerElsewhereEvent
    | TokenRotatedCommand
    | HeartbeatAck
    | Error
)
SHAPES: Final = (
    AudioResponse,
    StopAudio,
    PersonaSwitch,
    LedControl,
    SyncEvent,
    PerformanceEvent,
    SharedStartEvent,
    AnswerCompleteEvent,
    AnswerElsewhereEvent,
    TokenRotatedCommand,
    HeartbeatAck,
    Error,
)
