"""The clients of all networks of the hub."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus

from attrs import frozen

from adapters.http.dialects.mira.dialect import MIRA
from adapters.http.dialects.mira.operator.networks import SearchQuery
from adapters.http.routing import Call, operation
from application.ports.census import ClientFilter
from application.ports.paging import Listing
from domain.clients import Client
from domain.errors import ClientNotFound
from domain.ids import NetworkId


@frozen(kw_only=True)
class ClientsQuery(SearchQuery):
    """Which clients are wanted: those of one network, and those that are connected or that are not."""

    network_id: str | None = None
    connected: bool | None = None

    def wanted(self) -> ClientFilter:
        """The filter."""
        network_id = None if self.network_id is None else NetworkId(self.network_id)
        return ClientFilter(network_id=network_id, connected=self.connected, text=self.search)


@frozen(kw_only=True)
class ClientSeenView:
    """A client as operators see it."""

    network_id: str
    client_id: str
    name: str | None
    device_type: str
    device_info: Mapping[str, str]
    capabilities: tuple[str, ...]
    room: str | None
    group_id: str | None
    persona_id: str | None
    connected: bool
    connection_status: str
    connected_since: datetime | None
    audio_quality_score: float | None
    registered_at: datetime
    last_seen_at: datetime

    @classmethod
    def of(cls, client: Client) -> "ClientSeenView":
        """The view of a client."""
        return cls(
            network_id=client.network_id,
            client_id=client.id,
            name=client.name,
            device_type=client.device_type,
            device_info=client.device_info,
            capabilities=client.capabilities,
            room=client.room,
            group_id=client.group_id,
            persona_id=client.persona_id,
            connected=client.connected,
            connection_status=client.shown_status,
            connected_since=client.connected_since if client.connected else None,
            audio_quality_score=client.audio_quality_score,
            registered_at=client.registered_at,
            last_seen_at=client.last_seen_at,
        )


@frozen(kw_only=True)
class ClientsSeenView:
    """A part of the clients of the hub."""

    clients: Sequence[ClientSeenView]
    total: int
    limit: int
    offset: int

    @classmethod
    def of(cls, found: Listing[Client]) -> "ClientsSeenView":
        """The view of a list of clients."""
        return cls(
            clients=[ClientSeenView.of(client) for client in found.items],
            total=found.total,
            limit=found.page.limit,
            offset=found.page.offset,
        )


@operation(MIRA, "operator.client.list", "GET", "/internal/operator/clients")
async def find(call: Call[None, ClientsQuery]) -> ClientsSeenView:
    """List the clients of all networks, newest first, or those that pass a filter."""
    return ClientsSeenView.of(await call.use.find_clients(call.query.wanted(), call.query.page))


@operation(
    MIRA,
    "operator.client.delete",
    "DELETE",
    "/internal/operator/networks/{network_id}/clients/{client_id}",
    status=HTTPStatus.NO_CONTENT,
    raises=(ClientNotFound,),
)
async def deregister(call: Call[None, None]) -> None:
    """Take a client out of its network."""
    await call.use.deregister_client(call.principal, call.client_id, call.network_id)


@operation(
    MIRA,
    "operator.client.disconnect",
    "POST",
    "/internal/operator/networks/{network_id}/clients/{client_id}/disconnect",
    status=HTTPStatus.NO_CONTENT,
    raises=(ClientNotFound,),
)
async def disconnect(call: Call[None, None]) -> None:
    """Close a client's socket; it may come back at once."""
    await call.use.disconnect_client(call.principal, call.network_id, call.client_id)


OPERATIONS = (find, deregister, disconnect)
