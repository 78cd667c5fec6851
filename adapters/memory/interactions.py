"""Interactions in memory."""

from collections.abc import Collection, Sequence

from attrs import frozen

from adapters.memory.conversations import no_conversation
from adapters.memory.shelves import Shelf, listing
from adapters.memory.state import State
from application.ports.storage import InteractionFilter, Listing, Page
from domain.errors import InteractionNotFound
from domain.ids import ConversationId, InstanceId, InteractionId, NetworkId
from domain.interactions import Interaction, ProcessingStatus


@frozen
class MemoryInteractions:
    """The turns of each network."""

    _state: State
    _writable: bool

    async def add(self, interaction: Interaction) -> None:
        """Keep a new interaction of a conversation that is kept already."""
        shelf = self._shelf()
        shelf.require_writable()
        if (interaction.network_id, interaction.conversation_id) not in self._state.conversations:
            raise no_conversation(interaction.conversation_id)
        shelf.add((interaction.network_id, interaction.id), interaction)

    async def get(self, network_id: NetworkId, interaction_id: InteractionId) -> Interaction:
        """Find an interaction of a network, or raise InteractionNotFound."""
        return self._shelf().get((network_id, interaction_id))

    async def update(self, interaction: Interaction) -> None:
        """Replace an interaction, or raise InteractionNotFound."""
        self._shelf().update((interaction.network_id, interaction.id), interaction)

    async def list(
        self, network_id: NetworkId, wanted: InteractionFilter, page: Page
    ) -> Listing[Interaction]:
        """The interactions of a network that pass a filter, newest first."""
        passing = (turn for turn in self._shelf().within(network_id) if _passes(turn, wanted))
        return listing(passing, page, _newest)

    async def of_conversations(
        self, network_id: NetworkId, conversation_ids: Sequence[ConversationId], limit: int
    ) -> tuple[Interaction, ...]:
        """The latest interactions of some conversations, at most limit each, oldest first."""
        latest: list[Interaction] = []
        for conversation_id in set(conversation_ids):
            turns = [
                turn for turn in self._shelf().within(network_id) if turn.conversation_id == conversation_id
            ]
            latest += sorted(turns, key=_newest, reverse=True)[: max(limit, 0)]
        return tuple(sorted(latest, key=_newest))

    async def keep_earlier(self, result: Interaction) -> None:
        """Keep what an interaction came to, before it is processed again; once for each of its revisions."""
        await self.get(result.network_id, result.id)
        shelf = Shelf(
            rows=self._state.earlier_results,
            noun="earlier result",
            missing=InteractionNotFound,
            writable=self._writable,
        )
        shelf.add((result.network_id, result.id, f"{result.revision:09}"), result)

    async def earlier(self, network_id: NetworkId, interaction_id: InteractionId) -> tuple[Interaction, ...]:
        """What an interaction came to before, latest first."""
        kept = self._state.earlier_results.items()
        found = [(key, result) for key, result in kept if key[:2] == (network_id, interaction_id)]
        return tuple(result for _, result in sorted(found, key=lambda item: item[0], reverse=True))

    async def unfinished(self, instance_ids: Collection[InstanceId] | None = None) -> tuple[Interaction, ...]:
        """All interactions that are still being processed, by these instances or by any, oldest first."""
        under_way = (
            turn
            for turn in self._state.interactions.values()
            if turn.status is ProcessingStatus.PROCESSING
            and (instance_ids is None or turn.instance_id in instance_ids)
        )
        return tuple(sorted(under_way, key=_newest))

    def _shelf(self) -> Shelf[Interaction]:
        return Shelf(
            rows=self._state.interactions,
            noun="interaction",
            missing=InteractionNotFound,
            writable=self._writable,
        )


def _newest(turn: Interaction) -> tuple[object, ...]:
    return (turn.created_at, turn.id)


def _passes(turn: Interaction, wanted: InteractionFilter) -> bool:
    return (
        (wanted.client_id is None or turn.client_id == wanted.client_id)
        and (wanted.speaker_id is None or turn.speaker_id == wanted.speaker_id)
        and (wanted.start is None or turn.created_at >= wanted.start)
        and (wanted.end is None or turn.created_at < wanted.end)
    )
