"""Serving one request: who asks, what is asked, and the answer in the right dialect."""

import asyncio
from collections.abc import AsyncGenerator
from http import HTTPStatus
from typing import Any, Final

from attrs import evolve
from quart import Response
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import parse_range_header, quote_etag

from adapters.http.forms import FORM, read_form
from adapters.http.limiting import count
from adapters.http.queries import read_query
from adapters.http.reading import read_document
from adapters.http.refusals import refusal
from adapters.http.requests import HubRequest
from adapters.http.routing import NETWORK_HEADER, Call, Content, Hub, Operation
from adapters.http.security import identified
from adapters.http.writing import to_json
from domain.errors import InvalidValue, UnsupportedMedia

JSON: Final = "application/json"
ABOUT_WHAT_WAS_SENT: Final = frozenset(
    {
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)


async def serve(operation: Operation, hub: Hub, request: HubRequest, path: dict[str, str]) -> Response:
    """Answer a request for an operation.

    Refusals come in this order: who asks (401), whether they may (403), whether they have not had enough
    (429), whether the place is there for them (404), and only then what is wrong with what they sent.
    """
    caller = await identified(operation.rule, request.headers.get("Authorization"), hub.use.authenticate)
    request.caller = caller
    await count(operation.limit, hub.use.throttle, caller, request)
    call: Call[Any, Any] = Call(
        hub=hub,
        caller=caller,
        path=path,
        named_network=request.headers.get(NETWORK_HEADER) if operation.names_network else None,
        body=None,
        query=None,
    )
    try:
        view = await operation.handler(await _read(operation, request, call))
        return _answer(operation, view, request)
    except Exception as error:
        if refusal(error).status in ABOUT_WHAT_WAS_SENT:
            await operation.place(call)
        raise


async def _read(operation: Operation, request: HubRequest, call: Call[Any, Any]) -> Call[Any, Any]:
    query = None if operation.query is None else read_query(request.query_string, operation.query)
    body = None if operation.body is None else await _body(operation, request, operation.body)
    return evolve(call, body=body, query=query)


async def _body(operation: Operation, request: HubRequest, shape: type) -> object:
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise UnsupportedMedia("The body must not be compressed.")
    if operation.form:
        return await _form(operation, request, shape)
    sort = request.mimetype
    if sort and sort != JSON and not (sort.startswith("application/") and sort.endswith("+json")):
        raise UnsupportedMedia(f"The body must be {JSON}.", content_type=sort, supported=[JSON])
    if request.mimetype_params.get("charset", "utf-8").lower() not in {"utf-8", "utf8"}:
        raise UnsupportedMedia("The body must be in UTF-8.")
    data = bytes(await request.get_data(cache=False, as_text=False, parse_form_data=False))
    if not data and not operation.body_needed:
        return None
    if not data:
        raise InvalidValue("body", "must be a JSON document in UTF-8")
    return operation.dialect.codec.structure(read_document(data), shape)


async def _form(operation: Operation, request: HubRequest, shape: type) -> object:
    if request.mimetype != FORM:
        raise UnsupportedMedia(f"The body must be {FORM}.", content_type=request.mimetype, supported=[FORM])
    data = bytes(await request.get_data(cache=False, as_text=False, parse_form_data=False))
    boundary = request.mimetype_params.get("boundary", "")
    return await asyncio.to_thread(read_form, data, boundary, shape, operation.dialect.codec)


def _answer(operation: Operation, view: object, request: HubRequest) -> Response:
    match view:
        case None:
            return Response(b"", operation.status)
        case Content():
            return _content(operation, view, request)
        case _:
            return Response(to_json(operation.dialect.dressed(view)), operation.status, content_type=JSON)


def _content(operation: Operation, content: Content, request: HubRequest) -> Response:
    if not isinstance(content.data, bytes):
        return _flowing(operation, content, content.data)
    headers = dict(content.headers)
    if content.keep_for_seconds:
        headers["Cache-Control"] = f"private, max-age={content.keep_for_seconds}"
    if content.entity_tag is not None:
        headers["ETag"] = quote_etag(content.entity_tag)
        if operation.conditional and request.if_none_match.contains_weak(content.entity_tag):
            return Response(b"", HTTPStatus.NOT_MODIFIED, headers)
    if not operation.ranged:
        return Response(content.data, operation.status, headers, content_type=content.media_type)
    return _part(operation, content, content.data, request, headers)


def _flowing(operation: Operation, content: Content, chunks: AsyncGenerator[bytes, None]) -> Response:
    """What comes bit by bit: it is not kept anywhere, and may take as long as it takes."""
    headers = {**content.headers, "Cache-Control": "no-store"}
    response = Response(chunks, operation.status, headers, content_type=content.media_type)
    response.timeout = None
    return response


def _part(
    operation: Operation, content: Content, data: bytes, request: HubRequest, headers: dict[str, str]
) -> Response:
    """The part of some bytes that is asked for; all of them where that is not one part, or of other bytes."""
    headers["Accept-Ranges"] = "bytes"
    wanted, length = parse_range_header(request.headers.get("Range")), len(data)
    known = request.headers.get("If-Range")
    if (
        wanted is None
        or wanted.units != "bytes"
        or len(wanted.ranges) != 1
        or known not in {None, headers.get("ETag")}
    ):
        return Response(data, operation.status, headers, content_type=content.media_type)
    first, end = wanted.ranges[0]
    first = first if first >= 0 else max(0, length + first)
    end = length if end is None else min(end, length)
    if first >= length:
        raise RequestedRangeNotSatisfiable(length)
    headers["Content-Range"] = f"bytes {first}-{end - 1}/{length}"
    return Response(data[first:end], HTTPStatus.PARTIAL_CONTENT, headers, content_type=content.media_type)
