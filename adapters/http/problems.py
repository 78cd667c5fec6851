"""What is wrong with something that was sent: every problem, each with the path to it."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from attrs import frozen
from cattrs import (
    AttributeValidationNote,
    BaseValidationError,
    ForbiddenExtraKeysError,
    IterableValidationNote,
)

from domain.errors import InvalidValue

MOST_TOLD: Final = 20
LONGEST_NAME: Final = 100


@frozen
class Problem:
    """One thing that is wrong: the path to it, as people write it, and what it must be."""

    field: str
    problem: str


class Unfit(ValueError):
    """A value is not of the sort that its place wants; the message says which sort that is."""


def problems_of(error: BaseException) -> tuple[Problem, ...]:
    """List what is wrong, at most the first 20 problems of it."""
    return tuple(islice(_walk(error, ""), MOST_TOLD))


def at(path: str, name: str | int) -> str:
    """Extend a path by a field or a place in a list: `settings.language`, `capabilities[2]`."""
    if isinstance(name, int):
        return f"{path}[{name}]"
    shown = name[:LONGEST_NAME]
    return f"{path}.{shown}" if path else shown


def _walk(error: BaseException, path: str) -> Iterator[Problem]:
    match error:
        case BaseValidationError():
            for inner in error.exceptions:
                yield from _walk(inner, _place(inner, path))
        case ForbiddenExtraKeysError(extra_fields=names):
            for name in sorted(names):
                yield Problem(at(path, name), "is not known")
        case InvalidValue():
            yield Problem(at(path, str(error.details["field"])), str(error.details["problem"]))
        case Unfit():
            yield Problem(path or "body", str(error))
        case KeyError():
            yield Problem(path or "body", "is required")
        case _:
            yield Problem(path or "body", "is not what it must be")


def _place(error: BaseException, path: str) -> str:
    """Where an error happened: cattrs leaves the field or the place in a note."""
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return at(path, note.name)
        if isinstance(note, IterableValidationNote):
            return at(path, note.index if isinstance(note.index, int) else str(note.index))
    return path
