"""Doing jobs: claiming them, and holding them for as long as the work takes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

import structlog
from attrs import frozen

from application.ports.storage import Transactions
from application.ports.world import Clock, IdSource
from domain.errors import MiraError
from domain.jobs import Job, JobKind

log = structlog.get_logger(__name__)

HELD_FOR: Final = timedelta(seconds=15)
"""After so long without a sign of life whoever held a job is taken for dead."""
SIGN_OF_LIFE_EVERY: Final = 4.0
LONGEST_NAP: Final = timedelta(seconds=1)
SHORTEST_NAP: Final = timedelta(milliseconds=10)
MOST_TRIES: Final = 4
LONGEST_PAUSE: Final = timedelta(minutes=5)


@frozen
class Shift:
    """Claims jobs of one kind, and keeps hold of them."""

    transactions: Transactions
    ids: IdSource
    clock: Clock
    kind: JobKind

    async def claim(self, limit: int) -> tuple[Job, ...]:
        """The next jobs of one lane, if any are to be done; hold them with held() while they are done."""
        now = self.clock.now()
        async with self.transactions.snapshot() as tx:
            due = await tx.jobs.next_due(self.kind)
        if due is None or due > now:
            return ()
        async with self.transactions.begin() as tx:
            return await tx.jobs.claim(self.kind, self.ids.claim(), now, now + HELD_FOR, limit)

    @asynccontextmanager
    async def held(self, jobs: Sequence[Job]) -> AsyncIterator[None]:
        """Give signs of life for some jobs while the block lasts."""
        signs = asyncio.create_task(self._give_signs(jobs))
        try:
            yield
        finally:
            signs.cancel()
            await asyncio.gather(signs, return_exceptions=True)

    async def nap(self) -> timedelta:
        """How long to sleep until there may be something to do."""
        async with self.transactions.snapshot() as tx:
            due = await tx.jobs.next_due(self.kind)
        if due is None:
            return LONGEST_NAP
        return min(max(due - self.clock.now(), SHORTEST_NAP), LONGEST_NAP)

    async def _give_signs(self, jobs: Sequence[Job]) -> None:
        while True:
            await asyncio.sleep(SIGN_OF_LIFE_EVERY)
            try:
                async with self.transactions.begin() as tx:
                    await tx.jobs.prolong(jobs, self.clock.now() + HELD_FOR)
            except MiraError as error:
                log.warning("a sign of life was lost", code=error.code)


def next_try(job: Job, now: datetime) -> datetime:
    """When a job that failed is to be tried again: a second later, then twice as late each time."""
    return now + min(timedelta(seconds=2 ** (job.tries - 1)), LONGEST_PAUSE)
