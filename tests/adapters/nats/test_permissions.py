"""What the accounts of networks let each other see, on a real server."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error, NoRespondersError

from adapters.nats.connection import NatsConnection, NatsOptions
from adapters.nats.leases import BUCKET
from adapters.nats.permissions import configuration
from adapters.nats.publisher import NatsPublisher
from adapters.nats.subjects import SIGHTS, STREAM, WATCHING
from domain.events import Fact, NetworkUpdated
from domain.ids import EventId, NetworkId
from tests.patience import PATIENCE
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


FENCE = f"mira.v1.{HOME}.live.fence"
FIRST, LAST = b"first", b"last"


class Ear:
    """What a client hears up to a fence: a last message, which it may hear.

    A server passes on in order what one connection publishes, so when the
    fence arrives, what was published before it has arrived or never will.
    Between accounts it begins to do so only a moment after it has confirmed
    the subscription: another fence shows that it does.
    """

    def __init__(self) -> None:
        self._told: list[str] = []
        self._fenced = {fence: asyncio.Event() for fence in (FIRST, LAST)}

    async def note(self, message: Msg) -> None:
        """Keep the subject of what arrived."""
        if message.subject.endswith(".fence"):
            self._fenced[message.data].set()
        else:
            self._told.append(message.subject)

    async def listen(self, client: Client, *subjects: str) -> list[Subscription]:
        """Subscribe to subjects, until the server knows it."""
        subscriptions = [await client.subscribe(each, cb=self.note) for each in subjects]
        await client.flush(30)
        return subscriptions

    async def told(self, publisher: Client, *subjects: str) -> list[str]:
        """The subjects that are heard while somebody publishes on these, the fence last."""
        async with asyncio.timeout(PATIENCE):
            while not self._fenced[FIRST].is_set():
                await publisher.publish(subjects[-1], FIRST)
                await asyncio.sleep(0.02)
            for each in subjects:
                await publisher.publish(each, LAST)
            await self._fenced[LAST].wait()
        return self._told


async def heard(client: Client, subject: str, hub: Client, *subjects: str) -> list[str]:
    """What a network's client hears below a subject, while the hub publishes on others."""
    ear = Ear()
    subscriptions = await ear.listen(client, subject, FENCE)
    told = await ear.told(hub, *subjects, FENCE)
    for subscription in subscriptions:
        await subscription.drain()
    return told


async def heard_by_the_hub(hub: Client, home: Client, *subjects: str) -> list[str]:
    """What the hub hears while a network's client publishes on subjects."""
    ear = Ear()
    await ear.listen(hub, "mira.>")
    return await ear.told(home, *subjects, f"mira.v1.{HOME}.stream.fence")


async def test_a_network_hears_its_own_and_nothing_of_another(home: Client, hub: Client) -> None:
    ours, theirs = f"mira.v1.{HOME}.live.error", f"mira.v1.{SHOP}.live.error"
    assert await heard(home, f"mira.v1.{HOME}.live.>", hub, ours, theirs) == [ours]
    assert await heard(home, f"mira.v1.{SHOP}.live.>", hub, ours, theirs) == []
    assert await heard(home, ">", hub, ours, theirs) == []
    assert await heard(home, "mira.v1.*.live.>", hub, theirs) == []
    said, elsewhere = f"mira.v1.{HOME}.told.hall", f"mira.v1.{SHOP}.told.hall"
    assert await heard(home, said, hub, said, elsewhere) == [said]
    assert await heard(home, elsewhere, hub, elsewhere) == []
    assert await heard(home, SIGHTS, hub, SIGHTS) == []


async def asked_until_answered(client: Client, subject: str) -> Msg:
    """The answer of somebody who has subscribed, in another account, a moment ago."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await client.request(subject, b"", timeout=PATIENCE)
            except NoRespondersError:
                await asyncio.sleep(0.02)


async def test_a_network_asks_for_its_own_and_nothing_of_another(home: Client, hub: Client) -> None:
    async def answer(message: Msg) -> None:
        await message.respond(message.subject.encode())

    await hub.subscribe("mira.v1.*.command.>", cb=answer)
    await hub.flush()
    asked = await asked_until_answered(home, f"mira.v1.{HOME}.command.mira.reminder.list")
    assert asked.data.decode().endswith(f"{HOME}.command.mira.reminder.list")
    with pytest.raises((Error, NoRespondersError)):
        await home.request(f"mira.v1.{SHOP}.command.mira.reminder.list", b"", timeout=0.5)


async def test_a_network_sends_its_own_sound_and_arbitrates_nothing(home: Client, hub: Client) -> None:
    subjects = [
        f"mira.v1.{network_id}.{subject}"
        for network_id in (HOME, SHOP)
        for subject in ("stream.hall", "audio.hall", "told.hall", "arbitration.inst_one")
    ]
    told = await heard_by_the_hub(hub, home, *subjects, WATCHING, SIGHTS, f"$KV.{BUCKET}.{HOME}")
    assert told == [f"mira.v1.{HOME}.stream.hall", f"mira.v1.{HOME}.audio.hall"]


async def test_a_network_cannot_make_up_events(home: Client, hub: Client) -> None:
    subjects = [
        f"mira.v1.{network_id}.{subject}"
        for network_id in (HOME, SHOP)
        for subject in ("event.network_deleted", "live.error")
    ]
    assert await heard_by_the_hub(hub, home, *subjects) == []


async def test_the_stream_and_its_administration_are_not_another_networks(url: str, home: Client) -> None:
    connection = NatsConnection(NatsOptions(url=credentials(url, "mira", "hub-secret")))
    publisher = NatsPublisher(connection)
    async with connection.running():
        async with asyncio.timeout(PATIENCE):
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
