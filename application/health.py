"""Whether the hub is well: each service is really asked."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Protocol

from attrs import frozen

from application.ports.storage import Transactions
from application.ports.world import Clock
from domain.errors import MiraError

PATIENCE_SECONDS = 2.0


class Wellness(Enum):
    """How well a service is."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"


class Probe(Protocol):
    """Asks one service how it is."""

    async def __call__(self) -> Wellness:
        """Answer truthfully and soon; an error counts as unhealthy."""
        ...


@frozen(kw_only=True)
class Health:
    """How well the hub and each of its services is, and how much it has to do."""

    overall: Wellness
    services: Mapping[str, Wellness]
    active_networks: int
    active_clients: int
    at: datetime


@frozen
class ProbeDatabase:
    """Asks the store."""

    transactions: Transactions

    async def __call__(self) -> Wellness:
        async with self.transactions.snapshot() as tx:
            await tx.networks.count()
        return Wellness.HEALTHY


@frozen
class CheckHealth:
    """Ask every service at once, none of them for longer than two seconds."""

    probes: Mapping[str, Probe]
    transactions: Transactions
    clock: Clock

    async def __call__(self) -> Health:
        answers = await asyncio.gather(*(self._ask(probe) for probe in self.probes.values()))
        services = dict(zip(self.probes, answers, strict=True))
        networks, clients = await self._counts()
        return Health(
            overall=_overall(services),
            services=services,
            active_networks=networks,
            active_clients=clients,
            at=self.clock.now(),
        )

    async def _ask(self, probe: Probe) -> Wellness:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await probe()
        except (MiraError, TimeoutError, OSError):
            return Wellness.UNHEALTHY

    async def _counts(self) -> tuple[int, int]:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self.transactions.snapshot() as tx:
                return await tx.networks.count(), await tx.clients.count_connected()
        except (MiraError, TimeoutError, OSError):
            return 0, 0


def _overall(services: Mapping[str, Wellness]) -> Wellness:
    """The hub is unhealthy without its store, and degraded when anything else is not well."""
    if services.get("database") is Wellness.UNHEALTHY:
        return Wellness.UNHEALTHY
    if any(wellness is not Wellness.HEALTHY for wellness in services.values()):
        return Wellness.DEGRADED
    return Wellness.HEALTHY
