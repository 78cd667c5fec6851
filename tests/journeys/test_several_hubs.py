"""Three hubs over one PostgreSQL and one NATS: one sentence on all of them, and one of them killed in it."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NoReturn

import aiohttp
import nats
import numpy as np
import pytest
import pytest_asyncio
from nats.js.errors import KeyNotFoundError
from nats.js.kv import KeyValue

from adapters.hub.client import Hub
from adapters.hub.commands import PersonaSwitch, SyncEvent
from adapters.hub.events import (
    ActionExecuted,
    AudioStreamSelected,
    ClientLeft,
    InteractionCreated,
    ReminderDue,
)
from adapters.hub.lifeline import Reconnected
from adapters.hub.operator_events import FactTold
from adapters.nats.leases import BUCKET
from adapters.soundfiles.files import decode
from domain.audio.pcm import Samples
from entrypoints.demo.command import SOUNDS
from tests.journeys.cluster import FRAME, Cluster, cluster_of, noting, say, until
from tests.journeys.conftest import home_on
from tests.journeys.freshness import KINDS, TwoHubs
from tests.journeys.rooms import PLACES, Room, heard, room_on
from tests.patience import PATIENCE
from tests.servers import nats_server

ROUNDS = int(os.environ.get("CHAOS_ROUNDS", "2"))
MEASURED = "CHAOS_ROUNDS" in os.environ
"""Whether time counts: `make chaos` has the machine for itself, other runs may not."""
TAKEN_OVER_WITHIN = 3.0 if MEASURED else PATIENCE
"""Seconds; promised to whoever runs several hubs."""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600 + 60 * ROUNDS),
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("several hubs"),
]


@pytest.fixture(scope="module")
def events_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A NATS server for all hubs."""
    with nats_server(tmp_path_factory.mktemp("nats")) as url:
        yield url


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cluster(
    postgresql_socket: Path, events_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Cluster]:
    """Three hubs, of which those that are killed are started again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JWT_SECRET_KEY", "a key that all three hubs share, long enough")
        async with cluster_of(3, postgresql_socket, events_url, tmp_path_factory.mktemp("hubs")) as made:
            yield made


async def test_a_command_that_was_not_acknowledged_is_told_again_by_another_hub(cluster: Cluster) -> None:
    async with AsyncExitStack() as stack:
        urls = [cluster.hubs[number].url for number in range(3)]
        first, second, third = [await stack.enter_async_context(Hub(url)) for url in urls]
        home = await stack.enter_async_context(home_on(urls[0]))
        device_id, token = home.device.device_id, home.device.auth_token
        async with first.device_socket(device_id, token) as socket:
            await socket.settled()
            switching = asyncio.create_task(home.owner.switch_persona(device_id, "entertainer"))
            told = await socket.expect(PersonaSwitch)
        assert not (await switching).acknowledged
        async with second.device_socket(device_id, token) as socket:
            assert await socket.expect(PersonaSwitch) == told
            await socket.acknowledge({"command_id": told.command_id, "switch_complete": True})
            sent = await home.owner.broadcast("meanwhile", {})
            meanwhile = await socket.expect(SyncEvent)
            await socket.acknowledge({"command_id": meanwhile.command_id})
            async with asyncio.timeout(PATIENCE):
                while not (await home.owner.broadcast_receipt(sent.broadcast_id)).acknowledged:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        async with third.device_socket(device_id, token) as socket:
            await socket.settled()
            await home.owner.broadcast("afterwards", {})
            only = await socket.expect(PersonaSwitch, SyncEvent)
        assert isinstance(only, SyncEvent)
        assert only.event == "afterwards"


@pytest.mark.parametrize("places", ["near noisy noisier", "noisier near noisy"])
async def test_one_sentence_on_three_hubs_is_one_turn_with_the_best_stream(
    places: str, cluster: Cluster
) -> None:
    best = PLACES[places.split().index("near")]
    async with room_on(cluster) as room:
        spoken = zip(room.microphones, heard(places), strict=True)
        await asyncio.gather(*(say(microphone.socket, sound) for microphone, sound in spoken))
        await _one_turn(room, best, set(PLACES))
        for microphone in room.microphones:
            finals = [one for one in microphone.told if isinstance(one, AudioStreamSelected)]
            assert [one.selected_client_id for one in finals if not one.provisional] == [best]
        await _every_hub_knows_who_hears_best(cluster, room, best)


async def _every_hub_knows_who_hears_best(cluster: Cluster, room: Room, best: str) -> None:
    """Whichever of them is asked, by the network's owner or by an operator."""
    network_id = room.network.network_id
    for running in cluster.hubs.values():
        operator = (running.data_dir / "operator.token").read_text().strip()
        async with Hub(running.url, room.network.network_token) as hub:
            found = await hub.best_stream(network_id)
            seen = await hub.bearing(operator).look_at_network(network_id)
        assert found.selected_client_id == best
        assert {one.client_id: one.selected for one in found.streams} == {
            place: place == best for place in PLACES
        }
        assert {one.client_id for one in seen.streams} == set(PLACES)


