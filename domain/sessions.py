"""A session ties a conversation to a client and a persona, until it has been idle for too long."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum

from attrs import field, frozen

from domain.ids import ClientId, ConversationId, NetworkId, PersonaId, SessionId


class SessionStatus(Enum):
    """Whether a session goes on."""

    ACTIVE = "active"
    ENDED = "ended"


@frozen(kw_only=True)
class Session:
    """A conversation held by one client at a time, with one persona, until expires_at passes unused."""

    id: SessionId
    network_id: NetworkId
    client_id: ClientId
    persona_id: PersonaId
    conversation_id: ConversationId
    user_id: str | None = None
    status: SessionStatus = SessionStatus.ACTIVE
    metadata: Mapping[str, object] = field(factory=dict)
    created_at: datetime
    expires_at: datetime

    def live_at(self, moment: datetime) -> bool:
        """Whether it can still be used at a moment."""
        return self.status is SessionStatus.ACTIVE and moment < self.expires_at
