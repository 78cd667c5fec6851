"""Broadcasts in a database."""

from datetime import datetime
from typing import Final

from attrs import frozen
from sqlalchemy import delete

from adapters.sql import coordination_tables as tables
from adapters.sql.shelves import Shelf
from adapters.sql.statements import Statements
from domain.broadcasts import Broadcast
from domain.errors import BroadcastNotFound, NetworkNotFound
from domain.ids import BroadcastId, NetworkId

SHELF: Final = Shelf(
    table=tables.broadcasts,
    kind=Broadcast,
    noun="broadcast",
    newest=("sent_at", "id"),
    missing=BroadcastNotFound,
    orphaned=lambda broadcast: NetworkNotFound(broadcast.network_id),
)


@frozen
class SqlBroadcasts:
    """What was told to many devices at once."""

    _statements: Statements

    async def add(self, broadcast: Broadcast) -> None:
        """Keep a new broadcast, or raise NetworkNotFound."""
        await SHELF.add(self._statements, broadcast)

    async def get(self, network_id: NetworkId, broadcast_id: BroadcastId) -> Broadcast:
        """Find a broadcast of a network, or raise BroadcastNotFound."""
        return await SHELF.get(self._statements, network_id, broadcast_id)

    async def forget(self, before: datetime) -> int:
        """Drop what was sent before a moment, and say how many those were."""
        broadcasts = tables.broadcasts
        return await self._statements.changed(delete(broadcasts).where(broadcasts.c.sent_at < before))
