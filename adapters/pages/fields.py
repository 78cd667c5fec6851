"""JSON schemas as people read them: a row for each field, and a sample of the whole."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import frozen

Schema = Mapping[str, Any]
DEEPEST: Final = 4
BOUNDS: Final = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "minLength": "{} or more characters",
    "maxLength": "{} or fewer characters",
    "minItems": "{} or more items",
    "maxItems": "{} or fewer items",
    "pattern": "matches {}",
    "default": "{} when left out",
}
SAMPLES: Final[Mapping[str, Any]] = {
    "string": "...",
    "integer": 1,
    "number": 1.0,
    "boolean": True,
    "null": None,
}


@frozen(kw_only=True)
class Field:
    """One field of a shape: where it is, how deep inside others, what it may hold, and what that means."""

    name: str
    depth: int
    kind: str
    required: bool
    meaning: str
    bounds: str


@frozen
class Shapes:
    """The schemas of a document, by name."""

    named: Mapping[str, Schema]

    def resolved(self, schema: Schema) -> Schema:
        """A schema itself, where it was only pointed at."""
        while "$ref" in schema:
            schema = self.named[str(schema["$ref"]).rpartition("/")[2]]
        return schema

    def fields(self, schema: Schema, depth: int = 0) -> Iterator[Field]:
        """The fields of a shape, each followed by the fields inside it."""
        shape = self._content(schema)
        required = set(shape.get("required", ()))
        for name, inner in shape.get("properties", {}).items():
            yield Field(
                name=name,
                depth=depth,
                kind=self.kind(inner),
                required=name in required,
                meaning=str(inner.get("description", "")),
                bounds=_bounds(self._main(inner)),
            )
            if depth < DEEPEST:
                yield from self.fields(inner, depth + 1)

    def meaning(self, schema: Schema) -> str:
        """What a shape is, as it says of itself."""
        return " ".join(str(self._main(schema).get("description", "")).split())

    def kind(self, schema: Schema) -> str:
        """What a value may be, in a few words."""
        if "anyOf" in schema:
            return " or ".join(dict.fromkeys(self.kind(one) for one in schema["anyOf"]))
        shape = self.resolved(schema)
        if "const" in shape:
            return repr(shape["const"]).replace("'", '"')
        if "enum" in shape:
            return " | ".join(f'"{one}"' if isinstance(one, str) else str(one) for one in shape["enum"])
        if shape.get("type") == "array":
            return f"list of {self.kind(shape.get('items', {}))}"
        if isinstance(shape.get("additionalProperties"), dict) and "properties" not in shape:
            return f"{self.kind(shape['additionalProperties'])} by name"
        return str(shape.get("format") or shape.get("type", "anything"))

    def sample(self, schema: Schema) -> Any:
        """The least that a value must have: required fields only, with stand-ins for what they hold."""
        shape = self._main(schema)
        if "const" in shape or "enum" in shape:
            return shape.get("const", *shape.get("enum", [None])[:1])
        match shape.get("type"):
            case "object":
                required = set(shape.get("required", ()))
                inner = shape.get("properties", {})
                return {name: self.sample(one) for name, one in inner.items() if name in required}
            case "array":
                return []
            case "string" if shape.get("format") == "date-time":
                return "2027-01-31T09:30:00Z"
            case kind:
                return SAMPLES.get(str(kind), None)

    def _main(self, schema: Schema) -> Schema:
        """What a value is when it is not null."""
        for one in schema.get("anyOf", ()):
            if self.resolved(one).get("type") != "null":
                return self._main(one)
        return self.resolved(schema)

    def _content(self, schema: Schema) -> Schema:
        """The shape inside a list, or of the values by name, or the shape itself."""
        shape = self._main(schema)
        for holder in ("items", "additionalProperties"):
            if isinstance(shape.get(holder), dict) and "properties" not in shape:
                return self._main(shape[holder])
        return shape


def _bounds(schema: Schema) -> str:
    if "enum" in schema or "const" in schema:
        return ""
    told = [text.format(_text(schema[name])) for name, text in BOUNDS.items() if schema.get(name) is not None]
    return ", ".join(told)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
