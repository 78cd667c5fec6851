"""The companion protocol over a real socket."""

import asyncio
import base64
import struct
from datetime import timedelta

import aiohttp
import numpy as np
import pytest

from application.networks.clients import RegisteredClient
from domain.events import ErrorOccurred, ReminderDue, StreamsMeasured
from domain.ids import ClientId
from tests.adapters.websocket.house import House, event_of
from tests.patience import PATIENCE, eventually
from tests.samples import reminder


def typed(text: str) -> dict[str, object]:
    """Something typed at a device."""
    return {"type": "text_input", "payload": {"text": text}, "timestamp": "2026-01-19T10:30:00Z"}


async def test_connecting_is_joining(house: House) -> None:
    network = await house.network()
    kitchen, phone = await house.client(network, "kitchen"), await house.client(network, "phone")
    async with house.talk(phone) as witness:
        async with house.open("kitchen", kitchen.token):
            assert (await event_of(witness, "client_joined"))["client_id"] == "kitchen"
            assert house.ears.calls("kitchen") == ["join"]
        assert (await event_of(witness, "client_left"))["reason"] == "disconnected"
    assert house.ears.calls("kitchen") == ["join", "leave"]


@pytest.mark.usefixtures("each_store")
async def test_a_device_is_there_for_everybody_once_its_socket_is_open(house: House) -> None:
    network = await house.network()
    devices = [await house.client(network, f"device-{number}") for number in range(10)]

    async def open_and_look(device: RegisteredClient) -> bool:
        async with house.open(device.client.id, device.token), house.store.snapshot() as tx:
            return (await tx.clients.get(network.id, device.client.id)).connected

    assert all(await asyncio.gather(*map(open_and_look, devices)))


@pytest.mark.usefixtures("each_store")
async def test_what_is_typed_is_answered_once(house: House) -> None:
    network = await house.network()
    kitchen, phone = await house.client(network, "kitchen"), await house.client(network, "phone")
    async with house.talk(phone) as witness, house.open("kitchen", kitchen.token) as socket:
        await socket.send_json(typed("good morning"))
        answer = await event_of(socket, "audio_response")
        created = await event_of(witness, "interaction_created")
        await socket.send_json(typed("and good night"))
        second = await event_of(socket, "audio_response")
    assert sorted(answer) == ["payload", "priority", "type"]
    assert answer["priority"] == 0
    assert sorted(answer["payload"]) == [
        "audio_url",
        "command_id",
        "complete",
        "event_id",
        "interaction_id",
        "text",
    ]
    assert answer["payload"]["text"] == "You said good morning."
    assert answer["payload"]["interaction_id"] == created["interaction_id"]
    assert (created["text"], created["response"]) == ("good morning", "You said good morning.")
    assert second["payload"]["text"] == "You said and good night."
    async with aiohttp.ClientSession() as web, web.get(answer["payload"]["audio_url"]) as sound:
        assert (await sound.read()).startswith(b"RIFF")


async def test_typed_turns_queue_up_in_order(house: House) -> None:
    kitchen = await house.client(await house.network(), "kitchen")
    async with house.open("kitchen", kitchen.token) as socket:
        for text in ("wait 0.2", "one", "two", "three"):
            await socket.send_json(typed(text))
        answers = [(await event_of(socket, "audio_response"))["payload"]["text"] for _ in range(4)]
    assert answers == ["You said wait 0.2.", "You said one.", "You said two.", "You said three."]


async def test_too_many_typed_turns_are_refused(house: House) -> None:
    kitchen = await house.client(await house.network(), "kitchen")
    async with house.open("kitchen", kitchen.token) as socket:
        for number in range(20):
            await socket.send_json(typed("wait 0.3" if number == 0 else "one"))
        told = [await socket.receive_json(timeout=PATIENCE) for _ in range(20)]
    refused = [one["payload"]["error_code"] for one in told if one["type"] == "error"]
    answers = [one for one in told if one["type"] == "audio_response"]
    assert set(refused) == {"OVERLOADED"}
    assert len(answers) in {16, 17}
    assert len(answers) + len(refused) == 20


async def test_a_turn_outlives_its_socket(house: House) -> None:
    kitchen = await house.client(await house.network(), "kitchen")
    async with house.open("kitchen", kitchen.token) as socket:
        await socket.send_json(typed("wait 0.3"))
        await eventually(lambda: house.sockets.typed_turns._workers)
    async with house.open("kitchen", kitchen.token) as socket:
        assert (await event_of(socket, "audio_response"))["payload"]["text"] == "You said wait 0.3."


