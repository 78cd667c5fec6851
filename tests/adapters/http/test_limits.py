"""Limits over HTTP: who is refused, and what everybody is told of where they stand."""

import time
from typing import Any

import pytest

from adapters.http.app import OPERATIONS
from adapters.memory.limits import MemoryLimits
from application.networks.access import OPEN_OPERATIONS, RULES
from application.networks.limiting import Limit, Throttle
from domain.quotas import Quotas
from tests.adapters.http.house import House, bearer, build_house
from tests.adapters.http.raw import RawAnswer, ask


def house_with(openings: int = 1000, **quotas: int) -> House:
    return build_house(throttle=Throttle(MemoryLimits(), Quotas().with_overrides(quotas), openings))


async def get(house: House, network: Any, path: str = "", token: str | None = None) -> RawAnswer:
    path = f"/api/v1/networks/{network['network_id']}{path}"
    return await ask(house.app, "GET", path, bearer(token or network["network_token"]))


def test_every_operation_names_what_it_counts_as() -> None:
    named = {one.id: one.limit for one in OPERATIONS}
    assert {name for name, limit in named.items() if limit is Limit.NOTHING} == OPEN_OPERATIONS.intersection(
        named
    ) - {"mira.network.create", "companion.device.pair"}
    assert {name for name, limit in named.items() if limit is not Limit.NOTHING} <= RULES.keys()
    assert named["mira.network.create"] is Limit.OPENING
    assert named["companion.device.pair"] is Limit.PAIRING
    assert named["mira.client.update"] is Limit.STATUS


async def test_every_answer_says_what_is_left_and_the_last_one_that_nothing_is() -> None:
    house = house_with(api_requests_per_hour=3)
    network = await house.network()
    before = time.time()
    for left in (2, 1, 0):
        answer = await get(house, network)
        assert answer.status == 200
        assert (answer.headers["x-ratelimit-limit"], answer.headers["x-ratelimit-remaining"]) == (
            "3",
            str(left),
        )
        assert before + 3598 <= int(answer.headers["x-ratelimit-reset"]) <= time.time() + 3601
    for _ in range(2):
        answer = await get(house, network)
        assert answer.status == 429
        assert answer.document["error"]["code"] == "RATE_LIMIT_EXCEEDED"
        assert answer.document["error"]["details"]["limited"] == "api_requests_per_hour"
        assert (answer.headers["x-ratelimit-limit"], answer.headers["x-ratelimit-remaining"]) == ("3", "0")
        assert 3590 <= int(answer.headers["retry-after"]) <= 3600


async def test_both_dialects_draw_on_one_quota_and_each_refuses_in_its_words() -> None:
    house = house_with(api_requests_per_hour=2)
    network = await house.network()
    device = await house.device(network)
    assert (await get(house, network)).status == 200
    path = f"/v1/devices/{device['device_id']}/state"
    answer = await ask(house.app, "GET", path, bearer(device["auth_token"]))
    assert answer.status == 429
    assert answer.document["error_code"] == "RATE_LIMITED"
    assert "retry-after" in answer.headers
    assert (await get(house, network)).status == 429


async def test_one_network_at_its_limit_slows_no_other() -> None:
    house = house_with(api_requests_per_hour=2)
    busy, calm = await house.network(), await house.network()
    for _ in range(5):
        last = await get(house, busy)
    assert last.status == 429
    assert (await get(house, calm)).status == 200


async def test_a_refusal_of_another_sort_counts_and_says_what_is_left() -> None:
    house = house_with(api_requests_per_hour=2)
    network = await house.network()
    answer = await get(house, network, "/interactions?limit=x")
    assert (answer.status, answer.headers["x-ratelimit-remaining"]) == (422, "1")
    assert (await get(house, network, "/interactions/int_none")).status == 404
    assert (await get(house, network)).status == 429


async def test_who_is_not_known_or_may_not_is_not_counted() -> None:
    house = house_with(api_requests_per_hour=1)
    network = await house.network()
    for token in ("nonsense", network["client_registration_token"]):
        answer = await get(house, network, token=token)
        assert answer.status in {401, 403}
        assert "x-ratelimit-limit" not in answer.headers
    assert (await get(house, network)).status == 200


