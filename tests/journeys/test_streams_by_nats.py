"""A gateway sends the sound of clients by NATS, and they are heard as over sockets of their own."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import nats
import numpy as np
import pytest
from attrs import define, field
from nats.aio.client import Client
from nats.aio.msg import Msg

from adapters.hub.answers import RegisteredClient
from adapters.hub.client import Hub
from domain.audio.pcm import SAMPLE_RATE, Samples, to_s16le
from tests.journeys.conftest import Home, StartHub, home_on
from tests.journeys.rooms import heard
from tests.patience import PATIENCE

pytestmark = pytest.mark.slow
FRAME = SAMPLE_RATE // 10
JSON = {"Content-Type": "application/json"}


@define(eq=False)
class Gateway:
    """Sends for one client, and notes what that client is told."""

    client: Client
    network_id: str
    client_id: str
    told: list[dict[str, Any]] = field(factory=list)

    def subject(self, kind: str) -> str:
        return f"mira.v1.{self.network_id}.{kind}.{self.client_id}"

    async def open(self, token: str, hello: bytes = b"") -> Msg:
        """Ask for the stream to be opened; the answer."""
        await self.client.subscribe(self.subject("told"), cb=self._note)
        headers = {"Authorization": f"Bearer {token}"}
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    return await self.client.request(
                        self.subject("stream"), hello, timeout=5, headers=headers
                    )
                except nats.errors.NoRespondersError:
                    await asyncio.sleep(0.1)

    async def say(self, samples: Samples) -> None:
        """Speak as fast as people do."""
        for first in range(0, len(samples), FRAME):
            stamp = int(time.time() * 1e6).to_bytes(8, "little")
            await self.client.publish(self.subject("audio"), stamp + to_s16le(samples[first : first + FRAME]))
            await asyncio.sleep(FRAME / SAMPLE_RATE)

    async def tell(self, **words: Any) -> None:
        """Say something in words."""
        await self.client.publish(self.subject("audio"), json.dumps(words).encode(), headers=JSON)

    async def until(self, kind: str) -> dict[str, Any]:
        """What the client was told of a kind, once it was."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for one in self.told:
                    if one["type"] == kind:
                        return one
                await asyncio.sleep(0.02)

    async def _note(self, message: Msg) -> None:
        self.told.append(json.loads(message.data))


@asynccontextmanager
async def gateway(url: str, home: Home, client_id: str) -> AsyncIterator[tuple[Gateway, RegisteredClient]]:
    client = await nats.connect(url)
    network_id = home.network.network_id
    registered = await home.owner.register_client(network_id, client_id, "microphone")
    try:
        yield Gateway(client, network_id, client_id), registered
    finally:
        await client.close()


async def test_a_stream_by_nats_is_heard_beside_a_socket_and_answered(
    start_hub: StartHub, nats_url: str
) -> None:
    near, noisy = heard("near noisy")
    async with (
        start_hub("--nats-url", nats_url) as hub,
        home_on(hub.url) as home,
        gateway(nats_url, home, "hall.ceiling:1") as (ceiling, registered),
    ):
        network_id = home.network.network_id
        table = await home.owner.register_client(network_id, "table", "mobile")
        ack = json.loads((await ceiling.open(registered.client_token)).data)
        assert (ack["type"], ack["client_id"]) == ("handshake_ack", "hall.ceiling:1")
        assert "binary_audio" in ack["features"]
        async with home.owner.socket(network_id, "table", table.client_token) as mouth:
            speaking = asyncio.create_task(ceiling.say(near))
            for first in range(0, len(noisy), FRAME):
                await mouth.send_audio(noisy[first : first + FRAME])
                await asyncio.sleep(FRAME / SAMPLE_RATE)
            await speaking
            made = await ceiling.until("interaction_created")
            answer = await ceiling.until("interaction_response")
        assert (made["client_id"], made["processing_status"]) == ("hall.ceiling:1", "completed")
        assert answer["audio_url"]
        (turn,) = (await home.owner.interactions(network_id)).items
        assert turn.audio is not None
        assert {one.client_id for one in turn.audio.streams} == {"hall.ceiling:1", "table"}

        await ceiling.tell(type="heartbeat", timestamp=5)
        assert (await ceiling.until("heartbeat_ack"))["echo"] == 5
        await ceiling.client.publish(ceiling.subject("audio"), b"short")
        assert (await ceiling.until("error"))["error_code"] == "VALIDATION_ERROR"
        await ceiling.client.publish(ceiling.subject("audio"), b"")
        async with asyncio.timeout(PATIENCE):
            while await _status(home, "hall.ceiling:1") != "disconnected":  # noqa: ASYNC110 - of a hub
                await asyncio.sleep(0.05)


async def _status(home: Home, client_id: str) -> str:
    clients = await home.owner.list_clients(home.network.network_id)
    return next(one.connection_status for one in clients.items if one.client_id == client_id)


async def test_streams_of_others_and_nonsense_are_refused(start_hub: StartHub, nats_url: str) -> None:
    async with (
        start_hub("--nats-url", nats_url) as hub,
        home_on(hub.url) as home,
        gateway(nats_url, home, "porch") as (porch, registered),
        gateway(nats_url, home, "attic") as (attic, _),
    ):
        assert refusal(await porch.open("nonsense")) == "UNAUTHORIZED"
        assert refusal(await porch.open("")) == "UNAUTHORIZED"
        assert refusal(await porch.open(home.network.network_token)) == "FORBIDDEN"
        assert refusal(await attic.open(registered.client_token)) == "INVALID_CLIENT_ID"
        async with Hub(hub.url) as stranger:
            shop = await stranger.create_network("Shop")
        elsewhere = Gateway(porch.client, shop.network_id, "porch")
        assert refusal(await elsewhere.open(registered.client_token)) == "INVALID_NETWORK_ID"
        said = json.loads((await porch.open(registered.client_token, b'{"type": "audio_end"}')).data)
        assert (said["type"], said["error_code"]) == ("error", "VALIDATION_ERROR")
        silence = np.zeros(FRAME, dtype=np.float32)
        await attic.say(silence)
        assert await _status(home, "attic") != "connected"


def refusal(answer: Msg) -> str | None:
    """The code of a refusal."""
    return (answer.headers or {}).get("Nats-Service-Error-Code")
