"""Personas, sessions, and what several devices do together; an operator names the network."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen

from adapters.hub.calling import Calling
from adapters.hub.calls import part
from adapters.hub.reading import read
from adapters.hub.sessions import Broadcast


@frozen(kw_only=True)
class PersonaSummary:
    """A persona in short."""

    id: str
    name: str
    description: str
    version: str
    tags: tuple[str, ...]
    adaptation_mode: str


@frozen(kw_only=True)
class Persona:
    """A persona; source tells whether it is shipped with the product, or made by its network."""

    id: str
    name: str
    description: str
    version: str
    voice_config: Mapping[str, Any]
    behavior_config: Mapping[str, Any]
    tags: tuple[str, ...]
    adaptation_mode: str
    source: str
    created_at: datetime
    updated_at: datetime


class CoordinationCalls(Calling):
    """The calls of the companion API about personas, sessions and groups of devices."""

    async def personas(self, *, network_id: str | None = None) -> tuple[PersonaSummary, ...]:
        """The personas that a network knows."""
        told = await self._call.json("GET", "/v1/personas", network_id=network_id)
        return read(told.get("personas"), tuple[PersonaSummary, ...])

    async def persona(self, persona_id: str, *, network_id: str | None = None) -> Persona:
        """Look a persona up."""
        path = f"/v1/personas/{part(persona_id)}"
        return read(await self._call.json("GET", path, network_id=network_id), Persona)

    async def switch_persona(
        self,
        device_id: str,
        persona_id: str,
        *,
        preserve_context: bool = True,
        transition_message: str | None = None,
        network_id: str | None = None,
    ) -> Mapping[str, Any]:
        """Let another persona answer at a device, in the same session or in a new one."""
        body = {
            "target_persona_id": persona_id,
            "preserve_context": preserve_context,
            "transition_message": transition_message,
        }
        path = f"/v1/devices/{part(device_id)}/persona/switch"
        told: Mapping[str, Any] = await self._call.json("POST", path, body=body, network_id=network_id)
        return told

    async def hand_over_session(
        self,
        session_id: str,
        from_device_id: str,
        to_device_id: str,
        *,
        notify_user: bool = True,
        network_id: str | None = None,
    ) -> Mapping[str, Any]:
        """Let a session go on at another device."""
        body = {"from_device_id": from_device_id, "to_device_id": to_device_id, "notify_user": notify_user}
        path = f"/v1/sessions/{part(session_id)}/handoff"
        told: Mapping[str, Any] = await self._call.json("POST", path, body=body, network_id=network_id)
        return told

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

    async def start_activity(
        self,
        activity_type: str,
        devices: Sequence[str],
        persona_id: str,
        *,
        config: Mapping[str, Any] | None = None,
        network_id: str | None = None,
    ) -> Mapping[str, Any]:
        """Start trivia, a story or playback (trivia, story, sync_playback) on several devices."""
        body = {
            "activity_type": activity_type,
            "device_ids": list(devices),
            "persona_id": persona_id,
            "config": dict(config or {}),
        }
        told: Mapping[str, Any] = await self._call.json(
            "POST", "/v1/coordination/group-activity", body=body, network_id=network_id
        )
        return told

    async def stop_activity(self, activity_id: str, *, network_id: str | None = None) -> None:
        """Stop an activity."""
        path = f"/v1/coordination/activities/{part(activity_id)}/stop"
        await self._call.json("POST", path, network_id=network_id)
