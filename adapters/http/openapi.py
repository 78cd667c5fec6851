"""The OpenAPI 3.1 document, made of the same declarations and shapes that do the work."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, get_args, get_type_hints

import attrs
import msgspec

from adapters.http.deprecating import GUIDE, Deprecation
from adapters.http.deprecating import HEADERS as DEPRECATION_HEADERS
from adapters.http.forms import FORM, FilePart
from adapters.http.limiting import HEADERS as LIMIT_HEADERS
from adapters.http.options import HttpOptions
from adapters.http.reading import is_closed
from adapters.http.refusals import UNFORESEEN, WORDS, status_of
from adapters.http.requests import REQUEST_ID_HEADER, SANE_ID, VERSION_HEADER, VERSIONED, VERSIONS
from adapters.http.routing import NETWORK_HEADER, Content, Operation
from adapters.http.security import looks_at_token, needs_token
from adapters.http.serving import JSON
from application.networks.access import RULES, scope_of
from application.networks.limiting import Limit
from domain.errors import (
    ActivityNotFound,
    BroadcastNotFound,
    ClientNotFound,
    DeviceNotFound,
    Forbidden,
    InteractionNotFound,
    InvalidValue,
    MiraError,
    NetworkNotFound,
    NotFound,
    PersonaNotFound,
    RateLimitExceeded,
    ScopeMissing,
    SessionNotFound,
    Unauthorized,
    UnsupportedVersion,
)
from domain.ids import CHOSEN_CLIENT_ID
from domain.moments import utc_text

Document = dict[str, Any]
TEMPLATE: Final = "#/components/schemas/{name}"
IN_PATH: Final = re.compile(r"{(\w+)}")
MISSING: Final[Mapping[str, type[MiraError]]] = {
    "network_id": NetworkNotFound,
    "client_id": ClientNotFound,
    "device_id": DeviceNotFound,
    "persona_id": PersonaNotFound,
    "session_id": SessionNotFound,
    "activity_id": ActivityNotFound,
    "broadcast_id": BroadcastNotFound,
    "interaction_id": InteractionNotFound,
    "blob_id": NotFound,
    "reminder_id": NotFound,
    "event_id": NotFound,
    "secret": NotFound,
}
UNREADABLE_BODY: Final = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
SECURITY: Final = "bearer"


def openapi_document(operations: Iterable[Operation], options: HttpOptions) -> Document:
    """Describe operations, with their shapes and every refusal that they declare."""
    declared = tuple(operations)
    schemas, components = _schemas(declared)
    paths: dict[str, Document] = {}
    for one in declared:
        paths.setdefault(one.path, {})[one.method.lower()] = _described(one, schemas, options)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Mira",
            "version": options.version,
            "description": "A hub that hears a home through its best microphone, answers, and acts.",
        },
        "servers": [{"url": options.base_url}],
        "tags": _tags(declared),
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {SECURITY: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _tags(operations: tuple[Operation, ...]) -> list[Document]:
    """The dialects, and the sections of each with what its module says of itself."""
    told: dict[str, Document] = {}
    for one in operations:
        told.setdefault(one.dialect.name, {"name": one.dialect.name})
        told.setdefault(one.section, {"name": one.section, "description": one.section_meaning})
    return list(told.values())


def _schemas(operations: tuple[Operation, ...]) -> tuple[Mapping[Any, Document], Document]:
    shapes = list(dict.fromkeys(shape for one in operations for shape in _shapes(one)))
    described, components = msgspec.json.schema_components(shapes, ref_template=TEMPLATE)
    for shape in _everything_in(shapes):
        if is_closed(shape):
            components[shape.__name__]["additionalProperties"] = False
        _mark_moments(shape, components[shape.__name__])
    taken = _everything_in(one.body for one in operations if one.body is not None)
    for shape in _everything_in(shapes) - taken:
        components[shape.__name__]["required"] = list(components[shape.__name__]["properties"])
    if FilePart.__name__ in components:
        components[FilePart.__name__] = {
            "type": "string",
            "contentMediaType": "application/octet-stream",
            "description": (FilePart.__doc__ or "").strip(),
        }
    return dict(zip(shapes, described, strict=True)), components


def _mark_moments(shape: type, schema: Document) -> None:
    """Say which texts are moments; a type alone does not make its schema say so."""
    for name, hint in get_type_hints(shape).items():
        if datetime in {hint, *get_args(hint)}:
            told = schema["properties"][name]
            text = next((one for one in told.get("anyOf", ()) if one.get("type") == "string"), told)
            text["format"] = "date-time"


def _shapes(one: Operation) -> Iterable[type]:
    answer = None if one.answer is Content else one.answer
    return (shape for shape in (one.body, answer, one.dialect.refusal_shape) if shape is not None)


def _everything_in(shapes: Iterable[type]) -> set[type]:
    """Shapes, and the shapes of their fields."""
    found: set[type] = set()
    waiting: list[Any] = list(shapes)
    while waiting:
        hint = waiting.pop()
        if isinstance(hint, type) and attrs.has(hint) and hint not in found:
            found.add(hint)
            waiting.extend(get_type_hints(hint).values())
        waiting.extend(getattr(hint, "__args__", ()))
    return found


def _described(one: Operation, schemas: Mapping[Any, Document], options: HttpOptions) -> Document:
    described: Document = {
        "operationId": one.id,
        "tags": [one.dialect.name, one.section],
        "summary": one.summary,
        "parameters": _parameters(one, schemas),
        "responses": _answered(one, schemas) | _refusals(one, schemas),
        "security": _security(one),
        "x-token-kinds": sorted(kind.value for kind in RULES.get(one.rule, ())),
    }
    if one.deprecation is not None:
        described |= _deprecated(one.deprecation, f"{options.base_url}{GUIDE}#{one.id}")
    if one.body is not None:
        described["requestBody"] = {
            "required": one.body_needed,
            "content": {FORM if one.form else JSON: {"schema": schemas[one.body]}},
        }
    return described


def _deprecated(going: Deprecation, guide: str) -> Document:
    return {
        "deprecated": True,
        "description": going.instead,
        "externalDocs": {"description": "What to do instead, and until when it is served.", "url": guide},
        "x-deprecated-since": utc_text(going.since),
        "x-sunset": utc_text(going.sunset),
    }


def _security(one: Operation) -> list[Document]:
    proofs: list[Document] = [{SECURITY: [scope_of(one.rule)]}] if looks_at_token(one.rule) else []
    return proofs if needs_token(one.rule) else [*proofs, {}]


def _parameters(one: Operation, schemas: Mapping[Any, Document]) -> list[Document]:
    text: Document = {"type": "string"}
    parameters: list[Document] = [
        {"name": name, "in": "path", "required": True, "schema": text | {"pattern": _whole(CHOSEN_CLIENT_ID)}}
        for name in IN_PATH.findall(one.path)
    ]
    if one.query is not None:
        parameters.extend(_query_parameters(one.query))
    headers = {REQUEST_ID_HEADER: text | {"pattern": _whole(SANE_ID)}}
    if one.conditional:
        headers["If-None-Match"] = text | {"description": "The entity tag that you have."}
    if one.ranged:
        headers["Range"] = text | {"description": "The bytes that are wanted, as in bytes=0-1023."}
        headers["If-Range"] = text | {"description": "The entity tag of what they are to be of."}
    if one.path.startswith(VERSIONED):
        headers[VERSION_HEADER] = text | {"enum": list(VERSIONS)}
    if one.names_network:
        headers[NETWORK_HEADER] = text | {"description": "The network an operator's call is about."}
    parameters.extend({"name": name, "in": "header", "schema": schema} for name, schema in headers.items())
    return parameters


def _query_parameters(shape: type) -> list[Document]:
    _, components = msgspec.json.schema_components([shape], ref_template=TEMPLATE)
    schema = components[shape.__name__]
    _mark_moments(shape, schema)
    required = set(schema.get("required", ()))
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _inlined(part, components)}
        for name, part in schema["properties"].items()
    ]


def _inlined(part: Any, components: Document) -> Any:
    """A schema with the few that it refers to written out, since parameters stand alone."""
    match part:
        case {"$ref": str(reference)}:
            return _inlined(components[reference.rpartition("/")[2]], components)
        case dict():
            return {name: _inlined(inner, components) for name, inner in part.items()}
        case list():
            return [_inlined(inner, components) for inner in part]
        case _:
            return part


def _answered(one: Operation, schemas: Mapping[Any, Document]) -> Document:
    answered: Document = {str(one.status.value): _success(one, schemas)}
    if one.conditional:
        unchanged = {"description": "What you have is what there is.", "headers": _headers(one)}
        answered[str(HTTPStatus.NOT_MODIFIED.value)] = unchanged
    if one.ranged:
        part = _success(one, schemas) | {"description": "The part that was asked for."}
        answered[str(HTTPStatus.PARTIAL_CONTENT.value)] = part
    return answered


def _success(one: Operation, schemas: Mapping[Any, Document]) -> Document:
    answered: Document = {"description": one.summary, "headers": _headers(one)}
    if one.answer is Content:
        answered["content"] = {"*/*": {}}
    elif one.answer is not None:
        answered["content"] = {JSON: {"schema": schemas[one.answer]}}
    return answered


def _refusals(one: Operation, schemas: Mapping[Any, Document]) -> Document:
    """Every declared refusal by its number, naming the codes that a number can mean."""
    codes: dict[int, dict[str, None]] = {}
    for status, code in _declared(one):
        codes.setdefault(status.value, {})[one.dialect.code(code)] = None
    schema = {"schema": schemas[one.dialect.refusal_shape]}
    return {
        str(status): {
            "description": " or ".join(f"`{code}`" for code in names),
            "headers": _headers(one),
            "content": {JSON: schema},
        }
        for status, names in sorted(codes.items())
    }


def _declared(one: Operation) -> Iterable[tuple[HTTPStatus, str]]:
    errors: list[type[MiraError]] = [UnsupportedVersion]
    if looks_at_token(one.rule):
        errors += [Unauthorized, Forbidden, ScopeMissing]
    errors += [MISSING[name] for name in IN_PATH.findall(one.path)]
    if one.body is not None or one.query is not None or one.names_network:
        errors.append(InvalidValue)
    errors += [NetworkNotFound] if one.names_network else []
    errors += [RateLimitExceeded] if one.limit is not Limit.NOTHING else []
    for error in (*errors, *one.raises):
        yield status_of(error), error.code
    if one.body is not None:
        for status in UNREADABLE_BODY:
            yield status, WORDS[status][0]
    if one.ranged:
        unsatisfiable = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
        yield unsatisfiable, WORDS[unsatisfiable][0]
    yield HTTPStatus.INTERNAL_SERVER_ERROR, UNFORESEEN[0]


def _headers(one: Operation) -> Document:
    text: Document = {"schema": {"type": "string"}}
    named = [REQUEST_ID_HEADER, *([VERSION_HEADER] if one.path.startswith(VERSIONED) else [])]
    named += LIMIT_HEADERS if one.limit is not Limit.NOTHING else []
    named += DEPRECATION_HEADERS if one.deprecation is not None else []
    return dict.fromkeys(named, text)


def _whole(pattern: re.Pattern[str]) -> str:
    return f"^{pattern.pattern}$"
