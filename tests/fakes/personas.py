"""A small persona library."""

from datetime import timedelta

from attrs import frozen

from domain.errors import PersonaNotFound
from domain.ids import PersonaId
from domain.personas import DEFAULT_PERSONA, Behavior, Persona
from tests.samples import NOON


def persona(persona_id: str, idle: timedelta = timedelta(minutes=30)) -> Persona:
    """A persona that waits so long."""
    return Persona(
        id=PersonaId(persona_id),
        name=persona_id.title(),
        description="Somebody to talk to.",
        version="1",
        behavior=Behavior(idle_minutes=idle // timedelta(minutes=1)),
        created_at=NOON,
        updated_at=NOON,
    )


@frozen
class FewPersonas:
    """The default persona, and a nurse who waits for two hours."""

    _known: tuple[Persona, ...] = (persona(DEFAULT_PERSONA), persona("nurse", timedelta(hours=2)))

    def get(self, persona_id: PersonaId) -> Persona:
        for known in self._known:
            if known.id == persona_id:
                return known
        raise PersonaNotFound(persona_id)

    def list(self) -> tuple[Persona, ...]:
        return self._known
