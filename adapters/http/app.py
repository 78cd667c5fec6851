"""The hub's web application: every operation of every dialect, and one way to refuse."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import cast

from quart import Quart, Request, Response, Websocket, has_request_context, request, websocket
from structlog.contextvars import bind_contextvars, unbind_contextvars
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, MapAdapter

from adapters.http.addresses import NameUnlike, rules
from adapters.http.deprecating import Deprecation
from adapters.http.dialect import Dialect, Occasion, dialect_at
from adapters.http.dialects.companion.dialect import COMPANION
from adapters.http.dialects.companion.operations import OPERATIONS as COMPANION_OPERATIONS
from adapters.http.dialects.mira.dialect import MIRA
from adapters.http.dialects.mira.operations import OPERATIONS as MIRA_OPERATIONS
from adapters.http.documents import document_operations
from adapters.http.meter import RequestMeter
from adapters.http.observing import observe, show_refusal, tally
from adapters.http.options import HttpOptions
from adapters.http.refusals import note, refusal
from adapters.http.requests import HubRequest, HubWebsocket, check_version, mark, with_room
from adapters.http.routing import Hub, Operation
from adapters.http.serving import JSON, serve
from adapters.http.use_cases import UseCases
from adapters.http.writing import to_json
from application.ports.watching import Watchtower

DIALECTS = (MIRA, COMPANION)
NO_ROUTE = "none"
OPERATIONS: tuple[Operation, ...] = (*MIRA_OPERATIONS, *COMPANION_OPERATIONS)
View = Callable[..., Awaitable[Response]]


class HubApp(Quart):
    """A Quart application that never looks at the Host header: addresses are matched by path alone."""

    request_class = HubRequest
    websocket_class = HubWebsocket

    def create_url_adapter(self, request: Request | Websocket | None) -> MapAdapter | None:  # type: ignore[override]
        if request is None:
            return None
        return self.url_map.bind(
            "hub",
            url_scheme=request.scheme,
            default_method=request.method,
            path_info=request.path,
        )


def create_app(
    use_cases: UseCases, options: HttpOptions, operations: tuple[Operation, ...] = OPERATIONS
) -> Quart:
    """Make the application; sockets may still be added to it before it is served."""
    app = HubApp("mira", static_folder=None, template_folder=None)
    app.url_map.merge_slashes = False
    app.config["MAX_CONTENT_LENGTH"] = options.largest_body
    app.config["BODY_TIMEOUT"] = options.body_patience.total_seconds()
    declared = (*operations, *document_operations(operations, options, MIRA))
    app.request_class = with_room(_rooms(declared, options))
    hub = Hub(use=use_cases, options=options, meter=RequestMeter())
    app.url_map.converters["unlike"] = NameUnlike
    rule_of = rules(one.path for one in declared)
    for one in declared:
        app.add_url_rule(rule_of[one.path], one.id, _view(one, hub), methods=[one.method])
    _surround(app, hub.meter)
    _refuse_by(app, {one.id: one.dialect for one in declared}, use_cases.tower)
    _observe(app, use_cases, {one.id: one for one in declared})
    _warn(app, {one.id: one.deprecation for one in declared if one.deprecation}, options.base_url)
    return app


def _rooms(declared: Iterable[Operation], options: HttpOptions) -> Mapping[tuple[str, re.Pattern[str]], int]:
    """Where bodies may be as large as forms are."""
    return {
        (one.method, re.compile(re.sub(r"{\w+}", "[^/]+", one.path))): options.largest_form
        for one in declared
        if one.form or one.large
    }


def _view(declared: Operation, hub: Hub) -> View:
    async def view(**path: str) -> Response:
        return await serve(declared, hub, cast(HubRequest, request), path)

    return view


def _asked() -> HubRequest | HubWebsocket:
    """The request or the socket that is being answered."""
    return cast(HubRequest | HubWebsocket, request if has_request_context() else websocket)


def _surround(app: Quart, meter: RequestMeter) -> None:
    """Do what is done around every request, whether it is answered or refused."""

    @app.before_request
    async def begin() -> None:
        asked = _asked()
        meter.count()
        bind_contextvars(request_id=asked.request_id)
        check_version(asked)

    @app.after_request
    async def end(response: Response) -> Response:
        asked = cast(HubRequest, request)
        await asked.body.heard_out()
        return mark(response, asked)

    @app.teardown_request
    async def leave(_: BaseException | None) -> None:
        unbind_contextvars("request_id")


def _observe(app: Quart, use: UseCases, declared: Mapping[str, Operation]) -> None:
    """Measure every request, by what it was for."""

    @app.after_request
    async def measure(response: Response) -> Response:
        asked = cast(HubRequest, request)
        found = declared.get(asked.endpoint or "")
        dialect = found.dialect if found else dialect_at(asked.path, DIALECTS, COMPANION)
        route = found.path if found else NO_ROUTE
        observe(use.meters, asked, dialect=dialect.name, route=route, status=response.status_code)
        tally(use.tower, asked, status=response.status_code)
        return response


def _warn(app: Quart, deprecations: Mapping[str, Deprecation], base_url: str) -> None:
    """Have every answer of what goes away say so, whether it is one or a refusal."""
    headers = {name: going.headers(base_url, name) for name, going in deprecations.items()}

    @app.after_request
    async def warn(response: Response) -> Response:
        response.headers.update(headers.get(request.endpoint or "", {}))
        return response


def _refuse_by(app: Quart, dialect_of: Mapping[str, Dialect], tower: Watchtower) -> None:
    """Answer every error, foreseen or not, in the dialect of its address."""

    @app.errorhandler(HTTPException)
    @app.errorhandler(Exception)
    async def refuse(error: Exception) -> Response:
        asked = _asked()
        endpoint = asked.endpoint or _endpoint_beside(app.url_map, asked)
        dialect = dialect_of.get(endpoint or "") or dialect_at(asked.path, DIALECTS, COMPANION)
        told = refusal(error)
        note(error, told, asked.request_id, endpoint or "none")
        now = datetime.now(UTC)
        if isinstance(asked, HubRequest):
            show_refusal(tower, asked, told, now)
        document = dialect.refused(told, Occasion(request_id=asked.request_id, at=now))
        response = Response(to_json(document), told.status, dict(told.headers), content_type=JSON)
        return mark(response, asked)


def _endpoint_beside(url_map: Map, asked: HubRequest | HubWebsocket) -> str | None:
    """The endpoint that the same address has with another method, where the method was what was wrong."""
    wrong = asked.routing_exception
    if not isinstance(wrong, MethodNotAllowed) or not wrong.valid_methods:
        return None
    endpoint, _ = url_map.bind("hub").match(asked.path, method=next(iter(wrong.valid_methods)))
    return str(endpoint)
