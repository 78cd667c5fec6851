"""Three hubs over one PostgreSQL and one NATS, one of which is killed in the middle of a sentence."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from attrs import define, field

from adapters.hub.client import Hub
from adapters.hub.events import ActionExecuted, ClientLeft, NetworkEvent, ReminderDue
from adapters.hub.lifeline import Reconnected
from adapters.hub.network_socket import NetworkSocket
from adapters.soundfiles.files import decode
from domain.audio.pcm import Samples
from entrypoints.configuration import read_settings
from entrypoints.demo.command import SOUNDS
from entrypoints.demo.hub_process import HubProcess, hub_process
from tests.journeys.conftest import home_on
from tests.servers import Balancer
from tests.stores import create_postgresql_database

ROUNDS = int(os.environ.get("CHAOS_ROUNDS", "2"))
pytestmark = [pytest.mark.slow, pytest.mark.timeout(180 + 60 * ROUNDS)]
FRAME = 1600


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
        self.prefer(next(iter(self.hubs)))

    def prefer(self, number: int) -> None:
        """Send new connections to one of the hubs, and to the others should it be away."""
        order = [number, *(one for one in self.hubs if one != number)]
        self.balancer.ports[:] = [urlsplit(self.hubs[one].url).port or 0 for one in order]


@pytest.fixture
async def cluster(
    postgresql_socket: Path, nats_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Cluster]:
    """Three hubs that know of each other by their store and by NATS only."""
    monkeypatch.setenv("JWT_SECRET_KEY", "a key that all three hubs share, long enough")
    store = await create_postgresql_database(postgresql_socket, f"cluster_{os.getpid()}")
    cache = str(read_settings([]).settings.cache_folder)
    options = ("--database-url", store, "--nats-url", nats_url, "--cache-dir", cache, "--transcribers", "1")
    async with AsyncExitStack() as stack, Balancer().running() as balancer:
        made = Cluster(options, tmp_path, balancer, stack)
        for number in range(3):
            await made.start(number)
        yield made


@asynccontextmanager
async def noting(socket: NetworkSocket) -> AsyncIterator[list[NetworkEvent | Reconnected]]:
    """What a client is told while the block lasts."""
    told: list[NetworkEvent | Reconnected] = []

    async def note() -> None:
        async for event in socket:
            told.append(event)  # noqa: PERF401 - whoever reads it reads along

    task = asyncio.create_task(note())
    try:
        yield told
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(told: list[NetworkEvent | Reconnected], kind: type, number: int = 1) -> None:
    """Wait until so many events of a kind were told."""
    async with asyncio.timeout(40):
        while sum(isinstance(one, kind) for one in told) < number:  # noqa: ASYNC110 - another task appends
            await asyncio.sleep(0.02)


async def test_a_hub_that_is_killed_in_a_sentence_costs_nothing_that_was_acknowledged(
    cluster: Cluster,
) -> None:
    speech = decode((SOUNDS / "reminder.flac").read_bytes()).samples
    for number in range(ROUNDS):
        await _lose_one(cluster, number % 3, speech)
        await cluster.start(number % 3)


async def _lose_one(cluster: Cluster, victim: int, speech: Samples) -> None:
    others = [number for number in cluster.hubs if number != victim]
    cluster.prefer(victim)
    async with AsyncExitStack() as stack:
        home = await stack.enter_async_context(home_on(cluster.balancer.url))
        network_id, told = home.network.network_id, []
        for name, number in (("witness", others[0]), ("other", others[1]), ("doomed", victim)):
            client = await home.owner.register_client(network_id, name, "mobile")
            hub = await stack.enter_async_context(Hub(cluster.hubs[number].url))
            socket = await stack.enter_async_context(hub.socket(network_id, name, client.client_token))
            told.append(await stack.enter_async_context(noting(socket)))
        witness, other, _ = told
        talker = await home.owner.register_client(network_id, "talker", "mobile")
        mouth = await stack.enter_async_context(home.owner.socket(network_id, "talker", talker.client_token))
        heard = await stack.enter_async_context(noting(mouth))

        asked = "remind me in 4 seconds to stretch"
        acknowledged = (await home.owner.send_message(home.device.device_id, asked)).response_text
        assert "stretch" in acknowledged
        await _say(mouth, speech[: len(speech) // 2])
        os.kill(cluster.hubs[victim].pid, signal.SIGKILL)
        await cluster.hubs[victim].ended()

        await until(heard, Reconnected)
        await _say(mouth, speech)
        await mouth.finish()
        for everybody in (witness, other, heard):
            await until(everybody, ReminderDue)
            await until(everybody, ActionExecuted, 2)
        await until(witness, ClientLeft)
        await asyncio.sleep(2)
        for everybody in (witness, other, heard):
            rung = [one.title for one in everybody if isinstance(one, ReminderDue)]
            assert rung == ["stretch"]
        await _all_agree(cluster, others, network_id, home.network.network_token)


async def _say(mouth: NetworkSocket, samples: Samples) -> None:
    """Speak as fast as people do."""
    for first in range(0, len(samples), FRAME):
        await mouth.send_audio(samples[first : first + FRAME])
        await asyncio.sleep(FRAME / 16000)


async def _all_agree(cluster: Cluster, hubs: list[int], network_id: str, token: str) -> None:
    """Every hub answers the same, and all that was acknowledged is there."""
    answers = []
    for number in hubs:
        async with Hub(cluster.hubs[number].url, token) as owner:
            reminders = await owner.reminders(network_id)
            turns = await owner.interactions(network_id)
            answers.append(
                (
                    sorted(one.title for one in reminders.items),
                    sorted((one.interaction_id, one.processing_status) for one in turns.items),
                )
            )
    assert answers[0] == answers[1]
    titles, turns = answers[0]
    assert "stretch" in titles
    assert len(titles) == 2
    assert all(status == "completed" for _, status in turns)
