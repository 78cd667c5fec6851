"""Devices, as the companion API sees the clients of a network."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from application.networks.access import Principal, within
from application.networks.clients import ClientDetails, RegisterClient, RegisteredClient
from application.ports.storage import InteractionFilter, Page, Transactions
from application.ports.world import Clock, IdSource
from domain.clients import Client
from domain.errors import ClientNotFound, DeviceNotFound
from domain.ids import ClientId, NetworkId
from domain.interactions import ProcessingStatus
from domain.sessions import Session

LATEST: Final = Page(limit=200)
VERY_LATEST: Final = Page(limit=20)
"""A device has hardly more turns under way."""


@frozen
class RegisterDevice:
    """Take a device into a network, under an id that the hub chooses."""

    register: RegisterClient
    ids: IdSource

    async def __call__(
        self, principal: Principal, network_id: NetworkId, details: ClientDetails
    ) -> RegisteredClient:
        return await self.register(principal, network_id, evolve(details, client_id=self.ids.device()))


@frozen(kw_only=True)
class DeviceState:
    """How a device is doing: its client, its live session, whether it is busy, and its figures of today.

    The average is over the total time of the last turns of today, 200 at most.
    """

    client: Client
    session: Session | None
    busy: bool
    last_activity: datetime
    uptime: timedelta
    interactions_today: int
    average_latency_ms: float


@frozen
class GetDeviceState:
    """Say how a device is doing; "today" is meant in the network's time zone."""

    transactions: Transactions
    clock: Clock

    async def __call__(self, principal: Principal, network_id: NetworkId, device_id: ClientId) -> DeviceState:
        within(principal, network_id)
        if principal.client_id not in {None, device_id}:
            raise DeviceNotFound(device_id)
        now = self.clock.now()
        async with self.transactions.snapshot() as tx:
            network = await tx.networks.get(network_id)
            try:
                client = await tx.clients.get(network_id, device_id)
            except ClientNotFound as error:
                raise DeviceNotFound(device_id) from error
            session = await tx.sessions.live_of(network_id, device_id, now)
            activities = await tx.activities.running(network_id)
            of_device = InteractionFilter(client_id=device_id)
            latest = (await tx.interactions.list(network_id, of_device, VERY_LATEST)).items
            of_today = evolve(of_device, start=_midnight(now, network.settings.zone))
            today = await tx.interactions.list(network_id, of_today, LATEST)
        latencies = [turn.timings["total"] for turn in today.items if "total" in turn.timings]
        return DeviceState(
            client=client,
            session=session,
            busy=any(turn.status is ProcessingStatus.PROCESSING for turn in latest)
            or any(device_id in activity.client_ids for activity in activities),
            last_activity=max([client.last_seen_at, *(turn.created_at for turn in latest)]),
            uptime=max(now - client.connected_since, timedelta(0))
            if client.connected_since
            else timedelta(0),
            interactions_today=today.total,
            average_latency_ms=sum(latencies) / len(latencies) if latencies else 0.0,
        )


def _midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of the day that it is in a zone."""
    return datetime.combine(now.astimezone(zone).date(), time(), tzinfo=zone)
