"""Clients in memory."""

from collections.abc import Collection
from typing import Any

from attrs import frozen

from adapters.memory.shelves import Key, Shelf, listing
from adapters.memory.state import State
from application.ports.storage import Listing, Page
from domain.clients import Client
from domain.errors import ClientNotFound, NetworkNotFound
from domain.ids import ClientId, InstanceId, NetworkId


@frozen
class MemoryClients:
    """The devices and apps of each network."""

    _state: State
    _writable: bool

    async def add(self, client: Client) -> None:
        """Keep a new client, or raise Conflict when its id is taken in its network."""
        shelf = self._shelf()
        shelf.require_writable()
        if (client.network_id,) not in self._state.networks:
            raise NetworkNotFound(client.network_id)
        shelf.add((client.network_id, client.id), client)

    async def get(self, network_id: NetworkId, client_id: ClientId) -> Client:
        """Find a client of a network, or raise ClientNotFound."""
        return self._shelf().get((network_id, client_id))

    async def find(self, network_id: NetworkId, client_id: ClientId) -> Client | None:
        """Find a client of a network, if there is one."""
        return self._state.clients.get((network_id, client_id))

    async def update(self, client: Client) -> None:
        """Replace a client, or raise ClientNotFound."""
        self._shelf().update((client.network_id, client.id), client)

    async def remove(self, network_id: NetworkId, client_id: ClientId) -> None:
        """Take a client, its sessions and its commands away, or raise ClientNotFound."""
        self._shelf().remove((network_id, client_id))
        owned: tuple[dict[Key, Any], ...] = (self._state.sessions, self._state.commands)
        for rows in owned:
            for key in [
                key for key, one in rows.items() if (one.network_id, one.client_id) == (network_id, client_id)
            ]:
                del rows[key]

    async def list(self, network_id: NetworkId, page: Page) -> Listing[Client]:
        """The clients of a network, newest first."""
        return listing(
            self._shelf().within(network_id), page, lambda client: (client.registered_at, client.id)
        )

    async def count(self, network_id: NetworkId) -> int:
        """How many clients a network has."""
        return sum(1 for _ in self._shelf().within(network_id))

    async def connected(self, instance_ids: Collection[InstanceId] | None = None) -> tuple[Client, ...]:
        """All clients of all networks whose sockets are held to be open: by these instances, or by any."""
        return tuple(
            client
            for client in self._state.clients.values()
            if client.connected and (instance_ids is None or client.instance_id in instance_ids)
        )

    async def connected_in(self, network_id: NetworkId) -> tuple[Client, ...]:
        """The clients of a network whose sockets are held to be open, by id."""
        found = (client for client in self._shelf().within(network_id) if client.connected)
        return tuple(sorted(found, key=lambda client: client.id))

    async def count_connected(self) -> int:
        """How many clients of all networks are connected."""
        return len(await self.connected())

    def _shelf(self) -> Shelf[Client]:
        return Shelf(rows=self._state.clients, noun="client", missing=ClientNotFound, writable=self._writable)
