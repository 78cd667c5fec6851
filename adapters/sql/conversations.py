"""Conversations in a database."""

from typing import Final

from attrs import frozen

from adapters.sql import tables
from adapters.sql.shelves import Shelf
from adapters.sql.statements import Statements
from application.ports.storage import Listing, Page
from domain.errors import NetworkNotFound, NotFound
from domain.ids import ConversationId, NetworkId
from domain.interactions import Conversation


def no_conversation(conversation_id: str) -> NotFound:
    """The refusal of a conversation that is not there."""
    return NotFound("There is no conversation with this id in the network.", conversation_id=conversation_id)


SHELF: Final = Shelf(
    table=tables.conversations,
    kind=Conversation,
    noun="conversation",
    newest=("updated_at", "id"),
    missing=no_conversation,
    orphaned=lambda conversation: NetworkNotFound(conversation.network_id),
)


@frozen
class SqlConversations:
    """The conversations of each network."""

    _statements: Statements

    async def add(self, conversation: Conversation) -> None:
        """Keep a new conversation, or raise Conflict when its id is taken in its network."""
        await SHELF.add(self._statements, conversation)

    async def get(self, network_id: NetworkId, conversation_id: ConversationId) -> Conversation:
        """Find a conversation of a network, or raise NotFound."""
        return await SHELF.get(self._statements, network_id, conversation_id)

    async def update(self, conversation: Conversation) -> None:
        """Replace a conversation, or raise NotFound."""
        await SHELF.update(self._statements, conversation)

    async def list(self, network_id: NetworkId, page: Page) -> Listing[Conversation]:
        """The conversations of a network, the most recently used first."""
        return await SHELF.listing(self._statements, page, tables.conversations.c.network_id == network_id)
