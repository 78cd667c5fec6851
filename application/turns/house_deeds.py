"""What is done in a house at somebody's word: announced, gone on elsewhere, switched, begun together."""

from datetime import timedelta
from typing import Final

from attrs import frozen

from application.coordination.activities import NewActivity, StartActivity, StopActivity
from application.coordination.broadcasting import devices_of, in_room
from application.devices.commanding import CommandDesk
from application.networks.access import Principal
from application.personas.handing_over import HandoverWish, MoveSession
from application.personas.personas import KnownPersonas
from application.personas.switching import ChangePersonaAt
from application.ports.dialogue import ActivityWish
from application.ports.personas import PersonaLibrary
from application.ports.storage import Transaction, Transactions
from application.ports.tokens import TokenKind
from application.speech.saying import AnswerSounds
from domain.activities.activity import Activity, ActivityType
from domain.clients import Client
from domain.commands import SPOKEN, Say
from domain.errors import Conflict, DeviceNotFound, DeviceOffline, PersonaNotFound
from domain.ids import ClientId, PersonaId
from domain.interactions import Interaction
from domain.mouths import same_room
from domain.personas import DEFAULT_PERSONA, Persona

LONGEST_ANNOUNCEMENT: Final = 500
LASTS: Final = timedelta(minutes=1)
"""An announcement is of no use later than this."""


@frozen
class HouseDeeds:
    """Does things of the house for somebody who talks to it at one of its clients, and says what was done."""

    transactions: Transactions
    personas: PersonaLibrary
    move_session: MoveSession
    change_persona: ChangePersonaAt
    start_activity: StartActivity
    stop_activity: StopActivity
    sounds: AnswerSounds
    desk: CommandDesk

    async def announce(self, interaction: Interaction, text: str, room: str | None) -> str:
        """Let the other devices of a room, or of the whole house, say a text in the persona's voice."""
        async with self.transactions.snapshot() as tx:
            devices = await devices_of(tx, interaction.network_id)
            persona = await self._persona(tx, interaction)
        there = [
            one
            for one in devices
            if one.id != interaction.client_id and one.connected and one.takes_commands and in_room(one, room)
        ]
        if not there:
            raise DeviceOffline(interaction.client_id)
        words = text.strip()[:LONGEST_ANNOUNCEMENT]
        speech = await self.sounds.keep(interaction.network_id, words, persona.voice)
        async with self.transactions.begin() as tx:
            for device in there:
                said = Say(text=words, speech=speech if device.can_speak else None)
                await self.desk.issue(
                    tx, interaction.network_id, device.id, said, priority=SPOKEN, lasts=LASTS
                )
        return f"I've told {f'the {room}' if room else 'everyone'}: {words}"

    async def go_on(self, interaction: Interaction, place: str) -> str:
        """Hand the session of a turn to a device of a place, and say whether that was done."""
        async with self.transactions.snapshot() as tx:
            devices = await devices_of(tx, interaction.network_id)
        named = [one for one in devices if one.id != interaction.client_id and _is_at(one, place)]
        if not named or interaction.session_id is None:
            raise DeviceNotFound(ClientId(place))
        target = next((one for one in named if one.connected), named[0])
        wish = HandoverWish(
            session_id=interaction.session_id,
            from_device_id=interaction.client_id,
            to_device_id=target.id,
            notify_user=False,
        )
        await self.move_session(interaction.network_id, wish)
        return f"Here I am, in the {place}. Let's go on."

    async def switch(self, interaction: Interaction, name: str) -> str:
        """Let the persona of a name answer at the client of a turn from now on; its greeting."""
        async with self.transactions.snapshot() as tx:
            known = await KnownPersonas(self.personas).list(tx, interaction.network_id)
        wanted = [one for one in known if _is_called(one.id, one.name, name)]
        if len(wanted) != 1:
            raise PersonaNotFound(PersonaId(name))
        switch = await self.change_persona(interaction.network_id, interaction.client_id, wanted[0].id)
        greeting = switch.persona.behavior.greeting.strip()
        return greeting or f"{switch.persona.name} here. How can I help?"

    async def start(self, interaction: Interaction, activity: ActivityWish, theme: str | None) -> str:
        """Begin something together at the devices of the room in which a turn takes place."""
        async with self.transactions.snapshot() as tx:
            here = await self._room_of(tx, interaction)
        if not here:
            raise DeviceOffline(interaction.client_id)
        wanted = NewActivity(
            type=ActivityType(activity),
            device_ids=tuple(one.id for one in here),
            persona_id=interaction.persona_id,
            config={} if theme is None else {"theme": theme},
        )
        await self.start_activity(_house(interaction), interaction.network_id, wanted)
        return "Here we go."

    async def stop(self, interaction: Interaction) -> str:
        """Stop what goes on at the client of a turn, or else in its room."""
        async with self.transactions.snapshot() as tx:
            running = await tx.activities.running(interaction.network_id)
            here = {one.id for one in await self._room_of(tx, interaction)}
        own = [one for one in running if interaction.client_id in one.client_ids]
        meant: list[Activity] = own or [one for one in running if here & set(one.client_ids)]
        if not meant:
            raise Conflict("Nothing is going on here.")
        for one in meant:
            await self.stop_activity(_house(interaction), interaction.network_id, one.id)
        return "All right, that's over."

    async def _room_of(self, tx: Transaction, interaction: Interaction) -> list[Client]:
        """The connected devices where a turn takes place: its own, and those of its room."""
        own = await tx.clients.find(interaction.network_id, interaction.client_id)
        return [
            one
            for one in await devices_of(tx, interaction.network_id)
            if one.connected
            and one.takes_commands
            and (one.id == interaction.client_id or (own is not None and same_room(one, own)))
        ]

    async def _persona(self, tx: Transaction, interaction: Interaction) -> Persona:
        try:
            return await KnownPersonas(self.personas).get(tx, interaction.network_id, interaction.persona_id)
        except PersonaNotFound:
            return self.personas.get(DEFAULT_PERSONA)


def _house(interaction: Interaction) -> Principal:
    """Whoever talks to the house at one of its clients."""
    return Principal(kind=TokenKind.CLIENT, subject=interaction.client_id, network_id=interaction.network_id)


def _is_at(client: Client, place: str) -> bool:
    """Whether a device is in a room of this name, or has it."""
    wanted = place.casefold()
    return wanted in {(client.room or "").casefold(), (client.name or "").casefold()}


def _is_called(persona_id: PersonaId, name: str, wanted: str) -> bool:
    """Whether a persona goes by a name: its own, its id, or one word of it that is long enough to tell."""
    said = wanted.casefold()
    names = {name.casefold(), persona_id.replace("_", " ").casefold()}
    return said in names or (len(said) > 3 and any(said in one.split() for one in names))
