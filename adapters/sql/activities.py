"""Activities in a database."""

from datetime import datetime
from typing import Final

from attrs import frozen
from sqlalchemy import select

from adapters.sql import tables
from adapters.sql.shelves import Shelf
from adapters.sql.statements import Statements
from application.ports.pages import Listing, Page
from domain.activities.activity import Activity, ActivityStatus
from domain.errors import ActivityNotFound, NetworkNotFound
from domain.ids import ActivityId, NetworkId

ACTIVITIES: Final = tables.activities.c
SHELF: Final = Shelf(
    table=tables.activities,
    kind=Activity,
    noun="activity",
    newest=("created_at", "id"),
    missing=ActivityNotFound,
    orphaned=lambda activity: NetworkNotFound(activity.network_id),
)
RUNNING: Final = ACTIVITIES.status == ActivityStatus.RUNNING


@frozen
class SqlActivities:
    """The activities of each network."""

    _statements: Statements

    async def add(self, activity: Activity) -> None:
        """Keep a new activity."""
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
        """The activities of a network, of one status or all, newest first."""
        passing = () if status is None else (ACTIVITIES.status == status,)
        return await SHELF.listing(self._statements, page, ACTIVITIES.network_id == network_id, *passing)

    async def running(self, network_id: NetworkId) -> tuple[Activity, ...]:
        """All that go on in a network, newest first."""
        statement = (
            select(tables.activities)
            .where(ACTIVITIES.network_id == network_id, RUNNING)
            .order_by(ACTIVITIES.created_at.desc(), ACTIVITIES.id.desc())
        )
        return tuple(map(SHELF.read, await self._statements.rows(statement)))

    async def due(self, before: datetime, limit: int) -> tuple[tuple[NetworkId, ActivityId], ...]:
        """Those of all networks that run and were due before a moment, in order of their time."""
        statement = (
            select(ACTIVITIES.network_id, ACTIVITIES.id)
            .where(RUNNING, ACTIVITIES.due_at < before)
            .order_by(ACTIVITIES.due_at, ACTIVITIES.network_id, ACTIVITIES.id)
            .limit(limit)
        )
        rows = await self._statements.rows(statement)
        return tuple((NetworkId(row.network_id), ActivityId(row.id)) for row in rows)

    async def next_due(self) -> datetime | None:
        """When the next running activity of any network is due, if one is."""
        statement = (
            select(ACTIVITIES.due_at)
            .where(RUNNING, ACTIVITIES.due_at.is_not(None))
            .order_by(ACTIVITIES.due_at)
            .limit(1)
        )
        rows = await self._statements.rows(statement)
        return rows[0].due_at if rows else None
