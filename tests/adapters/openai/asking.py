"""Asking a model in a household whose agenda is really kept."""

from typing import Any
from zoneinfo import ZoneInfo

from attrs import define, evolve, field
from openai import AsyncOpenAI

from adapters.openai.interlocutor import OpenaiInterlocutor
from adapters.openai.server import Server
from application.ports.dialogue import Prompt, ReplyDone, Sentence
from application.ports.storage import ReminderFilter
from application.turns.tools import NetworkTools
from domain.ids import NetworkId
from domain.personas import Behavior, Persona
from tests import samples
from tests.application.household import EVERYTHING, Household
from tests.fakes.model_server import ModelServer
from tests.samples import NOON

BERLIN = ZoneInfo("Europe/Berlin")
MIRA = samples.persona("mira", name="Mira", behavior=Behavior(instructions="You are Mira."))


def prompt(text: str = "Hello", persona: Persona = MIRA, **others: Any) -> Prompt:
    """What is known when a reply is wanted at noon, in Berlin at one."""
    return Prompt(text=text, now=NOON, zone=BERLIN, persona=persona, **others)


@define
class Desk:
    """The server, the client before it, and the household that its tools act in."""

    server: ModelServer
    where: Server
    client: AsyncOpenAI
    hub: Household = field(factory=Household)
    home: NetworkId = NetworkId("")
    tools: NetworkTools = field(init=False)

    async def settle_in(self, behavior: Behavior = Behavior()) -> None:  # noqa: B008 - it is frozen
        """Open a network with a client and a turn of it that is under way."""
        self.home = await self.hub.home()
        async with self.hub.store.begin() as tx:
            await tx.conversations.add(samples.conversation(network_id=self.home))
            turn = samples.interaction("int_now", self.home)
            await tx.interactions.add(turn)
        self.tools = NetworkTools(self.hub.store, self.hub.ids, self.hub.clock, turn, behavior=behavior)

    def model(self, **others: Any) -> OpenaiInterlocutor:
        """A model behind the server."""
        return OpenaiInterlocutor(client=self.client, server=self.where, model="big", **others)

    def impatient(self) -> OpenaiInterlocutor:
        """A model that may keep silent for a fifth of a second."""
        return evolve(self.model(), server=evolve(self.where, patience=0.2))

    async def ask(
        self, question: Prompt, model: OpenaiInterlocutor | None = None
    ) -> tuple[list[str], ReplyDone]:
        """The sentences of the reply, and its end."""
        asked = model or self.model()
        *sentences, done = [part async for part in asked.answer(question, self.tools)]
        assert isinstance(done, ReplyDone)
        assert all(isinstance(part, Sentence) for part in sentences)
        return [part.text for part in sentences], done  # type: ignore[union-attr]

    async def reminders(self, network_id: NetworkId | None = None) -> list[str]:
        """The titles of the reminders that a network has."""
        async with self.hub.store.snapshot() as tx:
            found = await tx.agenda.reminders(network_id or self.home, ReminderFilter(), EVERYTHING)
        return [reminder.title for reminder in found.items]
