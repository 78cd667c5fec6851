"""Uploads in memory."""

from datetime import datetime

from attrs import frozen

from adapters.memory.shelves import Shelf
from adapters.memory.state import State
from application.ports.uploads import UploadFilter
from domain.errors import NetworkNotFound, NotFound
from domain.ids import InteractionId, NetworkId, UploadId
from domain.uploads import Upload


@frozen
class MemoryUploads:
    """What was sent as a whole."""

    _state: State
    _writable: bool

    async def add(self, upload: Upload) -> None:
        """Keep a new upload, or raise NetworkNotFound."""
        shelf = self._shelf()
        shelf.require_writable()
        if (upload.network_id,) not in self._state.networks:
            raise NetworkNotFound(upload.network_id)
        shelf.add((upload.network_id, upload.id), upload)

    async def get(self, network_id: NetworkId, upload_id: UploadId) -> Upload:
        """Find an upload of a network, or raise NotFound."""
        return self._shelf().get((network_id, upload_id))

    async def update(self, upload: Upload) -> None:
        """Replace an upload, or raise NotFound."""
        self._shelf().update((upload.network_id, upload.id), upload)

    async def latest(self, network_id: NetworkId, wanted: UploadFilter, limit: int) -> tuple[Upload, ...]:
        """The latest uploads of a network that pass a filter, newest first."""
        passing = (upload for upload in self._shelf().within(network_id) if _passes(upload, wanted))
        newest_first = sorted(passing, key=lambda upload: (upload.accepted_at, upload.id), reverse=True)
        return tuple(newest_first[: max(limit, 0)])

    async def waiting(self, network_id: NetworkId) -> int:
        """How many uploads of a network are not finished."""
        return sum(upload.finished_at is None for upload in self._shelf().within(network_id))

    async def turns_to_come(self) -> frozenset[InteractionId]:
        """The turns of all networks for uploads that are not finished: broken off, they are held again."""
        open_ones = (upload for upload in self._state.uploads.values() if upload.finished_at is None)
        return frozenset(one.interaction_id for one in open_ones if one.interaction_id is not None)

    async def forget(self, before: datetime) -> int:
        """Drop finished uploads that were accepted before a moment, and say how many."""
        shelf = self._shelf()
        old = [
            key
            for key, upload in shelf.rows.items()
            if upload.finished_at is not None and upload.accepted_at < before
        ]
        for key in old:
            shelf.remove(key)
        return len(old)

    def _shelf(self) -> Shelf[Upload]:
        return Shelf(rows=self._state.uploads, noun="upload", missing=_no_upload, writable=self._writable)


def _no_upload(upload_id: str) -> NotFound:
    return NotFound("There is no upload with this id in the network.", processing_id=upload_id)


def _passes(upload: Upload, wanted: UploadFilter) -> bool:
    return (wanted.id is None or upload.id == wanted.id) and (
        wanted.since is None or upload.accepted_at >= wanted.since
    )
