"""Clients over HTTP, as the first document describes them."""

import pytest

from tests.adapters.http.house import bearer

VIEW = {
    "client_id",
    "device_type",
    "device_info",
    "capabilities",
    "location",
    "connection_status",
    "audio_quality_score",
    "registered_at",
    "last_seen_at",
    "room",
    "group_id",
}
DOCUMENTED = {
    "client_id": "client_789xyz1234567890",
    "device_type": "mobile",
    "device_info": {"os": "iOS 17.2", "model": "iPhone 15 Pro", "version": "1.0.0"},
    "capabilities": ["audio", "notifications", "location"],
    "location": {"latitude": 37.7749, "longitude": -122.4194, "accuracy": 10.0},
}


def clients_of(network) -> str:
    return f"/api/v1/networks/{network['network_id']}/clients"


async def test_the_documented_request_registers_a_client(house):
    network = await house.network()
    answer = await house.app.test_client().post(
        clients_of(network), headers=bearer(network["network_token"]), json=DOCUMENTED
    )
    made = await answer.get_json()

    assert answer.status_code == 201
    token = made.pop("client_token")
    assert made == {
        "client_id": "client_789xyz1234567890",
        "status": "registered",
        "websocket_url": network["websocket_url"],
        "audio_quality_threshold": 0.5,
        "capabilities": ["audio", "notifications", "location"],
    }
    updated = await house.app.test_client().put(
        "/api/v1/clients/client_789xyz1234567890", headers=bearer(token), json={}
    )
    assert updated.status_code == 200


async def test_the_clients_of_a_network_are_listed_newest_first(house):
    network = await house.network()
    await house.client(network, **{**DOCUMENTED, "client_id": "first", "room": "kitchen", "group_id": "g1"})
    house.clock.pass_by(minutes=1)
    await house.client(network, "second")
    answer = await house.app.test_client().get(clients_of(network), headers=bearer(network["network_token"]))

    assert answer.status_code == 200
    listed = await answer.get_json()
    assert {name: listed[name] for name in ("total", "limit", "offset")} == {
        "total": 2,
        "limit": 50,
        "offset": 0,
    }
    assert [client["client_id"] for client in listed["clients"]] == ["second", "first"]
    assert listed["clients"][1] == {
        "client_id": "first",
        "device_type": "mobile",
        "device_info": {"os": "iOS 17.2", "model": "iPhone 15 Pro", "version": "1.0.0"},
        "capabilities": ["audio", "notifications", "location"],
        "location": {"latitude": 37.7749, "longitude": -122.4194, "accuracy": 10.0},
        "connection_status": "disconnected",
        "audio_quality_score": None,
        "registered_at": "2026-03-01T12:00:00Z",
        "last_seen_at": "2026-03-01T12:00:00Z",
        "room": "kitchen",
        "group_id": "g1",
    }


@pytest.mark.parametrize(
    ("query", "limit", "offset", "ids"),
    [
        ("limit=1", 1, 0, ["c"]),
        ("limit=1&offset=1", 1, 1, ["b"]),
        ("limit=2&offset=2", 2, 2, ["a"]),
        ("limit=0", 1, 0, ["c"]),
        ("limit=201", 200, 0, ["c", "b", "a"]),
        ("limit=" + "9" * 4000, 200, 0, ["c", "b", "a"]),
        ("offset=" + "9" * 4000, 50, 10**15, []),
        ("limit=007", 7, 0, ["c", "b", "a"]),
        ("colour=red&colour=blue", 50, 0, ["c", "b", "a"]),
    ],
)
async def test_a_part_of_a_list(house, query, limit, offset, ids):
    network = await house.network()
    for name in ("a", "b", "c"):
        await house.client(network, name)
        house.clock.pass_by(seconds=1)
    answer = await house.app.test_client().get(
        f"{clients_of(network)}?{query}", headers=bearer(network["network_token"])
    )

    assert answer.status_code == 200
    listed = await answer.get_json()
    assert [client["client_id"] for client in listed["clients"]] == ids
    assert (listed["total"], listed["limit"], listed["offset"]) == (3, limit, offset)


