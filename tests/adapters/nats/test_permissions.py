"""What the accounts of networks let each other see, on a real server."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error, NoRespondersError

from adapters.nats.connection import NatsConnection, NatsOptions
from adapters.nats.leases import BUCKET
from adapters.nats.permissions import configuration
from adapters.nats.publisher import NatsPublisher
from adapters.nats.subjects import SIGHTS, STREAM, WATCHING
from domain.events import Fact, NetworkUpdated
from domain.ids import EventId, NetworkId
from tests.samples import HOME, NOON, SHOP
from tests.servers import nats_server

pytestmark = pytest.mark.slow
SECRETS = {HOME: "home-secret", SHOP: "shop-secret"}


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A server with the accounts that were generated for two networks."""
    config = tmp_path / "accounts.conf"
    config.write_text(configuration(SECRETS, "hub-secret"))
    with nats_server(tmp_path / "data", "-c", str(config)) as address:
        yield address


def credentials(url: str, user: str, password: str) -> str:
    return url.replace("nats://", f"nats://{user}:{password}@")


@pytest.fixture
async def home(url: str) -> AsyncIterator[Client]:
    """A client with the credentials of the home."""
    client = await nats.connect(credentials(url, HOME, SECRETS[HOME]), error_cb=_ignore)
    yield client
    await client.close()


@pytest.fixture
async def hub(url: str) -> AsyncIterator[Client]:
    """The hub's own connection."""
    client = await nats.connect(credentials(url, "mira", "hub-secret"))
    yield client
    await client.close()


async def _ignore(_: Exception) -> None:
    """What is not permitted is told to the client too."""


def fact(network_id: NetworkId, position: int) -> Fact:
    event = NetworkUpdated(name=f"{network_id} {position}", at=NOON)
    return Fact(
        id=EventId(f"evt_{network_id}_{position}"), network_id=network_id, position=position, event=event
    )


async def until_ready(publisher: NatsPublisher) -> None:
    """Wait until it is worth publishing."""
    while True:
        if publisher.ready:
            return
        await asyncio.sleep(0.02)


async def heard(client: Client, subject: str, trigger: Client, *subjects: str) -> list[Msg]:
    """What a client hears below a subject, while the hub publishes on others."""
    told: list[Msg] = []

    async def note(message: Msg) -> None:
        told.append(message)

    subscription = await client.subscribe(subject, cb=note)
    await client.flush()
    for each in subjects:
        await trigger.publish(each, b"{}")
    await trigger.flush()
    await asyncio.sleep(0.3)
    await subscription.unsubscribe()
    return told


async def test_a_network_hears_its_own_and_nothing_of_another(home: Client, hub: Client) -> None:
    ours, theirs = f"mira.v1.{HOME}.live.error", f"mira.v1.{SHOP}.live.error"
    assert [one.subject for one in await heard(home, f"mira.v1.{HOME}.live.>", hub, ours, theirs)] == [ours]
    assert await heard(home, f"mira.v1.{SHOP}.live.>", hub, ours, theirs) == []
    assert await heard(home, ">", hub, ours, theirs) == []
    assert await heard(home, "mira.v1.*.live.>", hub, theirs) == []
    said, elsewhere = f"mira.v1.{HOME}.told.hall", f"mira.v1.{SHOP}.told.hall"
    assert [one.subject for one in await heard(home, said, hub, said, elsewhere)] == [said]
    assert await heard(home, elsewhere, hub, elsewhere) == []
    assert await heard(home, SIGHTS, hub, SIGHTS) == []


async def test_a_network_asks_for_its_own_and_nothing_of_another(home: Client, hub: Client) -> None:
    async def answer(message: Msg) -> None:
        await message.respond(message.subject.encode())

    await hub.subscribe("mira.v1.*.command.>", cb=answer)
    await hub.flush()
    asked = await home.request(f"mira.v1.{HOME}.command.mira.reminder.list", b"", timeout=5)
    assert asked.data.decode().endswith(f"{HOME}.command.mira.reminder.list")
    with pytest.raises((Error, NoRespondersError)):
        await home.request(f"mira.v1.{SHOP}.command.mira.reminder.list", b"", timeout=0.5)


async def test_a_network_sends_its_own_sound_and_arbitrates_nothing(home: Client, hub: Client) -> None:
    told: list[str] = []

    async def note(message: Msg) -> None:
        told.append(message.subject)

    await hub.subscribe("mira.>", cb=note)
    await hub.flush()
    for network_id in (HOME, SHOP):
        for subject in ("stream.hall", "audio.hall", "told.hall", "arbitration.inst_one"):
            await home.publish(f"mira.v1.{network_id}.{subject}", b"x")
    for subject in (WATCHING, SIGHTS, f"$KV.{BUCKET}.{HOME}"):
        await home.publish(subject, b"x")
    await home.flush()
    await asyncio.sleep(0.3)
    assert told == [f"mira.v1.{HOME}.stream.hall", f"mira.v1.{HOME}.audio.hall"]


async def test_a_network_cannot_make_up_events(home: Client, hub: Client) -> None:
    told: list[Msg] = []

    async def note(message: Msg) -> None:
        told.append(message)

    await hub.subscribe("mira.v1.>", cb=note)
    await hub.flush()
    for network_id in (HOME, SHOP):
        await home.publish(f"mira.v1.{network_id}.event.network_deleted", b"{}")
        await home.publish(f"mira.v1.{network_id}.live.error", b"{}")
    await home.flush()
    await asyncio.sleep(0.3)
    assert told == []


async def test_the_stream_and_its_administration_are_not_another_networks(url: str, home: Client) -> None:
    connection = NatsConnection(NatsOptions(url=credentials(url, "mira", "hub-secret")))
    publisher = NatsPublisher(connection)
    async with connection.running():
        async with asyncio.timeout(10):
            await until_ready(publisher)
        facts = [fact(network_id, n) for n in (1, 2) for network_id in (HOME, SHOP)]
        assert [one async for one in publisher.publish(facts)] == facts
        assert [one async for one in publisher.publish(facts)] == facts
        state = (await connection.client.jetstream().stream_info(STREAM)).state
    assert state.messages == len(facts)
    for subject in (
        f"$JS.API.STREAM.INFO.{STREAM}",
        f"$JS.API.STREAM.MSG.GET.{STREAM}",
        f"$JS.API.STREAM.PURGE.{STREAM}",
        f"$JS.API.CONSUMER.CREATE.{STREAM}.{SHOP}.mira.v1.{SHOP}.event.>",
    ):
        with pytest.raises((Error, NoRespondersError)):
            await home.request(subject, b"{}", timeout=0.5)
