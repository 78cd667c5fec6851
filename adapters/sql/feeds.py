"""Calendar feeds in a database."""

from typing import Final

from attrs import frozen
from sqlalchemy import select

from adapters.sql import tables
from adapters.sql.shelves import Shelf
from adapters.sql.statements import Statements
from domain.agenda import CalendarFeed
from domain.errors import NetworkNotFound, NotFound
from domain.ids import NetworkId

FEEDS: Final = tables.calendar_feeds.c
SHELF: Final = Shelf(
    table=tables.calendar_feeds,
    kind=CalendarFeed,
    noun="feed",
    newest=("created_at", "network_id"),
    missing=lambda key: NotFound("The network has no calendar feed.", network_id=key),
    orphaned=lambda feed: NetworkNotFound(feed.network_id),
)


@frozen
class SqlFeeds:
    """At most one feed for each network."""

    _statements: Statements

    async def put(self, feed: CalendarFeed) -> None:
        """Keep a network's feed in place of any that it had, or raise NetworkNotFound."""
        if await SHELF.find(self._statements, feed.network_id) is None:
            await SHELF.add(self._statements, feed)
        else:
            await SHELF.update(self._statements, feed)

    async def find(self, secret_hash: str) -> CalendarFeed | None:
        """The feed whose secret has this hash, if there is one."""
        query = select(tables.calendar_feeds).where(FEEDS.secret_hash == secret_hash)
        rows = await self._statements.rows(query)
        return SHELF.read(rows[0]) if rows else None

    async def remove(self, network_id: NetworkId) -> None:
        """Take a network's feed away, or raise NotFound."""
        await SHELF.remove(self._statements, network_id)
