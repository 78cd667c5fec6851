"""The instances of a hub that share a database."""

from datetime import datetime
from typing import Final

from attrs import frozen
from sqlalchemy import delete, select

from adapters.sql import tables
from adapters.sql.statements import Statements
from application.ports.outbox import InstanceSeen
from domain.ids import InstanceId

INSTANCES: Final = tables.instances.c


@frozen
class SqlInstances:
    """The instances that share this store."""

    _statements: Statements

    async def beat(self, instance_id: InstanceId, now: datetime, name: str = "") -> bool:
        """Note that an instance lives, and on its first beat its name; whether it was known before."""
        moved = tables.instances.update().where(INSTANCES.id == instance_id).values(seen_at=now)
        if await self._statements.changed(moved):
            return True
        await self._statements.insert_if_new(
            tables.instances, {"id": instance_id, "name": name, "seen_at": now}
        )
        return False

    async def all(self) -> tuple[InstanceSeen, ...]:
        """All that are known, by their names."""
        rows = await self._statements.rows(select(tables.instances).order_by(INSTANCES.name, INSTANCES.id))
        return tuple(InstanceSeen(id=row.id, name=row.name, seen_at=row.seen_at) for row in rows)

    async def silent(self, since: datetime) -> tuple[InstanceId, ...]:
        """The instances that were not seen to live since a moment, held where this writes."""
        statement = select(tables.instances).where(INSTANCES.seen_at < since).order_by(INSTANCES.id)
        rows = await self._statements.held_if_free(statement, of=tables.instances)
        return tuple(row.id for row in rows)

    async def remove(self, instance_id: InstanceId) -> None:
        """Forget an instance, and its seats with it; one that is not known is no error."""
        await self._statements.changed(delete(tables.instances).where(INSTANCES.id == instance_id))
