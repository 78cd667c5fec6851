"""The store of what devices are told and do together; part of the store, and with its rules."""

from datetime import datetime
from typing import Protocol

from application.ports.paging import Listing, Page
from domain.activities.activity import Activity, ActivityStatus
from domain.broadcasts import Broadcast
from domain.commands import Command
from domain.ids import ActivityId, BroadcastId, ClientId, CommandId, NetworkId
from domain.pairing import PairingOffer


class Commands(Protocol):
    """What devices have been told to do."""

    async def add(self, command: Command) -> None:
        """Keep a new command, or raise ClientNotFound when its client is not kept."""
        ...

    async def get(self, network_id: NetworkId, command_id: CommandId) -> Command:
        """Find a command of a network, or raise CommandNotFound."""
        ...

    async def update(self, command: Command) -> None:
        """Replace a command, or raise CommandNotFound."""
        ...

    async def pending(self, network_id: NetworkId, client_id: ClientId, now: datetime) -> tuple[Command, ...]:
        """What a client has still to do: neither acknowledged nor too old; the oldest first."""
        ...

    async def of_origin(self, network_id: NetworkId, origin: str) -> tuple[Command, ...]:
        """The commands of an activity or a broadcast, the oldest first."""
        ...

    async def withdraw(self, network_id: NetworkId, origin: str, now: datetime) -> int:
        """Let the pending commands of an activity end now, and say how many those were."""
        ...

    async def forget(self, before: datetime) -> int:
        """Drop what has been too old since before a moment, and say how many those were."""
        ...


class Activities(Protocol):
    """What devices of each network do together."""

    async def add(self, activity: Activity) -> None:
        """Keep a new activity, or raise NetworkNotFound."""
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
        """The activities of a network of a status, or of any, newest first."""
        ...

    async def running(self, network_id: NetworkId) -> tuple[Activity, ...]:
        """The activities of a network that go on, the oldest first."""
        ...

    async def due(self, now: datetime, limit: int) -> tuple[Activity, ...]:
        """Running activities of all networks that are to go on by now, the longest due first.

        In a write transaction each is held until the end, and those that others hold are skipped.
        """
        ...

    async def next_due(self) -> datetime | None:
        """When the next running activity of all networks is to go on."""
        ...


class Broadcasts(Protocol):
    """What was told to many devices at once."""

    async def add(self, broadcast: Broadcast) -> None:
        """Keep a new broadcast, or raise NetworkNotFound."""
        ...

    async def get(self, network_id: NetworkId, broadcast_id: BroadcastId) -> Broadcast:
        """Find a broadcast of a network, or raise BroadcastNotFound."""
        ...

    async def forget(self, before: datetime) -> int:
        """Drop what was sent before a moment, and say how many those were."""
        ...


class Pairings(Protocol):
    """Places in networks that are offered to devices under a code, found by the hash of that code."""

    async def add(self, offer: PairingOffer) -> None:
        """Keep a new offer, or raise NetworkNotFound, or Conflict when the code is taken."""
        ...

    async def take(self, code_hash: str, now: datetime) -> PairingOffer:
        """Take an offer away for good and answer it, or raise PairingCodeUnknown; of two only one gets it."""
        ...

    async def forget(self, now: datetime) -> int:
        """Drop the offers that are over, and say how many those were."""
        ...
