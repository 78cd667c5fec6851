"""What operators do across all networks of a hub: look around, find things, and send clients away."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from attrs import frozen

from application.listening.who_hears import WhoHears
from application.networks.access import Principal, within
from application.networks.connecting import Disconnect
from application.operating.health import CheckHealth, Health
from application.operating.pulse import Figures, Pulse
from application.ports.census import ClientFilter, Find, NetworkCounts, Search
from application.ports.neighbours import Heard
from application.ports.paging import Listing, Page
from application.ports.storage import Transactions
from application.ports.watching import Lately, Tally, Watchtower
from application.ports.world import Clock
from domain.activities.activity import Activity as DeviceActivity
from domain.audio.decisions import StreamState
from domain.clients import Client, LeaveReason
from domain.ids import ClientId, NetworkId
from domain.networks import Network
from domain.sessions import Session

RECENT: Final = timedelta(hours=24)


@frozen(kw_only=True)
class Instance:
    """Which process of a hub this is."""

    name: str
    version: str
    started_at: datetime


@frozen(kw_only=True)
class Overview:
    """A hub as its operators see it at a moment."""

    instance: Instance
    health: Health
    past: Sequence[Figures]
    lately: Lately


@frozen
class LookAround:
    """Say how a hub is: its health, its figures of the last minutes, and what went on lately."""

    check_health: CheckHealth
    pulse: Pulse
    tower: Watchtower
    instance: Instance

    async def __call__(self) -> Overview:
        health = await self.check_health()
        return Overview(
            instance=self.instance, health=health, past=self.pulse.past, lately=self.tower.lately()
        )


@frozen(kw_only=True)
class NetworkSeen:
    """A network as operators see it: how much is in it, how busy it was, and what its streams do just now."""

    network: Network
    counts: NetworkCounts
    tally: Tally
    streams: tuple[StreamState, ...] = ()


@frozen
class FindNetworks:
    """The networks of the hub with a text in their names or ids, newest first."""

    transactions: Transactions
    tower: Watchtower
    who_hears: WhoHears
    clock: Clock

    async def __call__(self, text: str, page: Page) -> Listing[NetworkSeen]:
        async with self.transactions.snapshot() as tx:
            found = await tx.census.networks(text, page)
            counts = await tx.census.counts([one.id for one in found.items], self.clock.now() - RECENT)
        heard = await self.who_hears.of([one.id for one in found.items])
        seen = tuple(self._seen(network, counts, heard[network.id]) for network in found.items)
        return Listing(items=seen, total=found.total, page=page)

    async def one(self, network_id: NetworkId) -> NetworkSeen:
        """One network, or NetworkNotFound."""
        async with self.transactions.snapshot() as tx:
            network = await tx.networks.get(network_id)
            counts = await tx.census.counts([network_id], self.clock.now() - RECENT)
        return self._seen(network, counts, await self.who_hears(network_id))

    def _seen(self, network: Network, counts: Mapping[NetworkId, NetworkCounts], heard: Heard) -> NetworkSeen:
        return NetworkSeen(
            network=network,
            counts=counts[network.id],
            tally=self.tower.tally(network.id),
            streams=heard.streams,
        )


@frozen
class FindClients:
    """The clients of all networks that pass a filter, newest first."""

    transactions: Transactions

    async def __call__(self, wanted: ClientFilter, page: Page) -> Listing[Client]:
        async with self.transactions.snapshot() as tx:
            return await tx.census.clients(wanted, page)


@frozen
class SearchEverywhere:
    """What holds every one of some words, in all networks: at most limit of each sort, newest first."""

    transactions: Transactions

    async def __call__(self, search: Search, limit: int) -> Sequence[Find]:
        if not search.words:
            return ()
        async with self.transactions.snapshot() as tx:
            return await tx.census.find(search, limit)


@frozen
class ListSessions:
    """The sessions of a network, newest first, those that have ended too."""

    transactions: Transactions

    async def __call__(self, network_id: NetworkId, page: Page) -> Listing[Session]:
        async with self.transactions.snapshot() as tx:
            await tx.networks.get(network_id)
            return await tx.census.sessions(network_id, page)


@frozen
class ListActivities:
    """The activities of a network, newest first, those that are over too."""

    transactions: Transactions

    async def __call__(self, network_id: NetworkId, page: Page) -> Listing[DeviceActivity]:
        async with self.transactions.snapshot() as tx:
            await tx.networks.get(network_id)
            return await tx.activities.list(network_id, None, page)


@frozen
class DisconnectClient:
    """Send a client away: whichever instance has its socket closes it. It may come back at once."""

    transactions: Transactions
    disconnect: Disconnect

    async def __call__(self, principal: Principal, network_id: NetworkId, client_id: ClientId) -> None:
        within(principal, network_id)
        async with self.transactions.snapshot() as tx:
            await tx.networks.get(network_id)
            await tx.clients.get(network_id, client_id)
        await self.disconnect(network_id, client_id, LeaveReason.DISCONNECTED)
