"""How the networks API reads, answers and refuses."""

from collections.abc import Mapping
from typing import Any, Final

from attrs import frozen

from adapters.http.dialect import Dialect, Occasion
from adapters.http.forms import taken_as_it_is
from adapters.http.reading import strict_converter
from adapters.http.refusals import Refusal
from adapters.http.writing import teach_writing
from domain.moments import utc_text


@frozen(kw_only=True)
class NetworkApiRefusal:
    """What was refused, and why; the details say when."""

    code: str
    message: str
    details: Mapping[str, Any]
    request_id: str


@frozen(kw_only=True)
class NetworkApiError:
    """The envelope of everything that is refused."""

    error: NetworkApiRefusal


def _refuse(refusal: Refusal, occasion: Occasion) -> NetworkApiError:
    return NetworkApiError(
        error=NetworkApiRefusal(
            code=refusal.code,
            message=refusal.message,
            details={**refusal.details, "timestamp": utc_text(occasion.at)},
            request_id=occasion.request_id,
        )
    )


def _bare(view: object) -> object:
    return view


MIRA: Final = Dialect(
    name="mira",
    prefixes=("/api/v1", "/internal/operator", "/"),
    codec=teach_writing(taken_as_it_is(strict_converter())),
    answer=_bare,
    refuse=_refuse,
    refusal_shape=NetworkApiError,
)
