"""Keys: one secret, and a separate key for each thing that is signed with it."""

import hashlib
import hmac
from typing import Final

from domain.errors import InvalidValue

LEAST_KEY_BYTES: Final = 32


def check_secret(_instance: object, _attribute: object, secret: bytes) -> None:
    """Refuse a secret that could be guessed: below 32 bytes it is weaker than the signatures made with it."""
    if len(secret) < LEAST_KEY_BYTES:
        raise InvalidValue("jwt_secret_key", f"must be at least {LEAST_KEY_BYTES} bytes")


def derived_key(secret: bytes, purpose: str) -> bytes:
    """Make the 32-byte key of one purpose, so that a proof made for one thing is none for another."""
    return hmac.new(secret, purpose.encode(), hashlib.sha256).digest()
