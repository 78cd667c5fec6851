"""Audio over REST: sentences that are sent as a whole, what becomes of them, and who hears best."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Final

from attrs import frozen

from adapters.http.dialects.mira.dialect import MIRA
from adapters.http.dialects.mira.paging import Limit
from adapters.http.forms import FilePart
from adapters.http.routing import Call, operation
from application.listening.best_stream import BestStream, HeardStream
from application.networks.limiting import Limit as Deed
from application.ports.sounds import RawForm
from application.ports.storage import Page
from application.uploads.uploading import AudioStatus, Receipt, SentSound
from domain.audio.pcm import SAMPLE_RATE
from domain.errors import ClientNotFound, InvalidValue, Overloaded
from domain.ids import ClientId, UploadId
from domain.uploads import Upload, UploadStatus

RAW_TYPES: Final = frozenset({"audio/l16", "audio/pcm"})
UNKNOWN_TYPE: Final = "application/octet-stream"
RAW_ENCODING: Final = "pcm_s16le"
TAKEN_IN: Final = "processing"
"""What an upload is called when it was taken in, though it may still wait its turn."""


@frozen(kw_only=True)
class QualityMetricsBody:
    """What a client measured of its own sound: kept and shown, and trusted for nothing."""

    snr: float | None = None
    speech_clarity: float | None = None
    volume_level: float | None = None

    @property
    def given(self) -> Mapping[str, float]:
        """Those that were sent, by name."""
        told = {"snr": self.snr, "speech_clarity": self.speech_clarity, "volume_level": self.volume_level}
        return {name: value for name, value in told.items() if value is not None}


@frozen(kw_only=True)
class SoundMetadataBody:
    """What the sound is: needed where it is raw samples (encoding pcm_s16le), which do not say."""

    duration: float | None = None
    sample_rate: int | None = None
    channels: int | None = None
    encoding: str | None = None


@frozen(kw_only=True)
class UploadBody:
    """A sentence: a WAV, FLAC, OGG or MP3 file, or raw s16le samples, with what is known of it in JSON."""

    audio_data: FilePart
    client_id: str | None = None
    quality_metrics: QualityMetricsBody | None = None
    metadata: SoundMetadataBody | None = None

    @property
    def sent(self) -> SentSound:
        """The sound, and whether it is raw."""
        part, told = self.audio_data, self.metadata or SoundMetadataBody()
        is_raw = part.media_type in RAW_TYPES or told.encoding == RAW_ENCODING
        if not (is_raw or part.media_type == UNKNOWN_TYPE):
            return SentSound(content=part.content)
        rate, channels = told.sample_rate, told.channels
        form = RawForm(
            sample_rate=_parameter(part, "rate", SAMPLE_RATE) if rate is None else rate,
            channels=_parameter(part, "channels", 1) if channels is None else channels,
        )
        return SentSound(content=part.content, raw=form, perhaps_raw=not is_raw)


def _parameter(part: FilePart, name: str, usual: int) -> int:
    """A number in the type of a part, as in audio/L16; rate=16000."""
    text = part.parameters.get(name)
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidValue("audio_data", f"must have a whole number for {name} in its type")
    return int(text)


@frozen(kw_only=True)
class ReceiptView:
    """What was taken in; whether it will be used is known for good when it is decided."""

    processing_id: str
    status: str
    estimated_completion: datetime
    audio_quality_score: float
    selected_for_processing: bool

    @classmethod
    def of(cls, receipt: Receipt) -> "ReceiptView":
        """The view of a receipt."""
        upload = receipt.upload
        return cls(
            processing_id=upload.id,
            status=TAKEN_IN if upload.status is UploadStatus.QUEUED else upload.status.value,
            estimated_completion=receipt.estimated_completion,
            audio_quality_score=upload.score,
            selected_for_processing=upload.selected,
        )


@frozen(kw_only=True)
class UploadView:
    """What became of an upload, and the interaction that it, or the better one of its sentence, led to."""

    processing_id: str
    client_id: str
    status: str
    audio_quality_score: float
    selected_for_processing: bool
    interaction_id: str | None
    error: str | None

    @classmethod
    def of(cls, upload: Upload) -> "UploadView":
        """The view of an upload."""
        return cls(
            processing_id=upload.id,
            client_id=upload.client_id,
            status=upload.status.value,
            audio_quality_score=upload.score,
            selected_for_processing=upload.selected,
            interaction_id=upload.interaction_id,
            error=upload.error_code,
        )


@frozen(kw_only=True)
class AudioStatusView:
    """How many uploads of a network are not finished, and what became of the latest, newest first."""

    network_id: str
    queue_depth: int
    recent: tuple[UploadView, ...]

    @classmethod
    def of(cls, status: AudioStatus) -> "AudioStatusView":
        """The view of a network's audio status."""
        return cls(
            network_id=status.network_id,
            queue_depth=status.queue_depth,
            recent=tuple(UploadView.of(upload) for upload in status.recent),
        )


