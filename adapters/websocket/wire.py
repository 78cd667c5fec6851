"""JSON to typed messages and back: strict about what comes in, one refusal for all that can be wrong."""

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, Literal, TypeVar, get_args, get_origin

import attrs
import cattrs
import orjson
from cattrs.gen import make_dict_structure_fn

from domain.errors import InvalidValue
from domain.moments import utc_text
from domain.plain import is_plain_text

Shape = TypeVar("Shape")
MOST_PROBLEMS: Final = 10
INSIDE: Final = " @ inside "
"""Between a problem and the field that it is about, where a shape itself has refused the field."""
LARGEST_INTEGER: Final = 2**63 - 1


def read_object(text: str | bytes) -> dict[str, object]:
    """Read a JSON object.

    Raises:
        InvalidValue: the text is not JSON, or not an object.
    """
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InvalidValue("message", "must be JSON") from error
    if not isinstance(value, dict):
        raise InvalidValue("message", "must be a JSON object")
    return value


def structure(data: object, shape: type[Shape]) -> Shape:
    """Give a shape to what was read; unknown fields are ignored.

    Raises:
        InvalidValue: a field is missing or is not what it must be; `problems` lists up to ten of them.
    """
    try:
        return _CONVERTER.structure(data, shape)
    except cattrs.BaseValidationError as error:
        raise _refusal(error) from error
    except (TypeError, ValueError) as error:
        raise InvalidValue("message", str(error)) from error


def write(message: object) -> str:
    """Write a message of attrs shapes as JSON, its fields in the order of the class."""
    plain = _CONVERTER.unstructure(message)
    return orjson.dumps(plain, default=str, option=orjson.OPT_SERIALIZE_NUMPY).decode()


def tagged(*shapes: type[Any]) -> dict[str, type[Any]]:
    """The shapes of a union by their tags: the default of the field `type` of each."""
    return {str(attrs.fields_dict(shape)["type"].default): shape for shape in shapes}


def choose(tag: object, shapes: Mapping[str, type[Shape]]) -> type[Shape]:
    """The shape that a tag stands for, or raise InvalidValue."""
    if not isinstance(tag, str):
        raise InvalidValue("type", "must be text")
    if tag not in shapes:
        raise InvalidValue("type", f"must be one of {', '.join(shapes)}")
    return shapes[tag]


def _refusal(error: cattrs.BaseValidationError) -> InvalidValue:
    problems = []
    for line in cattrs.transform_error(error, format_exception=_say)[:MOST_PROBLEMS]:
        problem, _, path = line.rpartition(" @ $")
        problem, _, inner = problem.partition(INSIDE)
        field = ".".join(part for part in (path.lstrip("."), inner) if part)
        problems.append({"field": field or "message", "problem": problem})
    first = problems[0]
    return InvalidValue(first["field"], first["problem"], problems=problems)


def _say(error: BaseException, _: type | None) -> str:
    match error:
        case KeyError():
            return "is required"
        case InvalidValue():
            return f"{error.details['problem']}{INSIDE}{error.details['field']}"
        case _:
            return str(error)


def _text(value: object, _: object) -> str:
    if not isinstance(value, str):
        raise TypeError("must be text")
    if not is_plain_text(value):
        raise ValueError("must not hold NUL characters")
    return value


def _integer(value: object, _: object) -> int:
    if type(value) is not int or abs(value) > LARGEST_INTEGER:
        raise TypeError("must be a whole number")
    return value


def _number(value: object, _: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        with suppress(OverflowError):
            number = float(value)
            if math.isfinite(number):
                return number
    raise TypeError("must be a finite number")


def _truth(value: object, _: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("must be true or false")
    return value


def _moment(value: object, _: object) -> str | int | None:
    return value if value is None else _integer(value, _) if type(value) is int else _text(value, _)


def _object(shape: type[Shape]) -> Callable[[object, object], Shape]:
    fields = make_dict_structure_fn(shape, _CONVERTER)

    def read(value: object, _: object) -> Shape:
        if not isinstance(value, dict):
            raise TypeError("must be an object")
        return fields(value, shape)

    return read


def _array(shape: type[tuple[object, ...]]) -> Callable[[object, object], tuple[object, ...]]:
    item = get_args(shape)[0]

    def read(value: object, _: object) -> tuple[object, ...]:
        if not isinstance(value, list):
            raise TypeError("must be an array")
        return tuple(_CONVERTER.structure(part, item) for part in value)

    return read


def _one_of(shape: object) -> Callable[[object, object], object]:
    choices = get_args(shape)

    def read(value: object, _: object) -> object:
        if not isinstance(value, str) or value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return value

    return read


def _mapping(value: object, _: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise TypeError("must be an object")
    return value


def _is_tuple(shape: object) -> bool:
    return get_origin(shape) is tuple


def _is_literal(shape: object) -> bool:
    return get_origin(shape) is Literal


def _strict() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=False)
    converter.register_structure_hook(str, _text)
    converter.register_structure_hook(int, _integer)
    converter.register_structure_hook(float, _number)
    converter.register_structure_hook(bool, _truth)
    converter.register_unstructure_hook(datetime, utc_text)
    converter.register_structure_hook_func(lambda shape: shape == (str | int | None), _moment)
    converter.register_structure_hook_func(lambda shape: shape == Mapping[str, object], _mapping)
    converter.register_structure_hook_factory(_is_tuple, _array)
    converter.register_structure_hook_factory(_is_literal, _one_of)
    converter.register_structure_hook_factory(attrs.has, _object)
    return converter


_CONVERTER: Final = _strict()
