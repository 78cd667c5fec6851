"""Commands of other systems, put to the same operations that REST serves: one way in, one set of rules."""

import asyncio
import base64
import binascii
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlencode

import orjson
from attrs import frozen
from quart import Quart

from adapters.http.app import OPERATIONS
from adapters.http.openapi import openapi_document
from adapters.http.options import HttpOptions
from adapters.http.routing import NETWORK_HEADER, Operation
from adapters.nats.asyncapi import Sections, nats_sections
from adapters.nats.commands import Command, Question, Reply

IN_NETWORK: Final = "{network_id}"
REFERENCE: Final = "#/components/schemas/"
NOTHING: Final[dict[str, object]] = {}
PARTS: Final = ("path", "query", "body")
NOT_JSON: Final = "The command must be a JSON object with any of: path, query, body."


def served() -> tuple[Operation, ...]:
    """The operations that are of one network, and of nobody who needs no token."""
    return tuple(
        one for one in OPERATIONS if (IN_NETWORK in one.path or one.names_network) and not one.ranged
    )


def commands_of(operations: Sequence[Operation], options: HttpOptions) -> tuple[Command, ...]:
    """What can be asked for over NATS, with the schemas that the OpenAPI document has for it."""
    document = openapi_document(operations, options)
    schemas = document["components"]["schemas"]
    return tuple(
        _command(one, document["paths"][one.path][one.method.lower()], schemas) for one in operations
    )


def described(options: HttpOptions) -> Sections:
    """What the hub has on NATS, as sections of its AsyncAPI document."""
    return nats_sections(commands_of(served(), options))


@frozen
class PerformCommand:
    """Puts a command to the application, as a request of its own."""

    app: Quart
    operations: Mapping[str, Operation]

    @classmethod
    def on(cls, app: Quart) -> "PerformCommand":
        """For all that is served."""
        return cls(app, {one.id: one for one in served()})

    async def __call__(self, question: Question) -> Reply:
        """Perform a command; its network is its subject's, whatever its content says."""
        operation = self.operations[question.command]
        try:
            asked = _read(question.content)
        except ValueError:
            return _refused("VALIDATION_ERROR", NOT_JSON)
        try:
            path = _path(operation, question, asked.get("path", {}))
            content, media_type = _content(operation, asked.get("body"))
        except (KeyError, ValueError) as error:
            return _refused("VALIDATION_ERROR", f"The command lacks, or has badly: {error}")
        headers = {"content-type": media_type, NETWORK_HEADER.lower(): question.network_id}
        if question.authorization is not None:
            headers["authorization"] = question.authorization
        query = urlencode({name: _text(value) for name, value in asked.get("query", {}).items()})
        headers["content-length"] = str(len(content))
        status, answer = await _ask(self.app, _scope(operation.method, path, query, headers), content)
        return _reply(status, answer)


def _read(content: bytes) -> Mapping[str, Mapping[str, object]]:
    """The parts of a command, or ValueError where it is none."""
    asked: Any = orjson.loads(content or b"{}")
    if not isinstance(asked, dict) or not all(isinstance(asked.get(part, NOTHING), dict) for part in PARTS):
        raise ValueError(NOT_JSON)
    told: Mapping[str, Mapping[str, object]] = asked
    return told


def _command(operation: Operation, described: Mapping[str, Any], schemas: Mapping[str, Any]) -> Command:
    parts: dict[str, Any] = {"path": {}, "query": {}}
    for parameter in described.get("parameters", ()):
        if parameter["in"] in parts and parameter["name"] != "network_id":
            parts[parameter["in"]][parameter["name"]] = parameter.get("schema", {})
    properties: dict[str, Any] = {
        name: {"type": "object", "properties": known} for name, known in parts.items() if known
    }
    if "requestBody" in described:
        properties["body"] = _schema(described["requestBody"]["content"])
    answer = described["responses"].get(str(int(operation.status)), {}).get("content", {})
    return Command(
        name=operation.id,
        meaning=operation.summary,
        request=_whole({"type": "object", "properties": properties}, schemas),
        response=_whole(_schema(answer), schemas),
    )


