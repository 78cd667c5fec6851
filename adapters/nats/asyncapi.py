"""What the hub publishes and serves on NATS, as parts of its AsyncAPI 3 document."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, get_args

from adapters.nats.cloudevents import KINDS, MEDIA_TYPE, PREFIX
from adapters.nats.commands import AUTHORIZATION, Command
from adapters.nats.shapes import REFERENCE, reference, schemas
from adapters.nats.subjects import (
    SERVICE,
    STREAM,
    audio_subject,
    command_subject,
    event_subject,
    live_subject,
    stream_subject,
    told_subject,
)
from domain.events import FactEvent, LiveEvent
from domain.ids import ClientId, NetworkId

NETWORK: Final = NetworkId("{network_id}")
TEXT: Final = {"type": "string"}
FACTS: Final = (
    f"Facts of a network as CloudEvents 1.0, kept in the stream {STREAM}; each comes at least once, "
    "and in the order of its sequence. Nats-Msg-Id is its id."
)
LIVE: Final = "Live news of a network's sound as CloudEvents 1.0; kept nowhere, dropped where NATS is slow."
COMMANDS: Final = (
    f"The micro service {SERVICE}: operations of the REST API by their ids, in the network of the subject. "
    f"The token goes into the header {AUTHORIZATION}, as in Bearer TOKEN."
)
STREAM_OPENING: Final = (
    f"A request that opens a client's stream of sound, with that client's token in the header "
    f"{AUTHORIZATION}; its content is the handshake of the mira protocol, or nothing. It is answered as "
    "a socket's handshake is."
)
STREAM_SOUND: Final = (
    "What the client of an open stream sends: binary frames of sound, or messages of the mira protocol under "
    "Content-Type: application/json. One without content ends the stream."
)
STREAM_TOLD: Final = "What the client of an open stream is told: as over its socket, but for new tokens."
SOUND: Final = {
    "name": "stream_sound",
    "title": "stream_sound",
    "summary": "A little-endian uint64, microseconds since 1970 by the client's clock, then mono s16le "
    "samples at 16 kHz.",
    "contentType": "application/octet-stream",
    "payload": {"type": "string", "format": "binary"},
}
WORDS: Final = {
    "name": "stream_words",
    "title": "stream_words",
    "summary": "A message of the mira protocol, as on the network's socket.",
    "payload": {"type": "object", "properties": {"type": TEXT}, "required": ["type"]},
}
ASKED: Final = {"type": "object", "properties": {AUTHORIZATION: TEXT}, "required": [AUTHORIZATION]}
REFUSED: Final = {
    "type": "object",
    "description": "On a refusal only: Mira's code, and a sentence; the content is then the refusal.",
    "properties": {"Nats-Service-Error-Code": TEXT, "Nats-Service-Error": TEXT},
}

Sections = dict[str, dict[str, Any]]


def nats_sections(commands: Sequence[Command]) -> Sections:
    """The document's sections by name: servers, channels, operations, messages and schemas."""
    facts, news = get_args(FactEvent), get_args(LiveEvent)
    sections: Sections = {
        "servers": {"nats": _server()},
        "channels": {},
        "operations": {},
        "messages": {},
        "schemas": dict(schemas([*facts, *news])),
    }
    _publish(sections, "event", event_subject(NETWORK, "{type}"), FACTS, facts)
    _publish(sections, "live", live_subject(NETWORK, "{type}"), LIVE, news)
    _serve(sections, commands)
    _stream(sections)
    return sections


def _server() -> dict[str, Any]:
    default = "localhost:4222"
    return {
        "host": "{host}",
        "protocol": "nats",
        "description": "Where the hub was told to find it, by --nats-url.",
        "variables": {"host": {"default": default, "description": "Host and port of NATS."}},
    }


def _publish(sections: Sections, name: str, address: str, summary: str, kinds: Iterable[type]) -> None:
    """Add a channel that the hub publishes on; the last word of its subject is the type."""
    messages = {f"{name}_{KINDS[kind]}": _event(kind, kept=name == "event") for kind in kinds}
    words = [KINDS[kind] for kind in kinds]
    sections["messages"] |= messages
    sections["channels"][name] = _channel(address, summary, {"type": words}, messages)
    sections["operations"][f"{name}_send"] = {
        "action": "send",
        "channel": {"$ref": f"#/channels/{name}"},
        "messages": [{"$ref": f"#/channels/{name}/messages/{key}"} for key in messages],
    }


