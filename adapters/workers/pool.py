"""A few worker processes, kept alive, with a bounded queue in front of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog
from attrs import define, field

from adapters.workers.process import JobFailed, Work, WorkerGone, WorkerProcess
from domain.errors import AudioProcessingFailed, Overloaded

START_SECONDS: Final = 180.0
JOB_SECONDS: Final = 60.0
ATTEMPTS: Final = 2
MOST_WAITING: Final = 16

_log = structlog.get_logger(__name__)


@define(eq=False)
class _Place:
    """A place in the pool: its worker, or none while nobody has needed one since the last was lost."""

    worker: WorkerProcess | None = None
    about: object = None
    """What its last job was about."""


@define(eq=False)
class WorkerPool:
    """Processes that do jobs, bytes in and bytes out; open it with `async with WorkerPool.open(...)`.

    A worker that dies is replaced and its job tried once more. A caller that is cancelled leaves at once;
    its job, if it waits, is dropped, and if it is being done, its result is.
    """

    _work: Work
    _most_waiting: int
    _job_seconds: float
    _start_seconds: float
    _idle: list[_Place] = field(factory=list, init=False)
    _free: asyncio.Semaphore = field(factory=lambda: asyncio.Semaphore(0), init=False)
    _places: list[_Place] = field(factory=list, init=False)
    _under_way: set[asyncio.Task[bytes]] = field(factory=set, init=False)
    _waiting: int = field(default=0, init=False)

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        work: Work,
        *,
        count: int = 1,
        most_waiting: int = MOST_WAITING,
        job_seconds: float = JOB_SECONDS,
        start_seconds: float = START_SECONDS,
    ) -> AsyncIterator["WorkerPool"]:
        """Have a pool for as long as the block lasts; its workers start in the background at once."""
        pool = cls(work, most_waiting, job_seconds, start_seconds)
        starting = [asyncio.create_task(pool._open_place()) for _ in range(count)]
        try:
            yield pool
        finally:
            await pool._close(starting)

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the workers that are up."""
        workers = (place.worker for place in self._places)
        return tuple(worker.pid for worker in workers if worker is not None and worker.alive)

    @property
    def waiting(self) -> int:
        """How many jobs wait for a free worker."""
        return self._waiting

    async def do(self, job: bytes, about: object = None) -> bytes:
        """Have a job done by the free worker whose last one was about the same, else by the longest free.

        Raises:
            Overloaded: too many jobs are waiting.
            AudioProcessingFailed: the job raised, or two workers died of it.
        """
        if self._waiting >= self._most_waiting:
            raise Overloaded("The hub has as much sound to work on as it can; try again in a moment.")
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        again = (place for place in self._idle if about is not None and place.about == about)
        place = next(again, self._idle[0])
        self._idle.remove(place)
        place.about = about
        doing = asyncio.create_task(self._do_at(place, job))
        self._under_way.add(doing)
        doing.add_done_callback(self._forget)
        return await asyncio.shield(doing)

    async def roll_call(self) -> None:
        """Come back when the next free worker has answered; one that was lost is replaced first.

        Raises:
            Overloaded: too many jobs are waiting.
            AudioProcessingFailed: no worker answers, and none can be had.
        """
        await self.do(b"")

    async def ready(self) -> None:
        """Wait until a worker is free, without giving it anything to do."""
        async with self._free:
            pass

    def _forget(self, doing: asyncio.Task[bytes]) -> None:
        self._under_way.discard(doing)
        if not doing.cancelled():
            doing.exception()

    async def _open_place(self) -> None:
        place = _Place()
        self._places.append(place)
        with suppress(WorkerGone, JobFailed):
            await self._worker_at(place)
        self._vacate(place)

    def _vacate(self, place: _Place) -> None:
        self._idle.append(place)
        self._free.release()

    async def _worker_at(self, place: _Place) -> WorkerProcess:
        if place.worker is not None and place.worker.alive:
            return place.worker
        try:
            place.worker = await WorkerProcess.start(self._work, self._start_seconds)
        except (WorkerGone, JobFailed) as error:
            _log.error("worker does not start", target=self._work.target, reason=str(error))
            raise
        return place.worker

    async def _do_at(self, place: _Place, job: bytes) -> bytes:
        try:
            for _ in range(ATTEMPTS):
                try:
                    worker = await self._worker_at(place)
                    return await worker.ask(job, self._job_seconds)
                except WorkerGone:
                    await self._lose(place)
            raise AudioProcessingFailed("The sound could not be worked on: two workers were lost over it.")
        except JobFailed as error:
            _log.warning("job failed", target=self._work.target, reason=str(error))
            raise AudioProcessingFailed("The sound could not be worked on.") from error
        finally:
            self._vacate(place)

    async def _lose(self, place: _Place) -> None:
        worker, place.worker = place.worker, None
        if worker is not None:
            await worker.end()
            _log.warning("worker lost", target=self._work.target, status=worker.exit_status)

    async def _close(self, starting: list[asyncio.Task[None]]) -> None:
        unfinished = [*starting, *self._under_way]
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
        for place in self._places:
            if place.worker is not None:
                await place.worker.end()
