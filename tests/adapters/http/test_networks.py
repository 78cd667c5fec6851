"""Networks over HTTP, as the first document describes them."""

import pytest

from tests.adapters.http.house import bearer, build_house

CREATED = {
    "network_id",
    "name",
    "status",
    "created_at",
    "websocket_url",
    "client_registration_token",
    "network_token",
}
DETAILS = {
    "network_id",
    "name",
    "description",
    "status",
    "settings",
    "created_at",
    "updated_at",
    "client_count",
    "websocket_url",
}


async def test_the_documented_request_opens_a_network(house):
    answer = await house.app.test_client().post(
        "/api/v1/networks",
        data=b"""{
            "name": "John's Mira Network",
            "description": "Personal AI assistant network",
            "settings": {"audio_quality_threshold": 0.7, "max_clients": 10, "language": "en"}
        }""",
        headers={"Content-Type": "application/json"},
    )
    made = await answer.get_json()

    assert answer.status_code == 201
    assert set(made) == CREATED
    assert made["name"] == "John's Mira Network"
    assert made["status"] == "active"
    assert made["created_at"] == "2026-03-01T12:00:00Z"
    assert made["network_id"].startswith("net_")
    assert made["websocket_url"] == f"ws://127.0.0.1:8123/ws/{made['network_id']}"


async def test_the_details_of_a_network_tell_everything_but_its_tokens(house):
    client = house.app.test_client()
    created = await client.post(
        "/api/v1/networks", json={"name": "  Home  ", "settings": {"audio_quality_threshold": 1}}
    )
    made = await created.get_json()
    await house.client(made)
    answer = await client.get(f"/api/v1/networks/{made['network_id']}", headers=bearer(made["network_token"]))

    assert answer.status_code == 200
    details = await answer.get_json()
    assert set(details) == DETAILS
    assert details == {
        "network_id": made["network_id"],
        "name": "Home",
        "description": "",
        "status": "active",
        "settings": {
            "audio_quality_threshold": 1.0,
            "max_clients": 100,
            "language": "en",
            "timezone": "UTC",
            "answers_spoken_by": "own",
            "preferred_mouths": [],
        },
        "created_at": "2026-03-01T12:00:00Z",
        "updated_at": "2026-03-01T12:00:00Z",
        "client_count": 1,
        "websocket_url": made["websocket_url"],
    }


async def test_an_update_changes_what_is_sent_and_leaves_the_rest(house):
    made = await house.network("Before")
    path, headers = f"/api/v1/networks/{made['network_id']}", bearer(made["network_token"])
    client = house.app.test_client()
    await client.put(path, headers=headers, json={"settings": {"timezone": "Europe/Berlin"}})
    house.clock.pass_by(seconds=90)
    answer = await client.put(
        path,
        headers=headers,
        json={"name": "Updated Network Name", "settings": {"audio_quality_threshold": 0.8}},
    )

    assert answer.status_code == 200
    details = await answer.get_json()
    assert set(details) == DETAILS
    assert details["name"] == "Updated Network Name"
    assert details["settings"] == {
        "audio_quality_threshold": 0.8,
        "max_clients": 100,
        "language": "en",
        "timezone": "Europe/Berlin",
        "answers_spoken_by": "own",
        "preferred_mouths": [],
    }
    assert (details["created_at"], details["updated_at"]) == ("2026-03-01T12:00:00Z", "2026-03-01T12:01:30Z")


async def test_who_says_answers_aloud_is_a_setting_that_is_kept(house):
    made = await house.network()
    path, headers = f"/api/v1/networks/{made['network_id']}", bearer(made["network_token"])
    client = house.app.test_client()
    wanted = {"answers_spoken_by": "room", "preferred_mouths": ["shelf", "hall"]}
    await client.put(path, headers=headers, json={"settings": wanted})
    settings = (await (await client.get(path, headers=headers)).get_json())["settings"]
    assert {name: settings[name] for name in wanted} == wanted
    for wrong in ({"answers_spoken_by": "me"}, {"preferred_mouths": "shelf"}, {"preferred_mouths": [""]}):
        refused = await client.put(path, headers=headers, json={"settings": wrong})
        assert refused.status_code == 422
        assert next(iter(wrong)) in str(await refused.get_json())


async def test_a_deleted_network_is_gone_with_its_tokens(house):
    made = await house.network()
    registered = await house.client(made)
    path, headers = f"/api/v1/networks/{made['network_id']}", bearer(made["network_token"])
    client = house.app.test_client()
    answer = await client.delete(path, headers=headers)

    assert answer.status_code == 204
    assert await answer.get_data() == b""
    assert (await client.get(path, headers=headers)).status_code == 401
    own = await client.put("/api/v1/clients/phone-1", headers=bearer(registered["client_token"]), json={})
    assert own.status_code == 401


