"""What people say to the house itself, whoever is answering: an answer in a game, to go on elsewhere."""

from typing import Final

from attrs import frozen

from application.activities import AnswerActivity
from application.broadcasting import devices_of
from application.handing_over import HandoverWish, MoveSession
from application.personas import KnownPersonas
from application.ports.personas import PersonaLibrary
from application.ports.storage import Transactions
from application.ports.world import Clock
from application.switching import ChangePersonaAt
from domain.clients import Client
from domain.errors import Conflict, DeviceOffline, NotFound, SessionExpired
from domain.ids import PersonaId, SessionId
from domain.interactions import Interaction
from domain.language.intents import ContinueAt, TalkTo
from domain.language.understanding import understand
from domain.networks import Network

LONGEST: Final = 200
"""Nobody says such a thing in more characters."""


@frozen
class HearHouseWish:
    """Carry out what a turn wants of the house, and say so; None where it wants nothing of it.

    A place or a persona that is not known here is no such wish: then whoever answers is asked.
    """

    transactions: Transactions
    personas: PersonaLibrary
    answer_activity: AnswerActivity
    move_session: MoveSession
    change_persona: ChangePersonaAt
    clock: Clock

    async def __call__(self, interaction: Interaction) -> str | None:
        if not interaction.text or len(interaction.text) > LONGEST:
            return None
        given = await self.answer_activity.at_device(
            interaction.network_id, interaction.client_id, interaction.text
        )
        if given is not None:
            return given.words
        async with self.transactions.snapshot() as tx:
            network = await tx.networks.get(interaction.network_id)
        match understand(interaction.text, self.clock.now(), network.settings.zone):
            case ContinueAt(place=place) if interaction.session_id is not None:
                return await self._go_on(network, interaction, interaction.session_id, place)
            case TalkTo(name=name):
                return await self._talk_to(network, interaction, name)
            case _:
                return None

    async def _go_on(
        self, network: Network, interaction: Interaction, session_id: SessionId, place: str
    ) -> str | None:
        """Hand the session of a turn to a device of a place, and say whether that was done."""
        async with self.transactions.snapshot() as tx:
            devices = await devices_of(tx, network.id)
        named = [one for one in devices if one.id != interaction.client_id and _is_at(one, place)]
        if not named:
            return None
        target = next((one for one in named if one.connected), named[0])
        wish = HandoverWish(
            session_id=session_id,
            from_device_id=interaction.client_id,
            to_device_id=target.id,
            notify_user=False,
        )
        try:
            await self.move_session(network.id, wish)
        except DeviceOffline:
            return f"The device in the {place} is not connected, so I'm staying here."
        except (NotFound, Conflict, SessionExpired):
            return "I can't move there just now."
        return f"Here I am, in the {place}. Let's go on."

    async def _talk_to(self, network: Network, interaction: Interaction, name: str) -> str | None:
        async with self.transactions.snapshot() as tx:
            known = await KnownPersonas(self.personas).list(tx, network.id)
        wanted = [one for one in known if _is_called(one.id, one.name, name)]
        if len(wanted) != 1:
            return None
        try:
            switch = await self.change_persona(network.id, interaction.client_id, wanted[0].id)
        except (DeviceOffline, NotFound):
            return "I can't switch at this device just now."
        greeting = switch.persona.behavior.greeting.strip()
        return greeting or f"{switch.persona.name} here. How can I help?"


def _is_at(client: Client, place: str) -> bool:
    """Whether a device is in a room of this name, or has it."""
    wanted = place.casefold()
    return wanted in {(client.room or "").casefold(), (client.name or "").casefold()}


def _is_called(persona_id: PersonaId, name: str, wanted: str) -> bool:
    """Whether a persona goes by a name: its own, its id, or one word of it that is long enough to tell."""
    said = wanted.casefold()
    names = {name.casefold(), persona_id.replace("_", " ").casefold()}
    return said in names or (len(said) > 3 and any(said in one.split() for one in names))
