"""The outbox in memory."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from attrs import define, field

from adapters.memory.state import State
from domain.errors import MiraError
from domain.events import Fact, FactEvent
from domain.ids import ONLY_INSTANCE, ClientId, EventId, InstanceId, NetworkId
from domain.plain import require_plain


@define(eq=False)
class MemoryOutbox:
    """Facts on their way out; it knows which were appended in its transaction."""

    _state: State
    _writable: bool
    _relayed: bool = True
    appended: list[Fact] = field(factory=list, init=False)

    async def append(
        self, network_id: NetworkId, event: FactEvent, *, recipient: ClientId | None = None
    ) -> Fact:
        """Keep a fact for the relay; its position follows the network's last one without a gap."""
        self._require_writable()
        require_plain("event", event)
        position = self._state.positions.get(network_id, 0) + 1
        fact = Fact(
            id=EventId(f"evt_{secrets.token_hex(16)}"),
            network_id=network_id,
            position=position,
            event=event,
            recipient=recipient,
        )
        self._state.positions[network_id] = position
        self._state.facts.append(fact)
        if not self._relayed:
            self._state.published.add(fact.id)
        self.appended.append(fact)
        return fact

    async def unpublished(self, limit: int) -> tuple[Fact, ...]:
        """Facts of all networks that did not leave yet, oldest first."""
        waiting = [fact for fact in self._state.facts if fact.id not in self._state.published]
        return tuple(waiting[: max(limit, 0)])

    async def claim(
        self, instance_id: InstanceId, limit: int, now: datetime, until: datetime
    ) -> tuple[Fact, ...]:
        """Unpublished facts, of whose networks no other instance publishes any until then."""
        self._require_writable()
        claims = self._state.claims
        taken = {one for one, (holder, ends) in claims.items() if holder != instance_id and ends > now}
        waiting = [
            fact
            for fact in self._state.facts
            if fact.id not in self._state.published and fact.network_id not in taken
        ][: max(limit, 0)]
        claims.update({fact.network_id: (instance_id, until) for fact in waiting})
        return tuple(waiting)

    async def mark_published(self, facts: Sequence[Fact], instance_id: InstanceId = ONLY_INSTANCE) -> None:
        """Note that these facts left, and all before them; who claimed their networks has let go of them."""
        self._require_writable()
        last: dict[NetworkId, int] = {}
        for fact in facts:
            last[fact.network_id] = max(fact.position, last.get(fact.network_id, 0))
        self._state.published.update(
            one.id for one in self._state.facts if one.position <= last.get(one.network_id, 0)
        )
        for network_id in last:
            if self._state.claims.get(network_id, (None,))[0] == instance_id:
                del self._state.claims[network_id]

    async def heads(self, network_ids: Collection[NetworkId]) -> Mapping[NetworkId, int]:
        """The positions of the last facts of some networks; none for one that never had any."""
        positions = self._state.positions
        return {one: positions[one] for one in network_ids if one in positions}

    async def after(self, positions: Mapping[NetworkId, int], limit: int) -> tuple[Fact, ...]:
        """The facts of some networks after a position in each, oldest first."""
        later = (
            fact
            for fact in self._state.facts
            if fact.network_id in positions and fact.position > positions[fact.network_id]
        )
        return tuple(later)[: max(limit, 0)]

    async def since(self, network_id: NetworkId, event_id: EventId, limit: int) -> tuple[Fact, ...] | None:
        """The facts of a network after one of its own, in order; None when that one is not kept."""
        kept = [fact for fact in self._state.facts if fact.network_id == network_id]
        places = [place for place, fact in enumerate(kept) if fact.id == event_id]
        return tuple(kept[places[0] + 1 :][: max(limit, 0)]) if places else None

    async def forget(self, before: datetime) -> int:
        """Drop published facts older than a moment, never one from the middle of those kept; say how many.

        The last positions of networks that are gone are dropped with the last of their facts.
        """
        self._require_writable()
        kept: list[Fact] = []
        begun: set[NetworkId] = set()
        for fact in self._state.facts:
            old = fact.id in self._state.published and fact.event.at < before
            if not old or fact.network_id in begun:
                begun.add(fact.network_id)
                kept.append(fact)
        dropped = len(self._state.facts) - len(kept)
        self._state.facts[:] = kept
        self._state.published.intersection_update(fact.id for fact in kept)
        for network_id in list(self._state.positions):
            if network_id not in begun and (network_id,) not in self._state.networks:
                del self._state.positions[network_id]
        return dropped

    def _require_writable(self) -> None:
        if not self._writable:
            raise MiraError("A snapshot of the store cannot be written to.")
