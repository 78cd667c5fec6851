"""Personas over REST, and which of them answers at a device; an operator names the network."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import frozen

from adapters.hub.calling import Calling
from adapters.hub.calls import part
from adapters.hub.reading import read


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


@frozen(kw_only=True)
class PersonaSwitch:
    """What became of a switch: the persona answers from now on, success says that the device confirmed it."""

    success: bool
    acknowledged: bool
    previous_persona_id: str | None
    new_persona_id: str
    switch_latency_ms: int
    session_id: str


class PersonaCalls(Calling):
    """The calls of the companion API about personas."""

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
    ) -> PersonaSwitch:
        """Let another persona answer at a device, in the same session or in a new one."""
        body = {
            "target_persona_id": persona_id,
            "preserve_context": preserve_context,
            "transition_message": transition_message,
        }
        path = f"/v1/devices/{part(device_id)}/persona/switch"
        return read(await self._call.json("POST", path, body=body, network_id=network_id), PersonaSwitch)
