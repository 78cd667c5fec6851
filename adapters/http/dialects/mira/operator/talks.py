"""The sessions and activities of a network, as operators see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen

from adapters.http.dialects.mira.dialect import MIRA
from adapters.http.dialects.mira.paging import PageQuery
from adapters.http.routing import Call, operation
from domain.activities.activity import Activity
from domain.sessions import Session


@frozen(kw_only=True)
class SessionSeenView:
    """A session: with which device and persona, and until when it lasts unused."""

    session_id: str
    device_id: str
    persona_id: str
    conversation_id: str
    user_id: str | None
    status: str
    created_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, session: Session) -> "SessionSeenView":
        """The view of a session."""
        return cls(
            session_id=session.id,
            device_id=session.client_id,
            persona_id=session.persona_id,
            conversation_id=session.conversation_id,
            user_id=session.user_id,
            status=session.status.value,
            created_at=session.created_at,
            expires_at=session.expires_at,
        )


@frozen(kw_only=True)
class SessionsSeenView:
    """A part of the sessions of a network."""

    sessions: Sequence[SessionSeenView]
    total: int
    limit: int
    offset: int


@frozen(kw_only=True)
class ActivitySeenView:
    """Something that devices do together, and how it stands."""

    activity_id: str
    activity_type: str
    persona_id: str
    status: str
    devices: Sequence[str]
    offline_devices: Sequence[str]
    config: Mapping[str, Any]
    started_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, activity: Activity) -> "ActivitySeenView":
        """The view of an activity."""
        return cls(
            activity_id=activity.id,
            activity_type=activity.type.value,
            persona_id=activity.persona_id,
            status=activity.status.value,
            devices=activity.client_ids,
            offline_devices=activity.offline_client_ids,
            config=activity.config,
            started_at=activity.started_at,
            ended_at=activity.ended_at,
        )


@frozen(kw_only=True)
class ActivitiesSeenView:
    """A part of the activities of a network."""

    activities: Sequence[ActivitySeenView]
    total: int
    limit: int
    offset: int


@operation(MIRA, "operator.session.list", "GET", "/internal/operator/networks/{network_id}/sessions")
async def sessions(call: Call[None, PageQuery]) -> SessionsSeenView:
    """List the sessions of a network, newest first."""
    found = await call.use.list_sessions(call.network_id, call.query.page)
    return SessionsSeenView(
        sessions=[SessionSeenView.of(session) for session in found.items],
        total=found.total,
        limit=found.page.limit,
        offset=found.page.offset,
    )


@operation(MIRA, "operator.activity.list", "GET", "/internal/operator/networks/{network_id}/activities")
async def activities(call: Call[None, PageQuery]) -> ActivitiesSeenView:
    """List the activities of a network, newest first."""
    found = await call.use.list_activities(call.network_id, call.query.page)
    return ActivitiesSeenView(
        activities=[ActivitySeenView.of(activity) for activity in found.items],
        total=found.total,
        limit=found.page.limit,
        offset=found.page.offset,
    )


OPERATIONS = (sessions, activities)
