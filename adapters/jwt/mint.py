"""Tokens as JSON Web Tokens (RFC 7519), signed with HMAC-SHA-256."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import jwt
from attrs import field, frozen

from adapters.jwt.keys import check_secret
from application.ports.tokens import Claims, TokenKind
from application.ports.world import Clock, IdSource
from domain.errors import Unauthorized
from domain.ids import NetworkId

ISSUER: Final = "mira"
ALGORITHM: Final = "HS256"
LONGEST_TOKEN: Final = 4096
UNREADABLE: Final = (jwt.PyJWTError, ValueError, TypeError, KeyError, OverflowError, RecursionError)
"""All that a forged token can make its reader stumble over; none of it says anything to the caller."""


@frozen(kw_only=True)
class JwtTokenMint:
    """Makes tokens that only a holder of the secret can make, and reads them back."""

    secret: bytes = field(repr=False, validator=check_secret)
    clock: Clock
    ids: IdSource

    def issue(self, claims: Claims) -> str:
        """Make a token; one whose claims do not expire is good until its version changes."""
        said: dict[str, Any] = {
            "iss": ISSUER,
            "sub": claims.subject,
            "kind": claims.kind.value,
            "ver": claims.version,
            "iat": int(self.clock.now().timestamp()),
            "jti": self.ids.token(),
        }
        if claims.network_id is not None:
            said["net"] = claims.network_id
        if claims.scopes:
            said["scope"] = " ".join(sorted(claims.scopes))
        if claims.expires_at is not None:
            said["exp"] = int(claims.expires_at.timestamp())
        return jwt.encode(said, self.secret, algorithm=ALGORITHM)

    def read(self, token: str) -> Claims:
        """Read a token, or raise Unauthorized when it is not ours, altered or expired."""
        if len(token) > LONGEST_TOKEN:
            raise Unauthorized
        try:
            said = jwt.decode(
                token,
                self.secret,
                algorithms=[ALGORITHM],
                issuer=ISSUER,
                options={
                    "require": ["iss", "sub", "kind", "ver", "iat", "jti"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
            claims = _claims(said)
        except UNREADABLE as error:
            raise Unauthorized from error
        if claims.expires_at is not None and claims.expires_at <= self.clock.now():
            raise Unauthorized
        return claims


def _claims(said: Mapping[str, Any]) -> Claims:
    network, expires = said.get("net"), said.get("exp")
    return Claims(
        kind=TokenKind(said["kind"]),
        subject=str(said["sub"]),
        network_id=None if network is None else NetworkId(str(network)),
        scopes=frozenset(str(said.get("scope", "")).split()),
        version=int(said["ver"]),
        expires_at=None if expires is None else datetime.fromtimestamp(int(expires), tz=UTC),
    )
