"""Links that open a blob until they expire, proven by an HMAC-SHA-256 over all that they say."""

import base64
import hashlib
import hmac
import re
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

from attrs import field, frozen

from adapters.jwt.keys import check_secret, derived_key
from application.ports.world import Clock
from domain.errors import NotFound
from domain.ids import BlobId, NetworkId

BLOB_PATH: Final = "/v1/audio/"
PURPOSE: Final = "mira blob links"
SECONDS: Final = re.compile(r"[0-9]{1,12}")


@frozen(kw_only=True)
class HmacLinkSigner:
    """Signs links with a key of their own; any hub with the same secret reads them.

    base_url is where people reach the hub, such as https://hub.example, with or without a path.
    """

    secret: bytes = field(repr=False, validator=check_secret)
    base_url: str
    clock: Clock

    def sign(self, network_id: NetworkId, blob_id: BlobId, expires_at: datetime) -> str:
        """The URL of a blob."""
        expires = str(int(expires_at.timestamp()))
        proof = urlencode(
            {
                "network": network_id,
                "expires": expires,
                "signature": self._signature(network_id, blob_id, expires),
            }
        )
        return f"{self.base_url.rstrip('/')}{BLOB_PATH}{quote(blob_id, safe='')}?{proof}"

    def verify(self, network_id: NetworkId, blob_id: BlobId, expires: str, signature: str) -> None:
        """Check what a URL carries, or raise NotFound when it is altered or too late."""
        expected = self._signature(network_id, blob_id, expires)
        genuine = hmac.compare_digest(_bytes(expected), _bytes(signature))
        if not (genuine and SECONDS.fullmatch(expires)) or int(expires) <= self.clock.now().timestamp():
            raise NotFound("There is nothing under this link, or not any more.")

    def _signature(self, network_id: str, blob_id: str, expires: str) -> str:
        said = b"\n".join(_bytes(part) for part in (network_id, blob_id, expires))
        digest = hmac.new(derived_key(self.secret, PURPOSE), said, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
