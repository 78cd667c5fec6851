"""Reading what people send: JSON bodies into shapes, with nothing guessed and nothing coerced."""

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import Enum
from functools import reduce
from types import NoneType
from typing import Any, Final, Literal, TypeVar, get_args, get_origin

import attrs
import orjson
from cattrs import Converter
from cattrs.cols import homogenous_tuple_structure_factory
from cattrs.gen import make_dict_structure_fn, mapping_structure_factory
from msgspec import UnsetType

from adapters.http.problems import Problem, Unfit, at
from domain.errors import InvalidValue
from domain.moments import read_moment

DEEPEST: Final = 32
Shape = TypeVar("Shape")
Hook = Callable[[Any, Any], Any]


def strict_converter() -> Converter:
    """Make a converter that takes each JSON type for itself alone.

    The text "5" is no number and the number 5 no text; a whole number is a valid float, a boolean is not.
    Fields that a shape does not know are ignored, unless the shape is closed.
    """
    converter = Converter(detailed_validation=True)
    for kind, hook in {str: _text, bool: _boolean, int: _whole, float: _number, datetime: _moment}.items():
        converter.register_structure_hook(kind, hook)
    converter.register_structure_hook_factory(_may_be_unset, _unset_hook)
    converter.register_structure_hook_factory(attrs.has, _shape_hook)
    converter.register_structure_hook_factory(_is_tuple, _tuple_hook)
    converter.register_structure_hook_factory(_is_mapping, _mapping_hook)
    converter.register_structure_hook_factory(_is_choice, _choice_hook)
    return converter


def closed(shape: type[Shape]) -> type[Shape]:
    """Mark a shape whose unknown fields are refused by name."""
    shape.__closed__ = True  # type: ignore[attr-defined]
    return shape


def is_closed(shape: type) -> bool:
    """Whether a shape refuses what it does not know."""
    return bool(getattr(shape, "__closed__", False))


def read_document(data: bytes) -> Any:
    """Read JSON, no deeper than 32 levels and without U+0000, which no store keeps.

    Raises:
        InvalidValue: the bytes are not such a document.
    """
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise InvalidValue("body", "must be a JSON document in UTF-8") from error
    if flaw := _flaw(document):
        raise InvalidValue(flaw.field, flaw.problem)
    return document


_Trail = tuple["_Trail", str | int] | None


def _flaw(document: object) -> Problem | None:
    """The first thing in a document that is nested too deep, or a text that cannot be kept."""
    if isinstance(document, str):
        return Problem("body", "must not contain the character U+0000") if "\0" in document else None
    waiting: list[tuple[object, _Trail, int]] = [(document, None, 1)]
    while waiting:
        value, trail, depth = waiting.pop()
        if depth > DEEPEST:
            return Problem("body", f"must not be nested deeper than {DEEPEST} levels")
        for name, item in _items(value):
            if isinstance(name, str) and "\0" in name:
                return Problem(_path(trail), "must not have a name with the character U+0000")
            if isinstance(item, str):
                if "\0" in item:
                    return Problem(_path((trail, name)), "must not contain the character U+0000")
            elif isinstance(item, dict | list):
                waiting.append((item, (trail, name), depth + 1))
    return None


def _items(value: object) -> Iterable[tuple[str | int, object]]:
    match value:
        case dict():
            return value.items()
        case list():
            return enumerate(value)
        case _:
            return ()


def _path(trail: _Trail) -> str:
    names: list[str | int] = []
    while trail is not None:
        trail, name = trail
        names.append(name)
    return reduce(at, reversed(names), "") or "body"


def _text(value: object, _: object) -> str:
    if not isinstance(value, str):
        raise Unfit("must be a text")
    return value


def _may_be_unset(kind: Any) -> bool:
    return UnsetType in get_args(kind)


def _unset_hook(kind: Any, converter: Converter) -> Hook:
    """Take something that null takes away; what is not sent at all stays UNSET."""
    (inner,) = (part for part in get_args(kind) if part not in (UnsetType, NoneType))

    def structure(value: object, _: Any) -> Any:
        return None if value is None else converter.structure(value, inner)

    return structure


def _boolean(value: object, _: object) -> bool:
    if not isinstance(value, bool):
        raise Unfit("must be true or false")
    return value


def _whole(value: object, _: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unfit("must be a whole number")
    return value


def _number(value: object, _: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit("must be a number")
    try:
        number = float(value)
    except OverflowError as error:
        raise Unfit("must be a finite number") from error
    if not math.isfinite(number):
        raise Unfit("must be a finite number")
    return number


def _moment(value: object, _: object) -> datetime:
    try:
        return read_moment(_text(value, _), field="")
    except InvalidValue as error:
        raise Unfit(str(error.details["problem"])) from error


def _shape_hook(shape: Any, converter: Converter) -> Hook:
    inner = make_dict_structure_fn(shape, converter, _cattrs_forbid_extra_keys=is_closed(shape))

    def structure(value: object, kind: Any) -> Any:
        if not isinstance(value, dict):
            raise Unfit("must be an object")
        return inner(value, kind)

    return structure


def _is_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _tuple_hook(kind: Any, converter: Converter) -> Hook:
    inner = homogenous_tuple_structure_factory(kind, converter)

    def structure(value: object, _: Any) -> Any:
        if not isinstance(value, list):
            raise Unfit("must be a list")
        return inner(value, _)

    return structure


def _is_mapping(kind: Any) -> bool:
    return get_origin(kind) in {dict, Mapping}


def _mapping_hook(kind: Any, converter: Converter) -> Hook:
    inner = mapping_structure_factory(kind, converter, structure_to=dict)

    def structure(value: object, _: Any) -> Any:
        if not isinstance(value, dict):
            raise Unfit("must be an object")
        return inner(value, _)

    return structure


def _is_choice(kind: Any) -> bool:
    return get_origin(kind) is Literal or (isinstance(kind, type) and issubclass(kind, Enum))


def _choice_hook(kind: Any, _: Converter) -> Hook:
    """Take one of a few texts: those of a Literal, or the values of an Enum."""
    texts = get_args(kind) or tuple(member.value for member in kind)
    taken = dict(zip(texts, get_args(kind) or tuple(kind), strict=True))

    def structure(value: object, _: Any) -> Any:
        if not isinstance(value, str) or value not in taken:
            raise Unfit(f"must be one of {', '.join(texts)}")
        return taken[value]

    return structure
