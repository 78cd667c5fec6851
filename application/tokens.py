"""Handing out tokens: what each kind says, and how long it lasts."""

from datetime import timedelta

from attrs import frozen

from application.ports.tokens import Claims, TokenKind, TokenMint
from application.ports.world import Clock
from domain.clients import Client
from domain.networks import Network


@frozen(kw_only=True)
class TokenLifetimes:
    """How long each kind of token is good for."""

    network: timedelta = timedelta(days=365)
    client: timedelta = timedelta(days=365)
    registration: timedelta = timedelta(hours=24)


@frozen
class TokenDesk:
    """Makes the tokens that go with a network or a client, of its present version."""

    mint: TokenMint
    clock: Clock
    lifetimes: TokenLifetimes

    def network(self, network: Network) -> str:
        """The owner's token of a network."""
        return self._of_network(TokenKind.NETWORK, network, self.lifetimes.network)

    def registration(self, network: Network) -> str:
        """A token with which new clients may join a network."""
        return self._of_network(TokenKind.REGISTRATION, network, self.lifetimes.registration)

    def client(self, client: Client) -> str:
        """A client's own token."""
        return self.mint.issue(
            Claims(
                kind=TokenKind.CLIENT,
                subject=client.id,
                network_id=client.network_id,
                version=client.token_version,
                expires_at=self.clock.now() + self.lifetimes.client,
            )
        )

    def operator(self) -> str:
        """The token of whoever runs the hub; it does not expire."""
        return self.mint.issue(Claims(kind=TokenKind.OPERATOR, subject="operator"))

    def _of_network(self, kind: TokenKind, network: Network, lifetime: timedelta) -> str:
        return self.mint.issue(
            Claims(
                kind=kind,
                subject=network.id,
                network_id=network.id,
                version=network.token_version,
                expires_at=self.clock.now() + lifetime,
            )
        )
