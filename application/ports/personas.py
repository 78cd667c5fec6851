"""The persona library."""

from typing import Protocol

from domain.ids import PersonaId
from domain.personas import Persona


class PersonaLibrary(Protocol):
    """The personas that a hub knows."""

    def get(self, persona_id: PersonaId) -> Persona:
        """Find a persona, or raise PersonaNotFound."""
        ...

    def list(self) -> tuple[Persona, ...]:
        """All of them, by id."""
        ...
