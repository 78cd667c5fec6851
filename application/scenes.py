"""The scene of a turn: where it takes place, with whom, and what went before it."""

from typing import Final

from attrs import evolve, frozen

from application.ports.dialogue import Exchange, Prompt
from application.ports.speech import Transcript
from application.ports.storage import Transaction, Transactions
from application.ports.world import Clock
from application.sessions import Seat, TakeSeat
from application.turns import SpokenWords, Turn
from domain.clients import Client
from domain.ids import InteractionId
from domain.interactions import Interaction
from domain.networks import Network

REMEMBERED_TURNS: Final = 10


@frozen(kw_only=True)
class Scene:
    """Where a turn takes place, what was said before it, and the interaction that it is kept as."""

    network: Network
    client: Client
    seat: Seat
    history: tuple[Exchange, ...]
    interaction: Interaction
    understood: bool

    def prompt(self, clock: Clock) -> Prompt:
        """What the interlocutor is told."""
        return Prompt(
            text=self.interaction.text,
            understood=self.understood,
            now=clock.now(),
            zone=self.network.settings.zone,
            language=self.network.settings.language,
            persona=self.seat.persona,
            history=self.history,
        )


@frozen
class Scenes:
    """Sets the scene of each turn, and keeps what was said before anything is made of it."""

    transactions: Transactions
    take_seat: TakeSeat
    clock: Clock

    async def open(self, turn: Turn, interaction_id: InteractionId, transcript: Transcript) -> Scene:
        """Find the place of a turn, and keep its words as an interaction in processing.

        Raises:
            NotFound: the network, the client or the session is not there.
            SessionExpired: the session is over.
        """
        async with self.transactions.begin() as tx:
            network = await tx.networks.get(turn.network_id)
            client = await tx.clients.get(turn.network_id, turn.client_id)
            seat = await self.take_seat(tx, client, turn.session_id)
            history = await _history(tx, seat)
            interaction = self._interaction(turn, interaction_id, seat, transcript)
            await tx.interactions.add(interaction)
        return Scene(
            network=network,
            client=client,
            seat=seat,
            history=history,
            interaction=interaction,
            understood=transcript.understood,
        )

    def _interaction(
        self, turn: Turn, interaction_id: InteractionId, seat: Seat, transcript: Transcript
    ) -> Interaction:
        hearing = turn.words.hearing if isinstance(turn.words, SpokenWords) else None
        return Interaction(
            id=interaction_id,
            network_id=turn.network_id,
            conversation_id=seat.session.conversation_id,
            client_id=turn.client_id,
            session_id=seat.session.id,
            persona_id=seat.persona.id,
            text=transcript.text,
            hearing=hearing and evolve(hearing, words=transcript.words),
            created_at=self.clock.now(),
        )


async def _history(tx: Transaction, seat: Seat) -> tuple[Exchange, ...]:
    """The last turns of a conversation that were answered, oldest first."""
    session = seat.session
    earlier = await tx.interactions.of_conversations(
        session.network_id, [session.conversation_id], REMEMBERED_TURNS
    )
    return tuple(Exchange(said=one.text, answered=one.response) for one in earlier if one.response)
