"""The sound of answers, behind links that carry their own proof."""

import asyncio
from datetime import timedelta

from attrs import frozen

from application.ports.blobs import Blob, Blobs
from application.ports.tokens import LinkSigner
from application.ports.world import Clock
from domain.ids import BlobId, NetworkId

LINK_LASTS = timedelta(minutes=30)
TIDY_EVERY = timedelta(minutes=10)


@frozen
class LinkToSpeech:
    """Make the link under which the sound of an answer can be fetched for a while."""

    signer: LinkSigner
    clock: Clock

    def __call__(self, network_id: NetworkId, speech: BlobId) -> str:
        return self.signer.sign(network_id, speech, self.clock.now() + LINK_LASTS)


@frozen
class FetchSpeech:
    """Hand out the sound that a link leads to."""

    signer: LinkSigner
    blobs: Blobs

    async def __call__(self, network_id: NetworkId, speech: BlobId, expires: str, signature: str) -> Blob:
        self.signer.verify(network_id, speech, expires, signature)
        return await self.blobs.get(network_id, speech)


@frozen
class TidyBlobs:
    """Drop the sounds that nobody may ask for any more."""

    blobs: Blobs
    clock: Clock

    async def run(self) -> None:
        """Tidy up now and then."""
        while True:
            await self()
            await asyncio.sleep(TIDY_EVERY.total_seconds())

    async def __call__(self) -> int:
        """Drop what has expired, and say how many."""
        return await self.blobs.remove_expired(self.clock.now())
