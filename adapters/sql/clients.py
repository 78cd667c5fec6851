"""Clients in a database."""

from collections.abc import Collection
from typing import Final

from attrs import frozen
from sqlalchemy import select

from adapters.sql import tables
from adapters.sql.shelves import Shelf
from adapters.sql.statements import Statements
from application.ports.storage import Listing, Page
from domain.clients import Client, ConnectionStatus
from domain.errors import ClientNotFound, NetworkNotFound
from domain.ids import ClientId, InstanceId, NetworkId

CLIENTS: Final = tables.clients.c
SHELF: Final = Shelf(
    table=tables.clients,
    kind=Client,
    noun="client",
    newest=("registered_at", "id"),
    missing=ClientNotFound,
    orphaned=lambda client: NetworkNotFound(client.network_id),
)
CONNECTED: Final = CLIENTS.connection_status == ConnectionStatus.CONNECTED


@frozen
class SqlClients:
    """The devices and apps of each network."""

    _statements: Statements

    async def add(self, client: Client) -> None:
        """Keep a new client, or raise Conflict when its id is taken in its network."""
        await SHELF.add(self._statements, client)

    async def get(self, network_id: NetworkId, client_id: ClientId) -> Client:
        """Find a client of a network, or raise ClientNotFound."""
        return await SHELF.get(self._statements, network_id, client_id)

    async def find(self, network_id: NetworkId, client_id: ClientId) -> Client | None:
        """Find a client of a network, if there is one."""
        return await SHELF.find(self._statements, network_id, client_id)

    async def update(self, client: Client) -> None:
        """Replace a client, or raise ClientNotFound."""
        await SHELF.update(self._statements, client)

    async def remove(self, network_id: NetworkId, client_id: ClientId) -> None:
        """Take a client away, or raise ClientNotFound; its sessions go with its row."""
        await SHELF.remove(self._statements, network_id, client_id)

    async def list(self, network_id: NetworkId, page: Page) -> Listing[Client]:
        """The clients of a network, newest first."""
        return await SHELF.listing(self._statements, page, CLIENTS.network_id == network_id)

    async def count(self, network_id: NetworkId) -> int:
        """How many clients a network has."""
        return await SHELF.count(self._statements, CLIENTS.network_id == network_id)

    async def connected(self, instance_ids: Collection[InstanceId] | None = None) -> tuple[Client, ...]:
        """All clients of all networks whose sockets are held to be open: by these instances, or by any."""
        statement = select(tables.clients).where(CONNECTED)
        if instance_ids is not None:
            statement = statement.where(CLIENTS.instance_id.in_(instance_ids))
        rows = await self._statements.held(statement)
        return tuple(map(SHELF.read, rows))

    async def connected_in(self, network_id: NetworkId) -> tuple[Client, ...]:
        """The clients of a network whose sockets are held to be open, by id."""
        statement = select(tables.clients).where(CLIENTS.network_id == network_id, CONNECTED)
        rows = await self._statements.rows(statement.order_by(CLIENTS.id))
        return tuple(map(SHELF.read, rows))

    async def count_connected(self) -> int:
        """How many clients of all networks are connected."""
        return await SHELF.count(self._statements, CONNECTED)
