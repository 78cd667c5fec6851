"""python -m benchmarks.scale: CPU and memory of a stream, a turn and an instance; turns by networks.

CPU is told rather than time where that can be: other work on the machine changes it little.
"""

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import numpy as np
from attrs import frozen

from adapters.hub.answers import RegisteredDevice
from adapters.hub.client import Hub
from adapters.hub.network_socket import NetworkSocket
from adapters.soundfiles.files import decode
from benchmarks.scale.processes import Used, children_of, used_by
from domain.audio.pcm import SAMPLE_RATE, Samples
from entrypoints.configuration import read_settings
from entrypoints.demo.command import SOUNDS
from entrypoints.demo.hub_process import HubProcess, hub_process
from tests.servers import nats_server
from tests.stores import create_postgresql_database

NETWORKS = (1, 10, 100, 1000)
FRAME = SAMPLE_RATE // 10
LIMITS = "websocket_connections=1000,interactions_per_minute=1000000,api_requests_per_hour=1000000"
PARTS = ("streams", "turns", "hubs")
MILLION = 1e6


@frozen
class Home:
    """A network's owner, and a device of it."""

    owner: Hub
    device: RegisteredDevice


@frozen
class Site:
    """Hubs over one store, and who keeps that store."""

    hubs: tuple[HubProcess, ...]
    postmaster: int

    def hub(self) -> Used:
        """What the hubs' own processes use."""
        return used_by([hub.pid for hub in self.hubs])

    def workers(self) -> Used:
        """What those use that work for the hubs: transcribers, and the speaker."""
        return used_by(set().union(*(children_of(hub.pid) for hub in self.hubs)))

    def store(self) -> Used:
        """What PostgreSQL uses."""
        return used_by({self.postmaster} | children_of(self.postmaster))


@asynccontextmanager
async def site(hubs: int, folder: Path, socket: Path, postmaster: int, url: str) -> AsyncIterator[Site]:
    """Start so many hubs over a database of their own, and wait until they hear."""
    store = await create_postgresql_database(socket, f"scale_{hubs}_{time.time_ns()}")
    cache = str(read_settings([]).settings.cache_folder)
    options = ["--database-url", store, "--nats-url", url, "--cache-dir", cache, "--transcribers", "1"]
    options += ["--limits", LIMITS, "--networks-per-minute", "1000000"]
    async with AsyncExitStack() as stack:
        started = [
            await stack.enter_async_context(hub_process(folder / f"hub-{hubs}-{number}", *options))
            for number in range(hubs)
        ]
        for one in started:
            await _until_it_hears(one.url)
        yield Site(tuple(started), postmaster)


async def _until_it_hears(url: str) -> None:
    async with Hub(url) as hub:
        while (await hub.health()).status != "healthy":  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.2)


async def streams(place: Site, count: int, seconds: float) -> dict[str, object]:
    """CPU and memory of streams in which nobody speaks, and of as many in which somebody does."""
    spoken = decode((SOUNDS / "reminder.flac").read_bytes()).samples
    rest = np.zeros(max(0, int(seconds * SAMPLE_RATE) - len(spoken)), dtype=np.float32)
    noise = np.random.default_rng(1).normal(0, 0.001, int(seconds * SAMPLE_RATE)).astype(np.float32)
    figures: dict[str, object] = {}
    async with AsyncExitStack() as stack, Hub(place.hubs[0].url) as hub:
        idle = await _over(place, seconds)
        figures["idle hub, CPU ms/s"] = round(1000 * idle[0] / seconds, 1)
        before = place.hub().memory
        sockets = [await stack.enter_async_context(_microphone(hub, number)) for number in range(count)]
        await asyncio.gather(*(_say(one, noise) for one in sockets))
        figures["memory of a stream, kB"] = round((place.hub().memory - before) / count / 1024)
        for name, sound in (("silent", noise), ("speaking", np.concatenate([spoken, rest]) + noise)):
            took = await _over(place, asyncio.gather(*(_say(one, sound) for one in sockets)))
            await asyncio.sleep(3)
            figures[f"{name} stream, CPU ms/s"] = round(1000 * (took[0] - idle[0]) / seconds / count, 2)
            figures[f"{name} stream, its workers, CPU ms/s"] = round(1000 * took[1] / seconds / count, 2)
    figures["hub, memory MB"] = round(before / MILLION)
    figures["its workers, memory MB"] = round(place.workers().memory / MILLION)
    return figures


@asynccontextmanager
async def _microphone(hub: Hub, number: int) -> AsyncIterator[NetworkSocket]:
    """A client in a network of its own."""
    network = await hub.create_network(f"Home {number}")
    owner = hub.bearing(network.network_token)
    client = await owner.register_client(network.network_id, "microphone", "mobile")
    async with owner.socket(network.network_id, "microphone", client.client_token) as socket:
        yield socket


async def _say(socket: NetworkSocket, sound: Samples) -> None:
    since = time.monotonic()
    for number, first in enumerate(range(0, len(sound), FRAME)):
        await socket.send_audio(sound[first : first + FRAME])
        await asyncio.sleep(max(0.0, since + (number + 1) * FRAME / SAMPLE_RATE - time.monotonic()))


