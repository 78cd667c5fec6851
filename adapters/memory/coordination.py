"""What devices are told and do together, in memory."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from attrs import evolve, frozen

from adapters.memory.shelves import Key, Shelf, listing
from adapters.memory.state import State
from application.ports.paging import Listing, Page
from domain.activities.activity import Activity, ActivityStatus
from domain.broadcasts import Broadcast
from domain.commands import Command
from domain.errors import (
    ActivityNotFound,
    BroadcastNotFound,
    ClientNotFound,
    CommandNotFound,
    Conflict,
    NetworkNotFound,
    PairingCodeUnknown,
)
from domain.ids import ActivityId, BroadcastId, ClientId, CommandId, NetworkId
from domain.pairing import PairingOffer

Item = TypeVar("Item")


@frozen
class MemoryCommands:
    """What devices have been told to do."""

    _state: State
    _writable: bool

    async def add(self, command: Command) -> None:
        """Keep a new command, or raise ClientNotFound when its client is not kept."""
        shelf = self._shelf()
        shelf.require_writable()
        if (command.network_id, command.client_id) not in self._state.clients:
            raise ClientNotFound(command.client_id)
        shelf.add((command.network_id, command.id), command)

    async def get(self, network_id: NetworkId, command_id: CommandId) -> Command:
        """Find a command of a network, or raise CommandNotFound."""
        return self._shelf().get((network_id, command_id))

    async def update(self, command: Command) -> None:
        """Replace a command, or raise CommandNotFound."""
        self._shelf().update((command.network_id, command.id), command)

    async def pending(self, network_id: NetworkId, client_id: ClientId, now: datetime) -> tuple[Command, ...]:
        """What a client has still to do: neither acknowledged nor too old; the oldest first."""
        found = (one for one in self._shelf().within(network_id) if one.client_id == client_id)
        return _oldest_first(one for one in found if one.pending_at(now))

    async def of_origin(self, network_id: NetworkId, origin: str) -> tuple[Command, ...]:
        """The commands of an activity or a broadcast, the oldest first."""
        return _oldest_first(one for one in self._shelf().within(network_id) if one.origin == origin)

    async def withdraw(self, network_id: NetworkId, origin: str, now: datetime) -> int:
        """Let the pending commands of an activity end now, and say how many those were."""
        pending = [one for one in await self.of_origin(network_id, origin) if one.pending_at(now)]
        for command in pending:
            await self.update(evolve(command, expires_at=now))
        return len(pending)

    async def forget(self, before: datetime) -> int:
        """Drop what has been too old since before a moment, and say how many those were."""
        return _forget(
            self._shelf(), [k for k, one in self._state.commands.items() if one.expires_at < before]
        )

    def _shelf(self) -> Shelf[Command]:
        return Shelf(
            rows=self._state.commands, noun="command", missing=CommandNotFound, writable=self._writable
        )


@frozen
class MemoryActivities:
    """What devices of each network do together."""

    _state: State
    _writable: bool

    async def add(self, activity: Activity) -> None:
        """Keep a new activity, or raise NetworkNotFound."""
        shelf = self._shelf()
        shelf.require_writable()
        _require_network(self._state, activity.network_id)
        shelf.add((activity.network_id, activity.id), activity)

    async def get(self, network_id: NetworkId, activity_id: ActivityId) -> Activity:
        """Find an activity of a network, or raise ActivityNotFound."""
        return self._shelf().get((network_id, activity_id))

    async def update(self, activity: Activity) -> None:
        """Replace an activity, or raise ActivityNotFound."""
        self._shelf().update((activity.network_id, activity.id), activity)

    async def list(
        self, network_id: NetworkId, status: ActivityStatus | None, page: Page
    ) -> Listing[Activity]:
        """The activities of a network of a status, or of any, newest first."""
        found = (one for one in self._shelf().within(network_id) if status in {None, one.status})
        return listing(found, page, lambda one: (one.started_at, one.id))

    async def running(self, network_id: NetworkId) -> tuple[Activity, ...]:
        """The activities of a network that go on, the oldest first."""
        found = (one for one in self._shelf().within(network_id) if one.running)
        return tuple(sorted(found, key=lambda one: (one.started_at, one.id)))

    async def due(self, now: datetime, limit: int) -> tuple[Activity, ...]:
        """Running activities of all networks that are to go on by now, the longest due first."""
        due = [(one.due_at, one.id, one) for one in self._running() if one.due_at and one.due_at <= now]
        return tuple(one for _, _, one in sorted(due, key=lambda row: row[:2])[:limit])

    async def next_due(self) -> datetime | None:
        """When the next running activity of all networks is to go on."""
        return min((one.due_at for one in self._running() if one.due_at), default=None)

    def _running(self) -> tuple[Activity, ...]:
        return tuple(one for one in self._state.activities.values() if one.running)

    def _shelf(self) -> Shelf[Activity]:
        return Shelf(
            rows=self._state.activities, noun="activity", missing=ActivityNotFound, writable=self._writable
        )


@frozen
class MemoryBroadcasts:
    """What was told to many devices at once."""

    _state: State
    _writable: bool

    async def add(self, broadcast: Broadcast) -> None:
        """Keep a new broadcast, or raise NetworkNotFound."""
        shelf = self._shelf()
        shelf.require_writable()
        _require_network(self._state, broadcast.network_id)
        shelf.add((broadcast.network_id, broadcast.id), broadcast)

    async def get(self, network_id: NetworkId, broadcast_id: BroadcastId) -> Broadcast:
        """Find a broadcast of a network, or raise BroadcastNotFound."""
        return self._shelf().get((network_id, broadcast_id))

    async def forget(self, before: datetime) -> int:
        """Drop what was sent before a moment, and say how many those were."""
        return _forget(
            self._shelf(), [k for k, one in self._state.broadcasts.items() if one.sent_at < before]
        )

    def _shelf(self) -> Shelf[Broadcast]:
        return Shelf(
            rows=self._state.broadcasts, noun="broadcast", missing=BroadcastNotFound, writable=self._writable
        )


@frozen
class MemoryPairings:
    """Places in networks that are offered to devices under a code."""

    _state: State
    _writable: bool

    async def add(self, offer: PairingOffer) -> None:
        """Keep a new offer, or raise NetworkNotFound, or Conflict when the code is taken."""
        shelf = self._shelf()
        shelf.require_writable()
        _require_network(self._state, offer.network_id)
        if any(one.code_hash == offer.code_hash for one in self._state.pairing_offers.values()):
            raise Conflict("There is already a pairing code with this id.", id=offer.id)
        shelf.add((offer.network_id, offer.id), offer)

    async def take(self, code_hash: str, now: datetime) -> PairingOffer:
        """Take an offer away for good and answer it, or raise PairingCodeUnknown; of two only one gets it."""
        for key, offer in self._state.pairing_offers.items():
            if offer.code_hash == code_hash and now < offer.expires_at:
                self._shelf().remove(key)
                return offer
        raise PairingCodeUnknown

    async def forget(self, now: datetime) -> int:
        """Drop the offers that are over, and say how many those were."""
        over = [k for k, one in self._state.pairing_offers.items() if one.expires_at <= now]
        return _forget(self._shelf(), over)

    def _shelf(self) -> Shelf[PairingOffer]:
        return Shelf(
            rows=self._state.pairing_offers,
            noun="pairing code",
            missing=PairingCodeUnknown,
            writable=self._writable,
        )


def _oldest_first(commands: Iterable[Command]) -> tuple[Command, ...]:
    return tuple(sorted(commands, key=lambda one: (one.issued_at, one.id)))


def _forget(shelf: Shelf[Item], keys: Sequence[Key]) -> int:
    for key in keys:
        shelf.remove(key)
    return len(keys)


def _require_network(state: State, network_id: NetworkId) -> None:
    if (network_id,) not in state.networks:
        raise NetworkNotFound(network_id)
