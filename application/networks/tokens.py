"""Handing out tokens: what each kind says, and how long it lasts."""

from datetime import datetime, timedelta

from attrs import frozen

from application.networks.access import SCOPES
from application.ports.tokens import Claims, OperatorVersion, TokenKind, TokenMint, never_rotated
from application.ports.world import Clock
from domain.clients import Client
from domain.ids import ClientId, NetworkId
from domain.networks import DEFAULT_REGISTRATIONS, Network


@frozen(kw_only=True)
class TokenLifetimes:
    """How long each kind of token is good for, and how many clients a registration token takes in."""

    network: timedelta = timedelta(days=365)
    client: timedelta = timedelta(days=365)
    registration: timedelta = timedelta(hours=24)
    registration_uses: int = DEFAULT_REGISTRATIONS


@frozen(kw_only=True)
class IssuedToken:
    """A token just made, and until when it is good at most."""

    token: str
    expires_at: datetime


@frozen
class TokenDesk:
    """Makes the tokens that go with a network or a client, of its present version."""

    mint: TokenMint
    clock: Clock
    lifetimes: TokenLifetimes
    operator_version: OperatorVersion = never_rotated

    def network(self, network: Network) -> str:
        """The owner's token of a network."""
        return self.issue_network(network).token

    def registration(self, network: Network) -> str:
        """A token with which new clients may join a network."""
        return self.issue_registration(network).token

    def client(self, client: Client) -> str:
        """A client's own token."""
        return self.issue_client(client).token

    def issue_network(
        self, network: Network, scopes: frozenset[str] = SCOPES[TokenKind.NETWORK]
    ) -> IssuedToken:
        """The owner's token of a network, and when it expires."""
        return self._of_network(
            network,
            kind=TokenKind.NETWORK,
            scopes=scopes,
            version=network.token_version,
            lifetime=self.lifetimes.network,
        )

    def issue_registration(self, network: Network) -> IssuedToken:
        """A token with which new clients may join a network, and when it expires."""
        return self._of_network(
            network,
            kind=TokenKind.REGISTRATION,
            scopes=SCOPES[TokenKind.REGISTRATION],
            version=network.registration_version,
            lifetime=self.lifetimes.registration,
        )

    def issue_client(self, client: Client) -> IssuedToken:
        """A client's own token, and when it expires."""
        expires_at = self.clock.now() + self.lifetimes.client
        token = self.of_client(client.network_id, client.id, client.token_version, expires_at)
        return IssuedToken(token=token, expires_at=expires_at)

    def of_client(
        self, network_id: NetworkId, client_id: ClientId, version: int, expires_at: datetime
    ) -> str:
        """The token of one version of a client, good until a moment."""
        return self.mint.issue(
            Claims(
                kind=TokenKind.CLIENT,
                subject=client_id,
                network_id=network_id,
                scopes=SCOPES[TokenKind.CLIENT],
                version=version,
                expires_at=expires_at,
            )
        )

    def operator(self) -> str:
        """The token of whoever runs the hub; it does not expire, but it can be rotated."""
        return self.mint.issue(
            Claims(
                kind=TokenKind.OPERATOR,
                subject="operator",
                scopes=SCOPES[TokenKind.OPERATOR],
                version=self.operator_version(),
            )
        )

    def _of_network(
        self, network: Network, *, kind: TokenKind, scopes: frozenset[str], version: int, lifetime: timedelta
    ) -> IssuedToken:
        expires_at = self.clock.now() + lifetime
        token = self.mint.issue(
            Claims(
                kind=kind,
                subject=network.id,
                network_id=network.id,
                scopes=scopes,
                version=version,
                expires_at=expires_at,
            )
        )
        return IssuedToken(token=token, expires_at=expires_at)
