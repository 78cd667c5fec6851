"""What operators read and do across all networks of a hub, over each kind of store."""

from collections.abc import Mapping
from typing import Any

import pytest

from adapters.http.app import OPERATIONS
from application.networks.access import RULES
from application.ports.tokens import TokenKind
from domain.activities.activity import Activity, ActivityType
from domain.activities.playback import Playback
from domain.ids import ActivityId, ClientId, NetworkId, PersonaId
from tests.adapters.http.house import House, bearer, utc
from tests.adapters.http.raw import RawAnswer, ask
from tests.adapters.wiring import INSTANCE
from tests.samples import NOON

SECRET_WORDS = "the key lies under the mat"


async def operate(house: House, path: str = "", method: str = "GET", token: str | None = None) -> RawAnswer:
    """Ask for something of the operator API, as the operator unless another token is given."""
    headers = bearer(house.tokens.operator() if token is None else token)
    return await ask(house.app, method, f"/internal/operator{path}", headers)


async def read(house: House, path: str = "") -> Any:
    """What the operator is answered."""
    answer = await operate(house, path)
    assert answer.status == 200, answer.document
    return answer.document


async def say(house: House, device: Mapping[str, Any], words: str) -> int:
    """Let a device say something, and answer with which status."""
    answer = await house.app.test_client().post(
        "/v1/dialog/send",
        headers=bearer(device["auth_token"]),
        json={"device_id": device["device_id"], "message": words},
    )
    return answer.status_code


async def test_networks_are_told_with_what_is_in_them(any_house: House) -> None:
    first = await any_house.network("Home")
    any_house.clock.pass_by(minutes=1)
    second = await any_house.network("Workshop")
    device = await any_house.device(first)
    await any_house.client(first)
    assert await say(any_house, device, "hello") == 200
    assert await say(any_house, device, "tea") == 200

    found = await read(any_house, "/networks")
    assert (found["total"], found["offset"]) == (2, 0)
    assert [one["network_id"] for one in found["networks"]] == [second["network_id"], first["network_id"]]
    empty, full = found["networks"]
    assert empty["counts"] == dict.fromkeys(
        ("clients", "connected", "interactions", "reminders", "events"), 0
    )
    assert full["counts"] == {"clients": 2, "connected": 0, "interactions": 2, "reminders": 1, "events": 0}
    assert (full["name"], full["status"], full["streams"]) == ("Home", "active", [])
    assert full["metrics"]["requests"] >= 4
    assert full["metrics"]["error_rate"] == 0.0
    assert await read(any_house, f"/networks/{first['network_id']}") == full


async def test_turns_of_yesterday_are_not_of_the_last_day(any_house: House) -> None:
    network = await any_house.network()
    assert await say(any_house, await any_house.device(network), "hello") == 200
    any_house.clock.pass_by(hours=25)
    found = await read(any_house, f"/networks/{network['network_id']}")
    assert found["counts"]["interactions"] == 0


async def test_lists_are_searched_and_told_in_parts(any_house: House) -> None:
    for name in ("Home", "Workshop", "Home by the sea"):
        await any_house.network(name)
        any_house.clock.pass_by(minutes=1)
    found = await read(any_house, "/networks?search=home")
    assert [one["name"] for one in found["networks"]] == ["Home by the sea", "Home"]
    part = await read(any_house, "/networks?search=home&limit=1&offset=1")
    assert ([one["name"] for one in part["networks"]], part["total"]) == (["Home"], 2)
    assert (await read(any_house, "/networks?search=%25"))["total"] == 0


async def test_clients_of_all_networks_are_found(any_house: House) -> None:
    home, shop = await any_house.network("Home"), await any_house.network("Shop")
    await any_house.client(home, "phone-1")
    await any_house.client(shop, "phone-1")
    device = await any_house.device(shop)
    everyone = await read(any_house, "/clients")
    assert everyone["total"] == 3
    assert {(one["network_id"], one["client_id"]) for one in everyone["clients"]} == {
        (home["network_id"], "phone-1"),
        (shop["network_id"], "phone-1"),
        (shop["network_id"], device["device_id"]),
    }
    of_one = await read(any_house, f"/clients?network_id={home['network_id']}")
    assert [one["network_id"] for one in of_one["clients"]] == [home["network_id"]]
    assert (await read(any_house, "/clients?connected=true"))["total"] == 0
    assert (await read(any_house, "/clients?connected=false&search=phone"))["total"] == 2
    assert (await read(any_house, "/clients?network_id=net_nowhere"))["total"] == 0


async def test_sessions_are_those_of_one_network(any_house: House) -> None:
    home, shop = await any_house.network("Home"), await any_house.network("Shop")
    device = await any_house.device(home)
    assert await say(any_house, device, "hello") == 200
    found = await read(any_house, f"/networks/{home['network_id']}/sessions")
    assert found["total"] == 1
    (session,) = found["sessions"]
    assert (session["device_id"], session["persona_id"]) == (device["device_id"], "mira")
    assert session["status"] == "active"
    assert (await read(any_house, f"/networks/{shop['network_id']}/sessions"))["total"] == 0


