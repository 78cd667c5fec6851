"""A device comes into a network by a code: once, in time, and not by guessing."""

from datetime import timedelta

from adapters.memory.limits import MemoryLimits
from application.networks.limiting import PAIRINGS_A_MINUTE, Throttle
from domain.quotas import Quotas
from tests.adapters.http.house import House, bearer, build_house

DEVICE = {"name": "satellite", "device_type": "raspberry_pi"}


async def offered(house: House, **body: str) -> tuple[str, str]:
    """A network's token, and a code of it."""
    network = await house.network()
    answer = await house.app.test_client().post(
        "/v1/devices/pairing-codes", headers=bearer(network["network_token"]), json=body
    )
    assert answer.status_code == 201
    return network["network_token"], (await answer.get_json())["code"]


async def test_a_code_lets_one_device_in_and_it_says_who_it_is(house: House) -> None:
    client = house.app.test_client()
    token, code = await offered(house, location="Hall")
    spoken = f"{code[:4].lower()}-{code[4:]}"
    answer = await client.post("/v1/devices/pair", json={"code": spoken, **DEVICE})
    assert answer.status_code == 201
    made = await answer.get_json()
    assert sorted(made) == ["auth_token", "created_at", "device_id", "websocket_url"]
    state = await client.get(f"/v1/devices/{made['device_id']}/state", headers=bearer(made["auth_token"]))
    assert state.status_code == 200
    listed = await client.get(f"/v1/devices/{made['device_id']}/state", headers=bearer(token))
    assert listed.status_code == 200
    again = await client.post("/v1/devices/pair", json={"code": code, **DEVICE})
    assert (again.status_code, (await again.get_json())["error_code"]) == (404, "NOT_FOUND")


async def test_a_code_is_good_for_ten_minutes(house: House) -> None:
    _, code = await offered(house)
    house.clock.moment += timedelta(minutes=10)
    answer = await house.app.test_client().post("/v1/devices/pair", json={"code": code, **DEVICE})
    assert answer.status_code == 404


async def test_what_is_no_code_is_refused(house: House) -> None:
    for code in ("AAAA1111", "AAAAAAAAA", "        "):
        answer = await house.app.test_client().post("/v1/devices/pair", json={"code": code, **DEVICE})
        assert answer.status_code == 422


async def test_so_many_tries_within_a_minute_are_enough() -> None:
    house = build_house(throttle=Throttle(MemoryLimits(), Quotas()))
    client = house.app.test_client()
    statuses = [
        (await client.post("/v1/devices/pair", json={"code": "AAAABBBB", **DEVICE})).status_code
        for _ in range(PAIRINGS_A_MINUTE + 1)
    ]
    assert statuses == [404] * PAIRINGS_A_MINUTE + [429]
