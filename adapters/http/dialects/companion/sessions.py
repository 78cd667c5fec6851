"""Sessions: opening, reading and ending them, and handing them from one device to another."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

from attrs import field, frozen
from msgspec import Meta

from adapters.http.dialects.companion.dialect import COMPANION
from adapters.http.routing import Call, operation
from application.personas.handing_over import Handover, HandoverWish, NewSession
from domain.errors import (
    Conflict,
    DeviceNotFound,
    DeviceOffline,
    PersonaNotFound,
    SessionExpired,
    SessionNotFound,
)
from domain.ids import ClientId, PersonaId, SessionId
from domain.sessions import Session, SessionStatus


@frozen(kw_only=True)
class NewSessionBody:
    """At which device a session is wanted, with whom, for which user, and what else is known of it."""

    device_id: str
    persona_id: str
    user_id: Annotated[str, Meta(min_length=1, max_length=128)] | None = None
    metadata: Mapping[str, Any] = field(factory=dict)

    def wanted(self) -> NewSession:
        """The session that is wanted."""
        return NewSession(
            device_id=ClientId(self.device_id),
            persona_id=PersonaId(self.persona_id),
            user_id=self.user_id,
            metadata=self.metadata,
        )


@frozen(kw_only=True)
class SessionView:
    """A session: where it is, with whom, and until when it may be idle."""

    session_id: str
    device_id: str
    persona_id: str
    conversation_id: str
    user_id: str | None
    status: Literal["active", "expired", "ended"]
    metadata: Mapping[str, Any]
    created_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, session: Session, now: datetime) -> "SessionView":
        """The view of a session as it is at a moment."""
        ended = session.status is SessionStatus.ENDED
        return cls(
            session_id=session.id,
            device_id=session.client_id,
            persona_id=session.persona_id,
            conversation_id=session.conversation_id,
            user_id=session.user_id,
            status="ended" if ended else "active" if session.live_at(now) else "expired",
            metadata=session.metadata,
            created_at=session.created_at,
            expires_at=session.expires_at,
        )


@frozen(kw_only=True)
class HandoffBody:
    """From which device to which, and whether the people there are told aloud."""

    from_device_id: str
    to_device_id: str
    notify_user: bool = True

    def wish(self, session_id: SessionId) -> HandoverWish:
        """What is wanted."""
        return HandoverWish(
            session_id=session_id,
            from_device_id=ClientId(self.from_device_id),
            to_device_id=ClientId(self.to_device_id),
            notify_user=self.notify_user,
        )


@frozen(kw_only=True)
class HandoffView:
    """A session went on elsewhere; reply_moved says that an unfinished answer went with it."""

    success: bool
    session_id: str
    from_device_id: str
    to_device_id: str
    persona_id: str
    conversation_id: str
    reply_moved: bool
    handed_over_at: datetime

    @classmethod
    def of(cls, done: Handover, from_device_id: str) -> "HandoffView":
        """The view of a handover."""
        return cls(
            success=True,
            session_id=done.session.id,
            from_device_id=from_device_id,
            to_device_id=done.session.client_id,
            persona_id=done.session.persona_id,
            conversation_id=done.session.conversation_id,
            reply_moved=done.reply is not None,
            handed_over_at=done.session.attached_at,
        )


@operation(
    COMPANION,
    "companion.session.create",
    "POST",
    "/v1/sessions",
    status=HTTPStatus.CREATED,
    raises=(DeviceNotFound, PersonaNotFound),
    names_network=True,
)
async def create(call: Call[NewSessionBody, None]) -> SessionView:
    """Open a session at a device."""
    session = await call.use.create_session(call.principal, call.own_network, call.body.wanted())
    return SessionView.of(session, session.created_at)


@operation(COMPANION, "companion.session.get", "GET", "/v1/sessions/{session_id}", names_network=True)
async def get(call: Call[None, None]) -> SessionView:
    """Look a session up."""
    session = await call.use.get_session(call.principal, call.own_network, call.session_id)
    return SessionView.of(session, call.use.clock.now())


@operation(COMPANION, "companion.session.end", "DELETE", "/v1/sessions/{session_id}", names_network=True)
async def end(call: Call[None, None]) -> SessionView:
    """End a session; its conversation stays."""
    session = await call.use.end_session(call.principal, call.own_network, call.session_id)
    return SessionView.of(session, call.use.clock.now())


@operation(
    COMPANION,
    "companion.session.handoff",
    "POST",
    "/v1/sessions/{session_id}/handoff",
    raises=(DeviceNotFound, SessionNotFound, SessionExpired, DeviceOffline, Conflict),
    names_network=True,
)
async def hand_over(call: Call[HandoffBody, None]) -> HandoffView:
    """Hand a session to another device, with its context, its persona and what is being said."""
    wish = call.body.wish(call.session_id)
    done = await call.use.hand_over_session(call.principal, call.own_network, wish)
    return HandoffView.of(done, wish.from_device_id)


OPERATIONS = (create, get, end, hand_over)
