"""Taking facts from the outbox to whoever listens, at least once and in each network's order."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from attrs import field, frozen

from application.ports.announcing import Announcer
from application.ports.storage import Transactions
from application.ports.world import Clock
from application.wakeup import Wakeup
from domain.events import Fact

AT_ONCE = 200
LONGEST_NAP = timedelta(seconds=1)


@frozen
class RelayFacts:
    """Publish what was committed; it stays in the outbox for a while, so that clients can catch up."""

    transactions: Transactions
    announcer: Announcer
    clock: Clock
    wakeup: Wakeup
    _turn: asyncio.Lock = field(factory=asyncio.Lock, init=False)

    async def run(self) -> None:
        """Relay whenever something was committed."""
        while True:
            while await self() == AT_ONCE:
                pass
            await self.wakeup.wait(LONGEST_NAP)

    async def __call__(self) -> int:
        """Publish the facts that wait, and say how many that were; what one relay has begun, none repeats."""
        async with self._turn:
            async with self.transactions.snapshot() as tx:
                facts = await tx.outbox.unpublished(AT_ONCE)
            await self._publish(facts)
        return len(facts)

    async def _publish(self, facts: Sequence[Fact]) -> None:
        """Publish facts, and note those that left even if one of them cannot."""
        left: list[Fact] = []
        try:
            for fact in facts:
                await self.announcer.publish(fact)
                left.append(fact)
        finally:
            if left:
                async with self.transactions.begin() as tx:
                    await tx.outbox.mark_published(left)
