"""What stands for other systems where there are none."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence

from attrs import frozen

from application.ports.neighbours import Heard
from domain.events import Fact
from domain.ids import InstanceId, NetworkId


@frozen
class Nowhere:
    """A publisher that is never ready: no fact leaves the hub."""

    ready: bool = False

    async def publish(self, facts: Sequence[Fact]) -> AsyncIterator[Fact]:
        """Hand on nothing."""
        for fact in facts[:0]:
            yield fact


@frozen
class Nobody:
    """The neighbours of an instance that is the only one."""

    alone: bool = True

    async def heard(
        self, network_ids: Collection[NetworkId], instances: Collection[InstanceId]
    ) -> tuple[Mapping[NetworkId, Heard], ...]:
        """Nothing is heard elsewhere."""
        return ()
