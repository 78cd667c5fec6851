"""Refusals: every one in the dialect of its address, in its order, and with its headers."""

from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from structlog.testing import capture_logs
from werkzeug.exceptions import MethodNotAllowed, ServiceUnavailable, Unauthorized

from adapters.http.dialect import Occasion
from adapters.http.dialects.companion.dialect import COMPANION
from adapters.http.dialects.mira.dialect import MIRA
from adapters.http.refusals import STATUS, refusal, status_of
from domain import errors
from domain.errors import Kind, MiraError, RateLimitExceeded, UnsupportedVersion
from domain.ids import RequestId
from tests.adapters.http.house import bearer
from tests.adapters.http.refusing import as_companion, as_mira

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "path",
    ["/", "/api/v1", "/api/v1/nothing", "/api/v1/networks/", "/api/v1//networks", "/api/v1/networks/a/b/c"],
)
async def test_nothing_at_an_address_of_the_networks_api(house, path):
    answer = await house.app.test_client().get(path)

    assert answer.status_code == 404
    assert answer.content_type == "application/json"
    assert as_mira(await answer.get_json())["code"] == "NOT_FOUND"


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/nothing", "/nothing", "/api/v2/networks", "/api/v10", "/internal/x"]
)
async def test_nothing_at_any_other_address(house, path):
    answer = await house.app.test_client().get(path)

    assert answer.status_code == 404
    assert as_companion(await answer.get_json())["error_code"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PATCH", "/api/v1/networks/net_1", "DELETE, GET, HEAD, OPTIONS, PUT"),
        ("DELETE", "/api/v1/networks", "OPTIONS, POST"),
        ("BREW", "/api/v1/health", "GET, HEAD, OPTIONS"),
        ("POST", "/internal/health", "GET, HEAD, OPTIONS"),
        ("POST", "/openapi.json", "GET, HEAD, OPTIONS"),
    ],
)
async def test_a_wrong_method_in_the_networks_api_says_which_are_right(house, method, path, allowed):
    answer = await house.app.test_client().open(path, method=method)

    assert answer.status_code == 405
    assert answer.headers["Allow"] == allowed
    error = as_mira(await answer.get_json())
    assert error["code"] == "METHOD_NOT_ALLOWED"
    assert error["details"]["allowed"] == allowed.split(", ")


async def test_a_wrong_method_in_the_companion_api(house):
    answer = await house.app.test_client().put("/v1/devices")

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "OPTIONS, POST"
    assert as_companion(await answer.get_json())["error_code"] == "METHOD_NOT_ALLOWED"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "must be a JSON document in UTF-8"),
        (b"{", "must be a JSON document in UTF-8"),
        (b"{'name': 'Home'}", "must be a JSON document in UTF-8"),
        (b'{"name": "Home",}', "must be a JSON document in UTF-8"),
        (b'{"name": "\xff"}', "must be a JSON document in UTF-8"),
        (b'\xef\xbb\xbf{"name": "Home"}', "must be a JSON document in UTF-8"),
        (b'{"name": "\\ud800"}', "must be a JSON document in UTF-8"),
        (b'{"name": NaN}', "must be a JSON document in UTF-8"),
        (
            b'{"name": "Home", "settings": {"audio_quality_threshold": 1e999}}',
            "must be a JSON document in UTF-8",
        ),
        (b'{"name": "Home", "x": -1e999}', "must be a JSON document in UTF-8"),
        (b'{"name": "Home", "x": ' + b"9" * 5000 + b"}", "must be a JSON document in UTF-8"),
        (b"[" * 100_000, "must be a JSON document in UTF-8"),
        (b'{"a":' * 1000 + b"1" + b"}" * 1000, "must not be nested deeper than 32 levels"),
        (b"[" * 33 + b"]" * 33, "must not be nested deeper than 32 levels"),
        (b"[" * 32 + b"]" * 32, "must be an object"),
        (b'"\\u0000"', "must not contain the character U+0000"),
        (b"12345678901234567890123", "must be an object"),
    ],
)
async def test_what_is_no_document_is_refused(house, data, problem):
    answer = await house.app.test_client().post("/api/v1/networks", headers=JSON, data=data)

    assert answer.status_code == 422
    error = as_mira(await answer.get_json())
    assert error["code"] == "VALIDATION_ERROR"
    assert (error["details"]["field"], error["details"]["problem"]) == ("body", problem)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (b'{"name": "a\\u0000b"}', "name"),
        (b'{"name": "Home", "settings": {"language": "\\u0000en"}}', "settings.language"),
        (b'{"name": "Home", "more": [1, {"deep": ["", "\\u0000"]}]}', "more[1].deep[1]"),
        (b'{"name": "Home", "more": {"\\u0000": 1}}', "more"),
        (b'{"\\u0000": 1}', "body"),
    ],
)
async def test_the_character_that_no_store_keeps_is_refused_by_its_place(house, data, field):
    answer = await house.app.test_client().post("/api/v1/networks", headers=JSON, data=data)

    assert answer.status_code == 422
    assert as_mira(await answer.get_json())["details"]["field"] == field


