"""Blobs in memory."""

from datetime import datetime

from attrs import field, frozen

from application.ports.blobs import Blob
from domain.errors import NotFound
from domain.ids import BlobId, NetworkId


@frozen
class MemoryBlobs:
    """Keeps bytes as long as the process lasts."""

    _blobs: dict[tuple[NetworkId, BlobId], tuple[Blob, datetime]] = field(factory=dict, init=False)

    async def put(self, network_id: NetworkId, blob_id: BlobId, blob: Blob, expires_at: datetime) -> None:
        """Keep some bytes; they can be read as soon as this returns."""
        self._blobs[network_id, blob_id] = (blob, expires_at)

    async def get(self, network_id: NetworkId, blob_id: BlobId) -> Blob:
        """Read them, or raise NotFound."""
        if (network_id, blob_id) not in self._blobs:
            raise NotFound("There is nothing with this id in the network.", blob_id=blob_id)
        return self._blobs[network_id, blob_id][0]

    async def remove(self, network_id: NetworkId, blob_id: BlobId) -> None:
        """Drop them before they expire; what is not there is left alone."""
        self._blobs.pop((network_id, blob_id), None)

    async def remove_network(self, network_id: NetworkId) -> None:
        """Drop everything that a network has."""
        self._drop([key for key in self._blobs if key[0] == network_id])

    async def remove_expired(self, now: datetime) -> int:
        """Drop what has expired, and say how many."""
        expired = [key for key, (_, expires_at) in self._blobs.items() if expires_at <= now]
        self._drop(expired)
        return len(expired)

    def _drop(self, keys: list[tuple[NetworkId, BlobId]]) -> None:
        for key in keys:
            del self._blobs[key]
