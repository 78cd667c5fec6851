"""Whatever is sent, the socket lives, nobody else notices, and nothing is the hub's fault."""

import asyncio
import base64
import json
import secrets
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.networks.clients import RegisteredClient
from tests.adapters.websocket.house import House, event_of, open_house
from tests.patience import PATIENCE

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
FIELDS = {
    "client_id": st.just("phone") | anything,
    "audio_buffer": st.binary(max_size=64).map(lambda data: base64.b64encode(data).decode()) | anything,
    "quality_metrics": st.dictionaries(st.sampled_from(["snr", "speech_clarity"]), anything) | anything,
    "timestamp": st.integers() | st.datetimes().map(str) | anything,
    "capabilities": st.lists(st.text(max_size=70), max_size=40) | anything,
    "version": st.sampled_from(["1.0.0", "2", ""]) | anything,
    "last_event_id": st.text() | anything,
    "status": st.text(max_size=120) | anything,
    "location": st.dictionaries(st.sampled_from(["latitude", "longitude", "accuracy"]), st.floats())
    | anything,
    "answer_sent_at": st.integers(),
    "answer_received_at": st.integers(),
    "payload": st.dictionaries(st.sampled_from(["audio_b64", "button", "action", "answer_sent_at"]), anything)
    | anything,
}
MIRA = st.sampled_from(["handshake", "audio_data", "audio_end", "client_status", "heartbeat"])
COMPANION = st.sampled_from(["audio_stream", "audio_end", "text_input", "button_press", "heartbeat", "ack"])


def frames(tags: st.SearchStrategy[str]) -> st.SearchStrategy[list[str | bytes]]:
    """Frames that are nearly right, and some that are nothing of the sort."""
    message = st.builds(
        lambda tag, fields: json.dumps({**fields, "type": tag}),
        tags,
        st.fixed_dictionaries({}, optional=FIELDS),
    )
    return st.lists(message | st.text() | anything.map(json.dumps) | st.binary(max_size=400), max_size=12)


QUIETLY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


async def send(socket: aiohttp.ClientWebSocketResponse, frame: str | bytes) -> None:
    """Send a frame of either sort."""
    await (socket.send_bytes(frame) if isinstance(frame, bytes) else socket.send_str(frame))


async def survive(socket: aiohttp.ClientWebSocketResponse, *hello: dict[str, Any]) -> None:
    """See the socket alive after all that was sent, and nothing in it that was the hub's fault."""
    for message in hello:
        await socket.send_json(message)
    mark = secrets.token_hex(8)
    await socket.send_json(
        {"type": "heartbeat", "timestamp": f"2026-01-01T00:00:00.{int(mark, 16) % 999999:06}Z"}
    )
    echo = f"2026-01-01T00:00:00.{int(mark, 16) % 999999:06}Z"
    while True:
        event = await event_of_any(socket)
        body = event.get("payload", event)
        assert body.get("error_code") != "INTERNAL_ERROR", event
        if event["type"] == "heartbeat_ack" and body["echo"] == echo:
            return


async def event_of_any(socket: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    """The next event, whatever it is."""
    event: dict[str, Any] = await socket.receive_json(timeout=PATIENCE)
    return event


@pytest.mark.slow
@QUIETLY
@given(sent=frames(MIRA), greeted=st.booleans())
async def test_a_network_survives_anything(sent: list[str | bytes], greeted: bool) -> None:
    async with open_house() as house:
        phone, witness = await two_clients(house)
        async with house.talk(witness) as other, house.open("net_home", phone.token) as socket:
            if greeted:
                await socket.send_json({"type": "handshake"})
            for frame in sent:
                await send(socket, frame)
            await survive(socket, {"type": "handshake"})
            await survive(other)


@pytest.mark.slow
@QUIETLY
@given(sent=frames(COMPANION))
async def test_a_device_socket_survives_anything(sent: list[str | bytes]) -> None:
    async with open_house() as house:
        phone, witness = await two_clients(house)
        async with house.talk(witness) as other, house.open("phone", phone.token) as socket:
            for frame in sent:
                await send(socket, frame)
            await survive(socket)
            await survive(other)


@pytest.mark.slow
@QUIETLY
@given(name=st.text(min_size=1, max_size=30), token=st.text(max_size=60), query=st.text(max_size=20))
async def test_any_address_and_token_are_refused_politely(name: str, token: str, query: str) -> None:
    async with open_house() as house:
        await two_clients(house)
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            async with house.open(name.replace("/", ""), token, last_event_id=query):
                pass
        assert caught.value.status in {400, 401, 403, 404}


async def two_clients(house: House) -> tuple[RegisteredClient, RegisteredClient]:
    """A network with a phone and a witness in it."""
    network = await house.network()
    return await house.client(network, "phone"), await house.client(network, "witness")


async def test_a_storm_of_rubbish_from_one_slows_nobody(house: House) -> None:
    phone, witness = await two_clients(house)
    async with house.talk(phone) as socket, house.talk(witness) as other:

        async def storm() -> None:
            while not socket.closed:
                await socket.send_str("{" * 200)

        raging = asyncio.create_task(storm())
        for _ in range(20):
            await other.send_json({"type": "heartbeat"})
            await event_of(other, "heartbeat_ack")
        raging.cancel()
        await asyncio.gather(raging, return_exceptions=True)
