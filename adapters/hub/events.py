"""What a hub tells the clients of a network, in typed events."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from attrs import field, frozen

from adapters.hub.answers import Stream
from adapters.hub.reading import read


@frozen(kw_only=True)
class InteractionCreated:
    """A turn is over: what was heard, and what was answered."""

    event_id: str
    interaction_id: str
    conversation_id: str
    text: str
    response: str
    speaker_id: str | None
    client_id: str
    processing_status: str
    timestamp: datetime


@frozen(kw_only=True)
class InteractionResponse:
    """The answer that this client is to speak, and where its sound is."""

    event_id: str
    interaction_id: str
    text: str
    audio_url: str | None
    timestamp: datetime


@frozen(kw_only=True)
class AnswerSpokenElsewhere:
    """The answer to this client, which another client of its room says aloud: spoken_by."""

    event_id: str
    interaction_id: str
    client_id: str
    spoken_by: str
    text: str
    complete: bool = True
    timestamp: datetime


@frozen(kw_only=True)
class InteractionInterrupted:
    """Somebody speaks over the answer of this interaction: stop playing it."""

    interaction_id: str
    client_id: str
    timestamp: datetime


@frozen(kw_only=True)
class AudioStreamSelected:
    """A stream was chosen for an utterance; a provisional choice may be revised."""

    selected_client_id: str
    quality_score: float
    reason: str
    provisional: bool = False
    streams: tuple[Stream, ...] = ()
    timestamp: datetime


@frozen(kw_only=True)
class StreamsMeasured:
    """How well each stream hears just now."""

    streams: tuple[Stream, ...]
    timestamp: datetime


@frozen(kw_only=True)
class ClientJoined:
    """Another client is here."""

    event_id: str
    client_id: str
    device_type: str
    capabilities: tuple[str, ...]
    timestamp: datetime


@frozen(kw_only=True)
class ClientLeft:
    """Another client is gone."""

    event_id: str
    client_id: str
    reason: str
    timestamp: datetime


@frozen(kw_only=True)
class ActionExecuted:
    """Something was done because of an interaction."""

    event_id: str
    action_id: str
    action_type: str
    result: Mapping[str, Any]
    interaction_id: str
    client_id: str
    timestamp: datetime


@frozen(kw_only=True)
class ContextUpdated:
    """A conversation has moved on."""

    event_id: str
    conversation_id: str
    context_summary: str
    participants: tuple[str, ...]
    timestamp: datetime


@frozen(kw_only=True)
class ReminderDue:
    """The time of a reminder has come."""

    event_id: str
    reminder_id: str
    title: str
    due_time: datetime
    status: str
    timestamp: datetime


@frozen(kw_only=True)
class TokenRotated:
    """This client has a new token; the socket uses it from now on, and it should be kept."""

    event_id: str
    client_token: str = field(repr=False)
    expires_at: datetime


@frozen(kw_only=True)
class ErrorReported:
    """Something that this client did, or the hub did for it, went wrong."""

    error_code: str
    message: str
    client_id: str | None = None
    details: Mapping[str, Any] = field(factory=dict)
    timestamp: datetime


@frozen(kw_only=True)
class Reconnected:
    """The socket was lost and is open again; unless resumed, facts may be missing: read the state anew."""

    resumed: bool


@frozen(kw_only=True)
class UnknownEvent:
    """Something that a newer hub says, and this library has no word for."""

    type: str
    event_id: str | None = None
    body: Mapping[str, Any]


NetworkEvent = (
    InteractionCreated
    | InteractionResponse
    | AnswerSpokenElsewhere
    | InteractionInterrupted
    | AudioStreamSelected
    | StreamsMeasured
    | ClientJoined
    | ClientLeft
    | ActionExecuted
    | ContextUpdated
    | ReminderDue
    | TokenRotated
    | ErrorReported
    | Reconnected
    | UnknownEvent
)
SHAPES: Final[Mapping[str, type[Any]]] = {
    "interaction_created": InteractionCreated,
    "interaction_response": InteractionResponse,
    "answer_spoken_elsewhere": AnswerSpokenElsewhere,
    "interaction_interrupted": InteractionInterrupted,
    "audio_stream_selected": AudioStreamSelected,
    "streams_measured": StreamsMeasured,
    "client_joined": ClientJoined,
    "client_left": ClientLeft,
    "action_executed": ActionExecuted,
    "context_updated": ContextUpdated,
    "reminder_due": ReminderDue,
    "token_rotated": TokenRotated,
    "error": ErrorReported,
}


def network_event(body: Mapping[str, Any]) -> NetworkEvent:
    """The event that a message of the hub is."""
    shape = SHAPES.get(sort := str(body.get("type")))
    if shape is None:
        return UnknownEvent(type=sort, event_id=body.get("event_id"), body=body)
    event: NetworkEvent = read(body, shape)
    return event
