"""Networks: opening, reading, changing and closing them."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

import attrs
from attrs import frozen
from msgspec import Meta

from adapters.http.dialects.mira.dialect import MIRA
from adapters.http.options import HttpOptions
from adapters.http.reading import closed
from adapters.http.routing import Call, operation
from application.networks.limiting import Limit
from application.networks.networks import NetworkChanges, NetworkDetails, NewNetwork
from domain.ids import ClientId
from domain.networks import (
    MAX_CLIENTS,
    MAX_DESCRIPTION,
    MAX_MOUTHS,
    MAX_NAME,
    NetworkSettings,
    SpokenBy,
)

Name = Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]
Mouths = Annotated[
    tuple[Annotated[ClientId, Meta(min_length=1, max_length=128)], ...], Meta(max_length=MAX_MOUTHS)
]
Description = Annotated[str, Meta(max_length=MAX_DESCRIPTION)]


@closed
@frozen(kw_only=True)
class SettingsBody:
    """Settings to be made; those that are not named stay as they are, unknown ones are refused."""

    audio_quality_threshold: Annotated[float, Meta(ge=0, le=1)] | None = None
    max_clients: Annotated[int, Meta(ge=1, le=MAX_CLIENTS)] | None = None
    language: Annotated[str, Meta(min_length=2, max_length=35)] | None = None
    timezone: str | None = None
    answers_spoken_by: Literal["own", "room"] | None = None
    preferred_mouths: Mouths | None = None

    def given(self) -> Mapping[str, Any]:
        """The settings that were named."""
        named = attrs.asdict(self, recurse=False)
        if self.answers_spoken_by is not None:
            named["answers_spoken_by"] = SpokenBy(self.answers_spoken_by)
        return {name: value for name, value in named.items() if value is not None}


@frozen(kw_only=True)
class NewNetworkBody:
    """A network to be opened."""

    name: Name
    description: Description | None = None
    settings: SettingsBody | None = None


@frozen(kw_only=True)
class NetworkChangesBody:
    """What is to be changed of a network; what is not sent stays as it is."""

    name: Name | None = None
    description: Description | None = None
    settings: SettingsBody | None = None

    def changes(self) -> NetworkChanges:
        """The changes."""
        return NetworkChanges(
            name=self.name,
            description=self.description,
            settings=self.settings.given() if self.settings else {},
        )


@frozen(kw_only=True)
class NewNetworkView:
    """A network just opened, where its clients connect, and its tokens, which are told only here."""

    network_id: str
    name: str
    status: str
    created_at: datetime
    websocket_url: str
    client_registration_token: str
    network_token: str

    @classmethod
    def of(cls, made: NewNetwork, options: HttpOptions) -> "NewNetworkView":
        """The view of a new network."""
        return cls(
            network_id=made.network.id,
            name=made.network.name,
            status=made.network.status.value,
            created_at=made.network.created_at,
            websocket_url=options.socket_url(made.network.id),
            client_registration_token=made.registration_token,
            network_token=made.network_token,
        )


@frozen(kw_only=True)
class SettingsView:
    """The settings of a network."""

    audio_quality_threshold: float
    max_clients: int
    language: str
    timezone: str
    answers_spoken_by: Literal["own", "room"]
    preferred_mouths: tuple[str, ...]

    @classmethod
    def of(cls, settings: NetworkSettings) -> "SettingsView":
        """The view of settings."""
        return cls(
            audio_quality_threshold=settings.audio_quality_threshold,
            max_clients=settings.max_clients,
            language=settings.language,
            timezone=settings.timezone,
            answers_spoken_by=settings.answers_spoken_by.value,
            preferred_mouths=settings.preferred_mouths,
        )


@frozen(kw_only=True)
class NetworkView:
    """A network."""

    network_id: str
    name: str
    description: str
    status: str
    settings: SettingsView
    created_at: datetime
    updated_at: datetime
    client_count: int
    websocket_url: str

    @classmethod
    def of(cls, found: NetworkDetails, options: HttpOptions) -> "NetworkView":
        """The view of a network."""
        network = found.network
        return cls(
            network_id=network.id,
            name=network.name,
            description=network.description,
            status=network.status.value,
            settings=SettingsView.of(network.settings),
            created_at=network.created_at,
            updated_at=network.updated_at,
            client_count=found.client_count,
            websocket_url=options.socket_url(network.id),
        )


@operation(
    MIRA, "mira.network.create", "POST", "/api/v1/networks", status=HTTPStatus.CREATED, limit=Limit.OPENING
)
async def create(call: Call[NewNetworkBody, None]) -> NewNetworkView:
    """Open a network."""
    settings = NetworkSettings(**call.body.settings.given() if call.body.settings else {})
    made = await call.use.create_network(call.caller, call.body.name, call.body.description or "", settings)
    return NewNetworkView.of(made, call.hub.options)


@operation(MIRA, "mira.network.get", "GET", "/api/v1/networks/{network_id}")
async def get(call: Call[None, None]) -> NetworkView:
    """Look a network up."""
    return NetworkView.of(await call.use.get_network(call.principal, call.network_id), call.hub.options)


@operation(MIRA, "mira.network.update", "PUT", "/api/v1/networks/{network_id}")
async def update(call: Call[NetworkChangesBody, None]) -> NetworkView:
    """Change what is sent of a network."""
    changed = await call.use.update_network(call.principal, call.network_id, call.body.changes())
    return NetworkView.of(changed, call.hub.options)


@operation(
    MIRA, "mira.network.delete", "DELETE", "/api/v1/networks/{network_id}", status=HTTPStatus.NO_CONTENT
)
async def delete(call: Call[None, None]) -> None:
    """Close a network, with everything in it."""
    await call.use.delete_network(call.principal, call.network_id)


OPERATIONS = (create, get, update, delete)
