"""Sessions: which conversation a client is in, and with whom."""

from attrs import evolve, frozen

from application.personas.personas import KnownPersonas
from application.ports.personas import PersonaLibrary
from application.ports.storage import Transaction
from application.ports.world import Clock, IdSource
from domain.clients import Client
from domain.errors import PersonaNotFound, SessionExpired, SessionNotFound
from domain.ids import NetworkId, PersonaId, SessionId
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
            wanted = client.persona_id or DEFAULT_PERSONA
            present = await self.persona(tx, client.network_id, wanted)
            return Seat(session=await self.opened(tx, client, present), persona=present)
        persona = await self.persona(tx, client.network_id, session.persona_id)
        until = self.clock.now() + persona.behavior.idle_limit
        prolonged = evolve(session, persona_id=persona.id, expires_at=until)
        if persona.id != session.persona_id:
            fresh = await self._fresh_conversation(tx, client)
            prolonged = evolve(prolonged, conversation_id=fresh.id)
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

    async def persona(self, tx: Transaction, network_id: NetworkId, wanted: PersonaId) -> Persona:
        """The persona that is wanted; the default one where it was taken away.

        Whoever stands in is not told what was said to the other: its conversation is a new one.
        """
        try:
            return await KnownPersonas(self.personas).get(tx, network_id, wanted)
        except PersonaNotFound:
            return self.personas.get(DEFAULT_PERSONA)

    async def opened(self, tx: Transaction, client: Client, persona: Persona) -> Session:
        """A session that has just begun, with a conversation of its own."""
        now = self.clock.now()
        conversation = await self._fresh_conversation(tx, client)
        session = Session(
            id=self.ids.session(),
            network_id=client.network_id,
            client_id=client.id,
            persona_id=persona.id,
            conversation_id=conversation.id,
            created_at=now,
            attached_at=now,
            expires_at=now + persona.behavior.idle_limit,
        )
        await tx.sessions.add(session)
        return session

    async def _fresh_conversation(self, tx: Transaction, client: Client) -> Conversation:
        now = self.clock.now()
        conversation = Conversation(
            id=self.ids.conversation(),
            network_id=client.network_id,
            client_id=client.id,
            created_at=now,
            updated_at=now,
        )
        await tx.conversations.add(conversation)
        return conversation
