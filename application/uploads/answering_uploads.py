"""Answering uploads: each one that is used becomes a turn, once, whatever happens to the hub meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from datetime import timedelta
from typing import Final

import structlog
from attrs import define, evolve, field

from application.facts.wakeup import Wakeup
from application.ports.blobs import Blobs
from application.ports.sounds import SoundCodec
from application.ports.speech import Transcriber
from application.ports.storage import Transaction, Transactions
from application.ports.world import Clock, IdSource
from application.turns.conversing import Converse
from application.turns.turns import SpokenWords, Turn, Undertaking
from application.turns.vocabulary import words_of
from application.uploads.shifts import MOST_TRIES, Shift, next_try
from domain.audio.pcm import Recording
from domain.audio.speeches import spoken_part
from domain.errors import AudioProcessingFailed, Conflict, MiraError, NotFound, RateLimitExceeded
from domain.ids import BlobId, InteractionId, UploadId
from domain.interactions import Interaction, ProcessingStatus
from domain.jobs import Job, JobKind
from domain.moments import to_micros
from domain.uploads import Upload, UploadStatus

log = structlog.get_logger(__name__)

MOST_AT_ONCE: Final = 4
GIVEN_UP_AFTER: Final = 2 * MOST_TRIES
"""An upload that was begun so often and never ended takes the hub down with it; it is not begun again."""
ENDED: Final = {
    ProcessingStatus.COMPLETED: UploadStatus.COMPLETED,
    ProcessingStatus.NOT_UNDERSTOOD: UploadStatus.NOT_UNDERSTOOD,
}


@define(eq=False, kw_only=True)
class AnswerUploads:
    """Holds the turns of uploads, a few at a time; run() claims them, finish() lets those begun end."""

    transactions: Transactions
    converse: Converse
    transcriber: Transcriber
    sounds: SoundCodec
    blobs: Blobs
    ids: IdSource
    clock: Clock
    wakeup: Wakeup
    _shift: Shift = field(init=False)
    _turns: set["asyncio.Task[None]"] = field(factory=set, init=False)
    _stopping: bool = field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        self._shift = Shift(self.transactions, self.ids, self.clock, JobKind.ANSWER_UPLOAD)

    @property
    def turns_under_way(self) -> int:
        """How many turns of uploads are being held."""
        return len(self._turns)

    async def run(self) -> None:
        """Begin turns whenever some are due."""
        try:
            while True:
                while await self.begin_next():
                    pass
                await self.wakeup.wait(await self._shift.nap())
        finally:
            for turn in self._turns:
                turn.cancel()
            await asyncio.gather(*self._turns, return_exceptions=True)

    async def finish(self, seconds: float) -> None:
        """Begin no more, and give those that are under way so long to end; the rest is put back."""
        self._stopping = True
        if self._turns:
            await asyncio.wait(self._turns, timeout=seconds)

    async def begin_next(self) -> bool:
        """Begin the turn that has waited longest; whether there was one, and room for it."""
        if self._stopping or len(self._turns) >= MOST_AT_ONCE:
            return False
        jobs = await self._shift.claim(1)
        for job in jobs:
            turn = asyncio.create_task(self._hold(job))
            self._turns.add(turn)
            turn.add_done_callback(self._over)
        return bool(jobs)

    def _over(self, turn: "asyncio.Task[None]") -> None:
        self._turns.discard(turn)
        self.wakeup.nudge()

    async def _hold(self, job: Job) -> None:
        async with self._shift.held((job,)):
            try:
                await self._answer(job)
            except asyncio.CancelledError:
                await asyncio.shield(self._settle(job, self._put_back(job, timedelta(), counts=False)))
                raise
            except RateLimitExceeded as error:
                wait = timedelta(seconds=float(str(error.details["retry_after"])))
                await self._settle(job, self._put_back(job, wait, counts=False))
            except Conflict:
                log.info("an upload was lost to another holder", upload=job.id)
            except NotFound as error:
                await self._give_up(job, UploadStatus.REJECTED, error.code)
            except MiraError as error:
                await self._failed(job, error.code)
            except Exception:
                log.exception("an upload broke", upload=job.id)
                await self._failed(job, MiraError.code)

    async def _failed(self, job: Job, code: str) -> None:
        if job.tries >= MOST_TRIES:
            await self._give_up(job, UploadStatus.FAILED, code)
        else:
            log.warning("an upload is tried again", upload=job.id, code=code, tries=job.tries)
            later = next_try(job, self.clock.now()) - self.clock.now()
            await self._settle(job, self._put_back(job, later))

    async def _give_up(self, job: Job, status: UploadStatus, code: str) -> None:
        """Keep that nothing will become of an upload, and drop its sound."""
        with suppress(NotFound):
            async with self.transactions.snapshot() as tx:
                upload = await tx.uploads.get(job.network_id, UploadId(job.id))
            await self._settle(job, self._end(job, status, code))
            await self._drop_sound(upload)

    async def _settle(self, job: Job, how: Callable[[Transaction], Awaitable[None]]) -> None:
        """Keep what becomes of a job, unless somebody else has it by now, or it is over."""
        try:
            async with self.transactions.begin() as tx:
                await how(tx)
        except Conflict:
            return
        except MiraError as error:
            log.warning("an upload waits until its holder counts as dead", upload=job.id, code=error.code)

    def _put_back(
        self, job: Job, wait: timedelta, *, counts: bool = True
    ) -> Callable[[Transaction], Awaitable[None]]:
        async def put_back(tx: Transaction) -> None:
            tries = job.tries if counts else job.tries - 1
            await tx.jobs.put_back(evolve(job, due_at=self.clock.now() + wait, tries=tries))

        return put_back

    def _end(
        self, job: Job, status: UploadStatus, code: str | None
    ) -> Callable[[Transaction], Awaitable[None]]:
        async def end(tx: Transaction) -> None:
            upload = await tx.uploads.get(job.network_id, UploadId(job.id))
            await tx.uploads.update(
                evolve(upload, status=status, error_code=code, finished_at=self.clock.now())
            )
            await tx.jobs.finish(job)

        return end

    async def _answer(self, job: Job) -> None:
        """Hold the turn of an upload to its end."""
        if job.tries > GIVEN_UP_AFTER:
            raise AudioProcessingFailed("The hub did not live to see the end of this upload.")
        async with self.transactions.snapshot() as tx:
            upload = await tx.uploads.get(job.network_id, UploadId(job.id))
            names = await words_of(tx, job.network_id)
        if upload.hearing is None or upload.decided_at is None or upload.interaction_id is None:
            raise MiraError("An upload is to be answered that was not decided on.")
        recording = await self._spoken(upload)
        words = SpokenWords(
            hearing=upload.hearing,
            speech_ended_at=to_micros(upload.accepted_at),
            decided_at=to_micros(upload.decided_at),
            transcript=lambda: self.transcriber.transcribe(recording, names),
            recording=recording,
        )
        turn = Turn(network_id=upload.network_id, client_id=upload.client_id, words=words)
        await self._converse(job, upload.interaction_id, turn)
        await self._drop_sound(upload)

    async def _drop_sound(self, upload: Upload) -> None:
        with suppress(MiraError):
            await self.blobs.remove(upload.network_id, upload.sound or BlobId(""))

    async def _converse(self, job: Job, interaction_id: InteractionId, turn: Turn) -> None:
        async def seal(tx: Transaction, interaction: Interaction) -> None:
            status = ENDED.get(interaction.status, UploadStatus.FAILED)
            await self._end(job, status, interaction.error_code)(tx)

        last_try = job.tries >= MOST_TRIES
        promise = Undertaking(interaction_id=interaction_id, last_try=last_try, seal=seal)
        async with aclosing(self.converse(evolve(turn, holding=promise))) as events:
            async for _ in events:
                pass

    async def _spoken(self, upload: Upload) -> Recording:
        try:
            blob = await self.blobs.get(upload.network_id, upload.sound or BlobId(""))
        except NotFound as error:
            raise AudioProcessingFailed("The sound of an upload is lost.") from error
        recording = await self.sounds.decode(blob.content)
        return await asyncio.to_thread(spoken_part, recording.samples)
