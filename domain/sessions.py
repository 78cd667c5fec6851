"""A session ties a conversation to a client and a persona, until it has been idle for too long."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from attrs import evolve, field, frozen

from domain.ids import BlobId, ClientId, ConversationId, InteractionId, NetworkId, PersonaId, SessionId

BREATH: Final = timedelta(seconds=1)
"""How long a device may take before it begins to speak."""


class SessionStatus(Enum):
    """Whether a session goes on."""

    ACTIVE = "active"
    ENDED = "ended"


@frozen(kw_only=True)
class RunningReply:
    """The answer that a session's client is speaking, and until when it should take.

    Where another client says it for that one, spoken_by says who.
    """

    interaction_id: InteractionId
    text: str
    speech: BlobId | None
    until: datetime
    spoken_by: ClientId | None = None


@frozen(kw_only=True)
class Session:
    """A conversation held by one client at a time, with one persona, until expires_at passes unused.

    attached_at is when it came to its client; reply is what that client was last given to say.
    """

    id: SessionId
    network_id: NetworkId
    client_id: ClientId
    persona_id: PersonaId
    conversation_id: ConversationId
    user_id: str | None = None
    status: SessionStatus = SessionStatus.ACTIVE
    metadata: Mapping[str, object] = field(factory=dict)
    reply: RunningReply | None = None
    created_at: datetime
    attached_at: datetime
    expires_at: datetime

    def live_at(self, moment: datetime) -> bool:
        """Whether it can still be used at a moment."""
        return self.status is SessionStatus.ACTIVE and moment < self.expires_at

    def ended_at(self, moment: datetime) -> "Session":
        """The session as it is over."""
        return evolve(self, status=SessionStatus.ENDED, reply=None, expires_at=min(self.expires_at, moment))

    def unfinished_reply(self, moment: datetime) -> RunningReply | None:
        """What its client has not finished saying at a moment, as far as one can tell."""
        return self.reply if self.reply is not None and moment < self.reply.until else None

    def moved_to(self, client_id: ClientId, moment: datetime) -> "Session":
        """The session with another client; what the first one was saying goes with it."""
        return evolve(self, client_id=client_id, attached_at=moment, reply=self.unfinished_reply(moment))


def saying_takes(text: str, words_a_minute: int) -> timedelta:
    """About how long it takes to say a text."""
    return BREATH + timedelta(minutes=len(text.split()) / words_a_minute)
