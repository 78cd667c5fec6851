"""What is heard of a network by all instances together, whichever of them is asked."""

from collections.abc import Collection, Mapping

from attrs import frozen

from application.ports.neighbours import Heard, LiveStreams, Neighbours
from application.ports.storage import Transactions
from domain.ids import InstanceId, NetworkId


@frozen
class WhoHears:
    """Say what is heard of a network just now, here and by the other instances of the hub."""

    live: LiveStreams
    neighbours: Neighbours
    transactions: Transactions
    instance_id: InstanceId

    async def __call__(self, network_id: NetworkId) -> Heard:
        return (await self.of([network_id]))[network_id]

    async def of(self, network_ids: Collection[NetworkId]) -> Mapping[NetworkId, Heard]:
        """The same of several networks."""
        here = {one: Heard.by(self.live, one) for one in network_ids}
        if self.neighbours.alone:
            return here
        async with self.transactions.snapshot() as tx:
            others = [one.id for one in await tx.instances.all() if one.id != self.instance_id]
        there = await self.neighbours.heard(network_ids, others)
        return {
            one: Heard.together([heard, *(each[one] for each in there if one in each)])
            for one, heard in here.items()
        }
