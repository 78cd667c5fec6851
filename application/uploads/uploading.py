"""Uploads: a sentence that is sent as a whole is taken in at once, and worked on afterwards."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from attrs import evolve, field, frozen

from application.facts.wakeup import Wakeup
from application.networks.access import Principal, within
from application.ports.blobs import Blob, Blobs
from application.ports.sounds import RawForm, SoundCodec
from application.ports.storage import Transaction, Transactions
from application.ports.uploads import UploadFilter
from application.ports.world import Clock, IdSource
from application.turns.reports import measures_by_name
from domain.audio.decisions import Reason
from domain.audio.pcm import Recording
from domain.audio.quality import Quality
from domain.audio.speeches import judged_whole
from domain.errors import AudioQualityTooLow, ClientNotFound, InvalidValue, MiraError, Overloaded, TooLarge
from domain.ids import ClientId, JobId, NetworkId, UploadId
from domain.jobs import Job, JobKind
from domain.uploads import Upload, UploadStatus

LONGEST_SECONDS: Final = 120.0
KEPT_FOR: Final = timedelta(hours=24)
"""So long people may ask what became of an upload."""
RETRY_AFTER: Final = 2.0
LANE: Final = "uploads"
USUAL_ANSWER: Final = timedelta(seconds=1.5)
MOST_LOOKED_AT: Final = 100


@frozen(kw_only=True)
class SentSound:
    """What was sent: a sound file, or raw samples of a form; where both may be, `perhaps_raw` is set."""

    content: bytes = field(repr=False)
    raw: RawForm | None = None
    perhaps_raw: bool = False


@frozen(kw_only=True)
class Receipt:
    """What was taken in, and when it may be done."""

    upload: Upload
    estimated_completion: datetime


@frozen(kw_only=True)
class AudioStatus:
    """How much of a network waits, and what became of its latest uploads."""

    network_id: NetworkId
    queue_depth: int
    recent: tuple[Upload, ...]


@frozen(kw_only=True)
class SubmitAudio:
    """Take in a sentence; once this returns it is processed, whatever happens to the hub."""

    transactions: Transactions
    sounds: SoundCodec
    blobs: Blobs
    ids: IdSource
    clock: Clock
    wakeup: Wakeup
    window: timedelta
    most_waiting: int

    async def __call__(
        self,
        principal: Principal,
        network_id: NetworkId,
        sent: SentSound,
        *,
        client_id: ClientId | None = None,
        reported: Mapping[str, float] | None = None,
    ) -> Receipt:
        """Take in what a client sends of itself.

        Raises:
            InvalidValue: it is no sound.
            TooLarge: it lasts longer than two minutes.
            Overloaded: as many uploads wait as may.
        """
        accepted_at = self.clock.now()
        sender = await self._sender(principal, network_id, client_id)
        recording = await self._decoded(sent)
        quality = await asyncio.to_thread(judged_whole, recording.samples)
        upload = Upload(
            id=self.ids.upload(),
            network_id=network_id,
            client_id=sender,
            score=round(quality.score, 2),
            measures=measures_by_name(quality),
            reported=reported,
            selected=False,
            seconds=round(recording.seconds, 3),
            accepted_at=accepted_at,
        )
        return await self._kept(upload, quality, recording)

    async def _sender(self, principal: Principal, network_id: NetworkId, named: ClientId | None) -> ClientId:
        within(principal, network_id)
        sender = principal.client_id
        if sender is None or named not in {None, sender}:
            raise ClientNotFound(named or "")
        async with self.transactions.snapshot() as tx:
            await tx.clients.get(network_id, sender)
            await self._require_room(tx)
        return sender

    async def _require_room(self, tx: Transaction) -> None:
        if await tx.jobs.count() >= self.most_waiting:
            raise Overloaded("As many uploads wait as may; try again in a moment.", retry_after=RETRY_AFTER)

    async def _decoded(self, sent: SentSound) -> Recording:
        try:
            recording = await self._read(sent)
        except InvalidValue as error:
            raise InvalidValue("audio_data", str(error.details["problem"])) from error
        if not len(recording.samples):
            raise InvalidValue("audio_data", "must hold sound; it is empty")
        if recording.seconds > LONGEST_SECONDS:
            raise TooLarge(
                f"A sentence may last {LONGEST_SECONDS:g} seconds at most.", longest_seconds=LONGEST_SECONDS
            )
        return recording

    async def _read(self, sent: SentSound) -> Recording:
        is_raw = sent.raw is not None and not (sent.perhaps_raw and self.sounds.recognises(sent.content))
        if sent.raw is not None and is_raw:
            return await self.sounds.decode_raw(sent.content, sent.raw)
        return await self.sounds.decode(sent.content)

    async def _kept(self, upload: Upload, quality: Quality, recording: Recording) -> Receipt:
        if not quality.is_speech:
            async with self.transactions.begin() as tx:
                kept = _silent(upload, self.clock.now())
                await tx.uploads.add(kept)
            return Receipt(upload=kept, estimated_completion=self.clock.now())
        sound = self.ids.blob()
        blob = Blob(content=await self.sounds.encode(recording, "flac"), media_type="audio/flac")
        await self.blobs.put(upload.network_id, sound, blob, upload.accepted_at + KEPT_FOR)
        try:
            return await self._queued(evolve(upload, sound=sound), quality)
        except MiraError:
            await self.blobs.remove(upload.network_id, sound)
            raise

    async def _queued(self, upload: Upload, quality: Quality) -> Receipt:
        async with self.transactions.begin() as tx:
            await self._require_room(tx)
            network = await tx.networks.get(upload.network_id)
            good = quality.score / 10 >= network.settings.audio_quality_threshold
            kept = evolve(upload, selected=good and await self._leads(tx, upload))
            now = self.clock.now()
            await tx.uploads.add(kept)
            await tx.jobs.add(_job(kept, due_at=now + self.window))
            waiting = await tx.jobs.count()
        self.wakeup.nudge()
        return Receipt(upload=kept, estimated_completion=now + self.window + USUAL_ANSWER * waiting)

    async def _leads(self, tx: Transaction, upload: Upload) -> bool:
        """Whether nothing as good came before within the window, and is not decided yet."""
        wanted = UploadFilter(since=upload.accepted_at - self.window)
        others = await tx.uploads.latest(upload.network_id, wanted, MOST_LOOKED_AT)
        queued = (other for other in others if other.status is UploadStatus.QUEUED)
        return all(other.score < upload.score for other in queued)


@frozen
class GetAudioStatus:
    """Say what became of a network's uploads of the last day, or of one of them."""

    transactions: Transactions
    clock: Clock

    async def __call__(
        self, principal: Principal, network_id: NetworkId, upload_id: UploadId | None, limit: int
    ) -> AudioStatus:
        within(principal, network_id)
        wanted = UploadFilter(id=upload_id, since=self.clock.now() - KEPT_FOR)
        async with self.transactions.snapshot() as tx:
            await tx.networks.get(network_id)
            return AudioStatus(
                network_id=network_id,
                queue_depth=await tx.uploads.waiting(network_id),
                recent=await tx.uploads.latest(network_id, wanted, limit),
            )


def _silent(upload: Upload, now: datetime) -> Upload:
    """An upload in which nobody speaks: it is taken in, and refused at once."""
    return evolve(
        upload,
        status=UploadStatus.REJECTED,
        reason=Reason.NOT_SPEECH.value,
        error_code=AudioQualityTooLow.code,
        decided_at=now,
        finished_at=now,
    )


def _job(upload: Upload, due_at: datetime) -> Job:
    return Job(
        id=JobId(upload.id),
        network_id=upload.network_id,
        kind=JobKind.HEAR_UPLOAD,
        lane=LANE,
        due_at=due_at,
        created_at=upload.accepted_at,
    )
