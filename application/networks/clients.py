"""Registering, changing and deregistering the clients of a network."""

from collections.abc import Mapping
from typing import TypeVar

from attrs import evolve, field, frozen

from application.networks.access import Principal, within
from application.networks.tokens import TokenDesk
from application.ports.storage import Listing, Page, Transaction, Transactions
from application.ports.tokens import TokenKind
from application.ports.world import Clock
from domain.clients import Client, LeaveReason, Location
from domain.errors import ClientLimitReached, ClientNotFound, Conflict, Forbidden, Unauthorized
from domain.events import ClientDeregistered, ClientLeft, ClientRegistered
from domain.ids import ClientId, NetworkId
from domain.networks import Network

Value = TypeVar("Value")


@frozen(kw_only=True)
class ClientDetails:
    """What a client says of itself when it registers."""

    client_id: ClientId
    device_type: str
    name: str | None = None
    device_info: Mapping[str, str] = field(factory=dict)
    capabilities: tuple[str, ...] = ()
    location: Location | None = None
    room: str | None = None
    group_id: str | None = None


@frozen(kw_only=True)
class RegisteredClient:
    """A client just registered, its token, and the network that it is now in."""

    client: Client
    token: str
    network: Network


@frozen
class RegisterClient:
    """Take a client into a network, or take a known one in again with a fresh token."""

    transactions: Transactions
    tokens: TokenDesk
    clock: Clock

    async def __call__(
        self, principal: Principal, network_id: NetworkId, details: ClientDetails
    ) -> RegisteredClient:
        within(principal, network_id)
        if principal.kind is TokenKind.CLIENT and principal.client_id != details.client_id:
            raise Forbidden("A client token registers its own client again, and no other.")
        async with self.transactions.begin() as tx:
            network = await tx.networks.get(network_id)
            known = await tx.clients.find(network_id, details.client_id)
            client = await (
                self._add(tx, principal, network, details)
                if known is None
                else self._renew(tx, principal, known, details)
            )
            await tx.outbox.append(
                network_id,
                ClientRegistered(client_id=client.id, device_type=client.device_type, at=client.last_seen_at),
            )
        return RegisteredClient(client=client, token=self.tokens.client(client), network=network)

    async def _add(
        self, tx: Transaction, principal: Principal, network: Network, details: ClientDetails
    ) -> Client:
        """Keep a new client; its tokens count from now: none of an earlier client of its id is good."""
        if principal.kind is TokenKind.REGISTRATION:
            await self._use_up(tx, principal, network)
        if await tx.clients.count(network.id) >= network.settings.max_clients:
            raise ClientLimitReached(network.settings.max_clients)
        now = self.clock.now()
        client = Client(
            network_id=network.id,
            id=details.client_id,
            device_type=details.device_type,
            name=details.name,
            device_info=details.device_info,
            capabilities=details.capabilities,
            location=details.location,
            room=details.room,
            group_id=details.group_id,
            token_version=self.clock.micros(),
            registered_at=now,
            last_seen_at=now,
        )
        await tx.clients.add(client)
        return client

    async def _use_up(self, tx: Transaction, principal: Principal, network: Network) -> None:
        """Take one use off the registration token; with the network held, two can never take the last one."""
        if principal.token_version not in {None, network.registration_version}:
            raise Unauthorized
        if network.registrations_left == 0:
            raise Unauthorized("This registration token was used as often as it may be; rotate it.")
        await tx.networks.update(network.with_registration_used())

    async def _renew(
        self, tx: Transaction, principal: Principal, known: Client, details: ClientDetails
    ) -> Client:
        if principal.kind is TokenKind.REGISTRATION:
            raise Conflict(
                "This client is registered already; only the network token or its own may renew it.",
                client_id=known.id,
            )
        client = evolve(
            known,
            device_type=details.device_type,
            name=details.name or known.name,
            device_info=details.device_info,
            capabilities=details.capabilities,
            location=details.location or known.location,
            room=details.room or known.room,
            group_id=details.group_id or known.group_id,
            token_version=known.token_version + 1,
            last_seen_at=self.clock.now(),
        )
        await tx.clients.update(client)
        return client


@frozen
class ListClients:
    """The clients of a network, newest first."""

    transactions: Transactions

    async def __call__(self, principal: Principal, network_id: NetworkId, page: Page) -> Listing[Client]:
        within(principal, network_id)
        async with self.transactions.snapshot() as tx:
            await tx.networks.get(network_id)
            return await tx.clients.list(network_id, page)


@frozen(kw_only=True)
class ClientChanges:
    """What a client says has changed of itself; None stays as it is."""

    status: str | None = None
    audio_quality_score: float | None = None
    capabilities: tuple[str, ...] | None = None
    location: Location | None = None

    def applied_to(self, client: Client) -> Client:
        """The client as it will be."""
        return evolve(
            client,
            reported_status=_or(self.status, client.reported_status),
            audio_quality_score=_or(self.audio_quality_score, client.audio_quality_score),
            capabilities=client.capabilities if self.capabilities is None else self.capabilities,
            location=_or(self.location, client.location),
        )


def _or(new: Value | None, old: Value | None) -> Value | None:
    return old if new is None else new


@frozen
class UpdateClient:
    """Note what a client says of itself."""

    transactions: Transactions
    clock: Clock

    async def __call__(
        self,
        principal: Principal,
        client_id: ClientId,
        changes: ClientChanges,
        named: NetworkId | None = None,
    ) -> Client:
        network_id = _network_of(principal, client_id, named)
        async with self.transactions.begin() as tx:
            known = await tx.clients.get(network_id, client_id)
            client = evolve(changes.applied_to(known), last_seen_at=self.clock.now())
            await tx.clients.update(client)
            return client


@frozen
class DeregisterClient:
    """Take a client out of its network and close its socket; what was said through it stays."""

    transactions: Transactions
    clock: Clock

    async def __call__(
        self, principal: Principal, client_id: ClientId, named: NetworkId | None = None
    ) -> None:
        """An operator names the network."""
        network_id = _network_of(principal, client_id, named)
        now = self.clock.now()
        async with self.transactions.begin() as tx:
            client = await tx.clients.get(network_id, client_id)
            await tx.clients.remove(network_id, client_id)
            if client.connected:
                left = ClientLeft(client_id=client_id, reason=LeaveReason.DEREGISTERED, at=now)
                await tx.outbox.append(network_id, left)
            await tx.outbox.append(network_id, ClientDeregistered(client_id=client_id, at=now))


def _network_of(principal: Principal, client_id: ClientId, named: NetworkId | None) -> NetworkId:
    """The network in which a principal may touch a client: as a client only itself."""
    network_id = named or principal.network_id
    if network_id is None:
        raise ClientNotFound(client_id)
    within(principal, network_id)
    if principal.client_id not in {None, client_id}:
        raise ClientNotFound(client_id)
    return network_id
