"""Activities in memory."""

from collections.abc import Iterable
from datetime import datetime

from attrs import frozen

from adapters.memory.shelves import Shelf, listing
from adapters.memory.state import State
from application.ports.pages import Listing, Page
from domain.activities.activity import Activity, ActivityStatus
from domain.errors import ActivityNotFound, NetworkNotFound
from domain.ids import ActivityId, NetworkId


@frozen
class MemoryActivities:
    """The activities of each network."""

    _state: State
    _writable: bool

    async def add(self, activity: Activity) -> None:
        """Keep a new activity."""
        self._shelf().require_writable()
        if (activity.network_id,) not in self._state.networks:
            raise NetworkNotFound(activity.network_id)
        self._shelf().add((activity.network_id, activity.id), activity)

    async def get(self, network_id: NetworkId, activity_id: ActivityId) -> Activity:
        """Find an activity of a network, or raise ActivityNotFound."""
        return self._shelf().get((network_id, activity_id))

    async def update(self, activity: Activity) -> None:
        """Replace an activity, or raise ActivityNotFound."""
        self._shelf().update((activity.network_id, activity.id), activity)

    async def list(
        self, network_id: NetworkId, status: ActivityStatus | None, page: Page
    ) -> Listing[Activity]:
        """The activities of a network, of one status or all, newest first."""
        found = [one for one in self._shelf().within(network_id) if status in (None, one.status)]
        return listing(found, page, _newest)

    async def running(self, network_id: NetworkId) -> tuple[Activity, ...]:
        """All that go on in a network, newest first."""
        return tuple(sorted(_running(self._shelf().within(network_id)), key=_newest, reverse=True))

    async def due(self, before: datetime, limit: int) -> tuple[tuple[NetworkId, ActivityId], ...]:
        """Those of all networks that run and were due before a moment, in order of their time."""
        found = [
            (one.due_at, one.network_id, one.id)
            for one in _running(self._shelf().within())
            if one.due_at is not None and one.due_at < before
        ]
        return tuple((network_id, activity_id) for _, network_id, activity_id in sorted(found)[:limit])

    async def next_due(self) -> datetime | None:
        """When the next running activity of any network is due, if one is."""
        running = _running(self._shelf().within())
        return min((one.due_at for one in running if one.due_at is not None), default=None)

    def _shelf(self) -> Shelf[Activity]:
        return Shelf(
            rows=self._state.activities, noun="activity", missing=ActivityNotFound, writable=self._writable
        )


def _running(activities: Iterable[Activity]) -> Iterable[Activity]:
    return (one for one in activities if one.status is ActivityStatus.RUNNING)


def _newest(activity: Activity) -> tuple[object, ...]:
    return activity.created_at, activity.id
