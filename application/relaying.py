"""Taking facts from the outbox to whoever listens, at least once and in each network's order."""

from datetime import timedelta

from attrs import frozen

from application.ports.announcing import Announcer
from application.ports.storage import Transactions
from application.ports.world import Clock
from application.wakeup import Wakeup

AT_ONCE = 200
LONGEST_NAP = timedelta(seconds=1)
KEPT_FOR = timedelta(hours=24)
TIDY_EVERY = timedelta(minutes=10)


@frozen
class RelayFacts:
    """Publish what was committed, and keep it for a day so that clients can catch up."""

    transactions: Transactions
    announcer: Announcer
    clock: Clock
    wakeup: Wakeup

    async def run(self) -> None:
        """Relay whenever something was committed, and tidy up now and then."""
        tidied = self.clock.now()
        while True:
            while await self() == AT_ONCE:
                pass
            if self.clock.now() - tidied > TIDY_EVERY:
                tidied = self.clock.now()
                await self.tidy()
            await self.wakeup.wait(LONGEST_NAP)

    async def __call__(self) -> int:
        """Publish the facts that wait, and say how many that were."""
        async with self.transactions.snapshot() as tx:
            facts = await tx.outbox.unpublished(AT_ONCE)
        if facts:
            for fact in facts:
                await self.announcer.publish(fact)
            async with self.transactions.begin() as tx:
                await tx.outbox.mark_published(facts)
        return len(facts)

    async def tidy(self) -> int:
        """Drop facts that nobody can ask for any more."""
        async with self.transactions.begin() as tx:
            return await tx.outbox.forget(self.clock.now() - KEPT_FOR)
