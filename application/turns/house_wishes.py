"""What people say to the house itself, whoever is answering: an answer in a game, to go on elsewhere."""

from typing import Final

from attrs import frozen

from application.coordination.activities import AnswerActivity
from application.ports.storage import Transactions
from application.ports.world import Clock
from application.turns.house_deeds import HouseDeeds
from domain.errors import (
    Conflict,
    DeviceNotFound,
    DeviceOffline,
    NotFound,
    PersonaNotFound,
    SessionExpired,
)
from domain.interactions import Interaction
from domain.language.intents import ContinueAt, TalkTo
from domain.language.understanding import understand

LONGEST: Final = 200
"""Nobody says such a thing in more characters."""


@frozen
class HearHouseWish:
    """Carry out what a turn wants of the house, and say so; None where it wants nothing of it.

    A place or a persona that is not known here is no such wish: then whoever answers is asked.
    """

    transactions: Transactions
    answer_activity: AnswerActivity
    deeds: HouseDeeds
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
                return await self._go_on(interaction, place)
            case TalkTo(name=name):
                return await self._talk_to(interaction, name)
            case _:
                return None

    async def _go_on(self, interaction: Interaction, place: str) -> str | None:
        """Go on elsewhere, or say why not."""
        try:
            return await self.deeds.go_on(interaction, place)
        except DeviceNotFound:
            return None
        except DeviceOffline:
            return f"The device in the {place} is not connected, so I'm staying here."
        except (NotFound, Conflict, SessionExpired):
            return "I can't move there just now."

    async def _talk_to(self, interaction: Interaction, name: str) -> str | None:
        """Let somebody else answer, or say why not."""
        try:
            return await self.deeds.switch(interaction, name)
        except PersonaNotFound:
            return None
        except (DeviceOffline, NotFound):
            return "I can't switch at this device just now."
