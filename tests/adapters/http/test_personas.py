"""Personas over HTTP: the shipped ones, and those that an owner makes, changes and takes away."""

from typing import Any

import pytest

from tests.adapters.http.house import bearer

BUTLER = {
    "id": "butler",
    "name": "James",
    "description": "Knows the house.",
    "tags": ["house"],
    "adaptation_mode": "guided",
    "voice_config": {"voice": "m3", "rate": 140, "pitch": 30, "language": "en-gb"},
    "behavior_config": {
        "system_prompt": "Be brief.",
        "greeting": "You rang?",
        "allowed_tools": ["create_reminder", "find_reminders"],
        "model": "offline",
        "idle_minutes": 5,
        "quiet_hours": {"start": "22:00", "end": "07:00"},
    },
}


class Owner:
    """Whoever has a network's token, and calls the API with it."""

    def __init__(self, house: Any, token: str, **headers: str) -> None:
        self.client = house.app.test_client()
        self.headers = {**bearer(token), **headers}

    async def __call__(self, method: str, path: str, json: Any = None) -> tuple[int, Any]:
        answer = await self.client.open(path, method=method, headers=self.headers, json=json)
        return answer.status_code, await answer.get_json(silent=True)


@pytest.fixture
async def network(house):
    return await house.network()


@pytest.fixture
def owner(house, network):
    return Owner(house, network["network_token"])


async def test_a_persona_is_made_changed_restored_and_taken_away(owner):
    status, made = await owner("POST", "/v1/personas", BUTLER)
    assert status == 201
    assert {name: made[name] for name in BUTLER} == BUTLER
    assert (made["version"], made["source"]) == ("1", "network")
    assert await owner("GET", "/v1/personas/butler") == (200, made)

    status, changed = await owner(
        "PUT", "/v1/personas/butler", {"name": "Jeeves", "behavior_config": {"quiet_hours": None}}
    )
    assert status == 200
    assert (changed["name"], changed["version"]) == ("Jeeves", "2")
    assert changed["behavior_config"] == {**BUTLER["behavior_config"], "quiet_hours": None}
    assert changed["voice_config"] == BUTLER["voice_config"]

    _, versions = await owner("GET", "/v1/personas/butler/versions")
    assert versions == {"versions": [changed, made], "total": 2}
    status, restored = await owner("POST", "/v1/personas/butler/restore", {"version": "1"})
    assert (status, restored["name"], restored["version"]) == (200, "James", "3")

    assert await owner("DELETE", "/v1/personas/butler") == (204, None)
    status, gone = await owner("GET", "/v1/personas/butler")
    assert (status, gone["error_code"]) == (404, "PERSONA_NOT_FOUND")
    assert gone["details"] == {"requested_id": "butler"}


async def test_all_are_listed_in_the_documented_form(owner):
    await owner("POST", "/v1/personas", BUTLER)
    status, listed = await owner("GET", "/v1/personas")
    assert status == 200
    assert (listed["total"], [one["id"] for one in listed["personas"]]) == (2, ["butler", "mira"])
    assert all(
        set(one) == {"id", "name", "description", "version", "tags", "adaptation_mode"}
        for one in listed["personas"]
    )


async def test_what_is_shipped_stays_as_it_is_and_can_be_built_upon(owner):
    for method, path, body in (
        ("PUT", "/v1/personas/mira", {"name": "Other"}),
        ("DELETE", "/v1/personas/mira", None),
        ("POST", "/v1/personas/mira/restore", {"version": "1"}),
        ("POST", "/v1/personas", {"id": "mira", "name": "Other"}),
    ):
        status, refused = await owner(method, path, body)
        assert (status, refused["error_code"]) == (409, "CONFLICT")
    _, shipped = await owner("GET", "/v1/personas/mira")
    assert shipped["source"] == "shipped"
    status, copy = await owner("POST", "/v1/personas", {"based_on": "mira", "voice_config": {"rate": 100}})
    assert status == 201
    assert copy["id"].startswith("persona_")
    assert copy["name"] == shipped["name"]
    assert copy["voice_config"] == {**shipped["voice_config"], "rate": 100}
    status, missing = await owner("POST", "/v1/personas", {"based_on": "nobody"})
    assert (status, missing["error_code"]) == (404, "PERSONA_NOT_FOUND")


async def test_an_id_is_given_once(owner):
    assert (await owner("POST", "/v1/personas", BUTLER))[0] == 201
    assert (await owner("POST", "/v1/personas", BUTLER))[0] == 409


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": None}, "name"),
        ({"id": "The Butler"}, "id"),
        ({"voice_config": {"rate": 10}}, "voice_config.rate"),
        ({"voice_config": {"speed": 10}}, "voice_config.speed"),
        ({"voice_config": {"voice": "a/b"}}, "voice_config.voice"),
        ({"behavior_config": {"allowed_tools": ["unlock_door"]}}, "behavior_config.allowed_tools[0]"),
        (
            {"behavior_config": {"quiet_hours": {"start": "25:00", "end": "07:00"}}},
            "behavior_config.quiet_hours.start",
        ),
        ({"behavior_config": {"model": "nowhere:big"}}, "behavior_config.model"),
        ({"behavior_config": {"idle_minutes": 0}}, "behavior_config.idle_minutes"),
        ({"adaptation_mode": "wild"}, "adaptation_mode"),
    ],
)
async def test_what_cannot_be_is_refused_by_name(owner, changed, field):
    status, refused = await owner("POST", "/v1/personas", {**BUTLER, **changed})
    assert (status, refused["error_code"]) == (422, "VALIDATION_ERROR")
    assert refused["details"]["field"] == field
    assert (await owner("GET", "/v1/personas"))[1]["total"] == 1


async def test_an_operator_names_the_network_and_a_device_only_looks(house, network, owner):
    operator = Owner(house, house.tokens.operator(), **{"X-Network-Id": network["network_id"]})
    assert (await operator("POST", "/v1/personas", BUTLER))[0] == 201
    assert (await owner("GET", "/v1/personas/butler"))[0] == 200
    device = Owner(house, (await house.device(network))["auth_token"])
    assert (await device("GET", "/v1/personas/butler"))[0] == 200
    for method, path in (
        ("POST", "/v1/personas"),
        ("PUT", "/v1/personas/butler"),
        ("DELETE", "/v1/personas/butler"),
        ("GET", "/v1/personas/butler/versions"),
        ("POST", "/v1/personas/butler/restore"),
    ):
        assert (await device(method, path, BUTLER))[0] == 403


async def test_no_other_network_sees_it(house, owner):
    await owner("POST", "/v1/personas", BUTLER)
    other = Owner(house, (await house.network("Shop"))["network_token"])
    assert (await other("GET", "/v1/personas/butler"))[0] == 404
    assert (await other("PUT", "/v1/personas/butler", {"name": "Mine"}))[0] == 404
    assert (await other("POST", "/v1/personas", {"based_on": "butler"}))[0] == 404
