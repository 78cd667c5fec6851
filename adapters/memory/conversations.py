"""Conversations in memory."""

from attrs import frozen

from adapters.memory.shelves import Shelf, listing
from adapters.memory.state import State
from application.ports.storage import Listing, Page
from domain.errors import NetworkNotFound, NotFound
from domain.ids import ConversationId, NetworkId
from domain.interactions import Conversation


def no_conversation(conversation_id: str) -> NotFound:
    """The refusal of a conversation that is not there."""
    return NotFound("There is no conversation with this id in the network.", conversation_id=conversation_id)


@frozen
class MemoryConversations:
    """The conversations of each network."""

    _state: State
    _writable: bool

    async def add(self, conversation: Conversation) -> None:
        """Keep a new conversation, or raise Conflict when its id is taken in its network."""
        shelf = self._shelf()
        shelf.require_writable()
        if (conversation.network_id,) not in self._state.networks:
            raise NetworkNotFound(conversation.network_id)
        shelf.add((conversation.network_id, conversation.id), conversation)

    async def get(self, network_id: NetworkId, conversation_id: ConversationId) -> Conversation:
        """Find a conversation of a network, or raise NotFound."""
        return self._shelf().get((network_id, conversation_id))

    async def update(self, conversation: Conversation) -> None:
        """Replace a conversation, or raise NotFound."""
        self._shelf().update((conversation.network_id, conversation.id), conversation)

    async def list(self, network_id: NetworkId, page: Page) -> Listing[Conversation]:
        """The conversations of a network, the most recently used first."""
        return listing(self._shelf().within(network_id), page, lambda known: (known.updated_at, known.id))

    def _shelf(self) -> Shelf[Conversation]:
        return Shelf(
            rows=self._state.conversations,
            noun="conversation",
            missing=no_conversation,
            writable=self._writable,
        )
