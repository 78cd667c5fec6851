"""The OpenAPI document, and the declarations that it is made of."""

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from adapters.http.app import OPERATIONS
from adapters.http.openapi import openapi_document
from adapters.http.options import HttpOptions
from application.networks.access import OPEN_OPERATIONS, RULES
from tests.adapters.http.frozen_names import CODES, CONTRACT, FIELDS
from tests.adapters.http.house import bearer


@pytest.fixture
def document():
    return openapi_document(OPERATIONS, HttpOptions(version="1.2.3", public_url="https://hub.example/mira"))


def every_operation(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


async def test_the_document_is_served_and_valid(house):
    answer = await house.app.test_client().get("/openapi.json")
    served = await answer.get_json()

    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    assert served["openapi"] == "3.1.0"
    assert served["info"]["version"] == "1.2.3"
    assert served["servers"] == [{"url": "http://127.0.0.1:8123"}]
    OpenAPIV31SpecValidator(served).validate()


def test_a_public_address_is_the_documents_server(document):
    assert document["servers"] == [{"url": "https://hub.example/mira"}]


def test_the_documented_operations_are_declared_and_no_others(document):
    declared = {
        (method, path, operation["operationId"], next(int(n) for n in operation["responses"] if n < "300"))
        for method, path, operation in every_operation(document)
    }

    assert declared == CONTRACT


def test_every_route_is_an_operation_with_a_rule(house):
    routes = {
        (method, re.sub(r"<(?:unlike\(.*?\):)?(\w+)>", r"{\1}", rule.rule), rule.endpoint)
        for rule in house.app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert routes == {(method, path, name) for method, path, name, _ in CONTRACT} | {
        ("GET", "/openapi.json", "openapi"),
        ("GET", "/docs", "docs"),
        ("GET", "/docs/migrating", "docs.migrating"),
    }
    assert {name for _, _, name in routes} <= set(RULES) | OPEN_OPERATIONS


def test_names_on_the_wire_are_frozen(document):
    told = {
        name: " ".join(sorted(schema.get("properties") or schema.get("enum", ())))
        for name, schema in document["components"]["schemas"].items()
    }

    assert told == FIELDS


def test_codes_are_frozen(document):
    told: dict[str, set[str]] = {}
    for _, _, operation in every_operation(document):
        for status, answer in operation["responses"].items():
            if status >= "400":
                codes = re.findall(r"`(\w+)`", answer["description"])
                assert codes
                told.setdefault(operation["tags"][0], set()).update(codes)

    assert {dialect: " ".join(sorted(codes)) for dialect, codes in told.items()} == CODES


def test_every_operation_says_what_it_does_and_how_it_refuses(document):
    for _, path, operation in every_operation(document):
        assert operation["summary"].endswith(".")
        responses = operation["responses"]
        assert {"400", "500"} <= set(responses)
        assert ("401" in responses) == (operation["operationId"] in RULES)
        assert ("429" in responses) == (operation["operationId"] in RULES)
        assert ("X-RateLimit-Limit" in responses["500"]["headers"]) == ("429" in responses)
        assert ("404" in responses) >= ("{" in path)
        assert ({"413", "415", "422"} <= set(responses)) >= ("requestBody" in operation)


def test_what_needs_a_token_says_so(document):
    security = {
        operation["operationId"]: operation["security"] for _, _, operation in every_operation(document)
    }

    kinds = {
        operation["operationId"]: operation["x-token-kinds"] for _, _, operation in every_operation(document)
    }

    assert kinds["mira.network.get"] == ["network", "operator"]
    assert kinds["mira.client.update"] == ["client"]
    assert kinds["mira.health"] == []
    assert security["mira.network.get"] == [{"bearer": ["network:read"]}]
    assert security["mira.network.create"] == [{"bearer": ["network:write"]}, {}]
    assert security["mira.health"] == [{}]
    assert security["blob.get"] == [{}]


def test_unknown_settings_are_documented_as_refused(document):
    schemas = document["components"]["schemas"]

    assert schemas["SettingsBody"]["additionalProperties"] is False
    assert {name for name, schema in schemas.items() if schema.get("additionalProperties") is False} == {
        "BehaviorBody",
        "LimitsBody",
        "QuietHoursBody",
        "SettingsBody",
        "VoiceBody",
    }


def test_parameters_are_described(document):
    listing = document["paths"]["/api/v1/networks/{network_id}/reminders"]["get"]
    described = {(one["in"], one["name"]): one for one in listing["parameters"]}

    assert set(described) == {
        ("path", "network_id"),
        ("query", "limit"),
        ("query", "offset"),
        ("query", "status"),
        ("query", "due_before"),
        ("header", "X-Request-ID"),
        ("header", "API-Version"),
    }
    limit, status = described["query", "limit"], described["query", "status"]
    assert (limit["required"], status["required"]) == (False, False)
    assert limit["schema"] == {
        "type": "integer",
        "minimum": 0,
        "default": 50,
        "description": "At most so many, 1 to 200; more is taken for 200.",
    }
    assert status["schema"]["anyOf"][0]["enum"] == ["cancelled", "completed", "pending"]
    link = document["paths"]["/v1/audio/{blob_id}"]["get"]["parameters"]
    assert [one["name"] for one in link if one["in"] == "query" and one["required"]] == [
        "network",
        "expires",
        "signature",
    ]
    device = document["paths"]["/v1/devices"]["post"]
    assert ("header", "X-Network-Id") in {(one["in"], one["name"]) for one in device["parameters"]}


async def test_answers_are_of_the_shapes_that_the_document_gives(house, document):
    """Answers made over HTTP are held against the schemas by an independent validator."""
    from jsonschema import Draft202012Validator

    network = await house.network()
    made = await house.client(network, "phone-1", location={"latitude": 1, "longitude": 2})
    device = await house.device(network)
    client = house.app.test_client()
    await client.post(
        "/v1/dialog/send",
        headers=bearer(device["auth_token"]),
        json={"device_id": device["device_id"], "message": "tea"},
    )
    base, owner = f"/api/v1/networks/{network['network_id']}", bearer(network["network_token"])
    answers = {
        "NetworkView": await client.get(base, headers=owner),
        "ClientListView": await client.get(f"{base}/clients", headers=owner),
        "ClientView": await client.put(
            "/api/v1/clients/phone-1", headers=bearer(made["client_token"]), json={}
        ),
        "InteractionListView": await client.get(f"{base}/interactions", headers=owner),
        "ReminderListView": await client.get(f"{base}/reminders", headers=owner),
        "CalendarEventListView": await client.get(f"{base}/calendar", headers=owner),
        "ConversationListView": await client.get(f"{base}/conversations", headers=owner),
        "HealthView": await client.get("/api/v1/health"),
        "DeviceStateView": await client.get(f"/v1/devices/{device['device_id']}/state", headers=owner),
        "NetworkApiError": await client.get(base),
        "CompanionApiError": await client.get("/v1/nothing"),
    }
    for name, answer in answers.items():
        schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        Draft202012Validator(schema).validate(await answer.get_json())
    assert (await answers["InteractionListView"].get_json())["interactions"][0]["actions"] != []
    assert (await answers["ReminderListView"].get_json())["total"] == 1
