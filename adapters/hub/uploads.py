"""Sentences that are sent as a whole, over REST."""

import asyncio
from collections.abc import Mapping
from typing import Final

import orjson
from aiohttp import FormData

from adapters.hub.answers import AudioStatus, BestStream, Receipt, Upload
from adapters.hub.calling import Calling, place
from adapters.hub.reading import read

RAW: Final = "pcm_s16le"
BETWEEN_LOOKS: Final = 0.25


class UploadCalls(Calling):
    """What a hub can be asked about uploads, and about who hears best."""

    async def upload_audio(
        self,
        network_id: str,
        sound: bytes,
        *,
        sample_rate: int | None = None,
        channels: int | None = None,
        quality_metrics: Mapping[str, float] | None = None,
    ) -> Receipt:
        """Send a sentence as a client, with its own token.

        The sound is a WAV, FLAC, OGG or MP3 file, or raw s16le samples, which need their sample_rate.
        """
        form = FormData()
        form.add_field("audio_data", sound, filename="sentence", content_type="application/octet-stream")
        if quality_metrics is not None:
            form.add_field("quality_metrics", _json(quality_metrics), content_type="application/json")
        if sample_rate is not None:
            raw = {"encoding": RAW, "sample_rate": sample_rate, "channels": channels or 1}
            form.add_field("metadata", _json(raw), content_type="application/json")
        return read(await self._call.form(place(network_id, "audio"), form), Receipt)

    async def audio_status(
        self, network_id: str, *, processing_id: str | None = None, limit: int = 50
    ) -> AudioStatus:
        """What became of one upload of the last day, or of the latest."""
        query = {"processing_id": processing_id, "limit": limit}
        return read(
            await self._call.json("GET", place(network_id, "audio", "status"), query=query), AudioStatus
        )

    async def finished_upload(self, network_id: str, processing_id: str, *, seconds: float = 60.0) -> Upload:
        """Wait until an upload is over, and say what became of it; TimeoutError where that takes longer."""
        async with asyncio.timeout(seconds):
            while True:
                (upload,) = (await self.audio_status(network_id, processing_id=processing_id)).recent
                if upload.over:
                    return upload
                await asyncio.sleep(BETWEEN_LOOKS)

    async def best_stream(self, network_id: str) -> BestStream:
        """Who hears best at this moment."""
        return read(await self._call.json("GET", place(network_id, "audio", "best-stream")), BestStream)


def _json(value: Mapping[str, object]) -> str:
    return orjson.dumps(value).decode()
