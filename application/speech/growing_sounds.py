"""Sounds that can be heard while they grow: each piece is a blob of its own, and so is the whole."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Final

from attrs import define, field, frozen

from application.ports.blobs import Blob, Blobs
from application.ports.world import Clock
from domain.audio.pcm import WAV_HEAD_BYTES, Recording, to_s16le, wav_head
from domain.errors import NotFound
from domain.ids import BlobId, NetworkId

MEDIA_TYPE: Final = "audio/wav"
PIECES_KEPT_FOR: Final = timedelta(minutes=10)
LOOK_EVERY: Final = 0.03
"""Seconds; whoever listens may be served by another instance than the one that speaks."""
LONGEST_PAUSE: Final = 60.0
"""Seconds without a new piece after which a sound counts as given up by whoever made it."""


@define(eq=False, kw_only=True)
class GrowingSound:
    """A sound that is being made; its first piece begins with the head of a WAV file of unknown length."""

    blobs: Blobs
    clock: Clock
    network_id: NetworkId
    id: BlobId
    kept_for: timedelta
    _sample_rate: int = field(default=0, init=False)
    _content: list[bytes] = field(factory=list, init=False)

    @property
    def sample_rate(self) -> int:
        """The rate of its first piece, which all others must have too; 0 before it."""
        return self._sample_rate

    async def add(self, piece: Recording) -> None:
        """Let it be heard as far as the end of a piece."""
        head = b"" if self._content else wav_head(piece.sample_rate, None)
        self._sample_rate = self._sample_rate or piece.sample_rate
        samples = to_s16le(piece.samples)
        blob = Blob(content=head + samples, media_type=MEDIA_TYPE)
        until = self.clock.now() + PIECES_KEPT_FOR
        await self.blobs.put(self.network_id, _piece(self.id, len(self._content)), blob, until)
        self._content.append(samples)

    async def finish(self) -> None:
        """Keep it as a whole; whoever listens knows then that it is over."""
        content = b"".join(self._content)
        head = wav_head(self._sample_rate, len(content) // 2)
        blob = Blob(content=head + content, media_type=MEDIA_TYPE)
        await self.blobs.put(self.network_id, self.id, blob, self.clock.now() + self.kept_for)


@frozen(kw_only=True)
class SoundUnderWay:
    """A sound that somebody is still making: its bytes as they come."""

    chunks: AsyncGenerator[bytes, None]
    media_type: str = MEDIA_TYPE


async def whole_or_growing(blobs: Blobs, network_id: NetworkId, sound: BlobId) -> Blob | SoundUnderWay:
    """A sound, whole if it is; else from its beginning, and on as it grows.

    Raises:
        NotFound: there is neither.
    """
    try:
        return await blobs.get(network_id, sound)
    except NotFound:
        first = await blobs.get(network_id, _piece(sound, 0))
        return SoundUnderWay(chunks=_followed(blobs, network_id, sound, first.content))


async def _followed(
    blobs: Blobs, network_id: NetworkId, sound: BlobId, first: bytes
) -> AsyncGenerator[bytes, None]:
    """The pieces of a sound one after the other, until it is whole or no more of it comes."""
    yield first
    sent, number, silent = len(first), 1, 0.0
    while silent < LONGEST_PAUSE:
        if (piece := await _found(blobs, network_id, _piece(sound, number))) is not None:
            yield piece
            sent, number, silent = sent + len(piece), number + 1, 0.0
        elif (whole := await _found(blobs, network_id, sound)) is not None:
            if rest := whole[max(sent, WAV_HEAD_BYTES) :]:
                yield rest
            return
        else:
            await asyncio.sleep(LOOK_EVERY)
            silent += LOOK_EVERY


async def _found(blobs: Blobs, network_id: NetworkId, blob_id: BlobId) -> bytes | None:
    try:
        return (await blobs.get(network_id, blob_id)).content
    except NotFound:
        return None


def _piece(sound: BlobId, number: int) -> BlobId:
    return BlobId(f"{sound}.{number}")
