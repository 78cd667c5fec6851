"""An interaction is one turn: what was heard or typed, the answer, and what was done about it."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Literal

from attrs import field, frozen

from domain.ids import (
    ActionId,
    BlobId,
    ClientId,
    ConversationId,
    InstanceId,
    InteractionId,
    NetworkId,
    PersonaId,
    SessionId,
)

ActionType = Literal[
    "create_reminder",
    "create_calendar_event",
    "complete_reminder",
    "cancel_reminder",
    "cancel_calendar_event",
    "change_reminder",
    "change_calendar_event",
    "announce",
    "switch_persona",
    "continue_at",
    "start_activity",
    "stop_activity",
]


class ProcessingStatus(Enum):
    """How far a turn has come, or how it ended."""

    PROCESSING = "processing"
    COMPLETED = "completed"
    NOT_UNDERSTOOD = "not_understood"
    FAILED = "failed"


@frozen(kw_only=True)
class Action:
    """Something done because of an interaction, and what came of it, in plain values."""

    id: ActionId
    type: ActionType
    result: Mapping[str, object]
    executed_at: datetime


@frozen(kw_only=True)
class StreamReport:
    """How one stream heard an utterance: its score 0..10, its measures by name, and why it won or lost."""

    client_id: ClientId
    score: float
    measures: Mapping[str, float]
    selected: bool
    reason: str
    reported: Mapping[str, float] | None = None
    """What the client itself had measured of its sound: shown, and trusted for nothing."""


@frozen(kw_only=True)
class KeptSound:
    """A recording that is kept, and until when."""

    id: BlobId
    expires_at: datetime


@frozen(kw_only=True)
class HeardWord:
    """A word with its place in the recording, in seconds, and how sure the transcriber is, 0..1."""

    text: str
    start: float
    end: float
    confidence: float


@frozen(kw_only=True)
class Hearing:
    """How an utterance was heard: by which streams, which one was used and why, and how long it was."""

    selected_client_id: ClientId
    score: float
    reason: str
    seconds: float
    streams: tuple[StreamReport, ...] = ()
    words: tuple[HeardWord, ...] = ()


@frozen(kw_only=True)
class Usage:
    """What an answer cost a language model, in tokens, and which model gave it (provider:model)."""

    model: str
    prompt_tokens: int = 0
    completion_tokens: int = 0


@frozen(kw_only=True)
class Interaction:
    """One turn of a conversation, held by one instance of the hub; timings are milliseconds by stage.

    The revision counts how often it was processed, context is what was told beside it the last time.
    """

    id: InteractionId
    network_id: NetworkId
    conversation_id: ConversationId
    client_id: ClientId
    session_id: SessionId | None = None
    persona_id: PersonaId
    speaker_id: str | None = None
    text: str
    response: str = ""
    status: ProcessingStatus = ProcessingStatus.PROCESSING
    actions: tuple[Action, ...] = ()
    hearing: Hearing | None = None
    timings: Mapping[str, float] = field(factory=dict)
    usage: Usage | None = None
    error_code: str | None = None
    recording: KeptSound | None = None
    context: str | None = None
    revision: int = 1
    instance_id: InstanceId | None = None
    created_at: datetime
    completed_at: datetime | None = None


@frozen(kw_only=True)
class Conversation:
    """Interactions that belong together; the summary says in a line what they were about."""

    id: ConversationId
    network_id: NetworkId
    client_id: ClientId | None = None
    owner_id: str | None = None
    summary: str = ""
    participants: tuple[str, ...] = ()
    created_at: datetime
    updated_at: datetime
