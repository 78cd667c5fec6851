"""Personas that owners made, in memory."""

from attrs import frozen

from adapters.memory.shelves import Shelf
from adapters.memory.state import State
from domain.errors import Conflict, NetworkNotFound, PersonaNotFound
from domain.ids import NetworkId, PersonaId
from domain.personas import Persona
from domain.plain import require_plain


@frozen
class MemoryMadePersonas:
    """The personas of each network, each a row of its revisions, the latest last."""

    _state: State
    _writable: bool

    async def add(self, persona: Persona) -> None:
        """Keep a revision of a persona, or raise NetworkNotFound, or Conflict when it is there already."""
        self._shelf().require_writable()
        require_plain("persona", persona)
        network_id = persona.network_id or NetworkId("")
        if (network_id,) not in self._state.networks:
            raise NetworkNotFound(network_id)
        known = self._state.personas.get((network_id, persona.id), ())
        if any(revision.revision == persona.revision for revision in known):
            raise Conflict("There is already a persona with this id.", id=persona.id)
        revisions = sorted((*known, persona), key=lambda revision: revision.revision)
        self._state.personas[network_id, persona.id] = tuple(revisions)

    async def find(self, network_id: NetworkId, persona_id: PersonaId) -> Persona | None:
        """The latest revision of a network's persona, if it has one of this id."""
        known = self._state.personas.get((network_id, persona_id))
        return known[-1] if known else None

    async def list(self, network_id: NetworkId) -> tuple[Persona, ...]:
        """The latest revision of each persona of a network, by id."""
        latest = (revisions[-1] for revisions in self._shelf().within(network_id))
        return tuple(sorted(latest, key=lambda persona: persona.id))

    async def revisions(self, network_id: NetworkId, persona_id: PersonaId) -> tuple[Persona, ...]:
        """All revisions of a network's persona, the latest first."""
        return self._state.personas.get((network_id, persona_id), ())[::-1]

    async def remove(self, network_id: NetworkId, persona_id: PersonaId) -> None:
        """Take a persona away with all its revisions, or raise PersonaNotFound."""
        self._shelf().remove((network_id, persona_id))

    def _shelf(self) -> Shelf[tuple[Persona, ...]]:
        return Shelf(
            rows=self._state.personas, noun="persona", missing=PersonaNotFound, writable=self._writable
        )
