"""Keeping what was said, where people want that, and giving it back."""

from datetime import timedelta

import structlog
from attrs import frozen

from application.networks.access import Principal, within
from application.ports.blobs import Blob, Blobs
from application.ports.sounds import SoundCodec
from application.ports.storage import Transactions
from application.ports.world import Clock, IdSource
from domain.audio.pcm import Recording
from domain.errors import MiraError, NotFound
from domain.ids import InteractionId, NetworkId
from domain.interactions import KeptSound

log = structlog.get_logger(__name__)


@frozen
class KeepSound:
    """Keep the sound of a turn for as long as the hub was told to; without a time, keep none."""

    sounds: SoundCodec
    blobs: Blobs
    ids: IdSource
    clock: Clock
    keep_for: timedelta | None = None

    async def __call__(self, network_id: NetworkId, recording: Recording | None) -> KeptSound | None:
        """Keep a recording; a turn is never lost because its sound cannot be kept."""
        if self.keep_for is None or recording is None:
            return None
        kept = KeptSound(id=self.ids.blob(), expires_at=self.clock.now() + self.keep_for)
        try:
            blob = Blob(content=await self.sounds.encode(recording, "flac"), media_type="audio/flac")
            await self.blobs.put(network_id, kept.id, blob, kept.expires_at)
        except MiraError as error:
            log.warning("the sound of a turn was not kept", code=error.code, network=network_id)
            return None
        return kept


@frozen
class FetchRecording:
    """Give back the sound of a turn."""

    transactions: Transactions
    blobs: Blobs
    clock: Clock

    async def __call__(
        self, principal: Principal, network_id: NetworkId, interaction_id: InteractionId
    ) -> Blob:
        within(principal, network_id)
        async with self.transactions.snapshot() as tx:
            await tx.networks.get(network_id)
            interaction = await tx.interactions.get(network_id, interaction_id)
        kept = interaction.recording
        if kept is None or kept.expires_at <= self.clock.now():
            raise NotFound("The sound of this interaction is not kept.", interaction_id=interaction_id)
        return await self.blobs.get(network_id, kept.id)
