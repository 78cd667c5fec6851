"""Proof of who asks: tokens, and links that carry their own proof."""

from datetime import datetime
from enum import Enum
from typing import Final, Protocol

from attrs import frozen

from domain.ids import BlobId, NetworkId


class TokenKind(Enum):
    """What a token stands for."""

    OPERATOR = "operator"
    USER = "user"
    NETWORK = "network"
    REGISTRATION = "registration"
    CLIENT = "client"


@frozen(kw_only=True)
class Claims:
    """What a token says: its kind, subject and network, what it is for, and the version it is good for."""

    kind: TokenKind
    subject: str
    network_id: NetworkId | None = None
    scopes: frozenset[str] = frozenset()
    version: int = 1
    expires_at: datetime | None = None


class TokenMint(Protocol):
    """Makes tokens and reads them back; only tokens of its own making are read."""

    def issue(self, claims: Claims) -> str:
        """Make a token."""
        ...

    def read(self, token: str) -> Claims:
        """Read a token, or raise Unauthorized when it is not ours, altered or expired."""
        ...


class OperatorVersion(Protocol):
    """Knows which operator's token is good; each hub has one operator."""

    def __call__(self) -> int:
        """The version that the operator's token must carry just now."""
        ...


FIRST_VERSION: Final = 1


def never_rotated() -> int:
    """The version of an operator's token that nobody has replaced."""
    return FIRST_VERSION


class LinkSigner(Protocol):
    """Makes links that open a blob until they expire, with no other proof."""

    def sign(self, network_id: NetworkId, blob_id: BlobId, expires_at: datetime) -> str:
        """The URL of a blob."""
        ...

    def verify(self, network_id: NetworkId, blob_id: BlobId, expires: str, signature: str) -> None:
        """Check what a URL carries, or raise NotFound when it is altered or too late."""
        ...
