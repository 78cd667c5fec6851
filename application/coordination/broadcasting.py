"""Telling something to many devices at once, and who got it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from attrs import field, frozen

from application.devices.commanding import CommandDesk
from application.networks.access import Principal, within
from application.personas.switching import device_of
from application.ports.storage import MAX_PAGE, Page, Transaction, Transactions
from application.ports.world import Clock, IdSource
from domain.broadcasts import Broadcast
from domain.clients import Client
from domain.commands import TIMELY, Perform
from domain.errors import InvalidValue
from domain.ids import BroadcastId, ClientId, NetworkId

EVERYBODY: Final = "all"
MOST_TARGETS: Final = 1000
HUBS_OWN_PREFIX: Final = "dev_"
KEPT_FOR: Final = timedelta(days=7)


@frozen(kw_only=True)
class NewBroadcast:
    """What is to be told, and to whom: devices by name, or all of a group, of a room, or of the network."""

    event_type: str
    targets: tuple[ClientId, ...] | None
    payload: Mapping[str, object] = field(factory=dict)
    group_id: str | None = None
    room: str | None = None
    priority: int = TIMELY


@frozen(kw_only=True)
class Receipt:
    """How a broadcast stands: who has acknowledged it, who has not yet, and who was not there."""

    broadcast: Broadcast
    acknowledged: tuple[ClientId, ...]

    @property
    def delivered(self) -> tuple[ClientId, ...]:
        """Those who were connected, and so were sent it."""
        return self.broadcast.sent_to

    @property
    def offline(self) -> tuple[ClientId, ...]:
        """Those who were meant, and were not there."""
        return self.broadcast.offline


@frozen
class BroadcastEvent:
    """Tell something to many devices, in one transaction: to all that are connected, or to none."""

    transactions: Transactions
    desk: CommandDesk
    ids: IdSource
    clock: Clock

    async def __call__(self, principal: Principal, network_id: NetworkId, wanted: NewBroadcast) -> Receipt:
        within(principal, network_id)
        order = Perform(event=wanted.event_type, payload=dict(wanted.payload))
        broadcast_id = self.ids.broadcast()
        async with self.transactions.begin() as tx:
            await tx.networks.get(network_id)
            meant = await _meant(tx, network_id, wanted)
            there = [one.id for one in meant if one.connected and one.takes_commands]
            broadcast = Broadcast(
                id=broadcast_id,
                network_id=network_id,
                event_type=wanted.event_type,
                payload=dict(wanted.payload),
                sent_to=tuple(there),
                offline=tuple(one.id for one in meant if one.id not in there),
                sent_at=self.clock.now(),
            )
            await tx.broadcasts.add(broadcast)
            for device_id in there:
                await self.desk.issue(
                    tx, network_id, device_id, order, priority=wanted.priority, origin=broadcast_id
                )
        return Receipt(broadcast=broadcast, acknowledged=())


@frozen
class GetBroadcast:
    """Say who has got a broadcast by now."""

    transactions: Transactions

    async def __call__(
        self, principal: Principal, network_id: NetworkId, broadcast_id: BroadcastId
    ) -> Receipt:
        within(principal, network_id)
        async with self.transactions.snapshot() as tx:
            broadcast = await tx.broadcasts.get(network_id, broadcast_id)
            commands = await tx.commands.of_origin(network_id, broadcast_id)
        acknowledged = tuple(one.client_id for one in commands if one.acknowledged_at is not None)
        return Receipt(broadcast=broadcast, acknowledged=acknowledged)


async def _meant(tx: Transaction, network_id: NetworkId, wanted: NewBroadcast) -> tuple[Client, ...]:
    """The devices that are meant, each once, by id; an unknown one refuses the whole."""
    if wanted.targets is not None:
        if len(wanted.targets) > MOST_TARGETS:
            raise InvalidValue("target_devices", f"must be at most {MOST_TARGETS}")
        named = sorted(set(wanted.targets))
        return tuple([await device_of(tx, network_id, device_id) for device_id in named])
    devices = await devices_of(tx, network_id)
    return tuple(
        one for one in devices if wanted.group_id in {None, one.group_id} and in_room(one, wanted.room)
    )


async def devices_of(tx: Transaction, network_id: NetworkId) -> tuple[Client, ...]:
    """The devices of a network by id: those that the hub named, and whoever speaks as a device."""
    found: list[Client] = []
    while True:
        listing = await tx.clients.list(network_id, Page(limit=MAX_PAGE, offset=len(found)))
        found.extend(listing.items)
        if not listing.items or len(found) >= listing.total:
            break
    devices = (one for one in found if one.takes_commands or one.id.startswith(HUBS_OWN_PREFIX))
    return tuple(sorted(devices, key=lambda one: one.id))


def in_room(client: Client, room: str | None) -> bool:
    """Whether a client is in a room of this name; anybody is where none is named."""
    return room is None or (client.room or "").casefold() == room.casefold()
