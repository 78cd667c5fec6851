"""Personas: the library that is shipped, and those that owners made."""

from typing import Protocol

from domain.ids import NetworkId, PersonaId
from domain.personas import Persona


class PersonaLibrary(Protocol):
    """The personas that a hub knows."""

    def get(self, persona_id: PersonaId) -> Persona:
        """Find a persona, or raise PersonaNotFound."""
        ...

    def list(self) -> tuple[Persona, ...]:
        """All of them, by id."""
        ...


class MadePersonas(Protocol):
    """The personas that the owners of networks made, each with all its revisions."""

    async def add(self, persona: Persona) -> None:
        """Keep a revision of a persona, or raise NetworkNotFound, or Conflict when it is there already."""
        ...

    async def find(self, network_id: NetworkId, persona_id: PersonaId) -> Persona | None:
        """The latest revision of a network's persona, if it has one of this id."""
        ...

    async def list(self, network_id: NetworkId) -> tuple[Persona, ...]:
        """The latest revision of each persona of a network, by id."""
        ...

    async def revisions(self, network_id: NetworkId, persona_id: PersonaId) -> tuple[Persona, ...]:
        """All revisions of a network's persona, the latest first."""
        ...

    async def remove(self, network_id: NetworkId, persona_id: PersonaId) -> None:
        """Take a persona away with all its revisions, or raise PersonaNotFound."""
        ...
