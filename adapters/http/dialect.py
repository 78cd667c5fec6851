"""A dialect is one API family over the same use cases: its paths, its envelopes, its names for refusals."""

from collections.abc import Callable, Mapping
from datetime import datetime

from attrs import evolve, field, frozen
from cattrs import Converter

from adapters.http.refusals import Refusal
from domain.ids import RequestId


@frozen(kw_only=True)
class Occasion:
    """When something was refused, and in answer to which request."""

    request_id: RequestId
    at: datetime


@frozen(kw_only=True)
class Dialect:
    """One API family: how it reads, how it dresses an answer, how it refuses.

    prefixes are the paths below which an address that nothing matches is answered in this dialect.
    answer puts a view into the family's envelope; refuse puts a refusal into an instance of refusal_shape.
    codes and details rename what other families call otherwise.
    """

    name: str
    prefixes: tuple[str, ...]
    codec: Converter
    answer: Callable[[object], object]
    refuse: Callable[[Refusal, Occasion], object]
    refusal_shape: type
    codes: Mapping[str, str] = field(factory=dict)
    details: Mapping[str, str] = field(factory=dict)

    def dressed(self, view: object) -> object:
        """A view as plain values, in the family's envelope."""
        return self.answer(self.codec.unstructure(view))

    def refused(self, refusal: Refusal, occasion: Occasion) -> object:
        """A refusal as plain values, in the family's words and envelope."""
        renamed = evolve(
            refusal,
            code=self.code(refusal.code),
            details={self.details.get(name, name): value for name, value in refusal.details.items()},
        )
        return self.codec.unstructure(self.refuse(renamed, occasion))

    def code(self, code: str) -> str:
        """What the family calls a refusal."""
        return self.codes.get(code, code)

    def speaks_at(self, path: str) -> bool:
        """Whether a path lies below one of the family's prefixes."""
        return any(path == prefix or path.startswith(f"{prefix}/") for prefix in self.prefixes)


def dialect_at(path: str, dialects: tuple[Dialect, ...], otherwise: Dialect) -> Dialect:
    """The dialect that answers at an address where there is nothing."""
    return next((dialect for dialect in dialects if dialect.speaks_at(path)), otherwise)
