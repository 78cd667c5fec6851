"""Figures over HTTP."""

import re

from prometheus_client.parser import text_string_to_metric_families

from adapters.http.app import OPERATIONS
from adapters.memory.limits import MemoryLimits
from adapters.memory.transactions import MemoryTransactions
from application.networks.limiting import Throttle
from domain.ids import JobId
from domain.jobs import Job, JobKind
from domain.quotas import Quotas
from tests.adapters.http.house import House, bearer, build_house
from tests.adapters.http.raw import ask
from tests.fakes.storage import Brittle
from tests.samples import HOME, NOON, network


async def samples(house: House) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels, in the order of their names."""
    answer = await ask(house.app, "GET", "/internal/metrics", {})
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.data.decode())
        for sample in family.samples
    }


async def test_requests_are_counted_by_dialect_route_method_and_status(house: House) -> None:
    network = await house.network()
    path, route = f"/api/v1/networks/{network['network_id']}", "/api/v1/networks/{network_id}"
    for token in (network["network_token"], network["network_token"], "nonsense"):
        await ask(house.app, "GET", path, bearer(token))
    found = await samples(house)
    assert found["mira_requests_total", "mira", "POST", "/api/v1/networks", "201"] == 1
    assert found["mira_requests_total", "mira", "GET", route, "200"] == 2
    assert found["mira_requests_total", "mira", "GET", route, "401"] == 1
    assert found["mira_request_seconds_count", "mira", route] == 3


async def test_a_sender_chooses_no_label(house: House) -> None:
    for number in range(30):
        await ask(house.app, "GET", f"/v1/devices/dev_{number}/state", {})
        await ask(house.app, "GET", f"/v1/made-up/{number}", {})
        await ask(house.app, "GET", f"/api/v1/made-up-{number}", {})
        await ask(house.app, f"BREW{number}", f"/api/v1/networks/net_{number}", {})
    routes = {one.path for one in OPERATIONS} | {"none"}
    requests = [key for key in await samples(house) if key[0] == "mira_requests_total"]
    assert {route for _, _, _, route, _ in requests} <= routes
    assert {method for _, _, method, _, _ in requests} <= {"GET", "OTHER"}
    assert len(requests) < 10


async def test_no_figure_says_whose_it_is(house: House) -> None:
    network = await house.network("Secret garden")
    device = await house.device(network)
    client = house.app.test_client()
    await client.post(
        "/v1/dialog/send",
        headers=bearer(device["auth_token"]),
        json={"device_id": device["device_id"], "message": "tea"},
    )
    text = (await ask(house.app, "GET", "/internal/metrics", {})).data.decode()
    assert not re.search(r"net_|dev_|Secret|tea", text)


async def test_refusals_by_limits_are_counted() -> None:
    quotas = Quotas(api_requests_per_hour=1)
    house = build_house(throttle=Throttle(MemoryLimits(), quotas))
    network = await house.network()
    for _ in range(3):
        await ask(
            house.app, "GET", f"/api/v1/networks/{network['network_id']}", bearer(network["network_token"])
        )
    assert (await samples(house))["mira_limited_total", "api_requests_per_hour"] == 2


async def test_what_waits_in_the_store_is_told_and_the_rest_without_it() -> None:
    store = Brittle(MemoryTransactions())
    house = build_house(store)
    await house.network()
    async with store.begin() as tx:
        await tx.networks.add(network(HOME))
        await tx.jobs.add(
            Job(
                id=JobId("job_1"),
                network_id=HOME,
                kind=JobKind.HEAR_UPLOAD,
                lane="uploads",
                due_at=NOON,
                created_at=NOON,
            )
        )
    before = await samples(house)
    assert before["mira_queue_depth", "uploads"] == 1
    assert before["mira_queue_depth", "unpublished_facts"] >= 1
    store.closed = True
    assert (await samples(house))["mira_requests_total", "mira", "POST", "/api/v1/networks", "201"] == 1
