"""Sessions over REST, and how they go from device to device."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import frozen

from adapters.hub.calling import Calling
from adapters.hub.calls import part
from adapters.hub.reading import read


@frozen(kw_only=True)
class Session:
    """A session: where it is, with whom, and until when it may be idle."""

    session_id: str
    device_id: str
    persona_id: str
    conversation_id: str
    user_id: str | None
    status: str
    metadata: Mapping[str, Any]
    created_at: datetime
    expires_at: datetime


@frozen(kw_only=True)
class Handover:
    """A session that went on elsewhere; reply_moved says that an unfinished answer went with it."""

    session_id: str
    from_device_id: str
    to_device_id: str
    persona_id: str
    conversation_id: str
    reply_moved: bool
    handed_over_at: datetime


class SessionCalls(Calling):
    """The calls about sessions; they are those of the token's own network, if an operator names no other."""

    async def create_session(
        self,
        device_id: str,
        persona_id: str,
        *,
        user_id: str | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> Session:
        """Open a session at a device."""
        body = {
            "device_id": device_id,
            "persona_id": persona_id,
            "user_id": user_id,
            "metadata": metadata,
        }
        return read(await self._call.json("POST", "/v1/sessions", body=body), Session)

    async def session(self, session_id: str) -> Session:
        """Look a session up."""
        return read(await self._call.json("GET", f"/v1/sessions/{part(session_id)}"), Session)

    async def end_session(self, session_id: str) -> Session:
        """End a session."""
        return read(await self._call.json("DELETE", f"/v1/sessions/{part(session_id)}"), Session)

    async def hand_over_session(
        self,
        session_id: str,
        from_device_id: str,
        to_device_id: str,
        *,
        notify_user: bool = True,
        network_id: str | None = None,
    ) -> Handover:
        """Let a session go on at another device."""
        body = {"from_device_id": from_device_id, "to_device_id": to_device_id, "notify_user": notify_user}
        path = f"/v1/sessions/{part(session_id)}/handoff"
        return read(await self._call.json("POST", path, body=body, network_id=network_id), Handover)
