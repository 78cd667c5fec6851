"""How the companion API reads, answers and refuses."""

from collections.abc import Mapping
from typing import Any, Final

from attrs import frozen

from adapters.http.dialect import Dialect, Occasion
from adapters.http.reading import strict_converter
from adapters.http.refusals import Refusal
from adapters.http.writing import teach_writing


@frozen(kw_only=True)
class CompanionApiError:
    """What was refused, and why."""

    error_code: str
    message: str
    details: Mapping[str, Any]
    request_id: str


def _refuse(refusal: Refusal, occasion: Occasion) -> CompanionApiError:
    return CompanionApiError(
        error_code=refusal.code,
        message=refusal.message,
        details=refusal.details,
        request_id=occasion.request_id,
    )


def _bare(view: object) -> object:
    return view


COMPANION: Final = Dialect(
    name="companion",
    prefixes=("/v1",),
    codec=teach_writing(strict_converter()),
    answer=_bare,
    refuse=_refuse,
    refusal_shape=CompanionApiError,
    codes={
        "INVALID_CLIENT_ID": "DEVICE_NOT_FOUND",
        "RATE_LIMIT_EXCEEDED": "RATE_LIMITED",
        "MODEL_INFERENCE_FAILED": "LLM_API_ERROR",
    },
    details={"client_id": "device_id"},
)
