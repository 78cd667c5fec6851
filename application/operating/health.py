"""Whether the hub is well: each service is really asked."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, Protocol

import structlog
from attrs import frozen

from application.ports.announcing import Audience
from application.ports.outbox import InstanceSeen
from application.ports.sounds import SoundCodec
from application.ports.storage import Transactions
from application.ports.world import Clock
from domain.audio.pcm import Recording, from_s16le
from domain.errors import MiraError, Overloaded

log = structlog.get_logger(__name__)

PATIENCE: Final = timedelta(seconds=2)
STORE: Final = "database"
"""The service without which nothing works."""
DELIVERY_MAY_TAKE: Final = timedelta(seconds=5)
ANSWER_MAY_TAKE: Final = timedelta(seconds=1)
SILENCE: Final = bytes(320)
"""A hundredth of a second."""


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
    """How well the hub and each of its services is, how much it has to do, and which instances it has."""

    overall: Wellness
    services: Mapping[str, Wellness]
    active_networks: int
    active_clients: int
    instances: tuple[InstanceSeen, ...] = ()
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
class ProbeDelivery:
    """Asks whether what was committed reaches the sockets of this instance soon."""

    transactions: Transactions
    audience: Audience
    clock: Clock

    async def __call__(self) -> Wellness:
        async with self.transactions.snapshot() as tx:
            waiting = await tx.outbox.after(self.audience.followed(), 1)
        late = any(self.clock.now() - fact.event.at > DELIVERY_MAY_TAKE for fact in waiting)
        return Wellness.DEGRADED if late else Wellness.HEALTHY


@frozen
class ProbeRelay:
    """Asks whether what was committed leaves for other systems soon."""

    transactions: Transactions
    clock: Clock

    async def __call__(self) -> Wellness:
        async with self.transactions.snapshot() as tx:
            waiting = await tx.outbox.unpublished(1)
        late = any(self.clock.now() - fact.event.at > DELIVERY_MAY_TAKE for fact in waiting)
        return Wellness.DEGRADED if late else Wellness.HEALTHY


class Crew(Protocol):
    """Those who do the heavy work, outside of the hub's own process."""

    async def roll_call(self) -> None:
        """Come back when somebody who is free has answered; raises AudioProcessingFailed or Overloaded."""
        ...


@frozen
class ProbeCrews:
    """Asks those who transcribe and speak: degraded while they get ready or are all busy."""

    ready: Callable[[], bool]
    crews: tuple[Crew, ...]

    async def __call__(self) -> Wellness:
        if not self.ready():
            return Wellness.DEGRADED
        try:
            async with asyncio.timeout(ANSWER_MAY_TAKE.total_seconds()):
                await asyncio.gather(*(crew.roll_call() for crew in self.crews))
        except (TimeoutError, Overloaded):
            return Wellness.DEGRADED
        return Wellness.HEALTHY


@frozen
class ProbeSounds:
    """Has a moment of silence written as a file and read again: degraded while there is too much to read."""

    ready: Callable[[], bool]
    sounds: SoundCodec

    async def __call__(self) -> Wellness:
        if not self.ready():
            return Wellness.DEGRADED
        try:
            async with asyncio.timeout(ANSWER_MAY_TAKE.total_seconds()):
                await self.sounds.decode(await self.sounds.encode(Recording(samples=from_s16le(SILENCE))))
        except (TimeoutError, Overloaded):
            return Wellness.DEGRADED
        return Wellness.HEALTHY


@frozen
class CheckHealth:
    """Ask every service at once, none of them for longer than the hub has patience."""

    probes: Mapping[str, Probe]
    transactions: Transactions
    clock: Clock
    patience: timedelta = PATIENCE

    async def __call__(self) -> Health:
        asked = asyncio.gather(*(self._ask(name, probe) for name, probe in self.probes.items()))
        answers, (networks, clients, instances) = await asyncio.gather(asked, self._known())
        services = dict(zip(self.probes, answers, strict=True))
        return Health(
            overall=_overall(services),
            services=services,
            active_networks=networks,
            active_clients=clients,
            instances=instances,
            at=self.clock.now(),
        )

    async def _ask(self, name: str, probe: Probe) -> Wellness:
        try:
            async with asyncio.timeout(self.patience.total_seconds()):
                return await probe()
        except (MiraError, TimeoutError, OSError):
            return Wellness.UNHEALTHY
        except Exception:
            log.exception("a probe broke", service=name)
            return Wellness.UNHEALTHY

    async def _known(self) -> tuple[int, int, tuple[InstanceSeen, ...]]:
        """How many networks and connected clients there are, and the instances; none without the store."""
        try:
            async with asyncio.timeout(self.patience.total_seconds()), self.transactions.snapshot() as tx:
                counts = await tx.networks.count(), await tx.clients.count_connected()
                return *counts, await tx.instances.all()
        except (MiraError, TimeoutError, OSError):
            return 0, 0, ()


def _overall(services: Mapping[str, Wellness]) -> Wellness:
    """The hub is unhealthy without its store, and degraded when anything else is not well."""
    if services.get(STORE) is Wellness.UNHEALTHY:
        return Wellness.UNHEALTHY
    if any(wellness is not Wellness.HEALTHY for wellness in services.values()):
        return Wellness.DEGRADED
    return Wellness.HEALTHY
