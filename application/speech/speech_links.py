"""The sound of answers, behind links that carry their own proof."""

from datetime import timedelta

from attrs import frozen

from application.ports.blobs import Blob, Blobs
from application.ports.tokens import LinkSigner
from application.ports.world import Clock
from application.speech.growing_sounds import SoundUnderWay, whole_or_growing
from domain.ids import BlobId, NetworkId

LINK_LASTS = timedelta(minutes=30)


@frozen
class LinkToSpeech:
    """Make the link under which the sound of an answer can be fetched for a while."""

    signer: LinkSigner
    clock: Clock

    def __call__(self, network_id: NetworkId, speech: BlobId) -> str:
        return self.signer.sign(network_id, speech, self.clock.now() + LINK_LASTS)


@frozen
class FetchSpeech:
    """Hand out the sound that a link leads to, also while it is still being made."""

    signer: LinkSigner
    blobs: Blobs

    async def __call__(
        self, network_id: NetworkId, speech: BlobId, expires: str, signature: str
    ) -> Blob | SoundUnderWay:
        self.signer.verify(network_id, speech, expires, signature)
        return await whole_or_growing(self.blobs, network_id, speech)