@frozen(kw_only=True)
class AudioStatusQuery:
    """Which uploads of the last day are asked for: one of them, or the latest."""

    processing_id: str | None = None
    limit: Limit = 50


@frozen(kw_only=True)
class HeardStreamView:
    """A stream that was heard just now, live or as an upload."""

    client_id: str
    quality_score: float
    metrics: Mapping[str, float]
    last_frame_at: datetime
    selected: bool

    @classmethod
    def of(cls, stream: HeardStream, selected: ClientId | None) -> "HeardStreamView":
        """The view of a stream."""
        return cls(
            client_id=stream.report.client_id,
            quality_score=stream.report.score,
            metrics=stream.report.measures,
            last_frame_at=stream.last_frame_at,
            selected=stream.report.client_id == selected,
        )


@frozen(kw_only=True)
class BestStreamView:
    """The best stream at this moment; nulls where there is none, and why there is none."""

    network_id: str
    selected_client_id: str | None
    quality_score: float | None
    reason: str
    threshold: float
    selected_at: datetime | None
    streams: tuple[HeardStreamView, ...]

    @classmethod
    def of(cls, best: BestStream) -> "BestStreamView":
        """The view of the best stream."""
        chosen = best.selection
        return cls(
            network_id=best.network_id,
            selected_client_id=chosen.client_id,
            quality_score=chosen.score,
            reason=chosen.reason,
            threshold=best.threshold,
            selected_at=chosen.at,
            streams=tuple(HeardStreamView.of(stream, chosen.client_id) for stream in best.streams),
        )


@operation(
    MIRA,
    "mira.audio.submit",
    "POST",
    "/api/v1/networks/{network_id}/audio",
    status=HTTPStatus.ACCEPTED,
    raises=(ClientNotFound, Overloaded),
    form=True,
    limit=Deed.UPLOAD,
)
async def submit(call: Call[UploadBody, None]) -> ReceiptView:
    """Send a sentence as a whole: it competes with what others send of it, and the best is answered."""
    body = call.body
    receipt = await call.use.submit_audio(
        call.principal,
        call.network_id,
        body.sent,
        client_id=None if body.client_id is None else ClientId(body.client_id),
        reported=None if body.quality_metrics is None else body.quality_metrics.given,
    )
    return ReceiptView.of(receipt)


@operation(MIRA, "mira.audio.status", "GET", "/api/v1/networks/{network_id}/audio/status")
async def status(call: Call[None, AudioStatusQuery]) -> AudioStatusView:
    """Tell what became of the uploads of the last day."""
    wanted = call.query.processing_id
    found = await call.use.get_audio_status(
        call.principal,
        call.network_id,
        None if wanted is None else UploadId(wanted),
        Page(limit=call.query.limit).limit,
    )
    return AudioStatusView.of(found)


@operation(MIRA, "mira.audio.best", "GET", "/api/v1/networks/{network_id}/audio/best-stream")
async def best_stream(call: Call[None, None]) -> BestStreamView:
    """Tell which stream hears best just now, of those that are live and those that were sent."""
    return BestStreamView.of(await call.use.get_best_stream(call.principal, call.network_id))


OPERATIONS = (submit, status, best_stream)
