"""What a client of a network is told: one shape an event. A fact carries the id to resume from."""

from collections.abc import Mapping
from typing import Literal

from attrs import field, frozen


@frozen(kw_only=True)
class HandshakeAck:
    """Welcome. `features` are those that the client can use, by its capabilities. `resumed` says whether the
    facts after the handshake's `last_event_id` follow; if not, read the state of things anew, and resume from
    this `last_event_id` until a fact brings another.
    """

    type: Literal["handshake_ack"] = "handshake_ack"
    status: Literal["connected"] = "connected"
    server_time: str
    features: tuple[str, ...]
    client_id: str
    network_id: str
    resumed: bool
    last_event_id: str | None
    timestamp: str


@frozen(kw_only=True)
class HeartbeatAck:
    """The answer to a heartbeat: its own timestamp, and the hub's clock in microseconds since 1970."""

    type: Literal["heartbeat_ack"] = "heartbeat_ack"
    echo: str | int | None
    received_at: int
    sent_at: int
    timestamp: str


@frozen(kw_only=True)
class InteractionCreatedEvent:
    """A turn is over: what was heard, and what was answered."""

    type: Literal["interaction_created"] = "interaction_created"
    event_id: str
    interaction_id: str
    conversation_id: str
    text: str
    response: str
    speaker_id: str | None
    client_id: str
    processing_status: str
    timestamp: str


@frozen(kw_only=True)
class InteractionResponseEvent:
    """The answer that this client is to speak, and where its sound is."""

    type: Literal["interaction_response"] = "interaction_response"
    event_id: str
    interaction_id: str
    client_id: str
    text: str
    audio_url: str | None
    complete: bool = True
    """Whether the text is whole; else the sound goes on, and interaction_created brings all of it."""
    timestamp: str


@frozen(kw_only=True)
class AnswerSpokenElsewhereEvent:
    """The answer to this client, which another client of its room says aloud, and which one that is."""

    type: Literal["answer_spoken_elsewhere"] = "answer_spoken_elsewhere"
    event_id: str
    interaction_id: str
    client_id: str
    spoken_by: str
    text: str
    complete: bool = True
    """Whether the text is whole; else interaction_created brings all of it."""
    timestamp: str


@frozen(kw_only=True)
class InteractionInterruptedEvent:
    """Somebody speaks over the answer of this interaction: stop playing it."""

    type: Literal["interaction_interrupted"] = "interaction_interrupted"
    interaction_id: str
    client_id: str
    timestamp: str


@frozen(kw_only=True)
class StreamBody:
    """How one stream heard: its score 0..10, its measures, whether it was chosen and why."""

    client_id: str
    quality_score: float
    metrics: Mapping[str, float]
    selected: bool
    reason: str


@frozen(kw_only=True)
class AudioStreamSelectedEvent:
    """A stream was chosen for an utterance; a provisional choice may be revised."""

    type: Literal["audio_stream_selected"] = "audio_stream_selected"
    selected_client_id: str
    quality_score: float
    reason: str
    provisional: bool
    streams: tuple[StreamBody, ...]
    timestamp: str


@frozen(kw_only=True)
class StreamsMeasuredEvent:
    """How well each stream hears just now, while somebody speaks."""

    type: Literal["streams_measured"] = "streams_measured"
    streams: tuple[StreamBody, ...]
    timestamp: str


@frozen(kw_only=True)
class ClientJoinedEvent:
    """Another client is here."""

    type: Literal["client_joined"] = "client_joined"
    event_id: str
    client_id: str
    device_type: str
    capabilities: tuple[str, ...]
    timestamp: str


@frozen(kw_only=True)
class ClientLeftEvent:
    """Another client is gone: disconnected, timeout, replaced, deregistered or network_deleted."""

    type: Literal["client_left"] = "client_left"
    event_id: str
    client_id: str
    reason: str
    timestamp: str


@frozen(kw_only=True)
class ActionExecutedEvent:
    """Something was done because of an interaction."""

    type: Literal["action_executed"] = "action_executed"
    event_id: str
    action_id: str
    action_type: str
    result: Mapping[str, object]
    interaction_id: str
    client_id: str
    timestamp: str


@frozen(kw_only=True)
class ContextUpdatedEvent:
    """A conversation has moved on."""

    type: Literal["context_updated"] = "context_updated"
    event_id: str
    conversation_id: str
    context_summary: str
    participants: tuple[str, ...]
    timestamp: str


@frozen(kw_only=True)
class ReminderDueEvent:
    """The time of a reminder has come; clients that can, say so."""

    type: Literal["reminder_due"] = "reminder_due"
    event_id: str
    reminder_id: str
    title: str
    due_time: str
    status: str
    timestamp: str


@frozen(kw_only=True)
class TokenRotatedEvent:
    """This client's new token; its old one is good no more. The socket stays open."""

    type: Literal["token_rotated"] = "token_rotated"
    event_id: str
    client_token: str = field(repr=False)
    expires_at: str
    timestamp: str


@frozen(kw_only=True)
class ErrorEvent:
    """Something went wrong; the socket lives on."""

    type: Literal["error"] = "error"
    error_code: str
    message: str
    client_id: str | None
    details: Mapping[str, object] = field(factory=dict)
    timestamp: str


FactMessage = (
    InteractionCreatedEvent
    | InteractionResponseEvent
    | AnswerSpokenElsewhereEvent
    | ClientJoinedEvent
    | ClientLeftEvent
    | ActionExecutedEvent
    | ContextUpdatedEvent
    | ReminderDueEvent
    | TokenRotatedEvent
)
LiveMessage = InteractionInterruptedEvent | AudioStreamSelectedEvent | StreamsMeasuredEvent | ErrorEvent
MiraEvent = HandshakeAck | HeartbeatAck | FactMessage | LiveMessage

SHAPES = (
    HandshakeAck,
    HeartbeatAck,
    InteractionCreatedEvent,
    InteractionResponseEvent,
    AnswerSpokenElsewhereEvent,
    InteractionInterruptedEvent,
    AudioStreamSelectedEvent,
    StreamsMeasuredEvent,
    ClientJoinedEvent,
    ClientLeftEvent,
    ActionExecutedEvent,
    ContextUpdatedEvent,
    ReminderDueEvent,
    TokenRotatedEvent,
    ErrorEvent,
)