async def _over(place: Site, work: "float | asyncio.Future[list[None]]") -> tuple[float, float, float]:
    """Seconds of CPU that hubs, workers and store used while something was done, or so long passed."""
    before = (place.hub(), place.workers(), place.store())
    await (asyncio.sleep(work) if isinstance(work, float) else work)
    after = (place.hub(), place.workers(), place.store())
    hub, workers, store = (now.since(then) for now, then in zip(after, before, strict=True))
    return hub, workers, store


async def turns_by_networks(place: Site, turns: int) -> dict[int, dict[str, float]]:
    """What a typed turn costs when so many networks are in the store and take turns."""
    figures: dict[int, dict[str, float]] = {}
    homes: list[Home] = []
    async with Hub(place.hubs[0].url) as hub:
        for networks in NETWORKS:
            while len(homes) < networks:
                homes += await asyncio.gather(*(_home(hub) for _ in range(min(20, networks - len(homes)))))
            await _talk(homes, 20)
            took: list[float] = []
            used = await _over(place, asyncio.ensure_future(asyncio.gather(_talk(homes, turns, took))))
            figures[networks] = {
                "hub, CPU ms": round(1000 * used[0] / turns, 1),
                "PostgreSQL, CPU ms": round(1000 * used[2] / turns, 1),
                "median, ms": round(1000 * statistics.median(took), 1),
            }
    return figures


async def _home(hub: Hub) -> Home:
    network = await hub.create_network("Home")
    owner = hub.bearing(network.network_token)
    return Home(owner, await owner.register_device("kitchen", "tablet"))


async def _talk(homes: Sequence[Home], turns: int, took: list[float] | None = None) -> None:
    """Hold so many turns, one after the other, in one home after the other."""
    for number in range(turns):
        home, since = homes[(number * 7919) % len(homes)], time.perf_counter()
        await home.owner.send_message(home.device.device_id, "what time is it")
        if took is not None:
            took.append(time.perf_counter() - since)


async def crowds(place: Site, turns: int, rounds: int) -> dict[str, dict[str, float]]:
    """What one of two hubs does, and both, in turn: medians of some rounds."""
    found: dict[str, list[dict[str, float]]] = {"one hub": [], "two hubs": []}
    for _ in range(rounds):
        for hubs, (_, told) in enumerate(found.items(), start=1):
            told.append(await crowd(place, hubs, turns, 8))
    return {
        name: {key: statistics.median(one[key] for one in told) for key in told[0]}
        for name, told in found.items()
    }


async def crowd(place: Site, number: int, turns: int, talkers: int) -> dict[str, float]:
    """Turns a second that so many hubs hold together when many talk at once, and what each costs."""
    async with AsyncExitStack() as stack:
        hubs = [await stack.enter_async_context(Hub(one.url)) for one in place.hubs[:number]]
        homes = [await _home(hubs[number % len(hubs)]) for number in range(talkers)]
        for home in homes:
            await _talk([home], 1)
        since = time.perf_counter()
        talking = (_talk([home], turns // talkers) for home in homes)
        used = await _over(place, asyncio.ensure_future(asyncio.gather(*talking)))
        seconds = time.perf_counter() - since
    return {
        "turns/s": round(turns / seconds, 1),
        "hubs, CPU ms a turn": round(1000 * used[0] / turns, 1),
        "PostgreSQL, CPU ms a turn": round(1000 * used[2] / turns, 1),
    }


async def measured(
    folder: Path, socket: Path, postmaster: int, parts: Sequence[str], turns: int, count: int
) -> dict[str, object]:
    """All figures of one run."""
    figures: dict[str, object] = {"load at the start": round(os.getloadavg()[0], 1)}
    with nats_server(folder / "nats") as url:
        async with site(1, folder, socket, postmaster, url) as one:
            if "streams" in parts:
                figures["streams"] = await streams(one, count, 10.0)
            if "turns" in parts:
                figures["a typed turn, by networks"] = await turns_by_networks(one, turns)
        if "hubs" in parts:
            async with site(2, folder, socket, postmaster, url) as two:
                figures["hubs"] = await crowds(two, turns, 3)
    figures["load at the end"] = round(os.getloadavg()[0], 1)
    return figures


def main() -> None:
    """Measure, and print the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale")
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--streams", type=int, default=20)
    parser.add_argument("--parts", nargs="+", default=PARTS, choices=PARTS)
    asked = parser.parse_args()
    import pgserver

    os.environ["JWT_SECRET_KEY"] = "a key that all hubs share, long enough"
    with tempfile.TemporaryDirectory(prefix="mira-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = pgserver.get_server(folder / "pg", cleanup_mode="delete")
        info = server.get_postmaster_info()
        found = measured(
            folder, Path(str(info.socket_dir)), info.pid, asked.parts, asked.turns, asked.streams
        )
        print(json.dumps(asyncio.run(found), indent=2))
        server.cleanup()


if __name__ == "__main__":
    main()
