"""What several devices do together, over REST; an operator names the network."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen

from adapters.hub.calling import Calling
from adapters.hub.calls import part
from adapters.hub.reading import read


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


class CoordinationCalls(Calling):
    """The calls of the companion API about groups of devices."""

    async def broadcast(
        self,
        event_type: str,
        payload: Mapping[str, Any],
        *,
        devices: Sequence[str] = ("all",),
        group_id: str | None = None,
        room: str | None = None,
        network_id: str | None = None,
    ) -> Broadcast:
        """Tell something to several devices at once: to some, or to all of the network, a group or a room."""
        body = {
            "event_type": event_type,
            "target_devices": list(devices),
            "payload": dict(payload),
            "group_id": group_id,
            "room": room,
        }
        path = "/v1/coordination/broadcast"
        return read(await self._call.json("POST", path, body=body, network_id=network_id), Broadcast)

    async def broadcast_receipt(self, broadcast_id: str) -> Broadcast:
        """Who has acknowledged a broadcast by now."""
        path = f"/v1/coordination/broadcasts/{part(broadcast_id)}"
        return read(await self._call.json("GET", path), Broadcast)

    async def start_activity(
        self,
        activity_type: str,
        devices: Sequence[str],
        persona_id: str,
        *,
        config: Mapping[str, Any] | None = None,
        network_id: str | None = None,
    ) -> Activity:
        """Start trivia, a story or playback (trivia, story, sync_playback) on several devices."""
        body = {
            "activity_type": activity_type,
            "device_ids": list(devices),
            "persona_id": persona_id,
            "config": dict(config or {}),
        }
        path = "/v1/coordination/group-activity"
        return read(await self._call.json("POST", path, body=body, network_id=network_id), Activity)

    async def activity(self, activity_id: str) -> Activity:
        """Look an activity up."""
        path = f"/v1/coordination/activities/{part(activity_id)}"
        return read(await self._call.json("GET", path), Activity)

    async def stop_activity(self, activity_id: str, *, network_id: str | None = None) -> None:
        """Stop an activity."""
        path = f"/v1/coordination/activities/{part(activity_id)}/stop"
        await self._call.json("POST", path, network_id=network_id)
