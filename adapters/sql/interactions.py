"""Interactions in a database."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from attrs import frozen
from sqlalchemy import ColumnElement, func, select

from adapters.sql import tables
from adapters.sql.conversations import no_conversation
from adapters.sql.errors import Orphan
from adapters.sql.shelves import Shelf
from adapters.sql.statements import Statements
from application.ports.storage import InteractionFilter, Listing, Page
from domain.errors import Conflict, InteractionNotFound
from domain.ids import ConversationId, InstanceId, InteractionId, NetworkId
from domain.interactions import Interaction, ProcessingStatus
from domain.plain import require_plain

TURNS: Final = tables.interactions.c
EARLIER: Final = tables.earlier_results.c
SHELF: Final = Shelf(
    table=tables.interactions,
    kind=Interaction,
    noun="interaction",
    newest=("created_at", "id"),
    missing=InteractionNotFound,
    orphaned=lambda interaction: no_conversation(interaction.conversation_id),
)


@frozen
class SqlInteractions:
    """The turns of each network."""

    _statements: Statements

    async def add(self, interaction: Interaction) -> None:
        """Keep a new interaction of a conversation that is kept already."""
        await SHELF.add(self._statements, interaction)

    async def get(self, network_id: NetworkId, interaction_id: InteractionId) -> Interaction:
        """Find an interaction of a network, or raise InteractionNotFound."""
        return await SHELF.get(self._statements, network_id, interaction_id)

    async def update(self, interaction: Interaction) -> None:
        """Replace an interaction, or raise InteractionNotFound."""
        await SHELF.update(self._statements, interaction)

    async def list(
        self, network_id: NetworkId, wanted: InteractionFilter, page: Page
    ) -> Listing[Interaction]:
        """The interactions of a network that pass a filter, newest first."""
        return await SHELF.listing(self._statements, page, TURNS.network_id == network_id, *_passing(wanted))

    async def of_conversations(
        self, network_id: NetworkId, conversation_ids: Sequence[ConversationId], limit: int
    ) -> tuple[Interaction, ...]:
        """The latest interactions of some conversations, at most limit each, oldest first."""
        newest_first = (TURNS.created_at.desc(), TURNS.id.desc())
        place = func.row_number().over(partition_by=TURNS.conversation_id, order_by=newest_first)
        ranked = (
            select(TURNS.id, place.label("place"))
            .where(TURNS.network_id == network_id, TURNS.conversation_id.in_(conversation_ids))
            .subquery()
        )
        latest = select(ranked.c.id).where(ranked.c.place <= limit)
        statement = (
            select(tables.interactions)
            .where(TURNS.network_id == network_id, TURNS.id.in_(latest))
            .order_by(TURNS.created_at, TURNS.id)
        )
        return tuple(map(SHELF.read, await self._statements.rows(statement)))

    async def keep_earlier(self, result: Interaction) -> None:
        """Keep what an interaction came to, before it is processed again; once for each of its revisions."""
        require_plain("earlier result", result)
        row = {
            "network_id": result.network_id,
            "interaction_id": result.id,
            "revision": result.revision,
            "result": result,
        }
        try:
            is_new = await self._statements.insert_if_new(tables.earlier_results, row)
        except Orphan as error:
            raise InteractionNotFound(result.id) from error
        if not is_new:
            raise Conflict("There is already an earlier result with this id.", id=result.id)

    async def earlier(self, network_id: NetworkId, interaction_id: InteractionId) -> tuple[Interaction, ...]:
        """What an interaction came to before, latest first."""
        statement = (
            select(EARLIER.result)
            .where(EARLIER.network_id == network_id, EARLIER.interaction_id == interaction_id)
            .order_by(EARLIER.revision.desc())
        )
        return tuple(row.result for row in await self._statements.rows(statement))

    async def unfinished(self, instance_ids: Collection[InstanceId] | None = None) -> tuple[Interaction, ...]:
        """All interactions that are still being processed, by these instances or by any, oldest first."""
        statement = (
            select(tables.interactions)
            .where(TURNS.status == ProcessingStatus.PROCESSING)
            .order_by(TURNS.created_at, TURNS.id)
        )
        if instance_ids is not None:
            statement = statement.where(TURNS.instance_id.in_(instance_ids))
        return tuple(map(SHELF.read, await self._statements.held(statement)))


def _passing(wanted: InteractionFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.client_id is not None:
        yield TURNS.client_id == wanted.client_id
    if wanted.speaker_id is not None:
        yield TURNS.speaker_id == wanted.speaker_id
    if wanted.start is not None:
        yield TURNS.created_at >= wanted.start
    if wanted.end is not None:
        yield TURNS.created_at < wanted.end