async def test_a_turn_that_fails_is_told_once(house: House) -> None:
    kitchen = await house.client(await house.network(), "kitchen")
    async with house.open("kitchen", kitchen.token) as socket:
        for text, code in (("fail", "LLM_API_ERROR"), ("break", "INTERNAL_ERROR")):
            await socket.send_json(typed(text))
            error = await event_of(socket, "error")
            assert error["payload"]["error_code"] == code
            assert "secret" not in error["payload"]["message"]
        await socket.send_json(typed("go on"))
        assert (await socket.receive_json(timeout=PATIENCE))["type"] == "audio_response"


async def test_sound_comes_to_the_hubs_ears(house: House) -> None:
    network = await house.network()
    kitchen = await house.client(network, "kitchen")
    values = np.arange(-800, 800, dtype="<i2").tobytes()
    async with house.open("kitchen", kitchen.token) as socket:
        encoded = base64.b64encode(values).decode()
        await socket.send_json({"type": "audio_stream", "payload": {"audio_b64": encoded}})
        await socket.send_bytes(struct.pack("<Q", house.clock.micros()) + values)
        await socket.send_json({"type": "audio_end", "payload": {}})
        await eventually(lambda: house.ears.calls("kitchen") == ["join", "hear", "hear", "finish"])
    assert [len(samples) for _, samples in house.ears.sound[network.id, kitchen.client.id]] == [1600, 1600]


async def test_a_heartbeat_is_answered(house: House) -> None:
    kitchen = await house.client(await house.network(), "kitchen")
    async with house.open("kitchen", kitchen.token) as socket:
        before = house.clock.micros()
        await socket.send_json({"type": "heartbeat", "payload": {}, "timestamp": "2026-01-19T10:30:00Z"})
        answer = await event_of(socket, "heartbeat_ack")
    assert answer["payload"]["echo"] == "2026-01-19T10:30:00Z"
    assert before <= answer["payload"]["received_at"] <= answer["payload"]["sent_at"]


async def test_buttons_and_acknowledgements_are_taken_in_silence(house: House) -> None:
    kitchen = await house.client(await house.network(), "kitchen")
    async with house.open("kitchen", kitchen.token) as socket:
        await socket.send_json({"type": "button_press", "payload": {"button": "talk", "action": "double"}})
        await socket.send_json({"type": "ack", "payload": {"switch_complete": True, "latency_ms": 1200}})
        await socket.send_json({"type": "heartbeat", "payload": {}})
        assert (await socket.receive_json(timeout=PATIENCE))["type"] == "heartbeat_ack"


async def test_what_is_wrong_is_told_in_the_documents_form(house: House) -> None:
    kitchen = await house.client(await house.network(), "kitchen")
    async with house.open("kitchen", kitchen.token) as socket:
        await socket.send_json({"type": "text_input", "payload": {"text": ""}})
        error = await event_of(socket, "error")
    assert error == {
        "type": "error",
        "payload": {
            "error_code": "VALIDATION_ERROR",
            "message": "payload.text must be 1 to 4000 characters",
            "details": {
                "field": "payload.text",
                "problem": "must be 1 to 4000 characters",
                "problems": [{"field": "payload.text", "problem": "must be 1 to 4000 characters"}],
            },
        },
        "priority": 0,
    }


async def test_a_device_hears_only_what_is_addressed_to_it(house: House) -> None:
    network = await house.network()
    kitchen, phone = await house.client(network, "kitchen"), await house.client(network, "phone")
    now = house.clock.now()
    async with house.open("kitchen", kitchen.token) as socket, house.open("phone", phone.token) as other:
        await other.send_json(typed("good morning"))
        await event_of(other, "audio_response")
        house.tell(network, StreamsMeasured(streams=(), at=now))
        house.tell(network, ErrorOccurred(code="X", message="x", client_id=ClientId("phone"), at=now))
        due = reminder("rem_1", title="tea", due_time=now - timedelta(seconds=1), at=now)
        await house.happen(network, ReminderDue(reminder=due, at=now))
        command = await socket.receive_json(timeout=PATIENCE)
    assert (command["type"], command["payload"]["title"]) == ("sync_event", "tea")
