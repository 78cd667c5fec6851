"""What an event's fields may hold, as JSON Schema: read off the very types that are written."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import attrs

REFERENCE: Final = "#/components/schemas/{name}"
SIMPLE: Final[Mapping[object, Mapping[str, object]]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    NoneType: {"type": "null"},
    object: {"type": ["string", "number", "boolean", "object", "array", "null"]},
}

Schema = Mapping[str, object]


def schemas(kinds: Iterable[type]) -> dict[str, Schema]:
    """The schemas of values and of all that is in them, by name; every field is always there."""
    found: dict[str, Schema] = {}
    waiting: list[Any] = list(kinds)
    while waiting:
        kind = waiting.pop()
        if attrs.has(kind) and name_of(kind) not in found:
            hints = get_type_hints(kind)
            found[name_of(kind)] = _value(kind, hints)
            waiting.extend(hints.values())
        waiting.extend(get_args(kind))
    return found


def reference(kind: type) -> Schema:
    """Where the schema of a value is."""
    return {"$ref": REFERENCE.format(name=name_of(kind))}


def name_of(kind: type) -> str:
    """What the schema of a value is called."""
    return f"Event{kind.__name__}"


def _value(kind: type, hints: Mapping[str, Any]) -> Schema:
    names = [field.name for field in attrs.fields(kind)]
    return {
        "title": kind.__name__,
        "description": " ".join((kind.__doc__ or "").split()),
        "type": "object",
        "properties": {name: _schema(hints[name]) for name in names},
        "required": names,
    }


def _schema(hint: Any) -> Schema:
    hint = getattr(hint, "__supertype__", hint)
    match get_origin(hint), get_args(hint):
        case None, _ if hint in SIMPLE:
            return SIMPLE[hint]
        case None, _:
            return {"enum": [one.value for one in hint]} if issubclass(hint, Enum) else reference(hint)
        case origin, kinds if origin in (Union, UnionType):
            return {"anyOf": [_schema(one) for one in kinds]}
        case origin, values if origin is Literal:
            return {"enum": list(values)}
        case origin, (kind, _) if origin is tuple:
            return {"type": "array", "items": _schema(kind)}
        case _, (_, kind):
            return {"type": "object", "additionalProperties": _schema(kind)}
        case _:
            raise TypeError(f"{hint} has no schema")
