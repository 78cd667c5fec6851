"""Blobs that several instances share, in their database."""

import hashlib
from datetime import datetime
from typing import Final

from attrs import frozen
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.sql import tables
from adapters.sql.connections import writing
from application.ports.blobs import Blob
from domain.errors import NotFound
from domain.ids import BlobId, NetworkId

BLOBS: Final = tables.blobs.c


@frozen(eq=False)
class SqlBlobs:
    """Keeps bytes in a table: what one instance puts, every other one gets at once."""

    engine: AsyncEngine

    async def put(self, network_id: NetworkId, blob_id: BlobId, blob: Blob, expires_at: datetime) -> None:
        """Keep some bytes; they can be read as soon as this returns."""
        values = {"content": blob.content, "media_type": blob.media_type, "expires_at": expires_at}
        async with writing(self.engine) as statements:
            kept = statements.insert(tables.blobs).values(
                network_id=_key(network_id), id=_key(blob_id), **values
            )
            again = kept.on_conflict_do_update(index_elements=[BLOBS.network_id, BLOBS.id], set_=values)
            await statements.changed(again)

    async def get(self, network_id: NetworkId, blob_id: BlobId) -> Blob:
        """Read them, or raise NotFound."""
        statement = select(BLOBS.content, BLOBS.media_type).where(
            BLOBS.network_id == _key(network_id), BLOBS.id == _key(blob_id)
        )
        async with writing(self.engine) as statements:
            rows = await statements.rows(statement)
        if not rows:
            raise NotFound("There is nothing with this id in the network.", blob_id=blob_id)
        return Blob(content=rows[0].content, media_type=rows[0].media_type)

    async def remove(self, network_id: NetworkId, blob_id: BlobId) -> None:
        """Drop them before they expire; what is not there is left alone."""
        async with writing(self.engine) as statements:
            await statements.changed(
                delete(tables.blobs).where(BLOBS.network_id == _key(network_id), BLOBS.id == _key(blob_id))
            )

    async def remove_network(self, network_id: NetworkId) -> None:
        """Drop everything that a network has."""
        async with writing(self.engine) as statements:
            await statements.changed(delete(tables.blobs).where(BLOBS.network_id == _key(network_id)))

    async def remove_expired(self, now: datetime) -> int:
        """Drop what has expired, and say how many."""
        async with writing(self.engine) as statements:
            return await statements.changed(delete(tables.blobs).where(BLOBS.expires_at <= now))


def _key(name: str) -> str:
    """An id as any database can hold it, whatever characters it has."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
