"""Calendar feeds in memory."""

from attrs import frozen

from adapters.memory.shelves import Shelf
from adapters.memory.state import State
from domain.agenda import CalendarFeed
from domain.errors import NetworkNotFound, NotFound
from domain.ids import NetworkId


@frozen
class MemoryFeeds:
    """At most one feed for each network."""

    _state: State
    _writable: bool

    async def put(self, feed: CalendarFeed) -> None:
        """Keep a network's feed in place of any that it had, or raise NetworkNotFound."""
        shelf = self._shelf()
        shelf.require_writable()
        if (feed.network_id,) not in self._state.networks:
            raise NetworkNotFound(feed.network_id)
        self._state.feeds.pop((feed.network_id,), None)
        shelf.add((feed.network_id,), feed)

    async def find(self, secret_hash: str) -> CalendarFeed | None:
        """The feed whose secret has this hash, if there is one."""
        return next((feed for feed in self._state.feeds.values() if feed.secret_hash == secret_hash), None)

    async def remove(self, network_id: NetworkId) -> None:
        """Take a network's feed away, or raise NotFound."""
        self._shelf().remove((network_id,))

    def _shelf(self) -> Shelf[CalendarFeed]:
        return Shelf(rows=self._state.feeds, noun="feed", missing=_no_feed, writable=self._writable)


def _no_feed(network_id: str) -> NotFound:
    return NotFound("The network has no calendar feed.", network_id=network_id)