@pytest.mark.parametrize(
    "query",
    [
        "limit=-1",
        "limit=",
        "limit=ten",
        "limit=1.5",
        "limit=1e2",
        "limit=+5",
        "limit=%D9%A3",
        "limit=1&limit=2",
        "limit=%ff",
        "limit=%00",
        "offset=-5",
        "offset=0x10",
    ],
)
async def test_what_is_no_part_of_a_list_is_refused(house, query):
    network = await house.network()
    answer = await house.app.test_client().get(
        f"{clients_of(network)}?{query}", headers=bearer(network["network_token"])
    )

    assert answer.status_code == 422
    error = (await answer.get_json())["error"]
    assert error["code"] == "VALIDATION_ERROR"
    assert error["details"]["field"] == query.partition("=")[0]


async def test_too_many_parameters_are_refused(house):
    network = await house.network()
    answer = await house.app.test_client().get(
        f"{clients_of(network)}?" + "&".join(f"p{number}=1" for number in range(200)),
        headers=bearer(network["network_token"]),
    )

    assert answer.status_code == 422


async def test_a_client_notes_what_changed_of_itself(house):
    network = await house.network()
    made = await house.client(network, "phone-1", capabilities=["audio"])
    house.clock.pass_by(seconds=5)
    answer = await house.app.test_client().put(
        "/api/v1/clients/phone-1",
        headers=bearer(made["client_token"]),
        json={
            "connection_status": "connected",
            "audio_quality_score": 8.5,
            "location": {"latitude": 37.775, "longitude": -122.4195, "accuracy": 5},
        },
    )

    assert answer.status_code == 200
    view = await answer.get_json()
    assert set(view) == VIEW
    assert view["connection_status"] == "connected"
    assert view["audio_quality_score"] == 8.5
    assert view["location"] == {"latitude": 37.775, "longitude": -122.4195, "accuracy": 5.0}
    assert view["capabilities"] == ["audio"]
    assert view["last_seen_at"] == "2026-03-01T12:00:05Z"


async def test_a_client_can_name_nobody_but_itself(house):
    network = await house.network()
    one, _ = await house.client(network, "one"), await house.client(network, "two")
    client = house.app.test_client()
    for answer in (
        await client.put("/api/v1/clients/two", headers=bearer(one["client_token"]), json={}),
        await client.put("/api/v1/clients/two", headers=bearer(one["client_token"]), data=b"not json"),
        await client.delete("/api/v1/clients/two", headers=bearer(one["client_token"])),
        await client.delete("/api/v1/clients/nobody", headers=bearer(one["client_token"])),
    ):
        assert answer.status_code == 404
        assert (await answer.get_json())["error"]["code"] == "INVALID_CLIENT_ID"


@pytest.mark.parametrize("by", ["client_token", "network_token"])
async def test_a_client_is_deregistered(house, by):
    network = await house.network()
    tokens = {**network, **(await house.client(network))}
    client = house.app.test_client()
    answer = await client.delete("/api/v1/clients/phone-1", headers=bearer(tokens[by]))

    assert answer.status_code == 204
    assert (
        await client.delete("/api/v1/clients/phone-1", headers=bearer(network["network_token"]))
    ).status_code == 404
    own = await client.put("/api/v1/clients/phone-1", headers=bearer(tokens["client_token"]), json={})
    assert own.status_code == 401


async def test_registering_again_takes_the_owners_or_its_own_token_and_ends_the_old_one(house):
    network = await house.network()
    first = await house.client(network)
    client = house.app.test_client()
    body = {"client_id": "phone-1", "device_type": "mobile"}

    stranger = await client.post(
        clients_of(network), headers=bearer(network["client_registration_token"]), json=body
    )
    assert stranger.status_code == 409
    assert (await stranger.get_json())["error"]["code"] == "CONFLICT"
    again = await client.post(clients_of(network), headers=bearer(first["client_token"]), json=body)
    assert again.status_code == 201
    fresh = (await again.get_json())["client_token"]
    old = await client.put("/api/v1/clients/phone-1", headers=bearer(first["client_token"]), json={})
    assert old.status_code == 401
    assert (await client.put("/api/v1/clients/phone-1", headers=bearer(fresh), json={})).status_code == 200