def _event(kind: type, *, kept: bool) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "specversion": {"const": "1.0"},
        "id": TEXT,
        "type": {"const": PREFIX + KINDS[kind]},
        "source": {"type": "string", "description": "mira/networks/ and the network's id"},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "data": reference(kind),
    }
    if kept:
        properties["sequence"] = {"type": "string", "description": "Its place in its network's order"}
    required = list(properties)
    properties["recipient"] = {"type": "string", "description": "The one client that it is for, if it is"}
    return {
        "name": KINDS[kind],
        "title": KINDS[kind],
        "summary": " ".join((kind.__doc__ or "").split()),
        "contentType": MEDIA_TYPE,
        "payload": {"type": "object", "properties": properties, "required": required},
    }


def _serve(sections: Sections, commands: Sequence[Command]) -> None:
    """Add the channel of the micro service, and an operation with its reply for each command."""
    messages: dict[str, Any] = {}
    for command in commands:
        asked, answered = f"command_{command.endpoint}", f"reply_{command.endpoint}"
        messages[asked] = _message(sections, command, command.request, ASKED)
        messages[answered] = _message(sections, command, command.response, REFUSED)
        sections["operations"][asked] = {
            "action": "receive",
            "title": command.name,
            "channel": {"$ref": "#/channels/command"},
            "messages": [{"$ref": f"#/channels/command/messages/{asked}"}],
            "reply": {"messages": [{"$ref": f"#/channels/command/messages/{answered}"}]},
        }
    sections["messages"] |= messages
    words = [command.name for command in commands]
    address = command_subject("{operation}", NETWORK)
    sections["channels"]["command"] = _channel(address, COMMANDS, {"operation": words}, messages)


def _stream(sections: Sections) -> None:
    """Add the channels of streams of sound."""
    opening = WORDS | {"name": "stream_opening", "title": "stream_opening", "headers": ASKED}
    shapes = {"stream_opening": opening, "audio_sound": SOUND, "audio_words": WORDS, "told_words": WORDS}
    sections["messages"] |= shapes
    for name, address, summary, action, messages in (
        ("stream", stream_subject, STREAM_OPENING, "receive", ["stream_opening"]),
        ("audio", audio_subject, STREAM_SOUND, "receive", ["audio_sound", "audio_words"]),
        ("told", told_subject, STREAM_TOLD, "send", ["told_words"]),
    ):
        channel = _channel(address(NETWORK, ClientId("{client_id}")), summary, {}, messages)
        channel["parameters"]["client_id"] = {"description": "The client; its id may have dots."}
        sections["channels"][name] = channel
        sections["operations"][f"{name}_{action}"] = {
            "action": action,
            "channel": {"$ref": f"#/channels/{name}"},
            "messages": [{"$ref": f"#/channels/{name}/messages/{key}"} for key in messages],
        }


def _message(
    sections: Sections, command: Command, shape: Mapping[str, object], headers: Mapping[str, Any]
) -> dict[str, Any]:
    """A command or its reply; what its shape refers to is put beside the other schemas."""
    text = json.dumps(shape).replace("#/$defs/", REFERENCE.format(name="Command"))
    payload = json.loads(text)
    for name, schema in payload.pop("$defs", {}).items():
        sections["schemas"][f"Command{name}"] = schema
    return {
        "name": command.name,
        "title": command.name,
        "summary": command.meaning,
        "headers": headers,
        "payload": payload,
    }


def _channel(
    address: str, summary: str, words: Mapping[str, Sequence[str]], messages: Iterable[str]
) -> dict[str, Any]:
    parameters: dict[str, Any] = {"network_id": {"description": "The network that all of it is about."}}
    parameters |= {name: {"enum": list(known)} for name, known in words.items()}
    return {
        "address": address,
        "servers": [{"$ref": "#/servers/nats"}],
        "summary": summary,
        "parameters": parameters,
        "messages": {key: {"$ref": f"#/components/messages/{key}"} for key in messages},
    }
