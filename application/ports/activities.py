"""Activities as they are kept."""

from datetime import datetime
from typing import Protocol

from application.ports.pages import Listing, Page
from domain.activities.activity import Activity, ActivityStatus
from domain.ids import ActivityId, NetworkId


class ActivityStore(Protocol):
    """The activities of each network."""

    async def add(self, activity: Activity) -> None:
        """Keep a new activity, or raise NetworkNotFound, or Conflict when its id is taken in its network."""
        ...

    async def get(self, network_id: NetworkId, activity_id: ActivityId) -> Activity:
        """Find an activity of a network, or raise ActivityNotFound."""
        ...

    async def update(self, activity: Activity) -> None:
        """Replace an activity, or raise ActivityNotFound."""
        ...

    async def list(
        self, network_id: NetworkId, status: ActivityStatus | None, page: Page
    ) -> Listing[Activity]:
        """The activities of a network, of one status or all, newest first."""
        ...

    async def running(self, network_id: NetworkId) -> tuple[Activity, ...]:
        """All that go on in a network, newest first."""
        ...

    async def due(self, before: datetime, limit: int) -> tuple[tuple[NetworkId, ActivityId], ...]:
        """Those of all networks that run and were due before a moment, in order of their time."""
        ...

    async def next_due(self) -> datetime | None:
        """When the next running activity of any network is due, if one is."""
        ...
