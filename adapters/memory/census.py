"""What a store in memory knows of all networks at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any

from attrs import frozen

from adapters.memory.shelves import listing
from adapters.memory.state import State
from application.ports.census import SOUGHT, ClientFilter, Find, NetworkCounts, Search, Sort
from application.ports.storage import Listing, Page
from domain.agenda import ReminderStatus
from domain.clients import Client
from domain.ids import NetworkId
from domain.networks import Network
from domain.sessions import Session


@frozen
class MemoryCensus:
    """Looks across all networks."""

    _state: State

    async def networks(self, text: str, page: Page) -> Listing[Network]:
        """The networks with a text in their names or ids, newest first."""
        found = (one for one in self._state.networks.values() if _said_in(text, one.name, one.id))
        return listing(found, page, lambda network: (network.created_at, network.id))

    async def counts(
        self, network_ids: Sequence[NetworkId], since: datetime
    ) -> Mapping[NetworkId, NetworkCounts]:
        """How much there is in each of some networks, with the interactions since a moment."""
        return {network_id: self._counts(network_id, since) for network_id in network_ids}

    async def clients(self, wanted: ClientFilter, page: Page) -> Listing[Client]:
        """The clients of all networks that pass a filter, newest first."""
        found = (client for client in self._state.clients.values() if _passes(client, wanted))
        return listing(found, page, lambda client: (client.registered_at, client.id))

    async def sessions(self, network_id: NetworkId, page: Page) -> Listing[Session]:
        """The sessions of a network, newest first."""
        found = (one for one in self._state.sessions.values() if one.network_id == network_id)
        return listing(found, page, lambda session: (session.created_at, session.id))

    async def find(self, search: Search, limit: int) -> Sequence[Find]:
        """What a search finds in all networks: at most limit of each sort, newest first."""
        found: list[Find] = []
        for sort, kept in self._kept().items():
            finds = (_find(sort, one) for one in kept if _holds(sort, one, search))
            found += sorted(finds, key=lambda find: (find.at, find.id), reverse=True)[:limit]
        return found

    def _kept(self) -> Mapping[Sort, Iterable[object]]:
        state = self._state
        return {
            Sort.PERSONA: (revisions[-1] for revisions in state.personas.values()),
            Sort.SESSION: state.sessions.values(),
            Sort.INTERACTION: state.interactions.values(),
            Sort.REMINDER: state.reminders.values(),
            Sort.EVENT: state.calendar_events.values(),
            Sort.ACTIVITY: state.activities.values(),
        }

    async def waiting(self) -> int:
        """How many facts did not leave the outbox yet."""
        return sum(fact.id not in self._state.published for fact in self._state.facts)

    def _counts(self, network_id: NetworkId, since: datetime) -> NetworkCounts:
        state = self._state
        clients = [one for one in state.clients.values() if one.network_id == network_id]
        turns = [one for one in state.interactions.values() if one.network_id == network_id]
        reminders = [one for one in state.reminders.values() if one.network_id == network_id]
        return NetworkCounts(
            clients=len(clients),
            connected=sum(client.connected for client in clients),
            interactions=sum(turn.created_at >= since for turn in turns),
            reminders=sum(one.status is ReminderStatus.PENDING for one in reminders),
            events=sum(one.network_id == network_id for one in state.calendar_events.values()),
        )


def _passes(client: Client, wanted: ClientFilter) -> bool:
    return (
        wanted.network_id in {None, client.network_id}
        and wanted.connected in {None, client.connected}
        and _said_in(wanted.text, client.id, client.name, client.room, client.device_type)
    )


def _said_in(text: str, *places: str | None) -> bool:
    return any(text.lower() in place.lower() for place in places if place is not None)


def _holds(sort: Sort, kept: object, search: Search) -> bool:
    sought = SOUGHT[sort]
    names = (*sought.texts, *(sought.said if search.said else ()))
    texts = [_text(kept, name) for name in names]
    return all(_said_in(word, *texts) for word in search.words)


def _find(sort: Sort, kept: Any) -> Find:
    sought = SOUGHT[sort]
    return Find(
        sort=sort,
        network_id=kept.network_id,
        id=kept.id,
        title=_text(kept, sought.title),
        about=_text(kept, sought.about),
        at=getattr(kept, sought.at),
    )


def _text(kept: object, name: str) -> str:
    value = getattr(kept, name)
    return str(value.value) if isinstance(value, Enum) else value or ""
