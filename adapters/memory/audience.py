"""The audience of one hub: announcer and inboxes in one process."""

from collections.abc import Iterator
from contextlib import contextmanager

from attrs import field, frozen

from adapters.memory.inboxes import MOST_FACTS, MOST_NEWS, BoundedInbox
from domain.clients import LeaveReason
from domain.events import Fact, LiveNews
from domain.ids import ClientId, NetworkId


@frozen(kw_only=True, eq=False)
class InProcessAudience:
    """Hands announcements straight to the inboxes of the clients connected to this process.

    It is Announcer and Audience at once, and belongs to one event loop.
    """

    most_facts: int = MOST_FACTS
    most_news: int = MOST_NEWS
    _inboxes: dict[NetworkId, dict[ClientId, BoundedInbox]] = field(factory=dict, init=False)

    async def publish(self, fact: Fact) -> None:
        """Hand on a committed fact; an inbox that is full of facts is closed."""
        for client_id, inbox in self._listeners(fact.network_id, fact.recipient):
            inbox.put_fact(fact)
            if inbox.closed:
                self._let_go(fact.network_id, client_id, inbox)

    def tell(self, news: LiveNews) -> None:
        """Hand on live news at once; an inbox that is full of news loses its oldest."""
        for _, inbox in self._listeners(news.network_id, news.recipient):
            inbox.put_news(news)

    @contextmanager
    def join(self, network_id: NetworkId, client_id: ClientId) -> Iterator[BoundedInbox]:
        """Open the inbox of a client; an older one of the same client is closed as replaced."""
        self.dismiss(network_id, client_id, LeaveReason.REPLACED)
        inbox = BoundedInbox(self.most_facts, self.most_news)
        self._inboxes.setdefault(network_id, {})[client_id] = inbox
        try:
            yield inbox
        finally:
            inbox.close()
            self._let_go(network_id, client_id, inbox)

    def dismiss(self, network_id: NetworkId, client_id: ClientId | None, reason: LeaveReason) -> None:
        """Close the inbox of a client, or of a whole network."""
        for listener, inbox in self._listeners(network_id, client_id):
            inbox.close(reason)
            self._let_go(network_id, listener, inbox)

    def present(self, network_id: NetworkId) -> frozenset[ClientId]:
        """The clients of a network whose inboxes are open."""
        return frozenset(self._inboxes.get(network_id, ()))

    def count(self) -> int:
        """How many inboxes are open in all."""
        return sum(map(len, self._inboxes.values()))

    @property
    def unread(self) -> int:
        """How many announcements wait to be read, in all."""
        return sum(inbox.unread for inboxes in self._inboxes.values() for inbox in inboxes.values())

    def _listeners(
        self, network_id: NetworkId, client_id: ClientId | None
    ) -> tuple[tuple[ClientId, BoundedInbox], ...]:
        inboxes = self._inboxes.get(network_id, {})
        if client_id is None:
            return tuple(inboxes.items())
        inbox = inboxes.get(client_id)
        return () if inbox is None else ((client_id, inbox),)

    def _let_go(self, network_id: NetworkId, client_id: ClientId, inbox: BoundedInbox) -> None:
        inboxes = self._inboxes.get(network_id, {})
        if inboxes.get(client_id) is inbox:
            del inboxes[client_id]
            if not inboxes:
                del self._inboxes[network_id]
