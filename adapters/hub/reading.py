"""Reading what the hub says: into shapes, leniently, so that a newer hub may say more."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

import cattrs
import orjson

from adapters.hub.errors import HubError

Shape = TypeVar("Shape")


def read_json(data: str | bytes) -> Any:
    """Read JSON, or raise HubError where the hub sent something else."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise HubError(0, "UNREADABLE", "The hub's words are not JSON.") from error


def read_object(text: str) -> Mapping[str, Any]:
    """Read a JSON object, or raise HubError where the hub sent something else."""
    value = read_json(text)
    if not isinstance(value, dict):
        raise HubError(0, "UNREADABLE", "The hub's words are no JSON object.")
    return value


def read(data: object, shape: type[Shape]) -> Shape:
    """Give a shape to what the hub said, or raise HubError where it does not have it."""
    try:
        return _CONVERTER.structure(data, shape)
    except (cattrs.BaseValidationError, TypeError, ValueError, KeyError) as error:
        raise HubError(0, "UNREADABLE", f"The hub's words are no {shape.__name__}.") from error


def _moment(value: object, _: object) -> datetime:
    if not isinstance(value, str):
        raise TypeError("must be text")
    return datetime.fromisoformat(value)


def _as_it_is(value: object, _: object) -> object:
    return value


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter()
    converter.register_structure_hook(datetime, _moment)
    converter.register_structure_hook_func(lambda shape: shape == Mapping[str, Any], _as_it_is)
    return converter


_CONVERTER: Final = _converter()
