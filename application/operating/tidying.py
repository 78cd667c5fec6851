"""Tidying up: what nobody can ask for any more is dropped, so that nothing grows for ever."""

import asyncio
from datetime import timedelta
from typing import Final

from attrs import frozen

from application.coordination.broadcasting import KEPT_FOR as BROADCASTS_KEPT_FOR
from application.ports.blobs import Blobs
from application.ports.storage import Transactions
from application.ports.world import Clock
from application.uploads.uploading import KEPT_FOR as UPLOADS_KEPT_FOR

FACTS_KEPT_FOR: Final = timedelta(hours=24)
"""How far back a client can catch up."""
TIDY_EVERY: Final = timedelta(minutes=10)


@frozen
class TidyUp:
    """Drop facts that are too old to catch up on, uploads of another day, commands and broadcasts
    of another week, and sounds and pairing codes that have expired."""

    transactions: Transactions
    blobs: Blobs
    clock: Clock

    async def run(self) -> None:
        """Tidy up at once, and then every ten minutes."""
        while True:
            await self()
            await asyncio.sleep(TIDY_EVERY.total_seconds())

    async def __call__(self) -> int:
        """Tidy up, and say how many things were dropped."""
        now = self.clock.now()
        async with self.transactions.begin() as tx:
            dropped = await tx.outbox.forget(now - FACTS_KEPT_FOR)
            dropped += await tx.uploads.forget(now - UPLOADS_KEPT_FOR)
            dropped += await tx.commands.forget(now - BROADCASTS_KEPT_FOR)
            dropped += await tx.broadcasts.forget(now - BROADCASTS_KEPT_FOR)
            dropped += await tx.pairings.forget(now)
        return dropped + await self.blobs.remove_expired(now)
