"""Jobs in memory."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import evolve, frozen

from adapters.memory.shelves import Shelf
from adapters.memory.state import State
from domain.errors import Conflict, NetworkNotFound
from domain.jobs import Job, JobKind


@frozen
class MemoryJobs:
    """The work that waits, and who is at it."""

    _state: State
    _writable: bool

    async def add(self, job: Job) -> None:
        """Keep new work, or raise NetworkNotFound, or Conflict when its id is taken in its network."""
        shelf = self._shelf()
        shelf.require_writable()
        if (job.network_id,) not in self._state.networks:
            raise NetworkNotFound(job.network_id)
        shelf.add((job.network_id, job.id), job)

    async def claim(
        self, kind: JobKind, holder: str, now: datetime, until: datetime, limit: int
    ) -> tuple[Job, ...]:
        """Hold the work of the lane that has waited longest since it was due, in order, or nothing."""
        shelf = self._shelf()
        shelf.require_writable()
        of_kind = sorted((job for job in shelf.rows.values() if job.kind is kind), key=_place)
        held = {_lane(job) for job in of_kind if job.held_until is not None and job.held_until > now}
        first = next((job for job in of_kind if job.due_at <= now and _lane(job) not in held), None)
        if first is None:
            return ()
        lane = [job for job in of_kind if _lane(job) == _lane(first)][: max(limit, 0)]
        claimed = [evolve(job, holder=holder, held_until=until, tries=job.tries + 1) for job in lane]
        self._replace(claimed)
        return tuple(claimed)

    async def prolong(self, jobs: Sequence[Job], until: datetime) -> tuple[Job, ...]:
        """Hold jobs for longer; those that are still held are given back."""
        prolonged = [evolve(job, held_until=until) for job in jobs if self._holds(job)]
        self._replace(prolonged)
        return tuple(prolonged)

    async def put_back(self, job: Job) -> None:
        """Free a job that is held, to be done as it says now, or raise Conflict."""
        self._require_held(job)
        self._replace([evolve(job, holder=None, held_until=None)])

    async def finish(self, job: Job) -> None:
        """Take a job that is held away, since it is done, or raise Conflict."""
        self._require_held(job)
        self._shelf().remove((job.network_id, job.id))

    async def next_due(self, kind: JobKind) -> datetime | None:
        """When there will be something to claim, as far as is known; a moment in the past stands for now."""
        moments = [job.held_until or job.due_at for job in self._state.jobs.values() if job.kind is kind]
        return min(moments, default=None)

    async def count(self) -> int:
        """How many jobs of all networks are not finished."""
        return len(self._state.jobs)

    def _replace(self, jobs: Iterable[Job]) -> None:
        for job in jobs:
            self._shelf().update((job.network_id, job.id), job)

    def _holds(self, job: Job) -> bool:
        kept = self._state.jobs.get((job.network_id, job.id))
        return kept is not None and job.holder is not None and kept.holder == job.holder

    def _require_held(self, job: Job) -> None:
        if not self._holds(job):
            raise lost(job)

    def _shelf(self) -> Shelf[Job]:
        return Shelf(rows=self._state.jobs, noun="job", missing=_no_job, writable=self._writable)


def lost(job: Job) -> Conflict:
    """A job is no longer the caller's."""
    return Conflict("Somebody else is at this job by now, or has done it.", id=job.id)


def _no_job(job_id: str) -> Conflict:
    return Conflict("There is no such job.", id=job_id)


def _place(job: Job) -> tuple[object, ...]:
    return (job.due_at, job.id)


def _lane(job: Job) -> tuple[str, str]:
    return (job.network_id, job.lane)
