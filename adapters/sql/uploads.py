"""Uploads in a database."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from attrs import frozen
from sqlalchemy import ColumnElement, delete, select

from adapters.sql import tables
from adapters.sql.shelves import Shelf
from adapters.sql.statements import Statements
from application.ports.uploads import UploadFilter
from domain.errors import NetworkNotFound, NotFound
from domain.ids import InteractionId, NetworkId, UploadId
from domain.uploads import Upload

UPLOADS: Final = tables.uploads.c
SHELF: Final = Shelf(
    table=tables.uploads,
    kind=Upload,
    noun="upload",
    newest=("accepted_at", "id"),
    missing=lambda key: NotFound("There is no upload with this id in the network.", processing_id=key),
    orphaned=lambda upload: NetworkNotFound(upload.network_id),
)


@frozen
class SqlUploads:
    """What was sent as a whole."""

    _statements: Statements

    async def add(self, upload: Upload) -> None:
        """Keep a new upload, or raise NetworkNotFound."""
        await SHELF.add(self._statements, upload)

    async def get(self, network_id: NetworkId, upload_id: UploadId) -> Upload:
        """Find an upload of a network, or raise NotFound."""
        return await SHELF.get(self._statements, network_id, upload_id)

    async def update(self, upload: Upload) -> None:
        """Replace an upload, or raise NotFound."""
        await SHELF.update(self._statements, upload)

    async def latest(self, network_id: NetworkId, wanted: UploadFilter, limit: int) -> tuple[Upload, ...]:
        """The latest uploads of a network that pass a filter, newest first."""
        statement = (
            select(tables.uploads)
            .where(UPLOADS.network_id == network_id, *_passing(wanted))
            .order_by(UPLOADS.accepted_at.desc(), UPLOADS.id.desc())
            .limit(max(limit, 0))
        )
        return tuple(map(SHELF.read, await self._statements.rows(statement)))

    async def waiting(self, network_id: NetworkId) -> int:
        """How many uploads of a network are not finished."""
        unfinished = (UPLOADS.network_id == network_id, UPLOADS.finished_at.is_(None))
        return await SHELF.count(self._statements, *unfinished)

    async def turns_to_come(self) -> frozenset[InteractionId]:
        """The turns of all networks for uploads that are not finished: broken off, they are held again."""
        waiting = (UPLOADS.finished_at.is_(None), UPLOADS.interaction_id.is_not(None))
        rows = await self._statements.rows(select(UPLOADS.interaction_id).where(*waiting))
        return frozenset(InteractionId(row.interaction_id) for row in rows)

    async def forget(self, before: datetime) -> int:
        """Drop finished uploads that were accepted before a moment, and say how many."""
        old = (UPLOADS.finished_at.is_not(None), UPLOADS.accepted_at < before)
        return await self._statements.changed(delete(tables.uploads).where(*old))


def _passing(wanted: UploadFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.id is not None:
        yield UPLOADS.id == wanted.id
    if wanted.since is not None:
        yield UPLOADS.accepted_at >= wanted.since
