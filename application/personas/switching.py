"""Another persona answers at a device: told to it at once, and how long that took."""

from datetime import timedelta
from typing import Final

from attrs import evolve, frozen

from application.devices.commanding import AwaitAcknowledgement, CommandDesk
from application.networks.access import Principal, within
from application.personas.personas import KnownPersonas
from application.personas.sessions import TakeSeat
from application.ports.personas import PersonaLibrary
from application.ports.storage import Transaction, Transactions
from application.ports.world import Clock
from application.speech.saying import AnswerSounds
from domain.clients import Client
from domain.commands import SPOKEN, Command, Say, SwitchPersona
from domain.errors import ClientNotFound, DeviceNotFound, DeviceOffline, InvalidValue
from domain.events import PersonaSwitched
from domain.ids import ClientId, NetworkId, PersonaId
from domain.personas import DEFAULT_PERSONA, Persona
from domain.sessions import Session

ACKNOWLEDGED_WITHIN: Final = timedelta(seconds=5)
LONGEST_MESSAGE: Final = 500
SHORTLY: Final = timedelta(seconds=20)
"""What is said aloud is of no use later than this."""


@frozen(kw_only=True)
class Switch:
    """A persona was switched: from which to which, in which session, and the command that tells of it."""

    previous_persona_id: PersonaId | None
    persona: Persona
    session: Session
    command: Command


@frozen(kw_only=True)
class SwitchOutcome:
    """What became of a switch: whether its device has acknowledged it, and after how many milliseconds.

    Without an acknowledgement these are the milliseconds that were waited for one.
    """

    switch: Switch
    acknowledged: bool
    carried_out: bool
    latency_ms: int


@frozen
class ChangePersonaAt:
    """Let another persona answer at a connected device, and tell the device."""

    transactions: Transactions
    personas: PersonaLibrary
    take_seat: TakeSeat
    desk: CommandDesk
    sounds: AnswerSounds
    clock: Clock

    async def __call__(
        self,
        network_id: NetworkId,
        device_id: ClientId,
        persona_id: PersonaId,
        *,
        preserve_context: bool = True,
        transition_message: str | None = None,
    ) -> Switch:
        """Raises DeviceNotFound, PersonaNotFound, or DeviceOffline; then nothing has changed."""
        message = (transition_message or "").strip()
        if len(message) > LONGEST_MESSAGE:
            raise InvalidValue("transition_message", f"must be at most {LONGEST_MESSAGE} characters")
        async with self.transactions.snapshot() as tx:
            client = await connected_device(tx, network_id, device_id)
            persona = await KnownPersonas(self.personas).get(tx, network_id, persona_id)
        speech = await self.sounds.say_at(client, message, persona.voice) if message else None
        async with self.transactions.begin() as tx:
            client = await connected_device(tx, network_id, device_id)
            await tx.clients.update(evolve(client, persona_id=persona.id))
            before, session = await self._session(tx, client, persona, preserve_context=preserve_context)
            order = SwitchPersona(
                persona_id=persona.id, previous_persona_id=before, name=persona.name, session_id=session.id
            )
            command = await self.desk.issue(tx, network_id, device_id, order)
            if message:
                said = Say(text=message, speech=speech)
                await self.desk.issue(tx, network_id, device_id, said, priority=SPOKEN, lasts=SHORTLY)
            now = self.clock.now()
            switched = PersonaSwitched(
                client_id=device_id,
                session_id=session.id,
                previous_persona_id=before,
                persona_id=persona.id,
                at=now,
            )
            await tx.outbox.append(network_id, switched)
        return Switch(previous_persona_id=before, persona=persona, session=session, command=command)

    async def _session(
        self, tx: Transaction, client: Client, persona: Persona, *, preserve_context: bool
    ) -> tuple[PersonaId | None, Session]:
        """The persona before, and the session with the new one: the same with its context, or a new one."""
        now = self.clock.now()
        live = await tx.sessions.live_of(client.network_id, client.id, now)
        before = client.persona_id if live is None else live.persona_id
        if live is None or not preserve_context:
            if live is not None:
                await tx.sessions.update(live.ended_at(now))
            return before, await self.take_seat.opened(tx, client, persona)
        session = evolve(live, persona_id=persona.id, expires_at=now + persona.behavior.idle_limit)
        await tx.sessions.update(session)
        return before, session


@frozen
class SwitchPersonaAt:
    """Let another persona answer at a device, and wait a moment for the device to acknowledge it."""

    change: ChangePersonaAt
    await_acknowledgement: AwaitAcknowledgement
    clock: Clock

    async def __call__(
        self,
        principal: Principal,
        network_id: NetworkId,
        device_id: ClientId,
        persona_id: PersonaId,
        *,
        preserve_context: bool = True,
        transition_message: str | None = None,
    ) -> SwitchOutcome:
        within(principal, network_id)
        if principal.client_id not in {None, device_id}:
            raise DeviceNotFound(device_id)
        switch = await self.change(
            network_id,
            device_id,
            persona_id,
            preserve_context=preserve_context,
            transition_message=transition_message,
        )
        command = await self.await_acknowledgement(switch.command, ACKNOWLEDGED_WITHIN)
        took = (command.acknowledged_at or self.clock.now()) - command.issued_at
        return SwitchOutcome(
            switch=switch,
            acknowledged=command.acknowledged_at is not None,
            carried_out=command.carried_out,
            latency_ms=max(round(took.total_seconds() * 1000), 0),
        )


@frozen
class NextPersonaAt:
    """Let the next persona of the library answer at a device, or the usual one again."""

    change: ChangePersonaAt
    transactions: Transactions
    personas: PersonaLibrary
    clock: Clock

    async def __call__(self, network_id: NetworkId, device_id: ClientId, *, usual: bool = False) -> Switch:
        async with self.transactions.snapshot() as tx:
            client = await connected_device(tx, network_id, device_id)
            session = await tx.sessions.live_of(network_id, device_id, self.clock.now())
            known = [one.id for one in await KnownPersonas(self.personas).list(tx, network_id)]
        present = session.persona_id if session else client.persona_id or DEFAULT_PERSONA
        place = known.index(present) + 1 if present in known else 0
        wanted = DEFAULT_PERSONA if usual else known[place % len(known)]
        return await self.change(network_id, device_id, wanted)


async def device_of(tx: Transaction, network_id: NetworkId, device_id: ClientId) -> Client:
    """A device of a network, or raise DeviceNotFound."""
    try:
        return await tx.clients.get(network_id, device_id)
    except ClientNotFound as error:
        raise DeviceNotFound(device_id) from error


async def connected_device(tx: Transaction, network_id: NetworkId, device_id: ClientId) -> Client:
    """A device of a network that is connected, or raise DeviceNotFound or DeviceOffline."""
    client = await device_of(tx, network_id, device_id)
    if not client.connected:
        raise DeviceOffline(device_id)
    return client
