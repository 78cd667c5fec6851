"""Every operation, with every kind of token, in every state, in one's own network and in another."""

import asyncio
import json
from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest
from attrs import evolve

from adapters.http.app import OPERATIONS
from adapters.http.routing import Operation
from application.networks.access import RULES, SCOPES, scope_of
from application.ports.tokens import TokenKind
from tests.adapters.http.house import House, bearer, build_house
from tests.adapters.http.raw import RawAnswer, ask
from tests.adapters.http.test_isolation import BODIES, SHARED_CLIENT, SHARED_TURN, furnished

KINDS = (TokenKind.OPERATOR, TokenKind.NETWORK, TokenKind.REGISTRATION, TokenKind.CLIENT)
ENDED = ("expired", "rotated", "deleted")
LOOKING = [one for one in OPERATIONS if one.id in RULES]
Home = Mapping[str, str]


def token_of(house: House, home: Home, kind: TokenKind) -> str:
    """The token of a kind that is good just now."""
    names = {
        TokenKind.NETWORK: "network_token",
        TokenKind.REGISTRATION: "client_registration_token",
        TokenKind.CLIENT: "client_token",
    }
    return house.tokens.operator() if kind is TokenKind.OPERATOR else home[names[kind]]


async def rotate(house: House, home: Home, kind: TokenKind) -> str:
    """Replace the token of a kind, and answer the new one."""
    if kind is TokenKind.OPERATOR:
        house.operator.version += 1
        return house.tokens.operator()
    body = {"client_id": SHARED_CLIENT} if kind is TokenKind.CLIENT else {}
    path = f"/api/v1/networks/{home['network_id']}/tokens/{kind.value}/rotate"
    answer = await ask(
        house.app,
        "POST",
        path,
        {**bearer(home["network_token"]), "Content-Type": "application/json"},
        json.dumps(body).encode(),
    )
    assert answer.status == 200
    assert answer.document["kind"] == kind.value
    return str(answer.document["token"])


async def ended(house: House, home: Home, kind: TokenKind, how: str) -> str:
    """A token of a kind that was good once."""
    token = token_of(house, home, kind)
    match how:
        case "expired":
            return house.tokens.mint.issue(
                evolve(house.tokens.mint.read(token), expires_at=house.clock.now())
            )
        case "rotated":
            await rotate(house, home, kind)
        case _:
            path = f"/api/v1/networks/{home['network_id']}"
            assert (await ask(house.app, "DELETE", path, bearer(home["network_token"]))).status == 204
    return token


async def call(house: House, operation: Operation, token: str, target: Home) -> RawAnswer:
    """Ask for an operation in a network."""
    path = (
        operation.path.replace("{network_id}", target["network_id"])
        .replace("{client_id}", SHARED_CLIENT)
        .replace("{device_id}", SHARED_CLIENT)
        .replace("{interaction_id}", SHARED_TURN)
    )
    headers = {**bearer(token), "Content-Type": "application/json"}
    if operation.names_network:
        headers["X-Network-Id"] = target["network_id"]
    body = json.dumps(BODIES.get(operation.id, {})).encode()
    return await ask(house.app, operation.method, path, headers, body)


@pytest.mark.parametrize("operation", LOOKING, ids=lambda one: one.id)
async def test_a_fresh_token_does_what_its_kind_may_in_its_own_network(operation: Operation) -> None:
    for kind in KINDS:
        house = build_house()
        home = await furnished(house, "alpha")
        answer = await call(house, operation, token_of(house, home, kind), home)
        if kind in RULES[operation.id]:
            assert answer.status < 500
            assert answer.status not in {401, 403}, kind
        else:
            assert answer.status == 403, kind


def scoped(house: House, home: Home, kind: TokenKind, scopes: frozenset[str]) -> str:
    """A token of a kind that is good just now, for some scopes."""
    mint = house.tokens.mint
    return mint.issue(evolve(mint.read(token_of(house, home, kind)), scopes=scopes))


@pytest.mark.parametrize("operation", LOOKING, ids=lambda one: one.id)
async def test_a_token_that_lacks_a_scope_may_not_do_what_needs_it(operation: Operation) -> None:
    needed, house = scope_of(operation.id), build_house()
    home = await furnished(house, "alpha")
    for kind in RULES[operation.id] & set(KINDS):
        for scopes in (SCOPES[kind] - {needed}, frozenset[str]()):
            answer = await call(house, operation, scoped(house, home, kind, scopes), home)
            assert answer.status == 403, kind
            error = answer.document.get("error", answer.document)
            assert error.get("code", error.get("error_code")) == "INSUFFICIENT_SCOPE"
            assert (error["details"]["operation"], error["details"]["scope"]) == (operation.id, needed)
            challenge = f'Bearer error="insufficient_scope", scope="{needed}"'
            assert answer.headers["www-authenticate"] == challenge


def test_what_reads_needs_a_scope_for_reading() -> None:
    for operation in LOOKING:
        assert scope_of(operation.id).endswith(":read") == (operation.method == "GET"), operation.id


@pytest.mark.parametrize("operation", LOOKING, ids=lambda one: one.id)
async def test_a_fresh_token_does_nothing_in_another_network(operation: Operation) -> None:
    house = build_house()
    home, other = await furnished(house, "alpha"), await furnished(house, "bravo")
    if "{network_id}" not in operation.path and not operation.names_network:
        return
    for kind in KINDS:
        if kind is TokenKind.OPERATOR:
            continue
        answer = await call(house, operation, token_of(house, home, kind), other)
        assert answer.status == (404 if kind in RULES[operation.id] else 403), kind