async def test_a_probe_of_another_network_costs_ones_own_quota() -> None:
    house = house_with(api_requests_per_hour=2)
    mine, other = await house.network(), await house.network()
    for _ in range(2):
        assert (await get(house, other, token=mine["network_token"])).status == 404
    assert (await get(house, other, token=mine["network_token"])).status == 429
    assert (await get(house, other)).status == 200


async def test_a_client_tells_its_status_so_often_and_no_more() -> None:
    house = house_with(client_status_updates_per_minute=2)
    network = await house.network()
    phones = [await house.client(network, name) for name in ("phone", "tablet")]
    for phone in phones:
        statuses = []
        for _ in range(3):
            path = f"/api/v1/clients/{phone['client_id']}"
            answer = await ask(house.app, "PUT", path, bearer(phone["client_token"]), b"{}")
            statuses.append(answer.status)
        assert statuses == [200, 200, 429]
        assert answer.document["error"]["details"]["limited"] == "client_status_updates_per_minute"
        assert int(answer.headers["retry-after"]) <= 60


async def test_a_turn_too_many_is_refused_in_the_dialogs_words() -> None:
    house = house_with(interactions_per_minute=1)
    network = await house.network()
    device = await house.device(network)
    client = house.app.test_client()
    for status in (200, 429):
        answer = await client.post(
            "/v1/dialog/send",
            headers=bearer(device["auth_token"]),
            json={"device_id": device["device_id"], "message": "hello"},
        )
        assert answer.status_code == status
    assert (await answer.get_json())["details"]["limited"] == "interactions_per_minute"
    assert answer.headers["X-RateLimit-Limit"] == "1"


async def test_strangers_open_so_many_networks_from_an_address() -> None:
    house = house_with(openings=2)
    body = {"Content-Type": "application/json"}
    statuses = []
    for _ in range(3):
        answer = await ask(house.app, "POST", "/api/v1/networks", body, b'{"name": "Home"}')
        statuses.append(answer.status)
    assert statuses == [201, 201, 429]
    assert answer.document["error"]["details"]["limited"] == "networks_per_minute"
    operator = {**body, **bearer(house.tokens.operator())}
    answer = await ask(house.app, "POST", "/api/v1/networks", operator, b'{"name": "Home"}')
    assert answer.status == 201


@pytest.mark.parametrize("path", ["/api/v1/health", "/internal/health", "/openapi.json"])
async def test_what_is_open_to_all_is_not_limited(path: str) -> None:
    house = house_with(openings=1, api_requests_per_hour=1)
    for _ in range(3):
        answer = await ask(house.app, "GET", path, {})
        assert answer.status == 200
        assert "x-ratelimit-limit" not in answer.headers


async def test_the_operator_sets_the_limits_of_a_network(any_house: House) -> None:
    network = await any_house.network()
    path = f"/internal/operator/networks/{network['network_id']}/limits"
    headers = {**bearer(any_house.tokens.operator()), "Content-Type": "application/json"}
    found = (await ask(any_house.app, "GET", path, headers)).document
    assert found["overrides"] == {}

    answer = await ask(any_house.app, "PUT", path, headers, b'{"api_requests_per_hour": 2}')
    assert answer.status == 200
    assert answer.document["overrides"] == {"api_requests_per_hour": 2}
    assert answer.document["limits"] == found["limits"] | {"api_requests_per_hour": 2}
    assert [(await get(any_house, network)).status for _ in range(3)] == [200, 200, 429]
    assert (await ask(any_house.app, "PUT", path, headers, b"{}")).document == found
    assert (await get(any_house, network)).status == 200


@pytest.mark.parametrize(
    "body", [b'{"colour": 1}', b'{"api_requests_per_hour": 0}', b'{"websocket_connections": "9"}', b""]
)
async def test_limits_that_cannot_be_are_refused(house: House, body: bytes) -> None:
    network = await house.network()
    path = f"/internal/operator/networks/{network['network_id']}/limits"
    headers = {**bearer(house.tokens.operator()), "Content-Type": "application/json"}
    assert (await ask(house.app, "PUT", path, headers, body)).status == 422
    assert (await ask(house.app, "PUT", path, bearer(network["network_token"]), b"{}")).status == 403
