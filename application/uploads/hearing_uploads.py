"""Hearing uploads: those of one sentence compete, and the best of them becomes a turn."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

import structlog
from attrs import evolve, field, frozen

from application.facts.wakeup import Wakeup
from application.ports.announcing import Announcer
from application.ports.blobs import Blobs
from application.ports.sounds import SoundCodec
from application.ports.storage import Transaction, Transactions
from application.ports.world import Clock, IdSource
from application.turns.verdicts import choice, hearing, too_poor
from application.uploads.shifts import MOST_TRIES, Shift, next_try
from domain.audio.decisions import Competitor, Reason, UtteranceEnded, UtteranceRejected
from domain.audio.rules import ArbitrationRules
from domain.audio.windows import WholeSound, decide
from domain.errors import (
    AudioProcessingFailed,
    AudioQualityTooLow,
    Conflict,
    InvalidValue,
    MiraError,
    NotFound,
)
from domain.events import ErrorOccurred, LiveEvent, LiveNews
from domain.ids import BlobId, ClientId, InteractionId, NetworkId, UploadId
from domain.interactions import Hearing
from domain.jobs import Job, JobKind
from domain.moments import to_micros
from domain.uploads import Upload, UploadStatus

log = structlog.get_logger(__name__)

MOST_AT_ONCE: Final = 50
NOT_YET: Final = timedelta(milliseconds=50)
"""An upload whose window is not over is looked at again so much later."""
Verdict = UtteranceEnded | UtteranceRejected


@frozen
class _Round:
    """The uploads of a network that are decided on together, and the jobs by which they are held."""

    network_id: NetworkId
    rules: ArbitrationRules
    jobs: Mapping[str, Job]
    uploads: Mapping[str, Upload]

    @property
    def reported(self) -> Mapping[str, Mapping[str, float]]:
        """What the clients themselves had measured."""
        return {key: one.reported for key, one in self.uploads.items() if one.reported is not None}


@frozen(kw_only=True)
class HearUploads:
    """Decide which upload of each sentence is used, as soon as the window of its competitors is over."""

    transactions: Transactions
    sounds: SoundCodec
    blobs: Blobs
    announcer: Announcer
    ids: IdSource
    clock: Clock
    rules: ArbitrationRules
    wakeup: Wakeup
    to_answer: Wakeup
    _shift: Shift = field(init=False)

    @_shift.default
    def _its_shift(self) -> Shift:
        return Shift(self.transactions, self.ids, self.clock, JobKind.HEAR_UPLOAD)

    async def run(self) -> None:
        """Decide whenever something is due."""
        while True:
            while await self():
                pass
            await self.wakeup.wait(await self._shift.nap())

    async def __call__(self) -> bool:
        """Decide on what is due in one network; whether there was anything."""
        jobs = await self._shift.claim(MOST_AT_ONCE)
        if not jobs:
            return False
        async with self._shift.held(jobs):
            try:
                await self._decide(await self._round(jobs))
            except asyncio.CancelledError:
                await asyncio.shield(self._let_go(jobs))
                raise
            except Conflict:
                log.warning("uploads were lost to another holder", network=jobs[0].network_id)
            except Exception as error:
                if not isinstance(error, MiraError):
                    log.exception("uploads could not be heard", network=jobs[0].network_id)
                await self._try_again(jobs)
        return True

    async def _round(self, jobs: Sequence[Job]) -> _Round:
        network_id = jobs[0].network_id
        async with self.transactions.snapshot() as tx:
            network = await tx.networks.get(network_id)
            found = [await tx.uploads.get(network_id, UploadId(job.id)) for job in jobs]
        rules = evolve(self.rules, threshold=network.settings.audio_quality_threshold)
        return _Round(network_id, rules, {job.id: job for job in jobs}, {one.id: one for one in found})

    async def _decide(self, around: _Round) -> None:
        sounds = [sound for one in around.uploads.values() if (sound := await self._sound(one)) is not None]
        verdicts = await asyncio.to_thread(decide, sounds, around.rules, self.clock.micros())
        async with self.transactions.begin() as tx:
            decided: set[str] = set()
            for verdict in verdicts:
                decided |= await self._settle(tx, around, verdict)
            for sound in sounds:
                if sound.reference not in decided:
                    await self._wait(tx, around.jobs[sound.reference])
            for lost in around.jobs.keys() - {sound.reference for sound in sounds}:
                await self._give_up(tx, around.jobs[lost], AudioProcessingFailed.code)
        self.to_answer.nudge()
        for verdict in verdicts:
            self._tell_of(around, verdict)
        used = {verdict.reference for verdict in verdicts if isinstance(verdict, UtteranceEnded)}
        for key in decided - used:
            await self._drop_sound(around.uploads[key])

    async def _sound(self, upload: Upload) -> WholeSound | None:
        """The sound of an upload; None if it is lost."""
        try:
            blob = await self.blobs.get(upload.network_id, upload.sound or BlobId(""))
            recording = await self.sounds.decode(blob.content)
        except (NotFound, InvalidValue) as error:
            log.warning("the sound of an upload is lost", code=error.code, upload=upload.id)
            return None
        return WholeSound(
            client_id=upload.client_id,
            samples=recording.samples,
            arrived_at=to_micros(upload.accepted_at),
            reference=upload.id,
        )

    async def _settle(self, tx: Transaction, around: _Round, verdict: Verdict) -> set[str]:
        """Keep a verdict on all whom it concerns, and say who they are."""
        turn = self.ids.interaction() if isinstance(verdict, UtteranceEnded) else None
        for competitor in verdict.competitors:
            key = competitor.reference or ""
            job, upload = around.jobs[key], around.uploads[key]
            heard = _heard(upload, competitor, self.clock.now())
            if isinstance(verdict, UtteranceEnded) and competitor.selected:
                how = hearing(verdict, around.reported)
                await tx.uploads.update(_used(heard, verdict.reason, how, turn))
                await tx.jobs.put_back(_to_answer(job, self.clock.now()))
            else:
                await tx.uploads.update(_not_used(heard, verdict, turn))
                await tx.jobs.finish(job)
        return {competitor.reference or "" for competitor in verdict.competitors}

    async def _let_go(self, jobs: Sequence[Job]) -> None:
        """Leave uploads to whoever comes next."""
        with suppress(MiraError):
            async with self.transactions.begin() as tx:
                for job in jobs:
                    await self._wait(tx, job)

    async def _wait(self, tx: Transaction, job: Job) -> None:
        """Look at an upload again when its window is over; that is no try."""
        later = max(job.due_at, self.clock.now() + NOT_YET)
        await tx.jobs.put_back(evolve(job, due_at=later, tries=job.tries - 1))

    async def _try_again(self, jobs: Sequence[Job]) -> None:
        """Hear uploads later, or give them up if that was tried often enough."""
        try:
            async with self.transactions.begin() as tx:
                for job in jobs:
                    if job.tries >= MOST_TRIES:
                        await self._give_up(tx, job, AudioProcessingFailed.code)
                    else:
                        await tx.jobs.put_back(evolve(job, due_at=next_try(job, self.clock.now())))
        except MiraError as error:
            log.warning("uploads wait until their holder counts as dead", code=error.code)

    async def _give_up(self, tx: Transaction, job: Job, code: str) -> None:
        upload = await tx.uploads.get(job.network_id, UploadId(job.id))
        now = self.clock.now()
        failed = evolve(
            upload, status=UploadStatus.FAILED, selected=False, error_code=code, sound=None, finished_at=now
        )
        await tx.uploads.update(failed)
        await tx.jobs.finish(job)

    def _tell_of(self, around: _Round, verdict: Verdict) -> None:
        """Tell everyone which upload is used, or its client that it was heard too badly."""
        match verdict:
            case UtteranceEnded():
                self._tell(around.network_id, choice(verdict, verdict.ended_at, around.reported))
            case UtteranceRejected(reason=Reason.BELOW_THRESHOLD):
                error = too_poor(verdict, around.rules.threshold)
                event = ErrorOccurred(
                    code=error.code,
                    message=error.message,
                    client_id=verdict.client_id,
                    details=error.details,
                    at=self.clock.now(),
                )
                self._tell(around.network_id, event, verdict.client_id)
            case UtteranceRejected():
                pass

    def _tell(self, network_id: NetworkId, event: LiveEvent, recipient: ClientId | None = None) -> None:
        self.announcer.tell(LiveNews(network_id=network_id, event=event, recipient=recipient))

    async def _drop_sound(self, upload: Upload) -> None:
        try:
            if upload.sound is not None:
                await self.blobs.remove(upload.network_id, upload.sound)
        except MiraError as error:
            log.warning("a sound stays until it expires", code=error.code, upload=upload.id)


def _heard(upload: Upload, competitor: Competitor, now: datetime) -> Upload:
    """An upload that was heard among its competitors, and is over for now."""
    return evolve(
        upload,
        score=round(competitor.quality.score, 2),
        selected=False,
        reason=competitor.why,
        sound=upload.sound,
        decided_at=now,
        finished_at=now,
    )


def _used(heard: Upload, reason: Reason, how: Hearing, interaction_id: InteractionId | None) -> Upload:
    """An upload that was heard best, and is to become a turn."""
    return evolve(
        heard,
        status=UploadStatus.PROCESSING,
        selected=True,
        reason=reason.value,
        interaction_id=interaction_id,
        hearing=how,
        finished_at=None,
    )


def _not_used(heard: Upload, verdict: Verdict, interaction_id: InteractionId | None) -> Upload:
    """An upload that another was better than, or that is no good."""
    over = evolve(heard, sound=None)
    match verdict:
        case UtteranceEnded():
            return evolve(over, status=UploadStatus.NOT_SELECTED, interaction_id=interaction_id)
        case UtteranceRejected(reason=Reason.HEARD_ALREADY):
            return evolve(over, status=UploadStatus.NOT_SELECTED, reason=verdict.reason.value)
        case UtteranceRejected():
            code, reason = AudioQualityTooLow.code, verdict.reason.value
            return evolve(over, status=UploadStatus.REJECTED, reason=reason, error_code=code)


def _to_answer(job: Job, now: datetime) -> Job:
    """What is to be done next: each answer is a lane of its own."""
    return evolve(job, kind=JobKind.ANSWER_UPLOAD, lane=job.id, due_at=now, tries=0)