async def test_a_document_of_any_other_character_is_kept_as_it_is(house):
    made = await house.network("\U0001f9c0 e\u0301\u202e\u0001")

    assert made["name"] == "\U0001f9c0 e\u0301\u202e\u0001"


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
async def test_a_body_of_another_type_is_refused(house, headers):
    answer = await house.app.test_client().post("/api/v1/networks", headers=headers, data=b'{"name": "Home"}')

    assert answer.status_code == 415
    assert as_mira(await answer.get_json())["code"] == "UNSUPPORTED_MEDIA_TYPE"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "application/json; charset=UTF-8"},
        {"Content-Type": "APPLICATION/JSON"},
        {"Content-Type": "application/vnd.mira+json"},
        {"Content-Type": "application/json", "Content-Encoding": "identity"},
    ],
)
async def test_a_body_that_is_json_by_any_name_is_taken(house, headers):
    answer = await house.app.test_client().post("/api/v1/networks", headers=headers, data=b'{"name": "Home"}')

    assert answer.status_code == 201


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 3 * 1024 * 1024])
async def test_a_body_that_is_too_large_is_refused(house, size):
    network = await house.network()
    headers = {**JSON, **bearer(network["network_token"])}
    client = house.app.test_client()

    answer = await client.post("/api/v1/networks", headers=JSON, data=b" " * size)
    assert answer.status_code == 413
    assert as_mira(await answer.get_json())["code"] == "PAYLOAD_TOO_LARGE"
    answer = await client.post("/v1/devices", headers=headers, data=b" " * size)
    assert answer.status_code == 413
    assert as_companion(await answer.get_json())["error_code"] == "PAYLOAD_TOO_LARGE"


