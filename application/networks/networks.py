"""Opening, changing and closing networks."""

from collections.abc import Mapping

import structlog
from attrs import evolve, field, fields, frozen

from application.networks.access import Principal, permit, within
from application.networks.tokens import TokenDesk
from application.ports.blobs import Blobs
from application.ports.storage import Transactions
from application.ports.world import Clock, IdSource
from domain.errors import InvalidValue, MiraError, Unauthorized
from domain.events import NetworkCreated, NetworkDeleted, NetworkUpdated
from domain.ids import NetworkId
from domain.networks import Network, NetworkSettings

log = structlog.get_logger(__name__)


@frozen(kw_only=True)
class NewNetwork:
    """A network just opened, with its owner's token and one to register clients with."""

    network: Network
    network_token: str
    registration_token: str


@frozen(kw_only=True)
class NetworkDetails:
    """A network and how many clients it has."""

    network: Network
    client_count: int


@frozen(kw_only=True)
class NetworkChanges:
    """What is to be changed of a network: None, or a setting not named, stays as it is."""

    name: str | None = None
    description: str | None = None
    settings: Mapping[str, object] = field(factory=dict)

    @settings.validator
    def _check_settings(self, _: object, value: Mapping[str, object]) -> None:
        known = {setting.name for setting in fields(NetworkSettings)}
        for name in sorted(value.keys() - known):
            raise InvalidValue(f"settings.{name}", "is not a setting of a network", known=sorted(known))

    def applied_to(self, network: Network) -> Network:
        """The network as it will be."""
        return evolve(
            network,
            name=network.name if self.name is None else self.name,
            description=network.description if self.description is None else self.description,
            settings=evolve(network.settings, **self.settings),  # type: ignore[arg-type]
        )


@frozen
class CreateNetwork:
    """Open a network and hand out its first tokens; without a token only where registration is open."""

    transactions: Transactions
    tokens: TokenDesk
    ids: IdSource
    clock: Clock
    open_registration: bool

    async def __call__(
        self, principal: Principal | None, name: str, description: str, settings: NetworkSettings
    ) -> NewNetwork:
        if principal is not None:
            permit(principal, "mira.network.create")
        elif not self.open_registration:
            raise Unauthorized
        now = self.clock.now()
        network = Network(
            id=self.ids.network(),
            name=name,
            description=description,
            settings=settings,
            registrations_left=self.tokens.lifetimes.registration_uses,
            created_at=now,
            updated_at=now,
        )
        async with self.transactions.begin() as tx:
            await tx.networks.add(network)
            await tx.outbox.append(network.id, NetworkCreated(name=network.name, at=now))
        return NewNetwork(
            network=network,
            network_token=self.tokens.network(network),
            registration_token=self.tokens.registration(network),
        )


@frozen
class GetNetwork:
    """Look a network up."""

    transactions: Transactions

    async def __call__(self, principal: Principal, network_id: NetworkId) -> NetworkDetails:
        within(principal, network_id)
        async with self.transactions.snapshot() as tx:
            network = await tx.networks.get(network_id)
            return NetworkDetails(network=network, client_count=await tx.clients.count(network_id))


@frozen
class UpdateNetwork:
    """Change what is sent of a network, and leave the rest."""

    transactions: Transactions
    clock: Clock

    async def __call__(
        self, principal: Principal, network_id: NetworkId, changes: NetworkChanges
    ) -> NetworkDetails:
        within(principal, network_id)
        async with self.transactions.begin() as tx:
            now = self.clock.now()
            network = evolve(changes.applied_to(await tx.networks.get(network_id)), updated_at=now)
            await tx.networks.update(network)
            await tx.outbox.append(network_id, NetworkUpdated(name=network.name, at=now))
            return NetworkDetails(network=network, client_count=await tx.clients.count(network_id))


@frozen
class DeleteNetwork:
    """Close a network, with everything in it; its clients are sent away."""

    transactions: Transactions
    blobs: Blobs
    clock: Clock

    async def __call__(self, principal: Principal, network_id: NetworkId) -> None:
        within(principal, network_id)
        async with self.transactions.begin() as tx:
            await tx.networks.remove(network_id)
            await tx.outbox.append(network_id, NetworkDeleted(at=self.clock.now()))
        try:
            await self.blobs.remove_network(network_id)
        except MiraError as error:
            log.warning("the sounds of a network are left to expire", code=error.code, network=network_id)
