"""Jobs in a database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from attrs import evolve, frozen
from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select, tuple_, update

from adapters.sql import tables
from adapters.sql.shelves import Shelf
from adapters.sql.statements import Statements
from domain.errors import Conflict, NetworkNotFound
from domain.jobs import Job, JobKind

JOBS: Final = tables.jobs.c
OTHER: Final = tables.jobs.alias("other")
SHELF: Final = Shelf(
    table=tables.jobs,
    kind=Job,
    noun="job",
    newest=("created_at", "id"),
    missing=lambda job_id: Conflict("Somebody else is at this job by now, or has done it.", id=job_id),
    orphaned=lambda job: NetworkNotFound(job.network_id),
)


@frozen
class SqlJobs:
    """The work that waits, and who is at it."""

    _statements: Statements

    async def add(self, job: Job) -> None:
        """Keep new work, or raise NetworkNotFound, or Conflict when its id is taken in its network."""
        await SHELF.add(self._statements, job)

    async def claim(
        self, kind: JobKind, holder: str, now: datetime, until: datetime, limit: int
    ) -> tuple[Job, ...]:
        """Hold the work of the lane that has waited longest since it was due, in order, or nothing.

        Only the first job of a lane is looked for, and it is passed over while somebody holds its row: so of
        several who claim at once none waits, and no two get the same lane.
        """
        first = (
            select(tables.jobs)
            .where(JOBS.kind == kind, JOBS.due_at <= now, *_heads_its_lane(now))
            .order_by(JOBS.due_at, JOBS.id)
            .limit(1)
        )
        heads = await self._statements.held_if_free(first, of=tables.jobs)
        if not heads:
            return ()
        lane = (
            select(tables.jobs)
            .where(JOBS.network_id == heads[0].network_id, JOBS.lane == heads[0].lane, JOBS.kind == kind)
            .order_by(JOBS.due_at, JOBS.id)
            .limit(limit)
        )
        found = map(SHELF.read, await self._statements.held_if_free(lane, of=tables.jobs))
        claimed = tuple(evolve(job, holder=holder, held_until=until, tries=job.tries + 1) for job in found)
        for job in claimed:
            await SHELF.update(self._statements, job)
        return claimed

    async def prolong(self, jobs: Sequence[Job], until: datetime) -> tuple[Job, ...]:
        """Hold jobs for longer; those that are still held are given back."""
        prolonged = [evolve(job, held_until=until) for job in jobs]
        return tuple([job for job in prolonged if await self._change(job, held_until=until)])

    async def put_back(self, job: Job) -> None:
        """Free a job that is held, to be done as it says now, or raise Conflict."""
        freed = {"kind": job.kind, "lane": job.lane, "due_at": job.due_at, "tries": job.tries}
        if not await self._change(job, **freed, holder=None, held_until=None):
            raise SHELF.missing(job.id)

    async def finish(self, job: Job) -> None:
        """Take a job that is held away, since it is done, or raise Conflict."""
        if not await self._change(job, holder=job.holder):
            raise SHELF.missing(job.id)
        await SHELF.remove(self._statements, job.network_id, job.id)

    async def next_due(self, kind: JobKind) -> datetime | None:
        """When there will be something to claim, as far as is known; a moment in the past stands for now."""
        soonest = select(func.min(func.coalesce(JOBS.held_until, JOBS.due_at)).label("soonest"))
        (row,) = await self._statements.rows(soonest.where(JOBS.kind == kind))
        moment: datetime | None = row.soonest
        return moment

    async def count(self) -> int:
        """How many jobs of all networks are not finished."""
        return await SHELF.count(self._statements)

    async def _change(self, job: Job, **values: Any) -> bool:
        """Change a job's row if its holder still holds it, and say whether that was so."""
        named = (JOBS.network_id == job.network_id, JOBS.id == job.id, JOBS.holder == job.holder)
        return await self._statements.changed(update(tables.jobs).where(*named).values(values)) == 1


def _heads_its_lane(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Whether nothing in its lane is before it, and nothing there is held."""
    same_lane = and_(
        OTHER.c.network_id == JOBS.network_id, OTHER.c.lane == JOBS.lane, OTHER.c.kind == JOBS.kind
    )
    before = tuple_(OTHER.c.due_at, OTHER.c.id) < tuple_(JOBS.due_at, JOBS.id)
    return (not_(exists().where(same_lane, or_(before, OTHER.c.held_until > now))),)
