"""What the store knows of all networks at once: for whoever runs the hub, and for nobody else."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from attrs import frozen

from application.ports.paging import Listing, Page
from domain.clients import Client
from domain.ids import NetworkId
from domain.networks import Network
from domain.sessions import Session


@frozen(kw_only=True)
class NetworkCounts:
    """How much there is in a network: interactions since a moment, reminders that are pending."""

    clients: int = 0
    connected: int = 0
    interactions: int = 0
    reminders: int = 0
    events: int = 0


@frozen(kw_only=True)
class ClientFilter:
    """Which clients are wanted: of one network, connected or not, with a text in what they are called.

    The text is looked for in ids, names, rooms and types; whether a to z are capitals makes no difference.
    """

    network_id: NetworkId | None = None
    connected: bool | None = None
    text: str = ""


class Census(Protocol):
    """Looks across all networks; it only reads."""

    async def networks(self, text: str, page: Page) -> Listing[Network]:
        """The networks with a text in their names or ids, newest first; all of them for an empty one."""
        ...

    async def counts(
        self, network_ids: Sequence[NetworkId], since: datetime
    ) -> Mapping[NetworkId, NetworkCounts]:
        """How much there is in each of some networks, with the interactions since a moment."""
        ...

    async def clients(self, wanted: ClientFilter, page: Page) -> Listing[Client]:
        """The clients of all networks that pass a filter, newest first."""
        ...

    async def sessions(self, network_id: NetworkId, page: Page) -> Listing[Session]:
        """The sessions of a network, newest first, those that have ended too."""
        ...

    async def waiting(self) -> int:
        """How many facts did not leave the outbox yet."""
        ...
