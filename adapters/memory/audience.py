"""The audience of one hub: announcer and inboxes in one process."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from attrs import field, frozen

from adapters.memory.inboxes import MOST_FACTS, MOST_NEWS, BoundedInbox
from domain.clients import LeaveReason
from domain.events import Fact, LiveNews
from domain.ids import ClientId, NetworkId


def _nobody(_: NetworkId) -> None:
    """Tell nobody."""


def _no_one(_: LiveNews) -> None:
    """Tell no one."""


@frozen(kw_only=True, eq=False)
class InProcessAudience:
    """Hands announcements straight to the inboxes of the clients connected to this process.

    It is Announcer and Audience at once, and belongs to one event loop; on_begin is told in which network
    somebody has begun to listen, and on_news of the live news that other instances may want.
    """

    most_facts: int = MOST_FACTS
    most_news: int = MOST_NEWS
    on_begin: Callable[[NetworkId], None] = _nobody
    on_news: Callable[[LiveNews], None] = _no_one
    _inboxes: dict[NetworkId, dict[ClientId, BoundedInbox]] = field(factory=dict, init=False)
    _followed: dict[NetworkId, int] = field(factory=dict, init=False)

    async def publish(self, fact: Fact) -> None:
        """Hand on a committed fact; an inbox that is full of facts is closed."""
        if fact.network_id in self._followed:
            self._followed[fact.network_id] = fact.position
        for client_id, inbox in self._listeners(fact.network_id, fact.recipient):
            inbox.put_fact(fact)
            if inbox.closed:
                self._let_go(fact.network_id, client_id, inbox)

    def tell(self, news: LiveNews) -> None:
        """Hand on live news at once, and to the other instances."""
        self.pass_on(news)
        self.on_news(news)

    def pass_on(self, news: LiveNews) -> None:
        """Hand on live news to those who listen here; an inbox that is full of news loses its oldest."""
        for _, inbox in self._listeners(news.network_id, news.recipient):
            inbox.put_news(news)

    @contextmanager
    def join(self, network_id: NetworkId, client_id: ClientId) -> Iterator[BoundedInbox]:
        """Open the inbox of a client; an older one of the same client is closed as replaced."""
        self.dismiss(network_id, client_id, LeaveReason.REPLACED)
        inbox = BoundedInbox(self.most_facts, self.most_news, partial(self._begun, network_id))
        self._inboxes.setdefault(network_id, {})[client_id] = inbox
        try:
            yield inbox
        finally:
            inbox.close()
            self._let_go(network_id, client_id, inbox)

    def dismiss(
        self,
        network_id: NetworkId,
        client_id: ClientId | None,
        reason: LeaveReason | None,
        *,
        at: int | None = None,
    ) -> None:
        """Close the inbox of a client, or of a whole network; those that begin at a position stay."""
        for listener, inbox in self._listeners(network_id, client_id):
            if at is None:
                inbox.dismiss(reason)
            else:
                inbox.send_away(at, reason)
            if inbox.closed:
                self._let_go(network_id, listener, inbox)

    def send_back(self) -> None:
        """Close every inbox as one that was not read: everybody is to come again, and resume."""
        for network_id in list(self._inboxes):
            for client_id, inbox in self._listeners(network_id, None):
                inbox.give_up()
                self._let_go(network_id, client_id, inbox)

    def followed(self) -> Mapping[NetworkId, int]:
        """The networks in which somebody has begun to listen, and the last position handed on in each."""
        return dict(self._followed)

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

    def _begun(self, network_id: NetworkId, position: int) -> None:
        """Follow a network from the position of the first who begins to listen in it."""
        self._followed.setdefault(network_id, position)
        self.on_begin(network_id)

    def _let_go(self, network_id: NetworkId, client_id: ClientId, inbox: BoundedInbox) -> None:
        inboxes = self._inboxes.get(network_id, {})
        if inboxes.get(client_id) is inbox:
            del inboxes[client_id]
            if not inboxes:
                del self._inboxes[network_id]
                self._followed.pop(network_id, None)
