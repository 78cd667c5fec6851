"""Limits on sockets: who is kept out, and what is told to those who are in."""

import base64
import struct
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest

from adapters.memory.limits import MemoryLimits
from application.networks.limiting import Throttle
from domain.quotas import Quotas
from tests.adapters.websocket.house import House, event_of, open_house
from tests.patience import PATIENCE, eventually


def gate(**quotas: int) -> Throttle:
    return Throttle(MemoryLimits(), Quotas().with_overrides(quotas))


async def refusal(house: House, name: str, token: str) -> aiohttp.WSServerHandshakeError:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with house.open(name, token):
            pass
    return refused.value


async def test_messages_over_the_limit_are_refused_and_the_socket_stays() -> None:
    async with open_house(throttle=gate(client_websocket_messages_per_minute=3)) as house:
        phone = await house.client(await house.network())
        async with house.talk(phone) as socket:
            for _ in range(5):
                await socket.send_json({"type": "heartbeat"})
            told: list[dict[str, Any]] = [await socket.receive_json(timeout=PATIENCE) for _ in range(5)]
            assert [one["type"] for one in told] == ["heartbeat_ack"] * 3 + ["error"] * 2
            assert told[-1]["error_code"] == "RATE_LIMIT_EXCEEDED"
            assert told[-1]["details"]["limited"] == "client_websocket_messages_per_minute"
            assert 0 < told[-1]["details"]["retry_after"] <= 60
            await socket.send_bytes(struct.pack("<Q", house.clock.micros()) + b"\0\0" * 320)
            await eventually(lambda: "hear" in house.ears.calls("phone"))


async def test_live_sound_is_no_message() -> None:
    async with open_house(throttle=gate(client_websocket_messages_per_minute=1)) as house:
        phone = await house.client(await house.network())
        sound = base64.b64encode(b"\0\0" * 320).decode()
        async with house.talk(phone) as socket:
            for _ in range(20):
                await socket.send_json({"type": "audio_data", "audio_buffer": sound})
                await socket.send_bytes(struct.pack("<Q", house.clock.micros()) + b"\0\0" * 320)
            await eventually(lambda: house.ears.calls("phone").count("hear") == 40)
            await socket.send_json({"type": "heartbeat"})
            assert (await socket.receive_json(timeout=PATIENCE))["type"] == "heartbeat_ack"


async def test_a_status_counts_as_one_over_rest_and_as_a_message() -> None:
    async with open_house(throttle=gate(client_status_updates_per_minute=2)) as house:
        phone = await house.client(await house.network())
        async with house.talk(phone) as socket:
            headers = {"Authorization": f"Bearer {phone.token}"}
            async with house.web.put(f"{house.url}/api/v1/clients/phone", json={}, headers=headers) as answer:
                assert answer.status == 200
            for _ in range(2):
                await socket.send_json({"type": "client_status", "status": "cooking"})
            error = await event_of(socket, "error")
            assert error["details"]["limited"] == "client_status_updates_per_minute"
            async with house.web.put(f"{house.url}/api/v1/clients/phone", json={}, headers=headers) as answer:
                assert answer.status == 429


async def test_a_device_is_told_in_its_own_words() -> None:
    async with open_house(throttle=gate(client_websocket_messages_per_minute=1)) as house:
        phone = await house.client(await house.network())
        async with house.open("phone", phone.token) as socket:
            for _ in range(2):
                await socket.send_json({"type": "heartbeat", "payload": {}})
            error = await event_of(socket, "error")
            assert error["payload"]["error_code"] == "RATE_LIMITED"


async def test_a_typed_turn_over_the_limit_is_refused_and_the_socket_stays() -> None:
    async with open_house(throttle=gate(interactions_per_minute=1)) as house:
        phone = await house.client(await house.network())
        async with house.open("phone", phone.token) as socket:
            for _ in range(2):
                await socket.send_json({"type": "text_input", "payload": {"text": "hello"}})
            told: dict[str, dict[str, Any]] = {}
            while not told.keys() >= {"audio_response", "error"}:
                event = await socket.receive_json(timeout=PATIENCE)
                told[event["type"]] = event
            assert told["error"]["payload"]["details"]["limited"] == "interactions_per_minute"
            await socket.send_json({"type": "heartbeat", "payload": {}})
            await event_of(socket, "heartbeat_ack")


async def test_a_network_has_ten_sockets_and_the_eleventh_is_refused_at_the_upgrade() -> None:
    async with open_house(throttle=gate()) as house, AsyncExitStack() as stack:
        network, shop = await house.network(), await house.network("net_shop")
        phones = [await house.client(network, f"phone-{number}") for number in range(11)]
        for phone in phones[:5]:
            await stack.enter_async_context(house.talk(phone))
        for phone in phones[5:10]:
            await stack.enter_async_context(house.open(phone.client.id, phone.token))
        refused = await refusal(house, "net_home", phones[10].token)
        assert refused.status == 429
        assert refused.headers is not None
        assert refused.headers["X-RateLimit-Limit"] == "10"
        assert refused.headers["X-RateLimit-Remaining"] == "0"
        assert int(refused.headers["Retry-After"]) >= 1
        async with house.talk(await house.client(shop)):
            pass
        async with house.talk(phones[0]):
            pass


async def test_a_socket_that_ends_makes_room() -> None:
    async with open_house(throttle=gate(websocket_connections=1)) as house:
        network = await house.network()
        phone, tablet = await house.client(network), await house.client(network, "tablet")
        async with house.talk(phone):
            assert (await refusal(house, "net_home", tablet.token)).status == 429
        await eventually(lambda: len(house.sockets.open_sockets) == 0)
        async with house.talk(tablet):
            pass


async def test_sound_and_sockets_are_measured(house: House) -> None:
    phone = await house.client(await house.network())
    second = struct.pack("<Q", house.clock.micros()) + b"\0\0" * 16_000

    async def figure(name: str) -> float:
        async with house.web.get(f"{house.url}/internal/metrics") as answer:
            text = await answer.text()
        return float(next(line.split()[-1] for line in text.splitlines() if line.startswith(name)))

    async with house.talk(phone) as socket:
        for _ in range(60):
            await socket.send_bytes(second)
        await event_of(socket, "error")
        await socket.send_json({"type": "heartbeat"})
        await event_of(socket, "heartbeat_ack")
        assert await figure('mira_sockets{protocol="mira"}') == 1
        taken = await figure("mira_audio_seconds_total")
        assert 10 <= taken < 60
        assert await figure("mira_audio_frames_dropped_total") == 60 - taken
    await eventually(lambda: len(house.sockets.open_sockets) == 0)
    assert await figure('mira_sockets{protocol="mira"}') == 0
    assert await figure('mira_sockets_opened_total{protocol="mira"}') == 1
