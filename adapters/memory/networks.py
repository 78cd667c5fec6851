"""Networks in memory."""

from attrs import frozen

from adapters.memory.shelves import Shelf, listing
from adapters.memory.state import State
from application.ports.storage import Listing, Page
from domain.errors import NetworkNotFound
from domain.ids import NetworkId
from domain.networks import Network


@frozen
class MemoryNetworks:
    """The tenants, and the removal of all that they own."""

    _state: State
    _writable: bool

    async def add(self, network: Network) -> None:
        """Keep a new network, or raise Conflict when its id is taken."""
        self._shelf().add((network.id,), network)

    async def get(self, network_id: NetworkId) -> Network:
        """Find a network, or raise NetworkNotFound."""
        return self._shelf().get((network_id,))

    async def update(self, network: Network) -> None:
        """Replace a network, or raise NetworkNotFound."""
        self._shelf().update((network.id,), network)

    async def remove(self, network_id: NetworkId) -> None:
        """Take a network and everything in it away; only its last position is remembered."""
        self._shelf().remove((network_id,))
        state = self._state
        for rows in (
            state.clients,
            state.conversations,
            state.interactions,
            state.reminders,
            state.calendar_events,
            state.feeds,
            state.sessions,
            state.jobs,
            state.uploads,
            state.earlier_results,
            state.personas,
            state.commands,
            state.activities,
            state.broadcasts,
            state.pairing_offers,
        ):
            for key in [key for key in rows if key[0] == network_id]:
                del rows[key]
        state.facts[:] = [fact for fact in state.facts if fact.network_id != network_id]

    async def list(self, page: Page) -> Listing[Network]:
        """All networks, newest first."""
        return listing(self._state.networks.values(), page, lambda network: (network.created_at, network.id))

    async def count(self) -> int:
        """How many networks there are."""
        return len(self._state.networks)

    def _shelf(self) -> Shelf[Network]:
        return Shelf(
            rows=self._state.networks, noun="network", missing=NetworkNotFound, writable=self._writable
        )
