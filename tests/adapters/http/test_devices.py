"""Devices, as the second document describes them."""

from datetime import timedelta

import pytest
from attrs import evolve

from domain.clients import ConnectionStatus
from domain.ids import ClientId, NetworkId
from tests import samples
from tests.adapters.http.house import bearer
from tests.adapters.http.refusing import as_companion

DOCUMENTED = {
    "name": "living-room-companion",
    "device_type": "raspberry_pi",
    "location": "Living Room",
    "group_id": "facility-001",
    "capabilities": ["audio_input", "audio_output", "buttons", "leds"],
}


async def test_the_documented_request_registers_a_device(house):
    network = await house.network()
    client = house.app.test_client()
    answer = await client.post("/v1/devices", headers=bearer(network["network_token"]), json=DOCUMENTED)
    made = await answer.get_json()

    assert answer.status_code == 201
    assert set(made) == {"device_id", "auth_token", "websocket_url", "created_at"}
    assert made["device_id"].startswith("dev_")
    assert made["websocket_url"] == f"ws://127.0.0.1:8123/ws/{made['device_id']}"
    assert made["created_at"] == "2026-03-01T12:00:00Z"
    listed = await client.get(
        f"/api/v1/networks/{network['network_id']}/clients", headers=bearer(network["network_token"])
    )
    (device,) = (await listed.get_json())["clients"]
    assert (device["client_id"], device["device_type"]) == (made["device_id"], "raspberry_pi")
    assert (device["room"], device["group_id"]) == ("Living Room", "facility-001")
    assert device["capabilities"] == ["audio_input", "audio_output", "buttons", "leds"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": None}, "name"),
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"device_type": "mobile"}, "device_type"),
        ({"device_type": None}, "device_type"),
        ({"location": ["Living Room"]}, "location"),
        ({"capabilities": "leds"}, "capabilities"),
    ],
)
async def test_what_cannot_be_a_device_is_refused_by_name(house, changed, field):
    network = await house.network()
    answer = await house.app.test_client().post(
        "/v1/devices", headers=bearer(network["network_token"]), json={**DOCUMENTED, **changed}
    )

    assert answer.status_code == 422
    document = await answer.get_json()
    assert as_companion(document)["error_code"] == "VALIDATION_ERROR"
    assert document["details"]["field"] == field


async def test_an_operator_names_the_network_in_a_header(house):
    network = await house.network()
    client = house.app.test_client()
    operator = bearer(house.tokens.operator())

    unnamed = await client.post("/v1/devices", headers=operator, json=DOCUMENTED)
    assert unnamed.status_code == 422
    assert (await unnamed.get_json())["details"]["field"] == "X-Network-Id"
    named = await client.post(
        "/v1/devices", headers={**operator, "X-Network-Id": network["network_id"]}, json=DOCUMENTED
    )
    assert named.status_code == 201
    for name in ("net_0", "net\x01", "x" * 500):
        missing = await client.post("/v1/devices", headers={**operator, "X-Network-Id": name}, json={})
        assert missing.status_code == 404
        assert as_companion(await missing.get_json())["error_code"] == "INVALID_NETWORK_ID"


async def test_a_network_can_name_no_other_one(house):
    mine, other = await house.network(), await house.network()
    answer = await house.app.test_client().post(
        "/v1/devices",
        headers={**bearer(mine["network_token"]), "X-Network-Id": other["network_id"]},
        json=DOCUMENTED,
    )

    assert answer.status_code == 404


async def test_a_device_tells_how_it_is_doing(house):
    network = await house.network()
    made = await house.device(network)
    network_id, device_id = NetworkId(network["network_id"]), ClientId(made["device_id"])
    path = f"/v1/devices/{device_id}/state"
    client = house.app.test_client()

    offline = await client.get(path, headers=bearer(made["auth_token"]))
    assert await offline.get_json() == {
        "device_id": device_id,
        "status": "offline",
        "active_persona_id": None,
        "active_session_id": None,
        "last_activity": "2026-03-01T12:00:00Z",
        "metrics": {"uptime_hours": 0.0, "interactions_today": 0, "avg_response_latency_ms": 0},
    }
    async with house.transactions.begin() as tx:
        known = await tx.clients.get(network_id, device_id)
        connected = evolve(
            known,
            connection_status=ConnectionStatus.CONNECTED,
            connected_since=samples.NOON - timedelta(hours=12, minutes=30),
        )
        await tx.clients.update(connected)
    said = await client.post(
        "/v1/dialog/send",
        headers=bearer(made["auth_token"]),
        json={"device_id": device_id, "message": "Good morning!"},
    )
    session = (await said.get_json())["session_id"]
    online = await client.get(path, headers=bearer(network["network_token"]))
    state = await online.get_json()

    assert online.status_code == 200
    assert (state["status"], state["active_persona_id"]) == ("online", "mira")
    assert state["active_session_id"] == session
    assert state["metrics"] == {
        "uptime_hours": 12.5,
        "interactions_today": 1,
        "avg_response_latency_ms": 250,
    }


async def test_a_device_sees_no_other_device(house):
    network = await house.network()
    one, two = await house.device(network), await house.device(network)
    client = house.app.test_client()
    for answer in (
        await client.get(f"/v1/devices/{two['device_id']}/state", headers=bearer(one["auth_token"])),
        await client.get("/v1/devices/dev_0/state", headers=bearer(network["network_token"])),
        await client.get("/v1/devices/%00/state", headers=bearer(network["network_token"])),
        await client.post(
            "/v1/dialog/send",
            headers=bearer(one["auth_token"]),
            json={"device_id": two["device_id"], "message": "hello"},
        ),
        await client.post(
            "/v1/dialog/send",
            headers=bearer(network["network_token"]),
            json={"device_id": "dev_0", "message": "hello"},
        ),
        await client.post(
            "/v1/dialog/send",
            headers=bearer(one["auth_token"]),
            json={"device_id": two["device_id"], "message": ""},
        ),
    ):
        assert answer.status_code == 404
        document = await answer.get_json()
        assert as_companion(document)["error_code"] == "DEVICE_NOT_FOUND"
        assert "device_id" in document["details"]
