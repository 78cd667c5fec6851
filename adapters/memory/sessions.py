"""Sessions in memory."""

from datetime import datetime

from attrs import frozen

from adapters.memory.shelves import Shelf
from adapters.memory.state import State
from domain.errors import ClientNotFound, SessionNotFound
from domain.ids import ClientId, NetworkId, SessionId
from domain.sessions import Session, SessionStatus


@frozen
class MemorySessions:
    """The sessions of each network."""

    _state: State
    _writable: bool

    async def add(self, session: Session) -> None:
        """Keep a new session of a client that is kept already."""
        shelf = self._shelf()
        shelf.require_writable()
        self._require_client(session)
        shelf.add((session.network_id, session.id), session)

    async def get(self, network_id: NetworkId, session_id: SessionId) -> Session:
        """Find a session of a network, or raise SessionNotFound."""
        return self._shelf().get((network_id, session_id))

    async def update(self, session: Session) -> None:
        """Replace a session, or raise SessionNotFound; the client that it moves to must be there."""
        shelf = self._shelf()
        shelf.require_writable()
        await self.get(session.network_id, session.id)
        self._require_client(session)
        shelf.update((session.network_id, session.id), session)

    async def live_of(self, network_id: NetworkId, client_id: ClientId, now: datetime) -> Session | None:
        """The session that came to a client last, of those that are active and not expired; None for none."""
        live = (
            session
            for session in self._shelf().within(network_id)
            if session.client_id == client_id and session.live_at(now)
        )
        return max(live, key=lambda session: (session.attached_at, session.id), default=None)

    async def hand_over(self, session: Session, from_client_id: ClientId) -> bool:
        """Put a session in the place of what is kept if that is active and a client's; say whether it was."""
        shelf = self._shelf()
        shelf.require_writable()
        kept = self._state.sessions.get((session.network_id, session.id))
        if kept is None or kept.client_id != from_client_id or kept.status is not SessionStatus.ACTIVE:
            return False
        await self.update(session)
        return True

    def _require_client(self, session: Session) -> None:
        if (session.network_id, session.client_id) not in self._state.clients:
            raise ClientNotFound(session.client_id)

    def _shelf(self) -> Shelf[Session]:
        return Shelf(
            rows=self._state.sessions, noun="session", missing=SessionNotFound, writable=self._writable
        )
