"""Devices are told what to do, say that they have done it, and are told again when they come back."""

import asyncio
from typing import Any

import aiohttp
from attrs import frozen

from application.networks.clients import RegisteredClient
from domain.networks import Network
from tests.adapters.websocket.house import House, event_of
from tests.patience import PATIENCE

Json = dict[str, Any]
LEDS = ("audio_input", "audio_output", "leds")


@frozen(kw_only=True)
class Home:
    """A network with two devices, and its owner's calls."""

    house: House
    network: Network
    kitchen: RegisteredClient
    hall: RegisteredClient

    async def ask(self, method: str, path: str, body: Json | None = None) -> tuple[int, Json]:
        """Ask something as the owner."""
        headers = {"Authorization": f"Bearer {self.house.tokens.network(self.network)}"}
        url = f"{self.house.url}{path}"
        async with self.house.web.request(method, url, json=body, headers=headers) as answer:
            return answer.status, await answer.json()


async def home_of(house: House) -> Home:
    """A network with a device in the kitchen and another one in the hall."""
    network = await house.network()
    kitchen = await house.client(network, "kitchen", room="Kitchen", capabilities=LEDS)
    hall = await house.client(network, "hall", room="Hall", capabilities=LEDS)
    return Home(house=house, network=network, kitchen=kitchen, hall=hall)


async def told(socket: aiohttp.ClientWebSocketResponse, event: str) -> Json:
    """Read until a sync event of a name comes."""
    while True:
        payload: Json = (await event_of(socket, "sync_event"))["payload"]
        if payload["event"] == event:
            return payload


async def acknowledge(socket: aiohttp.ClientWebSocketResponse, **outcome: Any) -> None:
    """Say what became of a command."""
    await socket.send_json({"type": "ack", "payload": outcome})


SWITCH = {"target_persona_id": "medication_nurse", "transition_message": "One moment."}


async def test_a_switch_is_pushed_spoken_acknowledged_and_timed(house: House) -> None:
    home = await home_of(house)
    async with house.open("kitchen", home.kitchen.token) as socket:
        asking = asyncio.create_task(home.ask("POST", "/v1/devices/kitchen/persona/switch", SWITCH))
        switch = await event_of(socket, "persona_switch")
        await acknowledge(socket, switch_complete=True, latency_ms=1200)
        said = await event_of(socket, "audio_response")
        status, answer = await asking
        _, state = await home.ask("GET", "/v1/devices/kitchen/state")
    assert switch["priority"] > said["priority"]
    assert switch["payload"]["persona_id"] == "medication_nurse"
    assert (said["payload"]["text"], said["payload"]["interaction_id"]) == ("One moment.", None)
    assert said["payload"]["audio_url"]
    assert status == 200
    assert (answer["success"], answer["acknowledged"]) == (True, True)
    assert (answer["previous_persona_id"], answer["new_persona_id"]) == (None, "medication_nurse")
    assert answer["session_id"] == switch["payload"]["session_id"] == state["active_session_id"]
    assert answer["switch_latency_ms"] >= 0


async def test_a_device_that_could_not_switch_is_said_to_have_failed(house: House) -> None:
    home = await home_of(house)
    async with house.open("kitchen", home.kitchen.token) as socket:
        asking = asyncio.create_task(home.ask("POST", "/v1/devices/kitchen/persona/switch", SWITCH))
        switch = await event_of(socket, "persona_switch")
        await acknowledge(socket, command_id=switch["payload"]["command_id"], switch_complete=False)
        _, answer = await asking
    assert (answer["success"], answer["acknowledged"]) == (False, True)


async def test_nothing_changes_at_a_device_that_is_not_there(house: House) -> None:
    home = await home_of(house)
    status, refused = await home.ask("POST", "/v1/devices/kitchen/persona/switch", SWITCH)
    assert (status, refused["error_code"]) == (503, "DEVICE_OFFLINE")
    _, state = await home.ask("GET", "/v1/devices/kitchen/state")
    assert state["active_persona_id"] is None
    wrong = {"target_persona_id": "nobody"}
    async with house.open("kitchen", home.kitchen.token):
        status, refused = await home.ask("POST", "/v1/devices/kitchen/persona/switch", wrong)
    assert (status, refused["error_code"]) == (404, "PERSONA_NOT_FOUND")


async def test_what_was_not_acknowledged_is_told_again_and_what_was_is_not(house: House) -> None:
    home = await home_of(house)
    body = {"event_type": "dinner", "target_devices": ["kitchen"], "payload": {"n": 1}}
    async with house.open("kitchen", home.kitchen.token) as socket:
        await home.ask("POST", "/v1/coordination/broadcast", body)
        first = await told(socket, "dinner")
        _, sent = await home.ask("POST", "/v1/coordination/broadcast", {**body, "event_type": "tea"})
        second = await told(socket, "tea")
        await acknowledge(socket, command_id=second["command_id"])
        await socket.send_json({"type": "heartbeat", "payload": {}})
        await event_of(socket, "heartbeat_ack")
    async with house.open("kitchen", home.kitchen.token) as socket:
        again = (await event_of(socket, "sync_event"))["payload"]
        await home.ask("POST", "/v1/coordination/broadcast", {**body, "event_type": "end"})
        then = (await event_of(socket, "sync_event"))["payload"]
    assert (again["command_id"], again["data"]) == (first["command_id"], {"n": 1})
    assert then["event"] == "end"
    _, receipt = await home.ask("GET", f"/v1/coordination/broadcasts/{sent['broadcast_id']}")
    assert (receipt["delivered"], receipt["acknowledged"]) == (["kitchen"], ["kitchen"])


async def test_a_command_of_another_device_cannot_be_acknowledged(house: House) -> None:
    home = await home_of(house)
    body = {"event_type": "dinner", "target_devices": ["kitchen"]}
    async with (
        house.open("kitchen", home.kitchen.token) as kitchen,
        house.open("hall", home.hall.token) as hall,
    ):
        await home.ask("POST", "/v1/coordination/broadcast", body)
        dinner = await told(kitchen, "dinner")
        await acknowledge(hall, command_id=dinner["command_id"])
        assert (await event_of(hall, "error"))["payload"]["error_code"] == "NOT_FOUND"


async def test_the_persona_button_goes_round_the_library(house: House) -> None:
    home = await home_of(house)
    async with house.open("kitchen", home.kitchen.token) as socket:
        seen = []
        for action in ("press", "press", "hold"):
            await socket.send_json(
                {"type": "button_press", "payload": {"button": "persona", "action": action}}
            )
            seen.append((await event_of(socket, "persona_switch"))["payload"]["persona_id"])
    assert len(set(seen)) == 3 or seen[0] != seen[1]
    assert seen[-1] == "mira"


async def test_the_lights_follow_what_happens(house: House) -> None:
    home = await home_of(house)
    async with house.open("kitchen", home.kitchen.token) as socket:
        await socket.send_json({"type": "text_input", "payload": {"text": "good morning"}})
        states = []
        answer: Json = {}
        while not answer:
            message = await socket.receive_json(timeout=PATIENCE)
            if message["type"] == "led_control":
                states.append(message["payload"]["state"])
            if message["type"] == "audio_response":
                answer = message["payload"]
        await acknowledge(socket, interaction_id=answer["interaction_id"], finished=True)
        states.append((await event_of(socket, "led_control"))["payload"]["state"])
        await socket.send_json({"type": "text_input", "payload": {"text": "fail"}})
        states += [(await event_of(socket, "led_control"))["payload"]["state"] for _ in range(2)]
    assert states == ["idle", "thinking", "speaking", "idle", "thinking", "error"]
