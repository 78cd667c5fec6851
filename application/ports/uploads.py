"""The uploads of each network, for as long as people may ask what became of them."""

from datetime import datetime
from typing import Protocol

from attrs import frozen

from domain.ids import InteractionId, NetworkId, UploadId
from domain.uploads import Upload


@frozen(kw_only=True)
class UploadFilter:
    """Which uploads are wanted: one of them, or those accepted from a moment on."""

    id: UploadId | None = None
    since: datetime | None = None


class Uploads(Protocol):
    """What was sent as a whole."""

    async def add(self, upload: Upload) -> None:
        """Keep a new upload, or raise NetworkNotFound."""
        ...

    async def get(self, network_id: NetworkId, upload_id: UploadId) -> Upload:
        """Find an upload of a network, or raise NotFound."""
        ...

    async def update(self, upload: Upload) -> None:
        """Replace an upload, or raise NotFound."""
        ...

    async def latest(self, network_id: NetworkId, wanted: UploadFilter, limit: int) -> tuple[Upload, ...]:
        """The latest uploads of a network that pass a filter, newest first."""
        ...

    async def waiting(self, network_id: NetworkId) -> int:
        """How many uploads of a network are not finished."""
        ...

    async def turns_to_come(self) -> frozenset[InteractionId]:
        """The turns of all networks for uploads that are not finished: broken off, they are held again."""
        ...

    async def forget(self, before: datetime) -> int:
        """Drop finished uploads that were accepted before a moment, and say how many."""
        ...
