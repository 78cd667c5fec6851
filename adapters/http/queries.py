"""Reading what stands behind the question mark: texts that become whole numbers, moments, yes or no."""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any, Final, TypeVar
from urllib.parse import unquote_to_bytes

import attrs
from cattrs import Converter

from adapters.http.problems import Unfit
from domain.errors import InvalidValue
from domain.moments import read_moment

MOST_PARAMETERS: Final = 100
LARGEST: Final = 10**15
DIGITS: Final = re.compile(r"[0-9]+")
YES_OR_NO: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
Shape = TypeVar("Shape")


def read_query(query: bytes, shape: type[Shape]) -> Shape:
    """Read a query string into a shape; parameters that the shape does not know are ignored.

    Raises:
        InvalidValue: a parameter is given twice, or holds something that cannot be read.
        BaseValidationError: parameters are missing or are not what they must be.
    """
    known = {attribute.name for attribute in attrs.fields(shape)}  # type: ignore[arg-type]
    return _CONVERTER.structure(_parameters(query, known), shape)


def _parameters(query: bytes, known: set[str]) -> Mapping[str, str]:
    pairs = [pair for pair in query.replace(b"+", b" ").split(b"&", MOST_PARAMETERS) if pair]
    if len(pairs) > MOST_PARAMETERS:
        raise InvalidValue("query", f"must have at most {MOST_PARAMETERS} parameters")
    values: dict[str, str] = {}
    for pair in pairs:
        raw_name, _, raw_value = (unquote_to_bytes(part) for part in pair.partition(b"="))
        name = raw_name.decode("utf-8", "replace")
        if name not in known:
            continue
        if name in values:
            raise InvalidValue(name, "must be given once")
        values[name] = _decoded(name, raw_value)
    return values


def _decoded(name: str, raw: bytes) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidValue(name, "must be text in UTF-8") from error
    if "\0" in text:
        raise InvalidValue(name, "must not contain the character U+0000")
    return text


def _whole(text: str, _: object) -> int:
    """Take digits for a number; one beyond all counting is taken for the largest that there is."""
    if not DIGITS.fullmatch(text):
        raise Unfit("must be a whole number, not negative")
    digits = text.lstrip("0")
    return LARGEST if len(digits) > 15 else int(digits or "0")


def _yes_or_no(text: str, _: object) -> bool:
    try:
        return YES_OR_NO[text.lower()]
    except KeyError as error:
        raise Unfit("must be true or false") from error


def _moment(text: str, _: object) -> datetime:
    """Take a moment; the plus of an offset may have come as a space, as it does when it is not escaped."""
    try:
        return read_moment(text.replace(" ", "+") if "T" in text else text, field="")
    except InvalidValue as error:
        raise Unfit(str(error.details["problem"])) from error


def _choice(text: str, kind: type[Enum]) -> Enum:
    try:
        return kind(text)
    except ValueError as error:
        raise Unfit(f"must be one of {', '.join(member.value for member in kind)}") from error


def _converter() -> Converter:
    converter = Converter(detailed_validation=True)
    converter.register_structure_hook(int, _whole)
    converter.register_structure_hook(bool, _yes_or_no)
    converter.register_structure_hook(datetime, _moment)
    converter.register_structure_hook_func(_is_enum, _choice)
    return converter


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


_CONVERTER: Final = _converter()