async def test_a_registration_token_registers_and_does_nothing_else(house):
    network = await house.network()
    headers = bearer(network["client_registration_token"])
    client = house.app.test_client()
    made = await client.post(
        clients_of(network), headers=headers, json={"client_id": "new", "device_type": "speaker"}
    )

    assert made.status_code == 201
    assert (await client.get(clients_of(network), headers=headers)).status_code == 403


async def test_a_full_network_takes_no_more(house):
    client = house.app.test_client()
    created = await client.post("/api/v1/networks", json={"name": "Tiny", "settings": {"max_clients": 1}})
    network = await created.get_json()
    await house.client(network, "one")
    answer = await client.post(
        clients_of(network),
        headers=bearer(network["network_token"]),
        json={"client_id": "two", "device_type": "mobile"},
    )

    assert answer.status_code == 409
    error = (await answer.get_json())["error"]
    assert error["code"] == "CLIENT_LIMIT_REACHED"
    assert error["details"]["max_clients"] == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"client_id": None}, "client_id"),
        ({"client_id": ""}, "client_id"),
        ({"client_id": "a b"}, "client_id"),
        ({"client_id": "x" * 129}, "client_id"),
        ({"client_id": "net_mine"}, "client_id"),
        ({"client_id": "dev_mine"}, "client_id"),
        ({"client_id": "voice_session_1"}, "client_id"),
        ({"client_id": 5}, "client_id"),
        ({"device_type": ""}, "device_type"),
        ({"device_type": "x" * 65}, "device_type"),
        ({"device_info": {"os": 17}}, "device_info.os"),
        ({"device_info": ["os"]}, "device_info"),
        ({"device_info": {str(n): "" for n in range(33)}}, "device_info"),
        ({"capabilities": "audio"}, "capabilities"),
        ({"capabilities": {"audio": True}}, "capabilities"),
        ({"capabilities": ["audio", 5]}, "capabilities[1]"),
        ({"capabilities": [""]}, "capabilities"),
        ({"location": [1, 2]}, "location"),
        ({"location": {"latitude": 1}}, "location.longitude"),
        ({"location": {"latitude": 91, "longitude": 0}}, "location.latitude"),
        ({"location": {"latitude": "1", "longitude": 0}}, "location.latitude"),
        ({"location": {"latitude": True, "longitude": 0}}, "location.latitude"),
        ({"location": {"latitude": 1, "longitude": 181}}, "location.longitude"),
        ({"location": {"latitude": 1, "longitude": 1, "accuracy": -1}}, "location.accuracy"),
        ({"room": ""}, "room"),
        ({"group_id": "x" * 101}, "group_id"),
    ],
)
async def test_what_cannot_be_a_client_is_refused_by_name(house, changed, field):
    network = await house.network()
    answer = await house.app.test_client().post(
        clients_of(network), headers=bearer(network["network_token"]), json={**DOCUMENTED, **changed}
    )

    assert answer.status_code == 422
    assert (await answer.get_json())["error"]["details"]["field"] == field


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"connection_status": ""}, "connection_status"),
        ({"connection_status": 1}, "connection_status"),
        ({"audio_quality_score": 10.1}, "audio_quality_score"),
        ({"audio_quality_score": "8"}, "audio_quality_score"),
        ({"location": {}}, "location.latitude"),
        ({"capabilities": [None]}, "capabilities[0]"),
    ],
)
async def test_what_cannot_be_true_of_a_client_is_refused_by_name(house, sent, field):
    network = await house.network()
    made = await house.client(network)
    answer = await house.app.test_client().put(
        "/api/v1/clients/phone-1", headers=bearer(made["client_token"]), json=sent
    )

    assert answer.status_code == 422
    assert (await answer.get_json())["error"]["details"]["field"] == field
