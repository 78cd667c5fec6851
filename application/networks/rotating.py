"""Replacing tokens and ending them: each kind has a version of its own, and an earlier one is no proof."""

from typing import Final

from attrs import frozen

from application.networks.access import SCOPES, Principal, scope_of, within
from application.networks.tokens import IssuedToken, TokenDesk
from application.ports.storage import Transaction, Transactions
from application.ports.tokens import TokenKind
from application.ports.world import Clock
from domain.clients import Client
from domain.errors import ClientNotFound, InvalidValue
from domain.events import TokenRevoked, TokenRotated
from domain.ids import ClientId, NetworkId
from domain.networks import MAX_REGISTRATIONS


@frozen
class RotateNetworkToken:
    """Replace the owner's token of a network; the old one is good no more."""

    transactions: Transactions
    tokens: TokenDesk

    async def __call__(self, principal: Principal, network_id: NetworkId) -> IssuedToken:
        within(principal, network_id)
        async with self.transactions.begin() as tx:
            network = (await tx.networks.get(network_id)).without_owner_token()
            await tx.networks.update(network)
        return self.tokens.issue_network(network)


NARROWED: Final = SCOPES[TokenKind.NETWORK] - {scope_of("mira.token.network.rotate")}
"""What a narrowed token can be for; one that made tokens could make itself a whole one."""


@frozen
class NarrowNetworkToken:
    """Make another owner's token of a network, for less; it is good until the owner's own is replaced."""

    transactions: Transactions
    tokens: TokenDesk

    async def __call__(
        self, principal: Principal, network_id: NetworkId, scopes: frozenset[str]
    ) -> IssuedToken:
        within(principal, network_id)
        if not scopes:
            raise InvalidValue("scopes", "must be at least one, as in reminder:read")
        if others := scopes - NARROWED:
            raise InvalidValue("scopes", f"cannot have {', '.join(sorted(others))}")
        async with self.transactions.snapshot() as tx:
            network = await tx.networks.get(network_id)
        return self.tokens.issue_network(network, scopes)


@frozen(kw_only=True)
class IssuedRegistration:
    """A registration token just made, and how many clients it takes in."""

    issued: IssuedToken
    uses: int


@frozen
class RotateRegistrationToken:
    """Replace the registration token of a network; the old one is good no more, whatever it had left."""

    transactions: Transactions
    tokens: TokenDesk

    async def __call__(
        self, principal: Principal, network_id: NetworkId, uses: int | None
    ) -> IssuedRegistration:
        within(principal, network_id)
        uses = self.tokens.lifetimes.registration_uses if uses is None else uses
        if not 1 <= uses <= MAX_REGISTRATIONS:
            raise InvalidValue("uses", f"must be a whole number from 1 to {MAX_REGISTRATIONS}")
        async with self.transactions.begin() as tx:
            network = (await tx.networks.get(network_id)).without_registration_token(uses)
            await tx.networks.update(network)
        return IssuedRegistration(issued=self.tokens.issue_registration(network), uses=uses)


@frozen
class RotateClientToken:
    """Replace a client's token: the old one is good no more, and a connected client is handed the new one.

    What hands it over commits with the end of the old one, and the client's socket stays open.
    """

    transactions: Transactions
    tokens: TokenDesk
    clock: Clock

    async def __call__(self, principal: Principal, network_id: NetworkId, client_id: ClientId) -> IssuedToken:
        async with self.transactions.begin() as tx:
            client = (await _client(tx, principal, network_id, client_id)).without_token()
            issued = self.tokens.issue_client(client)
            await tx.clients.update(client)
            if client.connected:
                rotated = TokenRotated(
                    client_id=client_id,
                    version=client.token_version,
                    expires_at=issued.expires_at,
                    at=self.clock.now(),
                )
                await tx.outbox.append(network_id, rotated, recipient=client_id)
        return issued


@frozen
class RevokeNetworkToken:
    """End the owner's token of a network without another; only the operator can make one then."""

    transactions: Transactions

    async def __call__(self, principal: Principal, network_id: NetworkId) -> None:
        within(principal, network_id)
        async with self.transactions.begin() as tx:
            await tx.networks.update((await tx.networks.get(network_id)).without_owner_token())


@frozen
class RevokeRegistrationToken:
    """End the registration token of a network without another: nobody registers with one."""

    transactions: Transactions

    async def __call__(self, principal: Principal, network_id: NetworkId) -> None:
        within(principal, network_id)
        async with self.transactions.begin() as tx:
            await tx.networks.update((await tx.networks.get(network_id)).without_registration_token())


@frozen
class RevokeClientToken:
    """End a client's token without another, and close its socket; it stays registered."""

    transactions: Transactions
    clock: Clock

    async def __call__(self, principal: Principal, network_id: NetworkId, client_id: ClientId) -> None:
        async with self.transactions.begin() as tx:
            client = await _client(tx, principal, network_id, client_id)
            await tx.clients.update(client.without_token())
            revoked = TokenRevoked(client_id=client_id, at=self.clock.now())
            await tx.outbox.append(network_id, revoked, recipient=client_id)


@frozen
class HandOverToken:
    """Make the token that a client is told of on its socket."""

    tokens: TokenDesk

    def __call__(self, network_id: NetworkId, rotated: TokenRotated) -> str:
        return self.tokens.of_client(network_id, rotated.client_id, rotated.version, rotated.expires_at)


async def _client(
    tx: Transaction, principal: Principal, network_id: NetworkId, client_id: ClientId
) -> Client:
    """A client whose token a principal may replace; a client may replace its own."""
    within(principal, network_id)
    await tx.networks.get(network_id)
    if principal.client_id not in {None, client_id}:
        raise ClientNotFound(client_id)
    return await tx.clients.get(network_id, client_id)