async def test_an_operator_reaches_every_network_and_misses_those_that_are_not_there(house):
    made = await house.network()
    headers = bearer(house.tokens.operator())
    client = house.app.test_client()

    assert (await client.get(f"/api/v1/networks/{made['network_id']}", headers=headers)).status_code == 200
    missing = await client.get("/api/v1/networks/net_0", headers=headers)
    assert missing.status_code == 404
    error = (await missing.get_json())["error"]
    assert error["code"] == "INVALID_NETWORK_ID"
    assert error["details"]["network_id"] == "net_0"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "name"),
        ({"name": None}, "name"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": 5}, "name"),
        ({"name": ["Home"]}, "name"),
        ({"name": "Home", "description": "x" * 1001}, "description"),
        ({"name": "Home", "description": 1.5}, "description"),
        ({"name": "Home", "settings": []}, "settings"),
        ({"name": "Home", "settings": {"audio_quality_threshold": 1.01}}, "audio_quality_threshold"),
        ({"name": "Home", "settings": {"audio_quality_threshold": -0.1}}, "audio_quality_threshold"),
        ({"name": "Home", "settings": {"audio_quality_threshold": True}}, "settings.audio_quality_threshold"),
        ({"name": "Home", "settings": {"audio_quality_threshold": "1"}}, "settings.audio_quality_threshold"),
        ({"name": "Home", "settings": {"max_clients": 0}}, "max_clients"),
        ({"name": "Home", "settings": {"max_clients": 1.0}}, "settings.max_clients"),
        ({"name": "Home", "settings": {"max_clients": False}}, "settings.max_clients"),
        ({"name": "Home", "settings": {"max_clients": 10**30}}, "settings.max_clients"),
        ({"name": "Home", "settings": {"language": "x"}}, "language"),
        ({"name": "Home", "settings": {"timezone": "Mars/Olympus"}}, "timezone"),
        ({"name": "Home", "settings": {"timezone": "../../etc/passwd"}}, "timezone"),
        ({"name": "Home", "settings": {"timezone": ""}}, "timezone"),
        ({"name": "Home", "settings": {"volume": 11}}, "settings.volume"),
        ([], "body"),
        ("Home", "body"),
        (None, "body"),
    ],
)
async def test_what_cannot_be_a_network_is_refused_by_name(house, sent, field):
    answer = await house.app.test_client().post("/api/v1/networks", json=sent)

    assert answer.status_code == 422
    error = (await answer.get_json())["error"]
    assert error["code"] == "VALIDATION_ERROR"
    assert error["details"]["field"] == field


async def test_every_problem_is_told_with_its_path(house):
    answer = await house.app.test_client().post(
        "/api/v1/networks", json={"description": 1, "settings": {"max_clients": "5", "volume": 11}}
    )

    assert (await answer.get_json())["error"]["details"]["problems"] == [
        {"field": "name", "problem": "is required"},
        {"field": "description", "problem": "must be a text"},
        {"field": "settings.max_clients", "problem": "must be a whole number"},
        {"field": "settings.volume", "problem": "is not known"},
    ]


async def test_fields_that_are_not_known_are_ignored(house):
    answer = await house.app.test_client().post("/api/v1/networks", json={"name": "Home", "colour": "red"})

    assert answer.status_code == 201


async def test_where_registration_is_closed_only_an_operator_opens_networks():
    house = build_house(open_registration=False)
    client = house.app.test_client()
    body = {"name": "Home"}

    refused = await client.post("/api/v1/networks", json=body)
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    opened = await client.post("/api/v1/networks", json=body, headers=bearer(house.tokens.operator()))
    assert opened.status_code == 201
    made = await opened.get_json()
    by_network = await client.post("/api/v1/networks", json=body, headers=bearer(made["network_token"]))
    assert by_network.status_code == 403


async def test_a_public_address_is_told_in_every_url():
    house = build_house(public_url="https://hub.example/mira/")
    made = await house.network()

    assert made["websocket_url"] == f"wss://hub.example/mira/ws/{made['network_id']}"


async def test_the_host_header_is_never_believed(house):
    answer = await house.app.test_client().post(
        "/api/v1/networks", json={"name": "Home"}, headers={"Host": "evil.example"}
    )

    assert (await answer.get_json())["websocket_url"].startswith("ws://127.0.0.1:8123/ws/net_")
