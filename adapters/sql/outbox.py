"""The outbox in a database."""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from attrs import define, field
from sqlalchemy import Row, and_, delete, exists, func, insert, not_, or_, select, update

from adapters.sql import tables
from adapters.sql.statements import Statements
from domain.events import Fact, FactEvent
from domain.ids import ONLY_INSTANCE, ClientId, EventId, InstanceId, NetworkId
from domain.plain import require_plain

FACTS: Final = tables.outbox.c
HEADS: Final = tables.outbox_heads.c
CLAIMS: Final = tables.outbox_claims.c
NETWORKS_AT_ONCE: Final = 50
"""Of so many networks the facts after a position in each are asked for in one statement."""


@define(eq=False)
class SqlOutbox:
    """Facts on their way out; it knows which were appended in its transaction."""

    _statements: Statements
    _relayed: bool = True
    appended: list[Fact] = field(factory=list, init=False)

    async def append(
        self, network_id: NetworkId, event: FactEvent, *, recipient: ClientId | None = None
    ) -> Fact:
        """Keep a fact for the relay; its position follows the network's last one without a gap."""
        require_plain("event", event)
        require_plain("network_id", network_id)
        require_plain("recipient", recipient)
        fact = Fact(
            id=EventId(f"evt_{secrets.token_hex(16)}"),
            network_id=network_id,
            position=await self._next_position(network_id),
            event=event,
            recipient=recipient,
        )
        row = {
            "id": fact.id,
            "network_id": network_id,
            "position": fact.position,
            "event": event,
            "recipient": recipient,
            "happened_at": event.at,
            "published": not self._relayed,
        }
        await self._statements.changed(insert(tables.outbox).values(row))
        self.appended.append(fact)
        return fact

    async def unpublished(self, limit: int) -> tuple[Fact, ...]:
        """Facts of all networks that did not leave yet, oldest first, each network's in order."""
        waiting = select(tables.outbox).where(not_(FACTS.published)).order_by(FACTS.sequence).limit(limit)
        return tuple(map(_fact, await self._statements.rows(waiting)))

    async def claim(
        self, instance_id: InstanceId, limit: int, now: datetime, until: datetime
    ) -> tuple[Fact, ...]:
        """Unpublished facts, of whose networks no other instance publishes any until then.

        The oldest that nobody else is about to claim name the networks; those whose claim is another's by
        the time that this gets to write its own are left to it.
        """
        others = exists().where(
            CLAIMS.network_id == FACTS.network_id, CLAIMS.instance_id != instance_id, CLAIMS.until > now
        )
        oldest = (
            select(FACTS.sequence, FACTS.network_id)
            .where(not_(FACTS.published), not_(others))
            .order_by(FACTS.sequence)
            .limit(limit)
        )
        rows = await self._statements.held_if_free(oldest, of=tables.outbox)
        claimed = await self._claim_networks({row.network_id for row in rows}, instance_id, now, until)
        waiting = (
            select(tables.outbox)
            .where(not_(FACTS.published), FACTS.network_id.in_(claimed))
            .order_by(FACTS.sequence)
            .limit(limit)
        )
        return tuple(map(_fact, await self._statements.rows(waiting))) if claimed else ()

    async def _claim_networks(
        self, networks: Iterable[NetworkId], instance_id: InstanceId, now: datetime, until: datetime
    ) -> list[NetworkId]:
        """Those of some networks that are now claimed by an instance."""
        values = [
            {"network_id": network_id, "instance_id": instance_id, "until": until}
            for network_id in sorted(networks)
        ]
        if not values:
            return []
        claims = self._statements.insert(tables.outbox_claims).values(values)
        statement = claims.on_conflict_do_update(
            index_elements=[CLAIMS.network_id],
            set_={"instance_id": instance_id, "until": until},
            where=or_(CLAIMS.instance_id == instance_id, CLAIMS.until <= now),
        ).returning(CLAIMS.network_id)
        return [row.network_id for row in await self._statements.rows(statement)]

    async def mark_published(self, facts: Sequence[Fact], instance_id: InstanceId = ONLY_INSTANCE) -> None:
        """Note that these facts left, and all before them; who claimed their networks has let go of them."""
        last: dict[NetworkId, int] = {}
        for fact in facts:
            last[fact.network_id] = max(fact.position, last.get(fact.network_id, 0))
        places = sorted(last.items())
        for first in range(0, len(places), NETWORKS_AT_ONCE):
            left = or_(
                *(
                    and_(FACTS.network_id == network_id, FACTS.position <= position)
                    for network_id, position in places[first : first + NETWORKS_AT_ONCE]
                )
            )
            mark = update(tables.outbox).where(left, not_(FACTS.published)).values(published=True)
            await self._statements.changed(mark)
        released = and_(CLAIMS.network_id.in_(last), CLAIMS.instance_id == instance_id)
        await self._statements.changed(delete(tables.outbox_claims).where(released))

    async def heads(self, network_ids: Collection[NetworkId]) -> Mapping[NetworkId, int]:
        """The positions of the last facts of some networks; none for one that never had any."""
        rows = await self._statements.rows(
            select(tables.outbox_heads).where(HEADS.network_id.in_(network_ids))
        )
        return {row.network_id: row.position for row in rows}

    async def after(self, positions: Mapping[NetworkId, int], limit: int) -> tuple[Fact, ...]:
        """The facts of some networks after a position in each, oldest first, each network's in order."""
        places = list(positions.items())
        found: list[Fact] = []
        for first in range(0, len(places), NETWORKS_AT_ONCE):
            later = (
                and_(FACTS.network_id == network_id, FACTS.position > position)
                for network_id, position in places[first : first + NETWORKS_AT_ONCE]
            )
            statement = select(tables.outbox).where(or_(*later)).order_by(FACTS.sequence)
            found += map(_fact, await self._statements.rows(statement.limit(limit - len(found))))
            if len(found) >= limit:
                break
        return tuple(found)

    async def since(self, network_id: NetworkId, event_id: EventId, limit: int) -> tuple[Fact, ...] | None:
        """The facts of a network after one of its own, in order; None when that one is not kept."""
        known = select(FACTS.position).where(FACTS.network_id == network_id, FACTS.id == event_id)
        rows = await self._statements.rows(known)
        if not rows:
            return None
        later = (
            select(tables.outbox)
            .where(FACTS.network_id == network_id, FACTS.position > rows[0].position)
            .order_by(FACTS.position)
            .limit(limit)
        )
        return tuple(map(_fact, await self._statements.rows(later)))

    async def forget(self, before: datetime) -> int:
        """Drop published facts older than a moment, never one from the middle of those kept; say how many.

        The last positions of networks that are gone are dropped with the last of their facts.
        """
        kept = (
            select(FACTS.network_id, func.min(FACTS.position).label("position"))
            .where(or_(not_(FACTS.published), FACTS.happened_at >= before))
            .group_by(FACTS.network_id)
            .subquery()
        )
        useless = (
            select(FACTS.sequence)
            .select_from(tables.outbox.outerjoin(kept, kept.c.network_id == FACTS.network_id))
            .where(or_(kept.c.position.is_(None), FACTS.position < kept.c.position))
        )
        dropped = await self._statements.changed(delete(tables.outbox).where(FACTS.sequence.in_(useless)))
        of_nobody = and_(
            not_(exists().where(tables.networks.c.id == HEADS.network_id)),
            not_(exists().where(FACTS.network_id == HEADS.network_id)),
        )
        await self._statements.changed(delete(tables.outbox_heads).where(of_nobody))
        return dropped

    async def _next_position(self, network_id: NetworkId) -> int:
        """Count up, and hold the count: the next one to append in this network waits for our commit."""
        heads = self._statements.insert(tables.outbox_heads).values(network_id=network_id, position=1)
        statement = heads.on_conflict_do_update(
            index_elements=[HEADS.network_id], set_={"position": HEADS.position + 1}
        ).returning(HEADS.position)
        rows = await self._statements.rows(statement)
        position: int = rows[0].position
        return position


def _fact(row: Row[Any]) -> Fact:
    return Fact(
        id=row.id,
        network_id=row.network_id,
        position=row.position,
        event=row.event,
        recipient=row.recipient,
    )
