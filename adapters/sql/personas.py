"""Personas that owners made, in a database."""

from typing import Final

from attrs import frozen
from sqlalchemy import delete, func, select

from adapters.sql import tables
from adapters.sql.shelves import Shelf
from adapters.sql.statements import Statements
from domain.errors import NetworkNotFound, PersonaNotFound
from domain.ids import NetworkId, PersonaId
from domain.personas import Persona

REVISIONS: Final = tables.personas.c
SHELF: Final = Shelf(
    table=tables.personas,
    kind=Persona,
    noun="persona",
    newest=("created_at", "id"),
    missing=PersonaNotFound,
    orphaned=lambda persona: NetworkNotFound(persona.network_id or ""),
)


@frozen
class SqlPersonas:
    """The personas of each network, a row for each revision."""

    _statements: Statements

    async def add(self, persona: Persona) -> None:
        """Keep a revision of a persona, or raise NetworkNotFound, or Conflict when it is there already."""
        await SHELF.add(self._statements, persona)

    async def find(self, network_id: NetworkId, persona_id: PersonaId) -> Persona | None:
        """The latest revision of a network's persona, if it has one of this id."""
        statement = (
            select(tables.personas)
            .where(REVISIONS.network_id == network_id, REVISIONS.id == persona_id)
            .order_by(REVISIONS.revision.desc())
            .limit(1)
        )
        rows = await self._statements.rows(statement)
        return SHELF.read(rows[0]) if rows else None

    async def list(self, network_id: NetworkId) -> tuple[Persona, ...]:
        """The latest revision of each persona of a network, by id."""
        latest = (
            select(REVISIONS.id, func.max(REVISIONS.revision).label("revision"))
            .where(REVISIONS.network_id == network_id)
            .group_by(REVISIONS.id)
            .subquery()
        )
        statement = (
            select(tables.personas)
            .join(latest, (REVISIONS.id == latest.c.id) & (REVISIONS.revision == latest.c.revision))
            .where(REVISIONS.network_id == network_id)
            .order_by(REVISIONS.id)
        )
        return tuple(map(SHELF.read, await self._statements.rows(statement)))

    async def revisions(self, network_id: NetworkId, persona_id: PersonaId) -> tuple[Persona, ...]:
        """All revisions of a network's persona, the latest first."""
        statement = (
            select(tables.personas)
            .where(REVISIONS.network_id == network_id, REVISIONS.id == persona_id)
            .order_by(REVISIONS.revision.desc())
        )
        return tuple(map(SHELF.read, await self._statements.rows(statement)))

    async def remove(self, network_id: NetworkId, persona_id: PersonaId) -> None:
        """Take a persona away with all its revisions, or raise PersonaNotFound."""
        statement = delete(tables.personas).where(
            REVISIONS.network_id == network_id, REVISIONS.id == persona_id
        )
        if not await self._statements.changed(statement):
            raise PersonaNotFound(persona_id)
