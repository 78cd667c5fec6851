"""The AsyncAPI 3 document of the sockets, made from the shapes that do the reading and the writing."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, get_type_hints
from urllib.parse import urlsplit

import attrs
import msgspec

from adapters.websocket.companion import incoming as companion_incoming
from adapters.websocket.companion import outgoing as companion_outgoing
from adapters.websocket.endings import MEANINGS
from adapters.websocket.mira import incoming as mira_incoming
from adapters.websocket.mira import outgoing as mira_outgoing
from adapters.websocket.operator import messages as operator_messages
from adapters.websocket.options import SocketOptions

ASYNCAPI: Final = "3.0.0"
REFERENCE: Final = "#/components/schemas/{name}"
ANYTHING: Final = {"type": ["string", "number", "boolean", "object", "array", "null"]}
BINARY: Final = {
    "name": "binary_audio",
    "title": "binary_audio",
    "summary": "A binary frame: a little-endian uint64, microseconds since 1970 by the client's clock, "
    "then mono s16le samples at 16 kHz.",
    "contentType": "application/octet-stream",
    "payload": {"type": "string", "format": "binary", "minLength": 10},
}
PROTOCOLS: Final = {
    "network": (
        "/ws/{network_id}",
        "The clients of a network. The first message is a handshake, and its answer the first event.",
        tuple(mira_incoming.SHAPES.values()),
        mira_outgoing.SHAPES,
    ),
    "device": (
        "/ws/{device_id}",
        "Companion devices. Connecting is joining; a device is told only what is addressed to it.",
        tuple(companion_incoming.SHAPES.values()),
        companion_outgoing.SHAPES,
    ),
    "operator": (
        "/internal/operator/events",
        "Operators, with their own token: all that happens in the hub. After hello nothing is missed, so "
        "read the state over REST then; what the hub had no time to tell is counted.",
        operator_messages.TAKEN,
        operator_messages.TOLD,
    ),
}
HEARD: Final = frozenset({"network", "device"})
"""The protocols that sound comes in by, in binary frames."""

Sections = Mapping[str, Mapping[str, Any]]


def asyncapi(options: SocketOptions, beside: Sections | None = None) -> dict[str, Any]:
    """The document: the channels, the messages of each direction, and the close codes.

    Beside the sockets it has what else is given by section: servers, channels, operations, messages, schemas.
    """
    schemas: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    for name, (address, summary, taken, told) in PROTOCOLS.items():
        schemas |= _complete(name, _schemas(name, (*taken, *told)), taken, told)
        sent = {f"{name}_{key}": _message(name, shape) for key, shape in _by_key(taken)}
        sent |= {f"{name}_binary_audio": BINARY} if name in HEARD else {}
        received = {f"{name}_{key}": _message(name, shape) for key, shape in _by_key(told)}
        messages |= sent | received
        channels[name] = _channel(address, summary, [*sent, *received])
        operations[f"{name}_receive"] = _operation("receive", name, sent)
        operations[f"{name}_send"] = _operation("send", name, received)
    also = beside or {}
    return {
        "asyncapi": ASYNCAPI,
        "info": {
            "title": "Mira sockets and subjects",
            "version": options.version,
            "description": "Talking to a hub in real time.",
            "x-close-codes": [
                {"code": one.code, "reason": one.reason, "meaning": meaning}
                for one, meaning in MEANINGS.items()
            ],
        },
        "defaultContentType": "application/json",
        "servers": {"hub": _server(options.public_url), **also.get("servers", {})},
        "channels": {**channels, **also.get("channels", {})},
        "operations": {**operations, **also.get("operations", {})},
        "components": {
            "messages": {**messages, **also.get("messages", {})},
            "schemas": {**schemas, **also.get("schemas", {})},
        },
    }


def _server(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "host": parts.netloc,
        "protocol": parts.scheme.replace("http", "ws"),
        "pathname": parts.path or "/",
        "security": _security(),
    }


def _security() -> list[dict[str, Any]]:
    return [
        {"type": "httpApiKey", "name": "token", "in": "query", "description": "The token."},
        {"type": "http", "scheme": "bearer"},
    ]


def _tag(shape: type[Any]) -> str:
    return str(attrs.fields_dict(shape)["type"].default)


def _by_key(shapes: Sequence[type[Any]]) -> list[tuple[str, type[Any]]]:
    """The shapes by their tags; where several share one, those after the first by their own names too."""
    tags = [_tag(shape) for shape in shapes]
    return [
        (tag if tag not in tags[:place] else f"{tag}_{shape.__name__}", shape)
        for place, (tag, shape) in enumerate(zip(tags, shapes, strict=True))
    ]


def _message(protocol: str, shape: type[Any]) -> dict[str, Any]:
    return {
        "name": _tag(shape),
        "title": _tag(shape),
        "summary": " ".join((shape.__doc__ or "").split()),
        "payload": {"$ref": REFERENCE.format(name=_schema_name(protocol, shape.__name__))},
    }


def _channel(address: str, summary: str, names: Iterable[str]) -> dict[str, Any]:
    parameters = re.findall("{(.+?)}", address)
    return {
        "address": address,
        "servers": [{"$ref": "#/servers/hub"}],
        "summary": summary,
        "parameters": {name: {"description": "What the token is for."} for name in parameters},
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
    }


def _operation(action: str, channel: str, names: Iterable[str]) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in names],
    }


def _schemas(protocol: str, shapes: Iterable[type[Any]]) -> dict[str, Any]:
    """The JSON schemas of the shapes and of all that is in them, by names that the protocols do not share."""
    _, components = msgspec.json.schema_components(
        list(shapes),
        schema_hook=lambda _: ANYTHING,
        ref_template=REFERENCE.format(name=_schema_name(protocol, "{name}")),
    )
    return {_schema_name(protocol, name): schema for name, schema in components.items()}


def _complete(
    protocol: str, schemas: dict[str, Any], taken: Iterable[type[Any]], told: Iterable[type[Any]]
) -> dict[str, Any]:
    """Say what defaults hide: a message names its type, and what the hub tells has all of its fields."""
    heard = {_schema_name(protocol, shape.__name__) for shape in _everything_in(taken)}
    said = {_schema_name(protocol, shape.__name__) for shape in _everything_in(told)}
    for name in heard:
        if "type" in schemas[name]["properties"]:
            schemas[name]["required"] = ["type", *schemas[name].get("required", [])]
    for name in said - heard:
        schemas[name]["required"] = list(schemas[name]["properties"])
    return schemas


def _everything_in(shapes: Iterable[type[Any]]) -> set[type[Any]]:
    """Shapes, and the shapes of their fields."""
    found: set[type[Any]] = set()
    waiting: list[Any] = list(shapes)
    while waiting:
        hint = waiting.pop()
        if isinstance(hint, type) and attrs.has(hint) and hint not in found:
            found.add(hint)
            waiting.extend(get_type_hints(hint).values())
        waiting.extend(getattr(hint, "__args__", ()))
    return found


def _schema_name(protocol: str, name: str) -> str:
    return f"{protocol.title()}{name}"