def _schema(content: Mapping[str, Any]) -> Any:
    for described in content.values():
        return described.get("schema", {})
    return {}


def _whole(schema: Any, schemas: Mapping[str, Any]) -> Mapping[str, object]:
    """A schema with everything that it refers to inside."""
    found: dict[str, Any] = {}
    waiting = [schema]
    while waiting:
        for name in _names(waiting.pop()):
            if name not in found:
                found[name] = schemas[name]
                waiting.append(schemas[name])
    text = json.dumps({**schema, "$defs": found} if found else schema)
    whole: Mapping[str, object] = json.loads(text.replace(REFERENCE, "#/$defs/"))
    return whole


def _names(schema: Any) -> Iterable[str]:
    """The names that a schema refers to."""
    if isinstance(schema, Mapping):
        for key, value in schema.items():
            if key == "$ref" and isinstance(value, str):
                yield value.removeprefix(REFERENCE)
            else:
                yield from _names(value)
    elif isinstance(schema, list | tuple):
        for part in schema:
            yield from _names(part)


def _path(operation: Operation, question: Question, named: Mapping[str, object]) -> str:
    path = operation.path.replace(IN_NETWORK, quote(question.network_id, safe=""))
    while "{" in path:
        before, _, rest = path.partition("{")
        name, _, after = rest.partition("}")
        if not isinstance(named.get(name), str):
            raise KeyError(f"path.{name}")
        path = before + quote(str(named[name]), safe="") + after
    return path


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _content(operation: Operation, body: Mapping[str, object] | None) -> tuple[bytes, str]:
    """What is sent: a document; or a form, whose sound came in base64 beside its type."""
    if body is None:
        return b"", "application/json"
    if not operation.form:
        return orjson.dumps(body), "application/json"
    boundary = secrets.token_hex(16)
    types = {name.removesuffix("_type"): value for name, value in body.items() if name.endswith("_type")}
    parts = [
        _part(boundary, name, value, types.get(name))
        for name, value in body.items()
        if name.removesuffix("_type") not in body or not name.endswith("_type")
    ]
    return b"".join([*parts, f"--{boundary}--\r\n".encode()]), f"multipart/form-data; boundary={boundary}"


def _part(boundary: str, name: str, value: object, media_type: object) -> bytes:
    if not name.isidentifier():
        raise ValueError(f"body.{name[:50]!r}")
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'
    if media_type is None:
        return f"{head}\r\n\r\n{_text(value)}\r\n".encode()
    if not isinstance(value, str) or not isinstance(media_type, str) or not media_type.isprintable():
        raise ValueError(f"body.{name}")
    try:
        content = base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError(f"body.{name} in base64") from error
    sort = f'; filename="{name}"\r\nContent-Type: {media_type}\r\n\r\n'
    return head.encode() + sort.encode() + content + b"\r\n"


def _scope(method: str, path: str, query: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """A request as ASGI describes it."""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()],
        "client": ("nats", 0),
        "server": ("nats", 0),
    }


async def _ask(app: Quart, scope: Mapping[str, Any], content: bytes) -> tuple[int, bytes]:
    """Put a request to the application, in this process; its status and its body."""
    incoming: list[dict[str, Any]] = [{"type": "http.request", "body": content, "more_body": False}]
    status, body = 500, b""

    async def receive() -> dict[str, Any]:
        if incoming:
            return incoming.pop()
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Mapping[str, Any]) -> None:
        nonlocal status, body
        status = message.get("status", status)
        body += message.get("body", b"")

    await app(dict(scope), receive, send)  # type: ignore[arg-type]
    return status, body


def _reply(status: int, answer: bytes) -> Reply:
    if status < 400:
        return Reply(content=answer or b"{}")
    try:
        told = json.loads(answer)
    except ValueError:
        told = {}
    told = told.get("error", told) if isinstance(told, dict) else {}
    code, message = told.get("code") or told.get("error_code"), told.get("message")
    return Reply(content=answer, code=str(code or "INTERNAL_ERROR"), message=str(message or "Refused."))


def _refused(code: str, message: str) -> Reply:
    return Reply(content=orjson.dumps({"code": code, "message": message}), code=code, message=message)
