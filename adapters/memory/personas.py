"""A persona library in memory."""

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from domain.errors import PersonaNotFound
from domain.ids import PersonaId
from domain.personas import Persona


def _by_id(personas: Iterable[Persona]) -> Mapping[PersonaId, Persona]:
    return {persona.id: persona for persona in personas}


@frozen
class MemoryPersonas:
    """The personas that it was given."""

    _personas: Mapping[PersonaId, Persona] = field(converter=_by_id)

    def get(self, persona_id: PersonaId) -> Persona:
        """Find a persona, or raise PersonaNotFound."""
        if persona_id not in self._personas:
            raise PersonaNotFound(persona_id)
        return self._personas[persona_id]

    def list(self) -> tuple[Persona, ...]:
        """All of them, by id."""
        return tuple(self._personas[persona_id] for persona_id in sorted(self._personas))