async def test_a_body_may_be_a_mebibyte(house):
    body = b'{"name": "Home", "filler": "%s"}' % (b"x" * (1024 * 1024 - 32))
    assert len(body) <= 1024 * 1024
    answer = await house.app.test_client().post("/api/v1/networks", headers=JSON, data=body)

    assert answer.status_code == 201


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "Bearer not.a.token", "bearer \xe9", "x" * 9000],
)
async def test_without_a_good_token_nothing_is_told(house, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    client = house.app.test_client()

    answer = await client.get("/api/v1/networks/net_1", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert as_mira(await answer.get_json())["code"] == "UNAUTHORIZED"
    answer = await client.post("/v1/devices", headers=headers, data=b"{")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert as_companion(await answer.get_json())["error_code"] == "UNAUTHORIZED"


async def test_the_scheme_of_a_token_is_written_in_any_case(house):
    network = await house.network()
    answer = await house.app.test_client().get(
        f"/api/v1/networks/{network['network_id']}",
        headers={"Authorization": f"bEARER  {network['network_token']} "},
    )

    assert answer.status_code == 200


async def test_refusals_come_in_their_order(house):
    """401 before 403 before 404 before what is wrong with the body."""
    mine, other = await house.network(), await house.network()
    registered = await house.client(mine)
    path = f"/api/v1/networks/{mine['network_id']}"
    bad = {"headers": {"Content-Type": "text/plain"}, "data": b"not json"}
    client = house.app.test_client()

    async def status(path, token):
        headers = {**bad["headers"], **(bearer(token) if token else {})}
        return (await client.put(path, headers=headers, data=bad["data"])).status_code

    assert await status(path, None) == 401
    assert await status(path, registered["client_token"]) == 403
    assert await status(path, other["network_token"]) == 404
    assert await status("/api/v1/networks/net_0", house.tokens.operator()) == 404
    assert await status("/api/v1/networks/%00", house.tokens.operator()) == 404
    assert await status(path, mine["network_token"]) == 415
    assert await status("/api/v1/clients/somebody", registered["client_token"]) == 404
    assert await status("/api/v1/clients/phone-1", registered["client_token"]) == 415
    query = await client.get(f"{path}/reminders?limit=-1", headers=bearer(other["network_token"]))
    assert query.status_code == 404


async def test_somebody_elses_and_a_missing_network_are_told_alike(house):
    mine, other = await house.network(), await house.network()
    client = house.app.test_client()
    told = []
    for network_id in (other["network_id"], "net_" + "0" * 32):
        answer = await client.get(
            f"/api/v1/networks/{network_id}",
            headers={**bearer(mine["network_token"]), "X-Request-ID": "same"},
        )
        document = await answer.get_json()
        del document["error"]["details"]["timestamp"]
        assert document["error"]["details"].pop("network_id") == network_id
        told.append((answer.status_code, document))

    assert told[0] == told[1]


async def test_the_unforeseen_is_logged_and_told_without_detail(house):
    network = await house.network()
    made = await house.device(network)
    with capture_logs() as logs:
        answer = await house.app.test_client().post(
            "/v1/dialog/send?secret=query",
            headers=bearer(made["auth_token"]),
            json={"device_id": made["device_id"], "message": "break"},
        )

    assert answer.status_code == 500
    document = as_companion(await answer.get_json())
    assert document["error_code"] == "INTERNAL_ERROR"
    assert document["details"] == {}
    told = str(document)
    assert "ZeroDivision" not in told
    assert "secret" not in told
    (entry,) = [entry for entry in logs if entry["event"] == "a request failed"]
    assert entry["request_id"] == document["request_id"] == answer.headers["X-Request-ID"]
    assert entry["operation"] == "companion.dialog.send"
    assert entry["failures"][0]["class"] == "ZeroDivisionError"
    assert any("residents.py" in where for where in entry["failures"][0]["where"])
    for secret in ("secret detail", "break", made["auth_token"], "query"):
        assert secret not in str(entry)


async def test_what_a_caller_does_wrong_is_not_logged(house):
    with capture_logs() as logs:
        client = house.app.test_client()
        await client.post("/api/v1/networks", json={"name": 5})
        await client.get("/api/v1/networks/net_1")
        await client.get("/nothing")

    assert logs == []


async def test_a_socket_that_is_not_there_is_refused_in_a_dialect(house):
    @house.app.websocket("/ws/<name>")
    async def hello(name: str) -> None:
        raise errors.NetworkNotFound(name)

    answer = await house.app.test_client().get("/ws/net_1")
    assert answer.status_code == 400
    assert as_companion(await answer.get_json())["error_code"] == "BAD_REQUEST"


def test_every_kind_of_refusal_has_its_number():
    assert {kind: STATUS[kind].value for kind in Kind} == {
        Kind.INVALID: 422,
        Kind.UNAUTHENTICATED: 401,
        Kind.FORBIDDEN: 403,
        Kind.NOT_FOUND: 404,
        Kind.CONFLICT: 409,
        Kind.GONE: 410,
        Kind.TOO_LARGE: 413,
        Kind.UNSUPPORTED: 415,
        Kind.LIMITED: 429,
        Kind.UNAVAILABLE: 503,
        Kind.UPSTREAM: 502,
        Kind.INTERNAL: 500,
    }
    assert status_of(UnsupportedVersion) == HTTPStatus.BAD_REQUEST


def test_headers_of_the_web_framework_survive():
    told = refusal(MethodNotAllowed(["PUT", "GET"]))
    assert (told.status, told.code, told.headers["Allow"]) == (405, "METHOD_NOT_ALLOWED", "GET, PUT")

    told = refusal(ServiceUnavailable(retry_after=7))
    assert (told.status, told.code, told.headers["Retry-After"]) == (503, "OVERLOADED", "7")

    told = refusal(Unauthorized())
    assert told.status == 401
    assert not {name.lower() for name in told.headers} & {"content-type", "content-length"}


def test_who_does_too_much_is_told_when_to_come_back():
    told = refusal(RateLimitExceeded("Too many.", retry_after=11.6, limit=100))

    assert (told.status, told.code) == (429, "RATE_LIMIT_EXCEEDED")
    assert told.headers == {"Retry-After": "12"}
    assert told.details == {"retry_after": 11.6, "limit": 100}


def test_each_dialect_has_its_own_names_for_refusals():
    occasion = Occasion(request_id=RequestId("req_1"), at=datetime(2026, 3, 1, 13, tzinfo=UTC))
    limited = refusal(RateLimitExceeded("Too many.", retry_after=5))
    missing = refusal(errors.ClientNotFound("phone-1"))

    assert MIRA.refused(limited, occasion) == {
        "error": {
            "code": "RATE_LIMIT_EXCEEDED",
            "message": "Too many.",
            "details": {"retry_after": 5, "timestamp": "2026-03-01T13:00:00Z"},
            "request_id": "req_1",
        }
    }
    assert COMPANION.refused(limited, occasion) == {
        "error_code": "RATE_LIMITED",
        "message": "Too many.",
        "details": {"retry_after": 5},
        "request_id": "req_1",
    }
    assert COMPANION.refused(missing, occasion)["error_code"] == "DEVICE_NOT_FOUND"
    assert COMPANION.refused(missing, occasion)["details"] == {"device_id": "phone-1"}
    assert MIRA.refused(missing, occasion)["error"]["code"] == "INVALID_CLIENT_ID"


def test_details_are_plain_short_and_of_valid_characters():
    class Odd(MiraError):
        """Something odd."""

    told = refusal(
        Odd(
            "odd \ud800",
            text="x" * 5000,
            surrogate="a\ud800b",
            huge=10**5000,
            infinite=float("inf"),
            moment=datetime(2026, 3, 1, 13, tzinfo=UTC),
            kind=Kind.GONE,
            secret=object(),
            raw=b"bytes",
            many=list(range(100)),
            names={"b", "a"},
            deep={"a": {"b": {"c": {"d": {"e": 1}}}}},
        )
    )

    assert told.message == "odd ?"
    assert told.details["text"] == "x" * 200
    assert told.details["surrogate"] == "a?b"
    assert told.details["huge"] == "a very large number"
    assert told.details["infinite"] is None
    assert told.details["moment"] == "2026-03-01T13:00:00Z"
    assert told.details["kind"] == "gone"
    assert told.details["secret"] == "object"
    assert told.details["raw"] == "bytes"
    assert told.details["many"] == list(range(50))
    assert sorted(told.details["names"]) == ["a", "b"]
    assert told.details["deep"] == {"a": {"b": {"c": {"d": "dict"}}}}
