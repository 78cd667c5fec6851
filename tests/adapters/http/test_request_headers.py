"""What a request says of itself, and what every answer does: its id, and the version of the API."""

import re

import pytest

from tests.adapters.http.refusing import as_companion, as_mira


@pytest.mark.parametrize("sent", ["req_1", "a", "A-Z.a:z_0-9", "x" * 128])
async def test_a_sane_request_id_is_kept(house, sent):
    client = house.app.test_client()
    for path in ("/api/v1/health", "/api/v1/nothing", "/v1/nothing", "/openapi.json"):
        answer = await client.get(path, headers={"X-Request-ID": sent})
        assert answer.headers["X-Request-ID"] == sent
    document = await (await client.get("/v1/nothing", headers={"X-Request-ID": sent})).get_json()
    assert document["request_id"] == sent


@pytest.mark.parametrize("sent", [None, "", "x" * 129, "a b", "a/b", "é", "<script>"])
async def test_any_other_request_id_is_replaced(house, sent):
    client = house.app.test_client()
    answer = await client.get("/v1/nothing", headers={} if sent is None else {"X-Request-ID": sent})
    told = answer.headers["X-Request-ID"]

    assert re.fullmatch(r"req_[0-9a-f]{32}", told)
    assert (await answer.get_json())["request_id"] == told
    again = await client.get("/v1/nothing")
    assert again.headers["X-Request-ID"] != told


async def test_the_version_is_told_below_its_prefix_only(house):
    client = house.app.test_client()

    for path in ("/api/v1/health", "/api/v1/nothing", "/api/v1/networks/net_1"):
        assert (await client.get(path)).headers["API-Version"] == "v1"
    for path in ("/v1/nothing", "/internal/health", "/openapi.json", "/api/v10"):
        assert "API-Version" not in (await client.get(path)).headers


@pytest.mark.parametrize("version", ["v2", "V1", "1", "", "v1, v2", "é" * 500])
async def test_another_version_is_refused(house, version):
    client = house.app.test_client()
    answer = await client.get("/api/v1/health", headers={"API-Version": version})

    assert answer.status_code == 400
    assert answer.headers["API-Version"] == "v1"
    error = as_mira(await answer.get_json())
    assert error["code"] == "UNSUPPORTED_API_VERSION"
    assert error["details"]["supported"] == ["v1"]
    companion = await client.get("/v1/nothing", headers={"API-Version": version})
    assert companion.status_code == 400
    assert as_companion(await companion.get_json())["error_code"] == "UNSUPPORTED_API_VERSION"


async def test_the_version_of_this_hub_may_be_asked_for(house):
    answer = await house.app.test_client().get("/api/v1/health", headers={"API-Version": "v1"})

    assert answer.status_code == 200
