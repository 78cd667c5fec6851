"""What stands for other systems where there are none."""

from collections.abc import AsyncIterator, Sequence

from attrs import frozen

from domain.events import Fact


@frozen
class Nowhere:
    """A publisher that is never ready: no fact leaves the hub."""

    ready: bool = False

    async def publish(self, facts: Sequence[Fact]) -> AsyncIterator[Fact]:
        """Hand on nothing."""
        for fact in facts[:0]:
            yield fact
