"""Several hubs over one PostgreSQL and one NATS, with a balancer before them, and clients that note."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from attrs import define, field

from adapters.hub.client import Hub
from adapters.hub.events import NetworkEvent
from adapters.hub.lifeline import Reconnected
from adapters.hub.network_socket import NetworkSocket
from domain.audio.pcm import SAMPLE_RATE, Samples
from entrypoints.configuration import read_settings
from entrypoints.demo.hub_process import HubProcess, hub_process
from tests.patience import PATIENCE
from tests.servers import Balancer
from tests.stores import create_postgresql_database

FRAME = 1600
Told = list[NetworkEvent | Reconnected]


@define(eq=False)
class Cluster:
    """Three hubs, and a balancer before them."""

    options: tuple[str, ...]
    folder: Path
    balancer: Balancer
    stack: AsyncExitStack
    hubs: dict[int, HubProcess] = field(factory=dict)

    async def start(self, number: int) -> None:
        """Start one of the hubs, or start it again."""
        running = hub_process(self.folder / f"hub-{number}", *self.options)
        self.hubs[number] = await self.stack.enter_async_context(running)
        await _until_it_hears(self.hubs[number].url)
        self.prefer(next(iter(self.hubs)))

    def prefer(self, number: int) -> None:
        """Send new connections to one of the hubs, and to the others should it be away."""
        order = [number, *(one for one in self.hubs if one != number)]
        self.balancer.ports[:] = [urlsplit(self.hubs[one].url).port or 0 for one in order]


async def _until_it_hears(url: str) -> None:
    """Wait until a hub has loaded what it measures sound with."""
    async with Hub(url) as hub, asyncio.timeout(PATIENCE):
        while (await hub.health()).services["audio_processing"] != "healthy":  # noqa: ASYNC110 - of a hub
            await asyncio.sleep(0.1)


@asynccontextmanager
async def cluster_of(hubs: int, socket: Path, nats_url: str, folder: Path) -> AsyncIterator[Cluster]:
    """So many hubs that know of each other by their store and by NATS only."""
    store = await create_postgresql_database(socket, f"cluster_{os.getpid()}")
    cache = str(read_settings([]).settings.cache_folder)
    options = ("--database-url", store, "--nats-url", nats_url, "--cache-dir", cache, "--transcribers", "1")
    async with AsyncExitStack() as stack, Balancer().running() as balancer:
        made = Cluster(options, folder, balancer, stack)
        await asyncio.gather(*(made.start(number) for number in range(hubs)))
        yield made


@asynccontextmanager
async def noting(socket: NetworkSocket) -> AsyncIterator[Told]:
    """What a client is told while the block lasts."""
    told: Told = []

    async def note() -> None:
        async for event in socket:
            told.append(event)

    task = asyncio.create_task(note())
    try:
        yield told
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(told: Told, kind: type, number: int = 1) -> None:
    """Wait until so many events of a kind were told."""
    async with asyncio.timeout(PATIENCE):
        while sum(isinstance(one, kind) for one in told) < number:  # noqa: ASYNC110 - another task appends
            await asyncio.sleep(0.02)


async def say(mouth: NetworkSocket, samples: Samples) -> None:
    """Speak as fast as people do."""
    for first in range(0, len(samples), FRAME):
        await mouth.send_audio(samples[first : first + FRAME])
        await asyncio.sleep(FRAME / SAMPLE_RATE)
