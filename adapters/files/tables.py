"""TOML files that ship with the product, read into shapes that check them."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from cattrs import Converter, transform_error
from cattrs.errors import ClassValidationError

from domain.errors import InvalidValue

Shape = TypeVar("Shape")


def table(path: Path, shape: type[Shape], described: str) -> Shape:
    """Read a file into a shape.

    Args:
        path: the file.
        shape: an attrs class; every key of the file must be one of its fields.
        described: what the file is about, for the refusal: "a persona".

    Raises:
        InvalidValue: the file is not TOML, or does not have this shape; the message names it.
    """
    try:
        return _CONVERTER.structure(tomllib.loads(path.read_text(encoding="utf-8")), shape)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidValue(path.name, "must be a TOML file") from error
    except ClassValidationError as error:
        raise InvalidValue(path.name, f"must describe {described}: {transform_error(error)[0]}") from error


def _exactly(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError(f"must be of type {kind.__name__}")
    return value


def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True)
    for kind in (str, int, datetime):
        converter.register_structure_hook(kind, _exactly)
    return converter


_CONVERTER: Final = _converter()
