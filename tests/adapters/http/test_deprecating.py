"""Operations that go away: what their answers, the documents and the migration guide say of it."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from adapters.http.app import OPERATIONS
from adapters.http.deprecating import NOTICE, Deprecation
from adapters.http.openapi import openapi_document
from adapters.http.options import HttpOptions
from adapters.http.routing import deprecated_alias
from domain.errors import InvalidValue
from tests.adapters.http.house import bearer, build_house

SINCE = datetime(2027, 1, 1, tzinfo=UTC)
SUNSET = datetime(2027, 8, 1, 2, 30, tzinfo=timezone(timedelta(hours=2)))
OLD = deprecated_alias(
    next(one for one in OPERATIONS if one.id == "mira.network.get"),
    "mira.house.get",
    "/api/v1/houses/{network_id}",
    Deprecation(
        since=SINCE,
        sunset=SUNSET,
        instead="A house is a network: ask for `/api/v1/networks/{network_id}`.",
        successor="/api/v1/networks/{network_id}",
    ),
)


@pytest.fixture
def aging():
    """A hub with an address that goes away."""
    return build_house(operations=(*OPERATIONS, OLD), public_url="https://hub.example/mira")


def told_of_its_end(headers) -> bool:
    """Whether an answer says, in the three headers, what OLD was declared with."""
    if "Deprecation" not in headers:
        assert not {"Sunset", "Link"} & set(headers)
        return False
    assert headers["Deprecation"] == f"@{int(SINCE.timestamp())}"
    assert headers["Sunset"] == "Sun, 01 Aug 2027 00:30:00 GMT"
    assert parsedate_to_datetime(headers["Sunset"]) == SUNSET
    assert headers["Link"].split(", ") == [
        '<https://hub.example/mira/docs/migrating#mira.house.get>; rel="deprecation"; type="text/html"',
        '<https://hub.example/mira/docs/migrating#mira.house.get>; rel="sunset"; type="text/html"',
        '<https://hub.example/mira/api/v1/networks/{network_id}>; rel="successor-version"',
    ]
    return True


async def test_the_alias_answers_what_the_operation_answers_and_says_that_it_goes_away(aging):
    network = await aging.network("Home")
    owner, ask = bearer(network["network_token"]), aging.app.test_client()
    old = await ask.get(f"/api/v1/houses/{network['network_id']}", headers=owner)
    new = await ask.get(f"/api/v1/networks/{network['network_id']}", headers=owner)

    assert (old.status_code, await old.get_json()) == (200, await new.get_json())
    assert told_of_its_end(old.headers)
    assert not told_of_its_end(new.headers)


async def test_refusals_of_the_alias_are_those_of_the_operation_and_say_so_too(aging):
    network, other = await aging.network("Home"), await aging.network("Other")
    client = await aging.client(network)
    ask, path = aging.app.test_client(), f"/api/v1/houses/{network['network_id']}"
    refused = {
        401: await ask.get(path),
        403: await ask.get(path, headers=bearer(client["client_token"])),
        404: await ask.get(path, headers=bearer(other["network_token"])),
    }

    for status, answer in refused.items():
        assert answer.status_code == status
        assert told_of_its_end(answer.headers)


async def test_the_document_and_the_guide_tell_it(aging):
    ask = aging.app.test_client()
    document = await (await ask.get("/openapi.json")).get_json()
    OpenAPIV31SpecValidator(document).validate()
    told = document["paths"]["/api/v1/houses/{network_id}"]["get"]
    guide = await (await ask.get("/docs/migrating")).get_data(as_text=True)

    assert told["deprecated"] is True
    assert told["description"].startswith("A house is a network")
    assert told["externalDocs"]["url"] == "https://hub.example/mira/docs/migrating#mira.house.get"
    assert {"Deprecation", "Sunset", "Link"} <= set(told["responses"]["200"]["headers"])
    assert {"Deprecation", "Sunset", "Link"} <= set(told["responses"]["404"]["headers"])
    assert "deprecated" not in document["paths"]["/api/v1/networks/{network_id}"]["get"]
    assert 'id="mira.house.get"' in guide
    assert "<code>/api/v1/networks/{network_id}</code>" in guide
    assert "2027-01-01" in guide
    assert "2027-08-01" in guide


async def test_a_hub_where_nothing_goes_away_says_so(house):
    guide = await (await house.app.test_client().get("/docs/migrating")).get_data(as_text=True)

    assert "Nothing of this version goes away." in guide
    assert not any(
        one.get("deprecated")
        for methods in openapi_document(OPERATIONS, HttpOptions())["paths"].values()
        for one in methods.values()
    )


@pytest.mark.parametrize(
    ("since", "sunset"),
    [
        (SINCE, SINCE + NOTICE - timedelta(seconds=1)),
        (SINCE, SINCE - NOTICE),
        (SINCE.replace(tzinfo=None), SUNSET),
        (SINCE, SUNSET.replace(tzinfo=None)),
    ],
)
def test_nothing_ends_without_half_a_year_of_notice(since, sunset):
    with pytest.raises(InvalidValue):
        Deprecation(since=since, sunset=sunset, instead="Do without.")
