"""The AsyncAPI document says what the sockets do."""

import json
import re
from typing import Any

import attrs
import jsonschema
import pytest

from adapters.websocket.asyncapi import asyncapi
from adapters.websocket.companion import incoming as companion_incoming
from adapters.websocket.companion import outgoing as companion_outgoing
from adapters.websocket.mira import incoming as mira_incoming
from adapters.websocket.mira import outgoing as mira_outgoing
from adapters.websocket.operator import messages as operator_messages
from adapters.websocket.options import SocketOptions
from tests.adapters.websocket.house import House, event_of
from tests.adapters.websocket.mira.test_incoming import DOCUMENTED
from tests.adapters.websocket.mira.test_outgoing import WORDS
from tests.patience import PATIENCE
from tests.samples import renamed

DOCUMENT = asyncapi(SocketOptions(public_url="wss://hub.example/mira", version="0.1.0"))
NETWORK_IN = ["handshake", "audio_data", "audio_end", "client_status", "heartbeat", "binary_audio"]
NETWORK_OUT = [
    "handshake_ack",
    "heartbeat_ack",
    "answer_spoken_elsewhere",
    "interaction_created",
    "interaction_interrupted",
    "interaction_response",
    "audio_stream_selected",
    "streams_measured",
    "client_joined",
    "client_left",
    "action_executed",
    "context_updated",
    "reminder_due",
    "token_rotated",
    "error",
]
DEVICE_IN = ["audio_stream", "audio_end", "text_input", "button_press", "heartbeat", "ack", "binary_audio"]
DEVICE_OUT = [
    "audio_response",
    "stop_audio",
    "persona_switch",
    "led_control",
    "sync_event",
    "sync_event",
    "sync_event",
    "sync_event",
    "sync_event",
    "token_rotated",
    "heartbeat_ack",
    "error",
]
OPERATOR_OUT = [
    "hello",
    "fact",
    "selection",
    "streams",
    "turn",
    "trouble",
    "limit",
    "figures",
    "health",
    "log",
    "missed",
    "error",
]


def resolve(reference: dict[str, str]) -> Any:
    """What a reference leads to."""
    found: Any = DOCUMENT
    for part in reference["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return resolve(found) if set(found) == {"$ref"} else found


def references(part: Any) -> list[dict[str, str]]:
    """Every reference in a part of the document."""
    if isinstance(part, dict):
        own = [part] if isinstance(part.get("$ref"), str) else []
        return own + [one for value in part.values() for one in references(value)]
    return [one for value in part for one in references(value)] if isinstance(part, list) else []


def test_every_reference_leads_somewhere() -> None:
    assert all(resolve({"$ref": one["$ref"]}) for one in references(DOCUMENT))


def test_the_wire_names_are_these() -> None:
    def names(operation: str) -> list[str]:
        return [resolve(one)["name"] for one in DOCUMENT["operations"][operation]["messages"]]

    assert sorted(names("network_receive")) == sorted(NETWORK_IN)
    assert sorted(names("network_send")) == sorted(NETWORK_OUT)
    assert sorted(names("device_receive")) == sorted(DEVICE_IN)
    assert sorted(names("device_send")) == sorted(DEVICE_OUT)
    assert names("operator_receive") == ["watch"]
    assert names("operator_send") == OPERATOR_OUT


def test_the_shapes_that_are_read_and_written_are_those_described() -> None:
    described = {name.removeprefix("Network") for name in DOCUMENT["components"]["schemas"]}
    for shape in (*mira_incoming.SHAPES.values(), *mira_outgoing.SHAPES):
        assert shape.__name__ in described
    described = {name.removeprefix("Device") for name in DOCUMENT["components"]["schemas"]}
    for shape in (*companion_incoming.SHAPES.values(), *companion_outgoing.SHAPES):
        assert shape.__name__ in described


def test_the_addresses_are_there_for_the_coverage_script() -> None:
    text = json.dumps(DOCUMENT)
    assert re.findall(r'"address": "([^"]+)"', text) == [
        "/ws/{network_id}",
        "/ws/{device_id}",
        "/internal/operator/events",
    ]
    assert '"audio_data"' in text


def test_the_server_is_where_people_reach_it() -> None:
    server = DOCUMENT["servers"]["hub"]
    assert (server["protocol"], server["host"], server["pathname"]) == ("wss", "hub.example", "/mira")


@pytest.mark.parametrize("said", [said for said, _ in DOCUMENTED])
def test_the_documented_messages_fit_their_schemas(said: dict[str, Any]) -> None:
    check("network", said)


@pytest.mark.parametrize("words", [words for _, words in WORDS])
def test_the_documented_events_fit_their_schemas(words: dict[str, Any]) -> None:
    check("network", words)


def check(protocol: str, message: dict[str, Any]) -> None:
    """Hold a message against the schema that the document gives for it."""
    payload = DOCUMENT["components"]["messages"][f"{protocol}_{message['type']}"]["payload"]
    jsonschema.validate(message, {**payload, "components": DOCUMENT["components"]})


async def test_the_document_is_served_and_fits_what_is_said(house: House) -> None:
    async with house.web.get(f"{house.url}/asyncapi.json") as answer:
        served = await answer.json()
    assert served["asyncapi"].startswith("3.")
    phone = await house.client(await house.network())
    async with house.open("phone", phone.token) as socket:
        await socket.send_json({"type": "text_input", "payload": {"text": "hello"}})
        check("device", await event_of(socket, "audio_response"))
        await socket.send_str("rubbish")
        check("device", await event_of(socket, "error"))


async def test_what_operators_are_told_fits_too(house: House) -> None:
    network = await house.network()
    address, token = f"{house.url}/internal/operator/events", house.tokens.operator()
    async with house.web.ws_connect(address, params={"token": token}) as socket:
        await socket.send_json({"type": "watch", "networks": [network.id], "transcripts": True})
        await house.happen(network, renamed("Castle"))
        missing = {"hello", "health", "fact", "streams", "figures"}
        while missing:
            told = await socket.receive_json(timeout=PATIENCE)
            check("operator", told)
            missing.discard(told["type"])
        await socket.send_str("rubbish")
        check("operator", await event_of(socket, "error"))


def test_every_message_of_operators_is_described() -> None:
    shapes = {one for one in vars(operator_messages).values() if isinstance(one, type) and attrs.has(one)}
    messages = {one for one in shapes if "type" in attrs.fields_dict(one)}
    assert messages == {*operator_messages.TAKEN, *operator_messages.TOLD}
