"""Sessions: which conversation a client is in, and with whom."""

from attrs import evolve, frozen

from application.ports.personas import PersonaLibrary
from application.ports.storage import Transaction
from application.ports.world import Clock, IdSource
from domain.clients import Client
from domain.errors import PersonaNotFound, SessionExpired, SessionNotFound
from domain.ids import PersonaId, SessionId
from domain.interactions import Conversation
from domain.personas import DEFAULT_PERSONA, Persona
from domain.sessions import Session


@frozen(kw_only=True)
class Seat:
    """Where a turn takes place: the session that it is part of, and the persona that answers."""

    session: Session
    persona: Persona


@frozen
class TakeSeat:
    """Find the session of a turn and keep it alive, or open one."""

    personas: PersonaLibrary
    ids: IdSource
    clock: Clock

    async def __call__(self, tx: Transaction, client: Client, session_id: SessionId | None) -> Seat:
        session = await self._found(tx, client, session_id)
        if session is None:
            return await self._opened(tx, client)
        persona = self._persona(session.persona_id)
        until = self.clock.now() + persona.behavior.idle_limit
        prolonged = evolve(session, persona_id=persona.id, expires_at=until)
        await tx.sessions.update(prolonged)
        return Seat(session=prolonged, persona=persona)

    async def _found(self, tx: Transaction, client: Client, session_id: SessionId | None) -> Session | None:
        now = self.clock.now()
        if session_id is None:
            return await tx.sessions.live_of(client.network_id, client.id, now)
        session = await tx.sessions.get(client.network_id, session_id)
        if session.client_id != client.id:
            raise SessionNotFound(session_id)
        if not session.live_at(now):
            raise SessionExpired(session_id)
        return session

    def _persona(self, wanted: PersonaId) -> Persona:
        """The persona that is wanted; the default one where it was taken out of the library."""
        try:
            return self.personas.get(wanted)
        except PersonaNotFound:
            return self.personas.get(DEFAULT_PERSONA)

    async def _opened(self, tx: Transaction, client: Client) -> Seat:
        now = self.clock.now()
        persona = self._persona(client.persona_id or DEFAULT_PERSONA)
        conversation = Conversation(
            id=self.ids.conversation(),
            network_id=client.network_id,
            client_id=client.id,
            created_at=now,
            updated_at=now,
        )
        await tx.conversations.add(conversation)
        session = Session(
            id=self.ids.session(),
            network_id=client.network_id,
            client_id=client.id,
            persona_id=persona.id,
            conversation_id=conversation.id,
            created_at=now,
            expires_at=now + persona.behavior.idle_limit,
        )
        await tx.sessions.add(session)
        return Seat(session=session, persona=persona)
