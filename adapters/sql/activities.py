"""What devices do together, in a database."""

from datetime import datetime
from typing import Final

from attrs import frozen
from sqlalchemy import ColumnElement, func, select

from adapters.sql import coordination_tables as tables
from adapters.sql.shelves import Shelf
from adapters.sql.statements import Statements
from application.ports.paging import Listing, Page
from domain.activities.activity import Activity, ActivityStatus
from domain.errors import ActivityNotFound, NetworkNotFound
from domain.ids import ActivityId, NetworkId

ACTIVITIES: Final = tables.activities.c
RUNNING: Final = ACTIVITIES.status == ActivityStatus.RUNNING
SHELF: Final = Shelf(
    table=tables.activities,
    kind=Activity,
    noun="activity",
    newest=("started_at", "id"),
    missing=ActivityNotFound,
    orphaned=lambda activity: NetworkNotFound(activity.network_id),
)


@frozen
class SqlActivities:
    """What devices of each network do together."""

    _statements: Statements

    async def add(self, activity: Activity) -> None:
        """Keep a new activity, or raise NetworkNotFound."""
        await SHELF.add(self._statements, activity)

    async def get(self, network_id: NetworkId, activity_id: ActivityId) -> Activity:
        """Find an activity of a network, or raise ActivityNotFound."""
        return await SHELF.get(self._statements, network_id, activity_id)

    async def update(self, activity: Activity) -> None:
        """Replace an activity, or raise ActivityNotFound."""
        await SHELF.update(self._statements, activity)

    async def list(
        self, network_id: NetworkId, status: ActivityStatus | None, page: Page
    ) -> Listing[Activity]:
        """The activities of a network of a status, or of any, newest first."""
        passing: list[ColumnElement[bool]] = [ACTIVITIES.network_id == network_id]
        if status is not None:
            passing.append(ACTIVITIES.status == status)
        return await SHELF.listing(self._statements, page, *passing)

    async def running(self, network_id: NetworkId) -> tuple[Activity, ...]:
        """The activities of a network that go on, the oldest first."""
        statement = (
            select(tables.activities)
            .where(ACTIVITIES.network_id == network_id, RUNNING)
            .order_by(ACTIVITIES.started_at, ACTIVITIES.id)
        )
        return tuple(map(SHELF.read, await self._statements.rows(statement)))

    async def due(self, now: datetime, limit: int) -> tuple[Activity, ...]:
        """Running activities of all networks that are to go on by now, the longest due first."""
        statement = (
            select(tables.activities)
            .where(RUNNING, ACTIVITIES.due_at <= now)
            .order_by(ACTIVITIES.due_at, ACTIVITIES.id)
            .limit(limit)
        )
        rows = await self._statements.held_if_free(statement, of=tables.activities)
        return tuple(map(SHELF.read, rows))

    async def next_due(self) -> datetime | None:
        """When the next running activity of all networks is to go on."""
        rows = await self._statements.rows(select(func.min(ACTIVITIES.due_at).label("due")).where(RUNNING))
        due: datetime | None = rows[0].due
        return due
