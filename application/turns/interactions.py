"""Reading what was said and done."""

from itertools import groupby

from attrs import frozen

from application.networks.access import Principal, within
from application.ports.storage import InteractionFilter, Listing, Page, Transactions
from domain.ids import InteractionId, NetworkId
from domain.interactions import Conversation, Interaction

IN_A_CONVERSATION = 200


@frozen
class ListInteractions:
    """The interactions of a network that pass a filter, newest first."""

    transactions: Transactions

    async def __call__(
        self, principal: Principal, network_id: NetworkId, wanted: InteractionFilter, page: Page
    ) -> Listing[Interaction]:
        within(principal, network_id)
        async with self.transactions.snapshot() as tx:
            await tx.networks.get(network_id)
            return await tx.interactions.list(network_id, wanted, page)


@frozen
class GetInteraction:
    """One interaction, with every stream that heard it and why one of them was used."""

    transactions: Transactions

    async def __call__(
        self, principal: Principal, network_id: NetworkId, interaction_id: InteractionId
    ) -> Interaction:
        within(principal, network_id)
        async with self.transactions.snapshot() as tx:
            await tx.networks.get(network_id)
            return await tx.interactions.get(network_id, interaction_id)


@frozen(kw_only=True)
class Talk:
    """A conversation and its interactions, oldest first."""

    conversation: Conversation
    interactions: tuple[Interaction, ...]


@frozen
class ListConversations:
    """The conversations of a network, the most recently used first, with or without their interactions."""

    transactions: Transactions

    async def __call__(
        self, principal: Principal, network_id: NetworkId, page: Page, *, include_interactions: bool
    ) -> Listing[Talk]:
        within(principal, network_id)
        async with self.transactions.snapshot() as tx:
            await tx.networks.get(network_id)
            listing = await tx.conversations.list(network_id, page)
            ids = [conversation.id for conversation in listing.items] if include_interactions else []
            turns = await tx.interactions.of_conversations(network_id, ids, IN_A_CONVERSATION) if ids else ()
        of: dict[str, tuple[Interaction, ...]] = {
            key: tuple(group)
            for key, group in groupby(
                sorted(turns, key=lambda turn: turn.conversation_id), key=lambda turn: turn.conversation_id
            )
        }
        talks = (Talk(conversation=item, interactions=of.get(item.id, ())) for item in listing.items)
        return Listing(items=tuple(talks), total=listing.total, page=listing.page)
