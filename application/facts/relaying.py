"""Taking facts from the outbox to other systems, at least once and in each network's order."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from attrs import field, frozen

from application.facts.wakeup import Wakeup
from application.ports.announcing import Publisher
from application.ports.storage import Transactions
from application.ports.world import Clock
from domain.events import Fact
from domain.ids import ONLY_INSTANCE, InstanceId

AT_ONCE: Final = 500
LONGEST_NAP: Final = timedelta(seconds=1)
CLAIMED_FOR: Final = timedelta(seconds=15)
"""A relay that dies keeps its networks from the others for so long; publishing gives up well before."""


@frozen
class RelayFacts:
    """Publish what was committed; it stays in the outbox for a while, so that clients can catch up.

    Of several instances one at a time publishes the facts of a network, so that none overtakes.
    """

    transactions: Transactions
    publisher: Publisher
    clock: Clock
    wakeup: Wakeup
    instance_id: InstanceId = ONLY_INSTANCE
    _turn: asyncio.Lock = field(factory=asyncio.Lock, init=False)

    async def run(self) -> None:
        """Relay whenever something was committed."""
        while True:
            while await self() == AT_ONCE:
                pass
            await self.wakeup.wait(LONGEST_NAP)

    async def __call__(self) -> int:
        """Publish the facts that wait, and say how many that were; while nobody takes them, they wait."""
        async with self._turn:
            if not self.publisher.ready:
                return 0
            now = self.clock.now()
            async with self.transactions.begin() as tx:
                facts = await tx.outbox.claim(self.instance_id, AT_ONCE, now, now + CLAIMED_FOR)
            await self._publish(facts)
        return len(facts)

    async def _publish(self, facts: Sequence[Fact]) -> None:
        """Publish facts, and note those that left even if one of them cannot."""
        left: list[Fact] = []
        try:
            async for fact in self.publisher.publish(facts):
                left.append(fact)  # noqa: PERF401 - what left before a failure counts too
        finally:
            if left:
                async with self.transactions.begin() as tx:
                    await tx.outbox.mark_published(left, self.instance_id)
