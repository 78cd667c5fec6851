"""Sessions in a database."""

from datetime import datetime
from typing import Final

from attrs import frozen
from sqlalchemy import select

from adapters.sql import tables
from adapters.sql.shelves import Shelf
from adapters.sql.statements import Statements
from domain.errors import ClientNotFound, SessionNotFound
from domain.ids import ClientId, NetworkId, SessionId
from domain.sessions import Session, SessionStatus

SESSIONS: Final = tables.sessions.c
SHELF: Final = Shelf(
    table=tables.sessions,
    kind=Session,
    noun="session",
    newest=("created_at", "id"),
    missing=SessionNotFound,
    orphaned=lambda session: ClientNotFound(session.client_id),
)


@frozen
class SqlSessions:
    """The sessions of each network."""

    _statements: Statements

    async def add(self, session: Session) -> None:
        """Keep a new session of a client that is kept already."""
        await SHELF.add(self._statements, session)

    async def get(self, network_id: NetworkId, session_id: SessionId) -> Session:
        """Find a session of a network, or raise SessionNotFound."""
        return await SHELF.get(self._statements, network_id, session_id)

    async def update(self, session: Session) -> None:
        """Replace a session, or raise SessionNotFound; the client that it moves to must be there."""
        await SHELF.update(self._statements, session)

    async def live_of(self, network_id: NetworkId, client_id: ClientId, now: datetime) -> Session | None:
        """The session that came to a client last, of those that are active and not expired; None for none."""
        statement = (
            select(tables.sessions)
            .where(
                SESSIONS.network_id == network_id,
                SESSIONS.client_id == client_id,
                SESSIONS.status == SessionStatus.ACTIVE,
                SESSIONS.expires_at > now,
            )
            .order_by(SESSIONS.attached_at.desc(), SESSIONS.id.desc())
            .limit(1)
        )
        rows = await self._statements.held(statement)
        return SHELF.read(rows[0]) if rows else None

    async def hand_over(self, session: Session, from_client_id: ClientId) -> bool:
        """Put a session in the place of what is kept if that is active and a client's; say whether it was."""
        held = (SESSIONS.client_id == from_client_id, SESSIONS.status == SessionStatus.ACTIVE)
        return await SHELF.replace_if(self._statements, session, *held)
