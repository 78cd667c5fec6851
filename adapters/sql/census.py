"""What a database knows of all networks at once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from attrs import frozen
from sqlalchemy import ColumnElement, Table, func, not_, select

from adapters.sql import clients, finding, networks, sessions, tables
from adapters.sql.finding import said_in
from adapters.sql.statements import Statements
from application.ports.census import ClientFilter, Find, NetworkCounts, Search, Sort
from application.ports.storage import Listing, Page
from domain.agenda import ReminderStatus
from domain.clients import Client, ConnectionStatus
from domain.ids import NetworkId
from domain.networks import Network
from domain.sessions import Session

NETWORKS: Final = tables.networks.c
CLIENTS: Final = tables.clients.c
PENDING: Final = tables.reminders.c.status == ReminderStatus.PENDING
CONNECTED: Final = CLIENTS.connection_status == ConnectionStatus.CONNECTED


@frozen
class SqlCensus:
    """Looks across all networks."""

    _statements: Statements

    async def networks(self, text: str, page: Page) -> Listing[Network]:
        """The networks with a text in their names or ids, newest first."""
        passing = [said_in(text, NETWORKS.name, NETWORKS.id)] if text else []
        return await networks.SHELF.listing(self._statements, page, *passing)

    async def counts(
        self, network_ids: Sequence[NetworkId], since: datetime
    ) -> Mapping[NetworkId, NetworkCounts]:
        """How much there is in each of some networks, a query for each sort of thing."""
        recent = tables.interactions.c.created_at >= since
        clients = await self._count(tables.clients, network_ids)
        connected = await self._count(tables.clients, network_ids, CONNECTED)
        interactions = await self._count(tables.interactions, network_ids, recent)
        reminders = await self._count(tables.reminders, network_ids, PENDING)
        events = await self._count(tables.calendar_events, network_ids)
        return {
            one: NetworkCounts(
                clients=clients.get(one, 0),
                connected=connected.get(one, 0),
                interactions=interactions.get(one, 0),
                reminders=reminders.get(one, 0),
                events=events.get(one, 0),
            )
            for one in network_ids
        }

    async def clients(self, wanted: ClientFilter, page: Page) -> Listing[Client]:
        """The clients of all networks that pass a filter, newest first."""
        return await clients.SHELF.listing(self._statements, page, *_passing(wanted))

    async def sessions(self, network_id: NetworkId, page: Page) -> Listing[Session]:
        """The sessions of a network, newest first."""
        here = tables.sessions.c.network_id == network_id
        return await sessions.SHELF.listing(self._statements, page, here)

    async def find(self, search: Search, limit: int) -> Sequence[Find]:
        """What a search finds in all networks, a query for each sort of thing."""
        return [one for sort in finding.TABLES for one in await self._found(sort, search, limit)]

    async def waiting(self) -> int:
        """How many facts did not leave the outbox yet."""
        facts = tables.outbox
        return await self._statements.number(
            select(func.count()).select_from(facts).where(not_(facts.c.published))
        )

    async def _found(self, sort: Sort, search: Search, limit: int) -> Sequence[Find]:
        rows = await self._statements.rows(finding.statement(sort, search, limit))
        return [
            Find(
                sort=sort,
                network_id=row.network_id,
                id=row.id,
                title=row.title,
                about=row.about or "",
                at=row.at,
            )
            for row in rows
        ]

    async def _count(
        self, table: Table, network_ids: Sequence[NetworkId], *passing: ColumnElement[bool]
    ) -> Mapping[str, int]:
        network_id = table.c.network_id
        counted = (
            select(network_id, func.count().label("number"))
            .where(network_id.in_(network_ids), *passing)
            .group_by(network_id)
        )
        return {row.network_id: row.number for row in await self._statements.rows(counted)}


def _passing(wanted: ClientFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.network_id is not None:
        yield CLIENTS.network_id == wanted.network_id
    if wanted.connected is not None:
        yield CONNECTED if wanted.connected else not_(CONNECTED)
    if wanted.text:
        yield said_in(wanted.text, CLIENTS.id, CLIENTS.name, CLIENTS.room, CLIENTS.device_type)
