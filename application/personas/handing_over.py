"""Sessions, as devices hold them: opened, looked up, ended, and handed from one to another."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from attrs import evolve, field, frozen

from application.devices.commanding import CommandDesk
from application.networks.access import Principal, within
from application.personas.personas import KnownPersonas
from application.personas.sessions import TakeSeat
from application.personas.switching import connected_device, device_of
from application.ports.announcing import Announcer
from application.ports.personas import PersonaLibrary
from application.ports.storage import Transaction, Transactions
from application.ports.world import Clock
from application.speech.mouths import mouth_at
from application.speech.saying import AnswerSounds
from domain.clients import Client
from domain.commands import SPOKEN, URGENT, Perform, Say
from domain.errors import (
    Conflict,
    DeviceNotFound,
    InvalidValue,
    PersonaNotFound,
    SessionExpired,
    SessionNotFound,
)
from domain.events import (
    AnswerInterrupted,
    AnswerSpokenElsewhere,
    Attention,
    AttentionChanged,
    InteractionAnswered,
    LiveNews,
    SessionHandedOver,
)
from domain.ids import ClientId, NetworkId, PersonaId, SessionId
from domain.networks import Network
from domain.personas import DEFAULT_PERSONA, Persona
from domain.sessions import RunningReply, Session

HANDED_OVER: Final = "session_handed_over"
SHORTLY: Final = timedelta(minutes=1)


@frozen(kw_only=True)
class NewSession:
    """A session that is wanted: at which device, with whom, for which user, and what else is known of it."""

    device_id: ClientId
    persona_id: PersonaId
    user_id: str | None = None
    metadata: Mapping[str, object] = field(factory=dict)


@frozen
class CreateSession:
    """Open a session at a device; it is the device's live one from now on, and the one before it ends."""

    transactions: Transactions
    personas: PersonaLibrary
    take_seat: TakeSeat
    clock: Clock

    async def __call__(self, principal: Principal, network_id: NetworkId, wanted: NewSession) -> Session:
        within(principal, network_id)
        _own(principal, wanted.device_id)
        async with self.transactions.begin() as tx:
            await tx.networks.get(network_id)
            client = await device_of(tx, network_id, wanted.device_id)
            persona = await KnownPersonas(self.personas).get(tx, network_id, wanted.persona_id)
            live = await tx.sessions.live_of(network_id, client.id, self.clock.now())
            if live is not None:
                await tx.sessions.update(live.ended_at(self.clock.now()))
            opened = await self.take_seat.opened(tx, client, persona)
            session = evolve(opened, user_id=wanted.user_id, metadata=dict(wanted.metadata))
            await tx.sessions.update(session)
        return session


@frozen
class GetSession:
    """Look a session up, whether it goes on or is over."""

    transactions: Transactions

    async def __call__(self, principal: Principal, network_id: NetworkId, session_id: SessionId) -> Session:
        within(principal, network_id)
        async with self.transactions.snapshot() as tx:
            session = await tx.sessions.get(network_id, session_id)
        if principal.client_id not in {None, session.client_id}:
            raise SessionNotFound(session_id)
        return session


@frozen
class EndSession:
    """End a session; its conversation stays, and ending it again changes nothing."""

    transactions: Transactions
    clock: Clock

    async def __call__(self, principal: Principal, network_id: NetworkId, session_id: SessionId) -> Session:
        within(principal, network_id)
        async with self.transactions.begin() as tx:
            session = await tx.sessions.get(network_id, session_id)
            if principal.client_id not in {None, session.client_id}:
                raise SessionNotFound(session_id)
            ended = session.ended_at(self.clock.now())
            await tx.sessions.update(ended)
        return ended


@frozen(kw_only=True)
class HandoverWish:
    """Which session is to go from which device to which, and whether the people there are told aloud."""

    session_id: SessionId
    from_device_id: ClientId
    to_device_id: ClientId
    notify_user: bool = True


@frozen(kw_only=True)
class Handover:
    """A session that went on elsewhere, and the reply that went with it, if one was being said."""

    session: Session
    reply: RunningReply | None


