"""Telling the clients of a network what happens, in real time."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from domain.clients import LeaveReason
from domain.events import Announcement, Fact, LiveNews
from domain.ids import ClientId, NetworkId


class Announcer(Protocol):
    """Carries what happened to everyone who listens."""

    async def publish(self, fact: Fact) -> None:
        """Hand on a committed fact, in its network's order; a listener that cannot keep up is let go."""
        ...

    def tell(self, news: LiveNews) -> None:
        """Hand on live news at once; a slow listener loses its oldest news, never a fact."""
        ...


class Publisher(Protocol):
    """Carries facts to other systems, which may be away for a while."""

    @property
    def ready(self) -> bool:
        """Whether it is worth trying; while it is not, facts wait in the outbox."""
        ...

    def publish(self, facts: Sequence[Fact]) -> AsyncIterator[Fact]:
        """Hand on facts, each network's in order, and yield each that was taken for good.

        Raises:
            Overloaded: the other side did not take one of them; what follows in its network did not leave.
        """
        ...


class Inbox(Protocol):
    """What one listener has yet to read; bounded."""

    def begin(self, position: int) -> None:
        """The listener is connected: facts count for it from after this position of its network's on."""
        ...

    async def next(self) -> Announcement | None:
        """The next announcement, facts in order; None once the inbox is closed and empty of facts."""
        ...

    @property
    def leave_reason(self) -> LeaveReason | None:
        """Why the inbox was closed from the hub's side, if it was."""
        ...

    @property
    def overflowed(self) -> bool:
        """Whether it was closed because facts were not read in time."""
        ...

    @property
    def dropped(self) -> int:
        """How many pieces of live news the listener was too slow for."""
        ...


class Audience(Protocol):
    """Who listens: one inbox a connected client."""

    def join(self, network_id: NetworkId, client_id: ClientId) -> AbstractContextManager[Inbox]:
        """Open the inbox of a client; an older one of the same client is closed as replaced."""
        ...

    def dismiss(
        self,
        network_id: NetworkId,
        client_id: ClientId | None,
        reason: LeaveReason | None,
        *,
        at: int | None = None,
    ) -> None:
        """Close the inbox of a client, or of a whole network; those that begin at a position stay.

        Without a reason their readers are to come again, and to resume.
        """
        ...

    def followed(self) -> Mapping[NetworkId, int]:
        """The networks in which somebody has begun to listen, and the last position handed on in each."""
        ...

    def present(self, network_id: NetworkId) -> frozenset[ClientId]:
        """The clients of a network whose inboxes are open."""
        ...

    def count(self) -> int:
        """How many inboxes are open in all."""
        ...
