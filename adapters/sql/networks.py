"""Networks in a database."""

from typing import Final

from attrs import frozen
from sqlalchemy import delete, select

from adapters.sql import tables
from adapters.sql.shelves import Shelf
from adapters.sql.statements import Statements
from application.ports.storage import Listing, Page
from domain.errors import NetworkNotFound
from domain.ids import NetworkId
from domain.networks import Network

SHELF: Final = Shelf(
    table=tables.networks,
    kind=Network,
    noun="network",
    newest=("created_at", "id"),
    missing=NetworkNotFound,
)


@frozen
class SqlNetworks:
    """The tenants, and the removal of all that they own."""

    _statements: Statements

    async def add(self, network: Network) -> None:
        """Keep a new network, or raise Conflict when its id is taken."""
        await SHELF.add(self._statements, network)

    async def get(self, network_id: NetworkId) -> Network:
        """Find a network, or raise NetworkNotFound."""
        return await SHELF.get(self._statements, network_id)

    async def update(self, network: Network) -> None:
        """Replace a network, or raise NetworkNotFound."""
        await SHELF.update(self._statements, network)

    async def remove(self, network_id: NetworkId) -> None:
        """Take a network and everything in it away; only its last position is remembered.

        The network goes first, which waits for those who write in it, and lets nobody begin; with its last
        position held too, no fact can slip into the outbox behind the deletion.
        """
        await SHELF.remove(self._statements, network_id)
        head = select(tables.outbox_heads).where(tables.outbox_heads.c.network_id == network_id)
        await self._statements.held(head)
        await self._statements.changed(delete(tables.outbox).where(tables.outbox.c.network_id == network_id))

    async def list(self, page: Page) -> Listing[Network]:
        """All networks, newest first."""
        return await SHELF.listing(self._statements, page)

    async def count(self) -> int:
        """How many networks there are."""
        return await SHELF.count(self._statements)
