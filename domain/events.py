"""Everything that can be announced to a network: facts, which are kept, and live news of sound."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum

from attrs import field, frozen

from domain.activities.activity import ActivityStatus, ActivityType
from domain.agenda import Reminder
from domain.clients import LeaveReason
from domain.commands import Command
from domain.ids import (
    ActivityId,
    BlobId,
    ClientId,
    ConversationId,
    EventId,
    InteractionId,
    NetworkId,
    PersonaId,
    SessionId,
)
from domain.interactions import Action, Interaction, StreamReport


@frozen(kw_only=True)
class NetworkCreated:
    """A network was opened."""

    name: str
    at: datetime


@frozen(kw_only=True)
class NetworkUpdated:
    """A network's name or settings changed."""

    name: str
    at: datetime


@frozen(kw_only=True)
class NetworkDeleted:
    """A network and everything in it is gone."""

    at: datetime


@frozen(kw_only=True)
class ClientRegistered:
    """A client was registered, for the first time or again."""

    client_id: ClientId
    device_type: str
    at: datetime


@frozen(kw_only=True)
class ClientDeregistered:
    """A client was taken out of its network."""

    client_id: ClientId
    at: datetime


@frozen(kw_only=True)
class TokenRotated:
    """A client has a new token, of this version; the token itself is made where it is told, and not kept."""

    client_id: ClientId
    version: int
    expires_at: datetime
    at: datetime


@frozen(kw_only=True)
class TokenRevoked:
    """A client's tokens are good no more, and it has no other."""

    client_id: ClientId
    at: datetime


@frozen(kw_only=True)
class ClientJoined:
    """A client's socket said hello."""

    client_id: ClientId
    device_type: str
    capabilities: tuple[str, ...]
    at: datetime


@frozen(kw_only=True)
class ClientLeft:
    """A client's socket ended."""

    client_id: ClientId
    reason: LeaveReason
    at: datetime


@frozen(kw_only=True)
class InteractionCreated:
    """A turn is over; the interaction is whole."""

    interaction: Interaction
    at: datetime


@frozen(kw_only=True)
class InteractionAnswered:
    """The client that is to speak gets the answer, and where its sound is.

    Where the answer is still being thought of, it is not complete: the text is its beginning, and the sound
    grows. AnswerCompleted follows then.
    """

    interaction_id: InteractionId
    client_id: ClientId
    text: str
    speech: BlobId | None
    complete: bool = True
    at: datetime


@frozen(kw_only=True)
class AnswerSpokenElsewhere:
    """The client that asked is told that another one of its room says the answer, and which.

    Where the text is not complete, AnswerCompleted follows.
    """

    interaction_id: InteractionId
    client_id: ClientId
    spoken_by: ClientId
    text: str
    complete: bool = True
    at: datetime


@frozen(kw_only=True)
class AnswerCompleted:
    """All of the text of an answer, for who says it since its first sentence, and for who asked."""

    interaction_id: InteractionId
    client_id: ClientId
    text: str
    at: datetime


@frozen(kw_only=True)
class ActionExecuted:
    """Something was done because of an interaction."""

    interaction_id: InteractionId
    client_id: ClientId
    action: Action
    at: datetime


@frozen(kw_only=True)
class ContextUpdated:
    """A conversation has moved on."""

    conversation_id: ConversationId
    summary: str
    participants: tuple[str, ...]
    at: datetime


@frozen(kw_only=True)
class ReminderDue:
    """The time of a reminder has come."""

    reminder: Reminder
    at: datetime


@frozen(kw_only=True)
class CommandIssued:
    """A device is to do something; it is for that device alone."""

    command: Command
    at: datetime


@frozen(kw_only=True)
class PersonaSwitched:
    """Another persona answers at a client from now on."""

    client_id: ClientId
    session_id: SessionId
    previous_persona_id: PersonaId | None
    persona_id: PersonaId
    at: datetime


@frozen(kw_only=True)
class SessionHandedOver:
    """A session goes on at another client."""

    session_id: SessionId
    from_client_id: ClientId
    to_client_id: ClientId
    at: datetime


@frozen(kw_only=True)
class ActivityChanged:
    """Something that devices do together has begun, or is over."""

    activity_id: ActivityId
    sort: ActivityType
    status: ActivityStatus
    client_ids: tuple[ClientId, ...]
    at: datetime


FactEvent = (
    NetworkCreated
    | NetworkUpdated
    | NetworkDeleted
    | ClientRegistered
    | ClientDeregistered
    | TokenRotated
    | TokenRevoked
    | ClientJoined
    | ClientLeft
    | InteractionCreated
    | InteractionAnswered
    | AnswerSpokenElsewhere
    | AnswerCompleted
    | ActionExecuted
    | ContextUpdated
    | ReminderDue
    | CommandIssued
    | PersonaSwitched
    | SessionHandedOver
    | ActivityChanged
)
"""What changed a row; it leaves by the outbox and reaches everyone at least once."""


@frozen(kw_only=True)
class AudioStreamSelected:
    """A stream was chosen for an utterance, provisionally or for good."""

    client_id: ClientId
    score: float
    reason: str
    provisional: bool
    streams: tuple[StreamReport, ...]
    at: datetime


@frozen(kw_only=True)
class StreamsMeasured:
    """How well each active stream hears, right now."""

    streams: tuple[StreamReport, ...]
    at: datetime


@frozen(kw_only=True)
class ErrorOccurred:
    """Something a client did, or the hub did for it, went wrong."""

    code: str
    message: str
    client_id: ClientId | None = None
    details: Mapping[str, object] = field(factory=dict)
    at: datetime


class Attention(Enum):
    """What the hub is doing for a client just now."""

    IDLE = "idle"
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"
    ERROR = "error"


@frozen(kw_only=True)
class AttentionChanged:
    """The hub does something else for a client than before."""

    client_id: ClientId
    attention: Attention
    at: datetime


@frozen(kw_only=True)
class AnswerInterrupted:
    """Somebody speaks over an answer: the client that plays it falls silent."""

    interaction_id: InteractionId
    client_id: ClientId
    at: datetime


LiveEvent = AnswerInterrupted | AudioStreamSelected | StreamsMeasured | ErrorOccurred | AttentionChanged
"""What is true of sound just now; it is told at once, and a slow reader may miss it."""


@frozen(kw_only=True)
class Fact:
    """A committed event: its id, its place in its network's order, and who it is for (None: everyone)."""

    id: EventId
    network_id: NetworkId
    position: int
    event: FactEvent
    recipient: ClientId | None = None


@frozen(kw_only=True)
class LiveNews:
    """An event about sound, and who it is for (None: everyone of the network)."""

    network_id: NetworkId
    event: LiveEvent
    recipient: ClientId | None = None


Announcement = Fact | LiveNews
