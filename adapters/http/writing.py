"""Writing answers: views become JSON, with moments in UTC and a Z."""

import math
from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from enum import Enum
from itertools import islice
from typing import Final

import orjson
from cattrs import Converter

from domain.moments import utc_text

LONGEST_ECHO: Final = 200
MOST_ITEMS: Final = 50
WIDEST: Final = 2**53


def teach_writing(converter: Converter) -> Converter:
    """Teach a converter how moments are written."""
    converter.register_unstructure_hook(datetime, utc_text)
    return converter


def to_json(value: object) -> bytes:
    """Write plain values as JSON in UTF-8."""
    return orjson.dumps(value)


def plain(value: object, depth: int = 4) -> object:
    """Make something fit to be told in a refusal: plain JSON values, short, and of valid characters.

    What a caller sent is echoed at most 200 characters long; a sort of thing that JSON does not have is
    told by its name, never by its content.
    """
    match value:
        case str():
            return value[:LONGEST_ECHO].encode("utf-8", "replace").decode("utf-8")
        case Mapping() if depth:
            told = islice(value.items(), MOST_ITEMS)
            return {str(plain(str(name))): plain(item, depth - 1) for name, item in told}
        case Sequence() | Set() if depth and not isinstance(value, bytes):
            return [plain(item, depth - 1) for item in islice(value, MOST_ITEMS)]
        case _:
            return _plain_scalar(value)


def _plain_scalar(value: object) -> object:
    match value:
        case None | bool():
            return value
        case int():
            return value if abs(value) <= WIDEST else "a very large number"
        case float():
            return value if math.isfinite(value) else None
        case datetime():
            return utc_text(value)
        case _:
            return value.value if isinstance(value, Enum) else type(value).__name__
