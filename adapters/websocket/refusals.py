"""Refusing a socket before it opens: an ordinary HTTP answer, in the words of the protocol asked for."""

import math
import re
import secrets
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import orjson
from quart import Response

from domain.errors import Kind, MiraError, ScopeMissing

SANE: Final = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
STATUS: Final[Mapping[Kind, HTTPStatus]] = {
    Kind.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    Kind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Kind.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Kind.LIMITED: HTTPStatus.TOO_MANY_REQUESTS,
    Kind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""What an upgrade can be refused with; anything else is the hub's own fault, 500."""


def mira_refusal(error: MiraError, request_id: str, at: str) -> Response:
    """A refusal in the mira dialect's envelope."""
    told = {
        "code": error.code,
        "message": error.message,
        "details": {**error.details, "timestamp": at},
        "request_id": request_id,
    }
    return _response(error, {"error": told}, request_id)


def companion_refusal(error: MiraError, request_id: str, at: str) -> Response:
    """A refusal in the companion dialect's envelope."""
    told = {
        "error_code": error.code,
        "message": error.message,
        "details": {**error.details, "timestamp": at},
        "request_id": request_id,
    }
    return _response(error, told, request_id)


def request_id_of(header: str | None) -> str:
    """The request id that a caller sent, where it is a sane one, or a new one."""
    return header if header and SANE.fullmatch(header) else f"req_{secrets.token_hex(16)}"


def _response(error: MiraError, told: Mapping[str, object], request_id: str) -> Response:
    headers = {"X-Request-ID": request_id}
    if error.kind is Kind.UNAUTHENTICATED:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, ScopeMissing):
        headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{error.details["scope"]}"'
    wait = error.details.get("retry_after")
    if isinstance(wait, int | float):
        headers["Retry-After"] = str(max(1, math.ceil(wait)))
    match error.details:
        case {"limit": int(limit), "remaining": int(remaining), "resets_in": float(seconds)}:
            headers["X-RateLimit-Limit"] = str(limit)
            headers["X-RateLimit-Remaining"] = str(remaining)
            headers["X-RateLimit-Reset"] = str(math.ceil(time.time() + seconds))
        case _:
            pass
    status = STATUS.get(error.kind, HTTPStatus.INTERNAL_SERVER_ERROR)
    return Response(orjson.dumps(told, default=str), status, headers=headers, content_type="application/json")
