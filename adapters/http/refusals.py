"""Refusing: whatever went wrong becomes one Refusal, which each dialect dresses in its own words."""

import math
import traceback
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import structlog
from attrs import evolve, field, frozen
from cattrs import BaseValidationError
from werkzeug.exceptions import HTTPException

from adapters.http.limiting import limit_headers
from adapters.http.problems import Unfit, problems_of
from adapters.http.writing import plain
from domain.errors import Kind, MiraError, Overloaded, ScopeMissing, UnsupportedVersion
from domain.ids import RequestId

log = structlog.get_logger(__name__)

STATUS: Final[Mapping[Kind | type[MiraError], HTTPStatus]] = {
    Kind.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    Kind.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    Kind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Kind.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Kind.CONFLICT: HTTPStatus.CONFLICT,
    Kind.GONE: HTTPStatus.GONE,
    Kind.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Kind.UNSUPPORTED: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    Kind.LIMITED: HTTPStatus.TOO_MANY_REQUESTS,
    Kind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    Kind.UPSTREAM: HTTPStatus.BAD_GATEWAY,
    Kind.INTERNAL: HTTPStatus.INTERNAL_SERVER_ERROR,
    UnsupportedVersion: HTTPStatus.BAD_REQUEST,
}
"""The number of each kind of refusal; an error named here itself goes before its kind."""

WORDS: Final[Mapping[HTTPStatus, tuple[str, str]]] = {
    HTTPStatus.BAD_REQUEST: ("BAD_REQUEST", "The request could not be read."),
    HTTPStatus.NOT_FOUND: ("NOT_FOUND", "There is nothing at this address."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("METHOD_NOT_ALLOWED", "This address does not take that method."),
    HTTPStatus.REQUEST_TIMEOUT: ("REQUEST_TIMEOUT", "The request did not arrive in time."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("PAYLOAD_TOO_LARGE", "The body is larger than the hub takes."),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ("UNSUPPORTED_MEDIA_TYPE", "The body is not of a type taken here."),
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: ("RANGE_NOT_SATISFIABLE", "There are no such bytes in it."),
    HTTPStatus.TOO_MANY_REQUESTS: ("RATE_LIMIT_EXCEEDED", "There were too many requests."),
    HTTPStatus.SERVICE_UNAVAILABLE: ("OVERLOADED", "The hub has as much to do as it can."),
}
"""How the refusals of the web framework itself are told."""

UNFORESEEN: Final = ("INTERNAL_ERROR", "The hub failed at this; the request id finds it in the hub's log.")
LONGEST_CHAIN: Final = 10
RETRY_SOON: Final = 2
"""So many seconds later it is worth trying again where nobody knows better."""
NOT_OURS: Final = frozenset({"content-type", "content-length"})


@frozen(kw_only=True)
class Refusal:
    """What is answered when something cannot be done: a status, a stable code, a sentence, plain details."""

    status: HTTPStatus
    code: str
    message: str
    details: Mapping[str, object] = field(factory=dict)
    headers: Mapping[str, str] = field(factory=dict)


def refusal(error: BaseException) -> Refusal:
    """Say what an error means to the caller; what was not foreseen is told without detail."""
    match error:
        case MiraError():
            return _refused(error)
        case BaseValidationError() | Unfit():
            return _misread(error)
        case HTTPException():
            return _turned_away(error)
        case _:
            code, message = UNFORESEEN
            return Refusal(status=HTTPStatus.INTERNAL_SERVER_ERROR, code=code, message=message)


def note(error: BaseException, told: Refusal, request_id: RequestId, operation: str) -> None:
    """Log what is the hub's own fault, with the id that its caller was given."""
    if told.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return
    if isinstance(error, MiraError | HTTPException):
        log.warning(
            "a request could not be served", code=told.code, request_id=request_id, operation=operation
        )
    else:
        log.error("a request failed", request_id=request_id, operation=operation, failures=_failures(error))


def _failures(error: BaseException) -> list[dict[str, object]]:
    """An error and what caused it: their classes and where they happened.

    Their messages and local variables are left out: they may hold what people said, or their tokens.
    """
    told: list[dict[str, object]] = []
    cause: BaseException | None = error
    while cause is not None and len(told) < LONGEST_CHAIN:
        frames = traceback.extract_tb(cause.__traceback__)
        where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        told.append({"class": type(cause).__qualname__, "where": where})
        cause = cause.__cause__ or cause.__context__
    return told


def status_of(error: type[MiraError]) -> HTTPStatus:
    """The number with which a class of errors is answered."""
    return STATUS.get(error) or STATUS[error.kind]


def _refused(error: MiraError) -> Refusal:
    told = Refusal(
        status=status_of(type(error)),
        code=error.code,
        message=str(plain(error.message)),
        details={name: plain(value) for name, value in error.details.items()},
    )
    return evolve(told, headers=_headers(error))


def _headers(error: MiraError) -> Mapping[str, str]:
    """Headers that go with some refusals: how to prove oneself, when to come back (seconds), what is left."""
    if error.kind is Kind.UNAUTHENTICATED:
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, ScopeMissing):
        return {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{error.details["scope"]}"'}
    headers: dict[str, str] = {}
    match error.details:
        case {"limit": int(limit), "remaining": int(remaining), "resets_in": float(seconds)}:
            headers.update(limit_headers(limit, remaining, seconds))
        case _:
            pass
    wait = error.details.get("retry_after", RETRY_SOON if isinstance(error, Overloaded) else None)
    if isinstance(wait, int | float):
        headers["Retry-After"] = str(max(1, math.ceil(wait)))
    return headers


def _misread(error: BaseValidationError | Unfit) -> Refusal:
    problems = problems_of(error)
    sentences = "; ".join(f"{one.field} {one.problem}" for one in problems)
    return Refusal(
        status=STATUS[Kind.INVALID],
        code="VALIDATION_ERROR",
        message=str(plain(sentences)),
        details={
            "field": plain(problems[0].field),
            "problem": plain(problems[0].problem),
            "problems": [{"field": plain(one.field), "problem": plain(one.problem)} for one in problems],
        },
    )


def _turned_away(error: HTTPException) -> Refusal:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    code, message = WORDS.get(status, (status.name, f"{status.phrase}."))
    headers = {name: value for name, value in error.get_headers() if name.lower() not in NOT_OURS}
    details: dict[str, object] = {}
    if "Allow" in headers:
        headers["Allow"] = ", ".join(sorted(headers["Allow"].split(", ")))
        details["allowed"] = headers["Allow"].split(", ")
    return Refusal(status=status, code=code, message=message, details=details, headers=headers)