@frozen
class MoveSession:
    """Let a session go on at another device: its context, its persona, and what is being said."""

    transactions: Transactions
    personas: PersonaLibrary
    desk: CommandDesk
    sounds: AnswerSounds
    announcer: Announcer
    clock: Clock

    async def __call__(self, network_id: NetworkId, wish: HandoverWish) -> Handover:
        """Hand it over, or raise why not; then nothing has changed.

        Raises:
            DeviceNotFound, SessionNotFound, SessionExpired: there is no such thing, or not any more.
            DeviceOffline: the device that it is to go to is not connected.
            Conflict: the session is at another device than was said; somebody else may have moved it.
        """
        if wish.from_device_id == wish.to_device_id:
            raise InvalidValue("to_device_id", "must be another device than from_device_id")
        async with self.transactions.snapshot() as tx:
            target, persona = await self._checked(tx, network_id, wish)
            network = await tx.networks.get(network_id)
        words = f"I'm here now{f', in the {target.room}' if target.room else ''}."
        speech = await self.sounds.say_at(target, words, persona.voice) if wish.notify_user else None
        mouth_id: ClientId | None = None
        async with self.transactions.begin() as tx:
            await self._checked(tx, network_id, wish)
            session = await tx.sessions.get(network_id, wish.session_id)
            mouth_id = session.reply.spoken_by if session.reply else None
            moved = session.moved_to(wish.to_device_id, self.clock.now())
            moved = await self._given_a_mouth(tx, moved, network, target)
            if not await tx.sessions.hand_over(moved, wish.from_device_id):
                raise _elsewhere(wish)
            await self._tell(tx, wish, moved)
            if wish.notify_user:
                said = Say(text=words, speech=speech)
                await self.desk.issue(tx, network_id, wish.to_device_id, said, priority=SPOKEN, lasts=SHORTLY)
            if moved.reply is not None:
                await self._go_on(tx, moved, moved.reply)
        self._attend(network_id, wish.from_device_id, Attention.IDLE)
        if mouth_id is not None and moved.reply is not None:
            self._silence(network_id, mouth_id, moved.reply)
        return Handover(session=moved, reply=moved.reply)

    async def _checked(
        self, tx: Transaction, network_id: NetworkId, wish: HandoverWish
    ) -> tuple[Client, Persona]:
        """The device that a session goes to, and its persona; both devices are held in one order."""
        for device_id in sorted({wish.from_device_id, wish.to_device_id}):
            await device_of(tx, network_id, device_id)
        session = await tx.sessions.get(network_id, wish.session_id)
        if not session.live_at(self.clock.now()):
            raise SessionExpired(wish.session_id)
        if session.client_id != wish.from_device_id:
            raise _elsewhere(wish)
        target = await connected_device(tx, network_id, wish.to_device_id)
        try:
            persona = await KnownPersonas(self.personas).get(tx, network_id, session.persona_id)
        except PersonaNotFound:
            persona = self.personas.get(DEFAULT_PERSONA)
        return target, persona

    async def _tell(self, tx: Transaction, wish: HandoverWish, session: Session) -> None:
        """Tell both devices, and everybody who watches; the first one is to fall silent at once."""
        network_id = session.network_id
        for device_id, role in ((wish.from_device_id, "released"), (wish.to_device_id, "taken")):
            payload = {
                "role": role,
                "silence": role == "released",
                "session_id": session.id,
                "persona_id": session.persona_id,
                "conversation_id": session.conversation_id,
                "from_device_id": wish.from_device_id,
                "to_device_id": wish.to_device_id,
            }
            order = Perform(event=HANDED_OVER, payload=payload)
            await self.desk.issue(tx, network_id, device_id, order, priority=URGENT, lasts=SHORTLY)
        moved = SessionHandedOver(
            session_id=session.id,
            from_client_id=wish.from_device_id,
            to_client_id=wish.to_device_id,
            at=self.clock.now(),
        )
        await tx.outbox.append(network_id, moved)

    async def _given_a_mouth(
        self, tx: Transaction, moved: Session, network: Network, target: Client
    ) -> Session:
        """The session with who is to say the rest of its reply, where another one than its device does."""
        if moved.reply is None:
            return moved
        mouth = None if moved.reply.speech is None else await mouth_at(tx, network, target)
        elsewhere = None if mouth is None or mouth.id == target.id else mouth.id
        return evolve(moved, reply=evolve(moved.reply, spoken_by=elsewhere))

    async def _go_on(self, tx: Transaction, session: Session, reply: RunningReply) -> None:
        """Let the new device, or the mouth of its room, say what the first one had not finished."""
        now, mouth_id = self.clock.now(), reply.spoken_by or session.client_id
        answered = InteractionAnswered(
            interaction_id=reply.interaction_id,
            client_id=mouth_id,
            text=reply.text,
            speech=reply.speech,
            at=now,
        )
        await tx.outbox.append(session.network_id, answered, recipient=mouth_id)
        if mouth_id != session.client_id:
            elsewhere = AnswerSpokenElsewhere(
                interaction_id=reply.interaction_id,
                client_id=session.client_id,
                spoken_by=mouth_id,
                text=reply.text,
                at=now,
            )
            await tx.outbox.append(session.network_id, elsewhere, recipient=session.client_id)

    def _silence(self, network_id: NetworkId, mouth_id: ClientId, reply: RunningReply) -> None:
        """Let the client that spoke for the first device fall silent."""
        stopped = AnswerInterrupted(
            interaction_id=reply.interaction_id, client_id=mouth_id, at=self.clock.now()
        )
        self.announcer.tell(LiveNews(network_id=network_id, event=stopped, recipient=mouth_id))

    def _attend(self, network_id: NetworkId, device_id: ClientId, attention: Attention) -> None:
        news = AttentionChanged(client_id=device_id, attention=attention, at=self.clock.now())
        self.announcer.tell(LiveNews(network_id=network_id, event=news, recipient=device_id))


@frozen
class HandOverSession:
    """Hand a session from one device to another for somebody who may; a device only gives its own away."""

    move: MoveSession

    async def __call__(self, principal: Principal, network_id: NetworkId, wish: HandoverWish) -> Handover:
        within(principal, network_id)
        _own(principal, wish.from_device_id)
        return await self.move(network_id, wish)


def _own(principal: Principal, device_id: ClientId) -> None:
    if principal.client_id not in {None, device_id}:
        raise DeviceNotFound(device_id)


def _elsewhere(wish: HandoverWish) -> Conflict:
    return Conflict(
        "The session is not at this device, or not any more.",
        session_id=wish.session_id,
        from_device_id=wish.from_device_id,
    )
