"""Clients: registering, listing, changing and deregistering them."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from attrs import field, frozen
from msgspec import Meta

from adapters.http.dialects.mira.dialect import MIRA
from adapters.http.dialects.mira.paging import PageQuery
from adapters.http.options import HttpOptions
from adapters.http.routing import Call, network_in_header, operation
from application.networks.clients import ClientChanges, ClientDetails, RegisteredClient
from application.networks.limiting import Limit
from application.ports.storage import Listing
from domain.clients import MAX_CAPABILITIES, MAX_CAPABILITY, MAX_DEVICE_INFO, Client, Location
from domain.errors import ClientLimitReached, ClientNotFound, Conflict, InvalidValue
from domain.ids import CHOSEN_CLIENT_ID, chosen_client_id

Capabilities = Annotated[
    tuple[Annotated[str, Meta(min_length=1, max_length=MAX_CAPABILITY)], ...],
    Meta(max_length=MAX_CAPABILITIES),
]
ChosenId = Annotated[str, Meta(pattern=f"^{CHOSEN_CLIENT_ID.pattern}$")]


@frozen(kw_only=True)
class ClientPlace:
    """Where a client is: degrees, and metres of accuracy."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    accuracy: Annotated[float, Meta(ge=0)] | None = None

    def location(self) -> Location:
        """The location."""
        return Location(latitude=self.latitude, longitude=self.longitude, accuracy=self.accuracy)

    @classmethod
    def of(cls, location: Location) -> "ClientPlace":
        """The view of a location."""
        return cls(latitude=location.latitude, longitude=location.longitude, accuracy=location.accuracy)


@frozen(kw_only=True)
class NewClientBody:
    """A client that wants to be in a network."""

    client_id: ChosenId
    device_type: Annotated[str, Meta(min_length=1, max_length=64)]
    device_info: Annotated[Mapping[str, str], Meta(max_length=MAX_DEVICE_INFO)] | None = None
    capabilities: Capabilities | None = None
    location: ClientPlace | None = None
    room: str | None = None
    group_id: str | None = None

    def details(self) -> ClientDetails:
        """What the client says of itself."""
        return ClientDetails(
            client_id=chosen_client_id(self.client_id),
            device_type=self.device_type,
            device_info=self.device_info or {},
            capabilities=self.capabilities or (),
            location=self.location.location() if self.location else None,
            room=self.room,
            group_id=self.group_id,
        )


@frozen(kw_only=True)
class NewClientView:
    """A client just registered, where it connects, and its token, which is told only here."""

    client_id: str
    status: str = "registered"
    websocket_url: str
    audio_quality_threshold: float
    capabilities: tuple[str, ...]
    client_token: str

    @classmethod
    def of(cls, made: RegisteredClient, options: HttpOptions) -> "NewClientView":
        """The view of a newly registered client."""
        return cls(
            client_id=made.client.id,
            websocket_url=options.socket_url(made.network.id),
            audio_quality_threshold=made.network.settings.audio_quality_threshold,
            capabilities=made.client.capabilities,
            client_token=made.token,
        )


@frozen(kw_only=True)
class ClientView:
    """A client, as last heard of."""

    client_id: str
    device_type: str
    device_info: Mapping[str, str]
    capabilities: tuple[str, ...]
    location: ClientPlace | None
    connection_status: str
    audio_quality_score: float | None
    registered_at: datetime
    last_seen_at: datetime
    room: str | None
    group_id: str | None

    @classmethod
    def of(cls, client: Client) -> "ClientView":
        """The view of a client."""
        return cls(
            client_id=client.id,
            device_type=client.device_type,
            device_info=client.device_info,
            capabilities=client.capabilities,
            location=ClientPlace.of(client.location) if client.location else None,
            connection_status=client.shown_status,
            audio_quality_score=client.audio_quality_score,
            registered_at=client.registered_at,
            last_seen_at=client.last_seen_at,
            room=client.room,
            group_id=client.group_id,
        )


@frozen(kw_only=True)
class ClientListView:
    """A part of the clients of a network, newest first."""

    clients: tuple[ClientView, ...] = field(factory=tuple)
    total: int
    limit: int
    offset: int

    @classmethod
    def of(cls, found: Listing[Client]) -> "ClientListView":
        """The view of a listing."""
        return cls(
            clients=tuple(ClientView.of(client) for client in found.items),
            total=found.total,
            limit=found.page.limit,
            offset=found.page.offset,
        )


@frozen(kw_only=True)
class ClientChangesBody:
    """What a client says has changed of itself; what is not sent stays as it is."""

    connection_status: Annotated[str, Meta(min_length=1, max_length=100)] | None = None
    audio_quality_score: Annotated[float, Meta(ge=0, le=10)] | None = None
    capabilities: Capabilities | None = None
    location: ClientPlace | None = None

    def changes(self) -> ClientChanges:
        """The changes."""
        if self.connection_status == "":
            raise InvalidValue("connection_status", "must be 1 to 100 characters")
        return ClientChanges(
            status=self.connection_status,
            audio_quality_score=self.audio_quality_score,
            capabilities=self.capabilities,
            location=self.location.location() if self.location else None,
        )


async def own_client(call: Call[Any, Any]) -> None:
    """Make sure that a client asks about itself, and in its own network."""
    await network_in_header(call)
    if call.principal.client_id != call.client_id:
        raise ClientNotFound(call.client_id)


@operation(
    MIRA,
    "mira.client.register",
    "POST",
    "/api/v1/networks/{network_id}/clients",
    status=HTTPStatus.CREATED,
    raises=(Conflict, ClientLimitReached),
)
async def register(call: Call[NewClientBody, None]) -> NewClientView:
    """Register a client, or register a known one again with a fresh token."""
    made = await call.use.register_client(call.principal, call.network_id, call.body.details())
    return NewClientView.of(made, call.hub.options)


@operation(MIRA, "mira.client.list", "GET", "/api/v1/networks/{network_id}/clients")
async def list_clients(call: Call[None, PageQuery]) -> ClientListView:
    """List the clients of a network."""
    return ClientListView.of(await call.use.list_clients(call.principal, call.network_id, call.query.page))


@operation(
    MIRA,
    "mira.client.update",
    "PUT",
    "/api/v1/clients/{client_id}",
    place=own_client,
    names_network=True,
    limit=Limit.STATUS,
)
async def update(call: Call[ClientChangesBody, None]) -> ClientView:
    """Note what a client says of itself."""
    changes = call.body.changes()
    client = await call.use.update_client(call.principal, call.client_id, changes, call.own_network)
    return ClientView.of(client)


@operation(
    MIRA,
    "mira.client.delete",
    "DELETE",
    "/api/v1/clients/{client_id}",
    names_network=True,
    status=HTTPStatus.NO_CONTENT,
)
async def delete(call: Call[None, None]) -> None:
    """Deregister a client and close its socket; what was said through it stays."""
    await call.use.deregister_client(call.principal, call.client_id, call.own_network)


OPERATIONS = (register, list_clients, update, delete)
