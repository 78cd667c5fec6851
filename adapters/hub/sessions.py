"""Sessions over REST, and how activities and broadcasts stand."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import field, frozen

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
class Activity:
    """What devices do together, as it stands."""

    activity_id: str
    activity_type: str
    status: str
    persona_id: str
    device_ids: tuple[str, ...]
    offline_device_ids: tuple[str, ...]
    config: Mapping[str, Any]
    state: Mapping[str, Any]
    started_at: datetime
    updated_at: datetime
    ended_at: datetime | None


@frozen(kw_only=True)
class Broadcast:
    """Who was sent a broadcast, who has acknowledged it by now, and who was not there."""

    broadcast_id: str
    event_type: str
    delivered: tuple[str, ...]
    acknowledged: tuple[str, ...]
    offline: tuple[str, ...]
    sent_at: datetime


@frozen(kw_only=True)
class PairingCode:
    """A code to type in at a device, and until when it is good."""

    code: str = field(repr=False)
    expires_at: datetime


class SessionCalls(Calling):
    """Sessions, and how activities and broadcasts of the token's own network stand."""

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

    async def activity(self, activity_id: str) -> Activity:
        """Look an activity up."""
        path = f"/v1/coordination/activities/{part(activity_id)}"
        return read(await self._call.json("GET", path), Activity)

    async def broadcast_receipt(self, broadcast_id: str) -> Broadcast:
        """Who has acknowledged a broadcast by now."""
        path = f"/v1/coordination/broadcasts/{part(broadcast_id)}"
        return read(await self._call.json("GET", path), Broadcast)

    async def pairing_code(
        self,
        *,
        name: str | None = None,
        location: str | None = None,
        group_id: str | None = None,
        network_id: str | None = None,
    ) -> PairingCode:
        """Make a code by which one device can come into the network; an operator names the network.

        What the device is called, and where it stands, goes before what the device says of itself.
        """
        body = {"name": name, "location": location, "group_id": group_id}
        path = "/v1/devices/pairing-codes"
        return read(await self._call.json("POST", path, body=body, network_id=network_id), PairingCode)
