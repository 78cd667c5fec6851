"""Facts on their way out, and the instances of a hub that see to it: parts of a transaction of the store."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from attrs import frozen

from domain.events import Fact, FactEvent
from domain.ids import ONLY_INSTANCE, ClientId, EventId, InstanceId, NetworkId


class Outbox(Protocol):
    """Facts on their way out, written with the rows that they are about."""

    async def append(
        self, network_id: NetworkId, event: FactEvent, *, recipient: ClientId | None = None
    ) -> Fact:
        """Keep a fact for the relay; its position follows the network's last one without a gap."""
        ...

    async def unpublished(self, limit: int) -> tuple[Fact, ...]:
        """Facts of all networks that did not leave yet, oldest first, each network's in order."""
        ...

    async def claim(
        self, instance_id: InstanceId, limit: int, now: datetime, until: datetime
    ) -> tuple[Fact, ...]:
        """Unpublished facts, of whose networks no other instance publishes any until then.

        Networks that another instance has claimed for longer than now are left out. A claim ends with
        mark_published, or with its time.
        """
        ...

    async def mark_published(self, facts: Sequence[Fact], instance_id: InstanceId = ONLY_INSTANCE) -> None:
        """Note that these facts left, and all before them; who claimed their networks has let go of them."""
        ...

    async def heads(self, network_ids: Collection[NetworkId]) -> Mapping[NetworkId, int]:
        """The positions of the last facts of some networks; none for one that never had any."""
        ...

    async def after(self, positions: Mapping[NetworkId, int], limit: int) -> tuple[Fact, ...]:
        """The facts of some networks after a position in each, oldest first, each network's in order."""
        ...

    async def since(self, network_id: NetworkId, event_id: EventId, limit: int) -> tuple[Fact, ...] | None:
        """The facts of a network after one of its own, in order; None when that one is not kept."""
        ...

    async def forget(self, before: datetime) -> int:
        """Drop published facts older than a moment, never from between those kept, and say how many."""
        ...


@frozen(kw_only=True)
class InstanceSeen:
    """An instance of the hub: what operators call it, and when it was last seen to live."""

    id: InstanceId
    name: str
    seen_at: datetime


class Instances(Protocol):
    """The instances of the hub that share this store."""

    async def beat(self, instance_id: InstanceId, now: datetime, name: str = "") -> bool:
        """Note that an instance lives, and on its first beat its name; whether it was known before."""
        ...

    async def all(self) -> tuple[InstanceSeen, ...]:
        """All that are known, by their names."""
        ...

    async def silent(self, since: datetime) -> tuple[InstanceId, ...]:
        """The instances that were not seen to live since a moment.

        In a write transaction they are held until the end, and those that others hold are skipped.
        """
        ...

    async def remove(self, instance_id: InstanceId) -> None:
        """Forget an instance, with the seats that it held; one that is not known is no error."""
        ...
