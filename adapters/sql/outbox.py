"""The outbox in a database."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from attrs import define, field
from sqlalchemy import Row, and_, delete, exists, func, insert, not_, or_, select, tuple_, update

from adapters.sql import tables
from adapters.sql.statements import Statements
from domain.events import Fact, FactEvent
from domain.ids import ClientId, EventId, NetworkId
from domain.plain import require_plain

FACTS: Final = tables.outbox.c
HEADS: Final = tables.outbox_heads.c


@define(eq=False)
class SqlOutbox:
    """Facts on their way out; it knows whether any was appended in its transaction."""

    _statements: Statements
    appended: bool = field(default=False, init=False)

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
        }
        await self._statements.changed(insert(tables.outbox).values(row))
        self.appended = True
        return fact

    async def unpublished(self, limit: int) -> tuple[Fact, ...]:
        """Facts of all networks that did not leave yet, oldest first, each network's in order.

        Where this writes, the first waiting fact of each network is held until the end, and a network whose
        first one somebody else holds is skipped: so nobody overtakes, and appending waits for nobody.
        """
        first = select(FACTS.network_id, func.min(FACTS.position)).where(not_(FACTS.published))
        firsts = (
            select(FACTS.network_id)
            .where(
                not_(FACTS.published),
                tuple_(FACTS.network_id, FACTS.position).in_(first.group_by(FACTS.network_id)),
            )
            .order_by(FACTS.sequence)
            .limit(limit)
        )
        held = [row.network_id for row in await self._statements.held_if_free(firsts, of=tables.outbox)]
        waiting = (
            select(tables.outbox)
            .where(not_(FACTS.published), FACTS.network_id.in_(held))
            .order_by(FACTS.sequence)
            .limit(limit)
        )
        return tuple(map(_fact, await self._statements.rows(waiting))) if held else ()

    async def mark_published(self, facts: Sequence[Fact]) -> None:
        """Note that these facts left."""
        ids = [fact.id for fact in facts]
        await self._statements.changed(update(tables.outbox).where(FACTS.id.in_(ids)).values(published=True))

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
