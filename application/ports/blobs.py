"""Larger things kept beside the store: the sound of answers, and later recordings and files."""

from datetime import datetime
from typing import Protocol

from attrs import frozen

from domain.ids import BlobId, NetworkId


@frozen(kw_only=True)
class Blob:
    """Some bytes and what they are."""

    content: bytes
    media_type: str


class Blobs(Protocol):
    """Keeps bytes by id, each in its network, until they expire."""

    async def put(self, network_id: NetworkId, blob_id: BlobId, blob: Blob, expires_at: datetime) -> None:
        """Keep some bytes; they can be read as soon as this returns."""
        ...

    async def get(self, network_id: NetworkId, blob_id: BlobId) -> Blob:
        """Read them, or raise NotFound; what has expired may still be there until it is removed."""
        ...

    async def remove(self, network_id: NetworkId, blob_id: BlobId) -> None:
        """Drop them before they expire; what is not there is left alone."""
        ...

    async def remove_network(self, network_id: NetworkId) -> None:
        """Drop everything that a network has."""
        ...

    async def remove_expired(self, now: datetime) -> int:
        """Drop what has expired, and say how many."""
        ...
