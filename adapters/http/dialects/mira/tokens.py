"""Tokens: replacing and ending those of a network, of its new clients and of one client."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from attrs import field, frozen
from msgspec import Meta

from adapters.http.dialects.mira.clients import ChosenId
from adapters.http.dialects.mira.dialect import MIRA
from adapters.http.routing import Call, operation
from application.networks.rotating import IssuedRegistration
from application.networks.tokens import IssuedToken
from application.ports.tokens import TokenKind
from domain.errors import ClientNotFound
from domain.ids import ClientId
from domain.networks import MAX_REGISTRATIONS


@frozen(kw_only=True)
class RegistrationTokenBody:
    """How many new clients a registration token is to take in; the hub's own default where it is not said."""

    uses: Annotated[int, Meta(ge=1, le=MAX_REGISTRATIONS)] | None = None


@frozen(kw_only=True)
class ClientTokenBody:
    """Whose token is meant."""

    client_id: ChosenId


@frozen(kw_only=True)
class NarrowTokenBody:
    """What a narrowed token is to be for, as in reminder:read."""

    scopes: Annotated[tuple[str, ...], Meta(min_length=1, max_length=100)]


@frozen(kw_only=True)
class TokenView:
    """A new token, which is told only here, and until when it is good."""

    kind: str
    token: str = field(repr=False)
    expires_at: datetime

    @classmethod
    def of(cls, kind: TokenKind, issued: IssuedToken) -> "TokenView":
        """The view of a new token."""
        return cls(kind=kind.value, token=issued.token, expires_at=issued.expires_at)


@frozen(kw_only=True)
class RegistrationTokenView:
    """A new registration token, which is told only here, until when it is good and how often."""

    kind: str
    token: str = field(repr=False)
    expires_at: datetime
    uses: int

    @classmethod
    def of(cls, made: IssuedRegistration) -> "RegistrationTokenView":
        """The view of a new registration token."""
        return cls(
            kind=TokenKind.REGISTRATION.value,
            token=made.issued.token,
            expires_at=made.issued.expires_at,
            uses=made.uses,
        )


@operation(MIRA, "mira.token.network.rotate", "POST", "/api/v1/networks/{network_id}/tokens/network/rotate")
async def rotate_network(call: Call[None, None]) -> TokenView:
    """Replace the token of a network."""
    issued = await call.use.rotate_network_token(call.principal, call.network_id)
    return TokenView.of(TokenKind.NETWORK, issued)


@operation(MIRA, "mira.token.network.narrow", "POST", "/api/v1/networks/{network_id}/tokens/network/narrow")
async def narrow_network(call: Call[NarrowTokenBody, None]) -> TokenView:
    """Make another token of a network that may do less; rotating the network's own ends it too."""
    scopes = frozenset(call.body.scopes)
    return TokenView.of(
        TokenKind.NETWORK, await call.use.narrow_network_token(call.principal, call.network_id, scopes)
    )


@operation(
    MIRA, "mira.token.registration.rotate", "POST", "/api/v1/networks/{network_id}/tokens/registration/rotate"
)
async def rotate_registration(call: Call[RegistrationTokenBody | None, None]) -> RegistrationTokenView:
    """Replace the registration token of a network."""
    uses = call.body.uses if call.body else None
    return RegistrationTokenView.of(
        await call.use.rotate_registration_token(call.principal, call.network_id, uses)
    )


@operation(
    MIRA,
    "mira.token.client.rotate",
    "POST",
    "/api/v1/networks/{network_id}/tokens/client/rotate",
    raises=(ClientNotFound,),
)
async def rotate_client(call: Call[ClientTokenBody, None]) -> TokenView:
    """Replace the token of a client, which is handed it over its socket too."""
    issued = await call.use.rotate_client_token(
        call.principal, call.network_id, ClientId(call.body.client_id)
    )
    return TokenView.of(TokenKind.CLIENT, issued)


@operation(
    MIRA,
    "mira.token.network.revoke",
    "POST",
    "/api/v1/networks/{network_id}/tokens/network/revoke",
    status=HTTPStatus.NO_CONTENT,
)
async def revoke_network(call: Call[None, None]) -> None:
    """End the token of a network; only the operator can make another."""
    await call.use.revoke_network_token(call.principal, call.network_id)


@operation(
    MIRA,
    "mira.token.registration.revoke",
    "POST",
    "/api/v1/networks/{network_id}/tokens/registration/revoke",
    status=HTTPStatus.NO_CONTENT,
)
async def revoke_registration(call: Call[None, None]) -> None:
    """End the registration token of a network."""
    await call.use.revoke_registration_token(call.principal, call.network_id)


@operation(
    MIRA,
    "mira.token.client.revoke",
    "POST",
    "/api/v1/networks/{network_id}/tokens/client/revoke",
    status=HTTPStatus.NO_CONTENT,
    raises=(ClientNotFound,),
)
async def revoke_client(call: Call[ClientTokenBody, None]) -> None:
    """End the token of a client and close its socket; it stays registered."""
    await call.use.revoke_client_token(call.principal, call.network_id, ClientId(call.body.client_id))


OPERATIONS = (
    rotate_network,
    narrow_network,
    rotate_registration,
    rotate_client,
    revoke_network,
    revoke_registration,
    revoke_client,
)
