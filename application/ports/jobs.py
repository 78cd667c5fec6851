"""Jobs: work that outlives the hub that accepted it, shared by all hubs on one store."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.jobs import Job, JobKind


class Jobs(Protocol):
    """The work that waits, and who is at it. A job is there until it is finished.

    Whoever claims jobs holds them until a moment, and may prolong that; when it passes they are free again,
    since whoever held them is taken for dead. A holder is the name of one claim, and used for no other: what
    is written about a job that was claimed again meanwhile is refused with Conflict, so that a transaction
    which finishes a job commits at most once.
    """

    async def add(self, job: Job) -> None:
        """Keep new work, or raise NetworkNotFound, or Conflict when its id is taken in its network."""
        ...

    async def claim(
        self, kind: JobKind, holder: str, now: datetime, until: datetime, limit: int
    ) -> tuple[Job, ...]:
        """Hold the work of the lane that has waited longest since it was due, in order, or nothing.

        With the first job of that lane come those behind it, due or not, at most limit in all; as long as
        one of them is held, nobody gets another of the lane. Each is given with its tries counted up. Of
        several who claim at once, none waits for another.
        """
        ...

    async def prolong(self, jobs: Sequence[Job], until: datetime) -> tuple[Job, ...]:
        """Hold jobs for longer; those that are still held are given back."""
        ...

    async def put_back(self, job: Job) -> None:
        """Free a job that is held, to be done as it says now, or raise Conflict."""
        ...

    async def finish(self, job: Job) -> None:
        """Take a job that is held away, since it is done, or raise Conflict."""
        ...

    async def next_due(self, kind: JobKind) -> datetime | None:
        """When there will be something to claim, as far as is known; a moment in the past stands for now."""
        ...

    async def count(self) -> int:
        """How many jobs of all networks are not finished."""
        ...