async def _one_turn(room: Room, best: str, places: set[str]) -> None:
    """Exactly one turn came of it, that of the best stream, and it tells of all of them."""
    for microphone in room.microphones:
        await until(microphone.told, InteractionCreated)
    await asyncio.sleep(2)
    (turn,) = (await room.owner.interactions(room.network.network_id)).items
    assert (turn.client_id, turn.processing_status) == (best, "completed")
    assert turn.audio is not None
    assert {stream.client_id: stream.selected for stream in turn.audio.streams} == {
        place: place == best for place in places
    }
    assert all(stream.reason for stream in turn.audio.streams)


async def test_operators_at_one_hub_see_and_send_away_clients_of_another(cluster: Cluster) -> None:
    token = (cluster.hubs[1].data_dir / "operator.token").read_text().strip()
    async with (
        Hub(cluster.hubs[0].url) as there,
        Hub(cluster.hubs[1].url, token) as operator,
        operator.operator_socket() as events,
        room_on(cluster) as room,
    ):
        network_id, table = room.network.network_id, room.microphones[0]
        renaming = asyncio.create_task(_rename(there.bearing(room.network.network_token), network_id))
        async with asyncio.timeout(PATIENCE):
            async for event in events:
                if isinstance(event, FactTold) and event.name == "network_updated":
                    break
        renaming.cancel()
        await asyncio.gather(renaming, return_exceptions=True)
        await operator.disconnect_client(network_id, PLACES[0])
        await until(table.told, Reconnected)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
async def test_what_one_hub_acknowledged_another_goes_by_at_once(
    kind: Callable[[TwoHubs], Awaitable[None]], cluster: Cluster
) -> None:
    written, asked = cluster.hubs[0], cluster.hubs[1]
    token = (written.data_dir / "operator.token").read_text().strip()
    async with aiohttp.ClientSession() as web:
        async with web.post(f"{written.url}/api/v1/networks", json={"name": "Fresh"}) as answer:
            network = await answer.json()
        await kind(TwoHubs(written.url, asked.url, token, web, network))


async def _rename(owner: Hub, network_id: str) -> NoReturn:
    """Change something twice a second."""
    while True:
        await owner.update_network(network_id, name="Office")
        await asyncio.sleep(0.5)


async def test_another_hub_takes_over_when_the_one_that_arbitrates_is_killed(
    cluster: Cluster, events_url: str
) -> None:
    client = await nats.connect(events_url)
    try:
        bucket = await client.jetstream().key_value(BUCKET)
        async with room_on(cluster) as room:
            await _lose_the_arbiter(cluster, room, bucket)
    finally:
        await client.close()
    await cluster.start(0)


async def _lose_the_arbiter(cluster: Cluster, room: Room, bucket: KeyValue) -> None:
    """The hub that hears the sentence first, and so arbitrates, is killed in the middle of it."""
    network_id, silence = room.network.network_id, np.zeros(3 * FRAME, np.float32)
    noisy, near, noisier = heard("noisy near noisier")
    table, *others = room.microphones
    speaking = [
        asyncio.create_task(say(microphone.socket, np.concatenate([silence, sound])))
        for microphone, sound in zip(others, (near, noisier), strict=True)
    ]
    first = asyncio.create_task(say(table.socket, noisy))
    owner = await _owner_other_than(None, network_id, bucket)
    await asyncio.sleep(0.5)
    os.kill(cluster.hubs[0].pid, signal.SIGKILL)
    killed_at = time.monotonic()
    await _owner_other_than(owner, network_id, bucket)
    took = time.monotonic() - killed_at
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await asyncio.gather(*speaking)
    room.microphones.remove(table)
    await _one_turn(room, PLACES[1], set(PLACES[1:]))
    assert took < TAKEN_OVER_WITHIN


async def _owner_other_than(owner: bytes | None, network_id: str, bucket: KeyValue) -> bytes:
    """Which instance arbitrates a network, once it is another than a certain one."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                found = (await bucket.get(network_id)).value
            except KeyNotFoundError:
                found = None
            if found is not None and found != owner:
                return found
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
        await say(mouth, speech[: len(speech) // 2])
        os.kill(cluster.hubs[victim].pid, signal.SIGKILL)
        killed_at = time.monotonic()
        await until(heard, Reconnected)
        assert time.monotonic() - killed_at < TAKEN_OVER_WITHIN
        await cluster.hubs[victim].ended()

        await say(mouth, speech)
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
