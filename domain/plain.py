"""What a value may hold if it is to be kept: text, numbers and moments that every store gives back."""

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Final, get_args

from attrs import fields, has

from domain.errors import InvalidValue

MAX_DEPTH: Final = 32
LARGEST_INTEGER: Final = 2**63 - 1


def is_plain_text(text: str) -> bool:
    """Whether a text has no NUL, which PostgreSQL cannot hold, and no lone surrogate, which UTF-8 cannot."""
    if "\x00" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def require_plain(name: str, value: object) -> None:
    """Refuse a value with anything in it, however deep, that some store could not give back as it was.

    Taken are None, truth values, whole numbers of 64 bits, finite numbers, text without NUL and lone
    surrogates, aware moments of the years 1 to 9999 in UTC, lengths of time, enumerations, and lists, tuples,
    sets, mappings by text and attrs values of these, at most 32 deep. What lies in a mapping is kept as JSON,
    so of these only what JSON has is taken there, and a tuple comes back as a list.

    Args:
        name: what the value is called in the refusal; parts of it are named by their path.
        value: the value to look through.

    Raises:
        InvalidValue: there is such a thing; it is named by its path.
    """
    _require(name, value, None, depth=0, in_mapping=False)


def _require(name: str, value: object, declared: Any, *, depth: int, in_mapping: bool) -> None:
    problem = _problem(value)
    if (
        problem is None
        and in_mapping
        and (isinstance(value, datetime | timedelta | frozenset | Enum) or has(type(value)))
    ):
        problem = f"must be as in JSON, not a {type(value).__name__}"
    if problem is None and depth > MAX_DEPTH:
        problem = f"must be nested at most {MAX_DEPTH} deep"
    if problem is not None:
        raise InvalidValue(name, problem)
    is_mapping = in_mapping or (isinstance(value, Mapping) and not _holds_values(declared))
    for part, inner, kind in _parts(value):
        _require(f"{name}.{part}", inner, kind, depth=depth + 1, in_mapping=is_mapping)


def _holds_values(declared: Any) -> bool:
    """Whether a mapping is declared to hold values of one class, by whose shape they are kept."""
    arguments = get_args(declared)
    return bool(arguments) and has(arguments[-1])


def _problem(value: object) -> str | None:
    problem: str | None = None
    match value:
        case None | bool() | Enum():
            pass
        case str() if not is_plain_text(value):
            problem = "must be text without NUL characters and lone surrogates"
        case int() if abs(value) > LARGEST_INTEGER:
            problem = "must fit into 64 bits"
        case float() if not math.isfinite(value):
            problem = "must be a finite number"
        case datetime():
            problem = _problem_of_moment(value)
        case str() | int() | float() | timedelta() | frozenset():
            pass
        case Mapping() if not all(isinstance(key, str) and is_plain_text(key) for key in value):
            problem = "must have text for names, without NUL characters and lone surrogates"
        case Mapping() | list() | tuple():
            pass
        case _ if not has(type(value)):
            problem = f"must be a plain value, not a {type(value).__name__}"
        case _:
            pass
    return problem


def _problem_of_moment(moment: datetime) -> str | None:
    if moment.utcoffset() is None:
        return "must be a moment with a time zone"
    try:
        moment.astimezone(UTC)
    except OverflowError:
        return "must be a moment of the years 1 to 9999"
    return None


def _parts(value: object) -> Iterable[tuple[object, object, Any]]:
    if isinstance(value, Mapping):
        return ((name, inner, None) for name, inner in value.items())
    if isinstance(value, list | tuple | frozenset):
        return ((place, inner, None) for place, inner in enumerate(value))
    kind = type(value)
    if not has(kind):
        return ()
    return ((part.name, getattr(value, part.name), part.type) for part in fields(kind))