async def test_an_activity_is_told_as_it_is_kept(any_house: House) -> None:
    network = await any_house.network()
    network_id = NetworkId(network["network_id"])
    path = f"/networks/{network_id}/activities"
    assert await read(any_house, path) == {"activities": [], "total": 0, "limit": 50, "offset": 0}
    kept = Activity(
        id=ActivityId("act_1"),
        network_id=network_id,
        type=ActivityType.SYNC_PLAYBACK,
        persona_id=PersonaId("mira"),
        client_ids=(ClientId("kitchen"),),
        started_at=NOON,
        updated_at=NOON,
        state=Playback(media={"track": "rain"}, starts_at=0),
    )
    async with any_house.transactions.begin() as tx:
        await tx.activities.add(kept)
    (told,) = (await read(any_house, path))["activities"]
    assert (told["activity_id"], told["activity_type"]) == (kept.id, kept.type.value)
    assert (told["status"], told["devices"]) == (kept.status.value, list(kept.client_ids))


async def test_the_overview_tells_no_words_of_people(any_house: House) -> None:
    network = await any_house.network()
    device = await any_house.device(network)
    assert await say(any_house, device, SECRET_WORDS) == 200
    assert await say(any_house, device, "fail") >= 500
    answer = await operate(any_house)
    assert answer.status == 200
    overview = answer.document
    assert overview["instance"] == {
        "name": INSTANCE.name,
        "version": INSTANCE.version,
        "started_at": utc(INSTANCE.started_at),
    }
    assert overview["status"] == "healthy"
    assert overview["services"] == {"database": "healthy"}
    assert overview["active_networks"] == 1
    assert overview["turns"] == []
    (trouble,) = overview["troubles"]
    assert (trouble["network_id"], trouble["client_id"]) == (network["network_id"], device["device_id"])
    assert trouble["status"] >= 500
    assert trouble["request_id"].startswith("req_")
    assert overview["codes"] == {trouble["code"]: 1}
    for path in ("", "/networks", "/clients", f"/networks/{network['network_id']}/sessions"):
        assert SECRET_WORDS not in str((await operate(any_house, path)).document)


async def test_a_client_is_taken_out_by_the_operator(any_house: House) -> None:
    network = await any_house.network()
    phone = await any_house.client(network)
    path = f"/networks/{network['network_id']}/clients/{phone['client_id']}"
    assert (await operate(any_house, f"{path}/disconnect", "POST")).status == 204
    assert (await operate(any_house, path, "DELETE")).status == 204
    for again in (
        await operate(any_house, path, "DELETE"),
        await operate(any_house, f"{path}/disconnect", "POST"),
    ):
        assert again.status == 404
        assert again.document["error"]["code"] == "INVALID_CLIENT_ID"
    assert (await read(any_house, "/clients"))["total"] == 0


@pytest.mark.parametrize("rest", ["", "/sessions", "/activities", "/limits"])
async def test_a_network_that_is_not_there_is_404(any_house: House, rest: str) -> None:
    answer = await operate(any_house, f"/networks/net_nowhere{rest}")
    assert answer.status == 404
    assert answer.document["error"]["code"] == "INVALID_NETWORK_ID"


async def test_a_search_finds_what_holds_every_word_in_any_network(any_house: House) -> None:
    home, shop = await any_house.network("Home"), await any_house.network("Shop")
    for network, title in ((home, "Water the roses"), (shop, "Order roses and 100% wool")):
        body = {"title": title, "due_time": "2030-01-01T08:00:00Z"}
        path = f"/api/v1/networks/{network['network_id']}/reminders"
        owner = bearer(network["network_token"])
        made = await any_house.app.test_client().post(path, json=body, headers=owner)
        assert made.status_code == 201, await made.get_json()

    async def found(query: str) -> list[tuple[str, str, str]]:
        finds = (await read(any_house, f"/search?{query}"))["finds"]
        return [(find["sort"], find["network_id"], find["title"]) for find in finds]

    in_home = ("reminder", home["network_id"], "Water the roses")
    in_shop = ("reminder", shop["network_id"], "Order roses and 100% wool")
    assert set(await found("search=ROSES")) == {in_home, in_shop}
    assert len(await found("search=roses&limit=1")) == 1
    assert await found("search=wool+100%25+roses") == [in_shop]
    assert await found("search=nothing+roses") == []
    assert await found("search=+") == []
    assert await found("") == []


@pytest.mark.parametrize("query", ["limit=-1", "limit=x", "offset=-1", "connected=perhaps"])
async def test_a_question_that_makes_no_sense_is_refused(house: House, query: str) -> None:
    answer = await operate(house, f"/clients?{query}")
    assert answer.status == 422
    assert query.partition("=")[0] in str(answer.document)


def test_every_operation_of_operators_is_for_operators_alone() -> None:
    ours = [one.id for one in OPERATIONS if one.path.startswith("/internal/operator")]
    assert len(ours) == 11
    assert all(RULES[one] == {TokenKind.OPERATOR} for one in ours)
    assert RULES["operator.events"] == {TokenKind.OPERATOR}


@pytest.mark.parametrize("kind", ["network", "registration", "client"])
async def test_no_other_token_reads_the_hub(any_house: House, kind: str) -> None:
    network = await any_house.network()
    phone = await any_house.client(network)
    token = {
        "network": network["network_token"],
        "registration": network["client_registration_token"],
        "client": phone["client_token"],
    }[kind]
    for path in ("", "/networks", f"/networks/{network['network_id']}", "/clients"):
        assert (await operate(any_house, path, token=token)).status == 403
        assert (await operate(any_house, path, token="nonsense")).status == 401


async def test_an_operators_token_that_was_replaced_is_refused(any_house: House) -> None:
    before = any_house.tokens.operator()
    any_house.operator.version += 1
    assert (await operate(any_house, "/networks", token=before)).status == 401
    assert (await operate(any_house, "/networks")).status == 200
