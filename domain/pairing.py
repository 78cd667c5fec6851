"""Pairing lets a device into a network by a short code that its owner reads to it."""

import re
from datetime import datetime
from typing import Final

from attrs import frozen

from domain.errors import InvalidValue
from domain.ids import NetworkId, PairingId

ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
"""Base32 of RFC 4648: no digit that looks like a letter."""
CODE_LENGTH: Final = 8
_CODE: Final = re.compile(f"[{ALPHABET}]{{{CODE_LENGTH}}}")


@frozen(kw_only=True)
class PairingOffer:
    """A place for one device in a network, for whoever knows the code; only the code's hash is kept."""

    id: PairingId
    network_id: NetworkId
    code_hash: str
    name: str | None = None
    room: str | None = None
    group_id: str | None = None
    created_at: datetime
    expires_at: datetime


def written_code(text: str) -> str:
    """A code as it was typed in, in one form: capitals, without spaces and dashes.

    Raises:
        InvalidValue: it cannot be a code.
    """
    code = text.replace(" ", "").replace("-", "").upper()
    if not _CODE.fullmatch(code):
        raise InvalidValue("code", f"must be {CODE_LENGTH} characters of A-Z and 2-7")
    return code