@pytest.mark.parametrize("how", ENDED)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.value)
async def test_a_token_that_has_ended_does_nothing_anywhere(kind: TokenKind, how: str) -> None:
    if (kind, how) == (TokenKind.OPERATOR, "deleted"):
        return
    house = build_house()
    home, other = await furnished(house, "alpha"), await furnished(house, "bravo")
    token = await ended(house, home, kind, how)
    for operation, target in product(LOOKING, (home, other)):
        answer = await call(house, operation, token, target)
        assert answer.status == 401, operation.id
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.value)
async def test_the_token_that_replaces_another_is_good_at_once(kind: TokenKind) -> None:
    house = build_house()
    home = await furnished(house, "alpha")
    fresh = await rotate(house, home, kind)
    for operation in LOOKING:
        if operation.method == "GET" and kind in RULES[operation.id]:
            assert (await call(house, operation, fresh, home)).status in {200, 404}, operation.id


async def post(house: House, home: Home, path: str, body: Any, token: str | None = None) -> RawAnswer:
    headers = {**bearer(token or home["network_token"]), "Content-Type": "application/json"}
    data = b"" if body is None else json.dumps(body).encode()
    return await ask(house.app, "POST", f"/api/v1/networks/{home['network_id']}{path}", headers, data)


async def test_a_registration_token_is_used_up_exactly(any_house: House) -> None:
    home = await any_house.network()
    made = await post(any_house, home, "/tokens/registration/rotate", {"uses": 4})
    token = made.document["token"]
    assert made.document["uses"] == 4
    clients = [{"client_id": f"client-{number}", "device_type": "mobile"} for number in range(12)]
    answers = await asyncio.gather(*(post(any_house, home, "/clients", one, token) for one in clients))
    statuses = sorted(answer.status for answer in answers)
    assert statuses == [201] * 4 + [401] * 8
    path = f"/api/v1/networks/{home['network_id']}/clients"
    listed = await ask(any_house.app, "GET", path, bearer(home["network_token"]))
    assert listed.document["total"] == 4


@pytest.mark.parametrize("body", [None, {}, {"uses": None}])
async def test_what_a_registration_token_is_to_take_in_need_not_be_said(house: House, body: Any) -> None:
    home = await house.network()
    made = await post(house, home, "/tokens/registration/rotate", body)
    assert (made.status, made.document["uses"], made.document["kind"]) == (200, 25, "registration")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/tokens/registration/rotate", {"uses": 0}),
        ("/tokens/registration/rotate", {"uses": "3"}),
        ("/tokens/registration/rotate", {"uses": 1.5}),
        ("/tokens/client/rotate", {}),
        ("/tokens/client/rotate", None),
        ("/tokens/client/rotate", {"client_id": 5}),
    ],
)
async def test_a_rotation_that_makes_no_sense_is_refused(house: House, path: str, body: Any) -> None:
    assert (await post(house, await house.network(), path, body)).status == 422


async def test_there_is_no_other_kind_to_rotate(house: House) -> None:
    home = await house.network()
    for kind in ("operator", "user", "nothing"):
        assert (await post(house, home, f"/tokens/{kind}/rotate", {})).status == 404


@pytest.mark.parametrize("kind", ["network", "registration", "client"])
async def test_a_revoked_token_is_good_no_more(house: House, kind: str) -> None:
    home = await furnished(house, "alpha")
    body = {"client_id": SHARED_CLIENT} if kind == "client" else None
    token = token_of(house, home, TokenKind(kind))
    assert (await post(house, home, f"/tokens/{kind}/revoke", body)).status == 204
    assert (await post(house, home, "/clients", BODIES["mira.client.register"], token)).status == 401


async def test_a_narrowed_token_dies_with_the_one_that_it_was_made_from(any_house: House) -> None:
    home = await any_house.network()
    made = await post(any_house, home, "/tokens/network/narrow", {"scopes": ["reminder:read", "feed:write"]})
    assert (made.status, made.document["kind"]) == (200, "network")
    narrow = made.document["token"]
    path = f"/api/v1/networks/{home['network_id']}"
    assert (await ask(any_house.app, "GET", f"{path}/reminders", bearer(narrow))).status == 200
    assert (await post(any_house, home, "/calendar/feed", None, narrow)).status == 201
    for refused in (
        await post(any_house, home, "/reminders", {"title": "x", "due_time": "2030-01-01T00:00:00Z"}, narrow),
        await post(any_house, home, "/tokens/network/narrow", {"scopes": ["network:write"]}, narrow),
        await post(any_house, home, "/tokens/network/rotate", None, narrow),
        await ask(any_house.app, "GET", path, bearer(narrow)),
    ):
        assert (refused.status, refused.document["error"]["code"]) == (403, "INSUFFICIENT_SCOPE")
    assert (await post(any_house, home, "/tokens/network/rotate", None)).status == 200
    assert (await ask(any_house.app, "GET", f"{path}/reminders", bearer(narrow))).status == 401


@pytest.mark.parametrize(
    "scopes", [[], ["nothing"], ["token:write"], ["operator:read"], "reminder:read", None]
)
async def test_a_narrowed_token_is_for_something_that_owners_do(house: House, scopes: Any) -> None:
    refused = await post(house, await house.network(), "/tokens/network/narrow", {"scopes": scopes})
    assert (refused.status, refused.document["error"]["details"]["field"]) == (422, "scopes")
