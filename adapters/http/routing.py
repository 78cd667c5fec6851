"""Operations: each declared once, by a function whose signature says what it takes and answers."""

import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from http import HTTPStatus
from types import NoneType, UnionType
from typing import Any, Final, Generic, Literal, TypeVar, get_args, get_type_hints

from attrs import evolve, field, frozen

from adapters.http.deprecating import Deprecation
from adapters.http.dialect import Dialect
from adapters.http.meter import RequestMeter
from adapters.http.options import HttpOptions
from adapters.http.use_cases import UseCases
from application.networks.access import OPEN_OPERATIONS, RULES, Principal, network_of
from application.networks.limiting import Limit
from domain.errors import (
    ActivityNotFound,
    BroadcastNotFound,
    ClientNotFound,
    DeviceNotFound,
    InteractionNotFound,
    MiraError,
    NetworkNotFound,
    NotFound,
    PersonaNotFound,
    SessionNotFound,
    Unauthorized,
)
from domain.ids import (
    CHOSEN_CLIENT_ID,
    ActivityId,
    BlobId,
    BroadcastId,
    CalendarEventId,
    ClientId,
    FeedSecret,
    InteractionId,
    NetworkId,
    PersonaId,
    ReminderId,
    SessionId,
)

Method = Literal["GET", "POST", "PUT", "DELETE"]
Body = TypeVar("Body")
Query = TypeVar("Query")
Answer = TypeVar("Answer")
NETWORK_HEADER: Final = "X-Network-Id"


@frozen(kw_only=True)
class Content:
    """Bytes that are answered as they are, at once or as they come: a sound, a document."""

    data: bytes | AsyncGenerator[bytes, None]
    media_type: str
    keep_for_seconds: int = 0
    entity_tag: str | None = None
    headers: Mapping[str, str] = field(factory=dict)


@frozen(kw_only=True)
class Hub:
    """What every call can reach: the use cases, the options, and how busy it is."""

    use: UseCases
    options: HttpOptions
    meter: RequestMeter


@frozen(kw_only=True)
class Call(Generic[Body, Query]):
    """One request, after its sender was identified: what it names, and what came with it."""

    hub: Hub
    caller: Principal | None
    path: dict[str, str]
    named_network: str | None
    body: Body
    query: Query

    @property
    def use(self) -> UseCases:
        """The use cases."""
        return self.hub.use

    @property
    def principal(self) -> Principal:
        """Who asks."""
        if self.caller is None:
            raise Unauthorized
        return self.caller

    @property
    def network_id(self) -> NetworkId:
        """The network in the path."""
        return NetworkId(self._named("network_id", NetworkNotFound))

    @property
    def client_id(self) -> ClientId:
        """The client in the path."""
        return ClientId(self._named("client_id", ClientNotFound))

    @property
    def device_id(self) -> ClientId:
        """The device in the path."""
        return ClientId(self._named("device_id", DeviceNotFound))

    @property
    def persona_id(self) -> PersonaId:
        """The persona in the path."""
        return PersonaId(self._named("persona_id", PersonaNotFound))

    @property
    def interaction_id(self) -> InteractionId:
        """The interaction in the path."""
        return InteractionId(self._named("interaction_id", InteractionNotFound))

    @property
    def session_id(self) -> SessionId:
        """The session in the path."""
        return SessionId(self._named("session_id", SessionNotFound))

    @property
    def activity_id(self) -> ActivityId:
        """The activity in the path."""
        return ActivityId(self._named("activity_id", ActivityNotFound))

    @property
    def broadcast_id(self) -> BroadcastId:
        """The broadcast in the path."""
        return BroadcastId(self._named("broadcast_id", BroadcastNotFound))

    @property
    def reminder_id(self) -> ReminderId:
        """The reminder in the path."""
        return ReminderId(
            self._named("reminder_id", lambda _: NotFound("There is no reminder with this id."))
        )

    @property
    def event_id(self) -> CalendarEventId:
        """The calendar event in the path."""
        return CalendarEventId(
            self._named("event_id", lambda _: NotFound("There is no calendar event with this id."))
        )

    @property
    def feed_secret(self) -> FeedSecret:
        """The secret in the path, which no refusal repeats."""
        return FeedSecret(self._named("secret", lambda _: NotFound("There is no feed at this address.")))

    @property
    def blob_id(self) -> BlobId:
        """The blob in the path."""
        return BlobId(self._named("blob_id", lambda _: NotFound("There is nothing under this link.")))

    @property
    def own_network(self) -> NetworkId:
        """The caller's network; an operator names one in X-Network-Id."""
        named = self.named_network
        if named is not None and not CHOSEN_CLIENT_ID.fullmatch(named):
            raise NetworkNotFound(named)
        return network_of(self.principal, None if named is None else NetworkId(named))

    def _named(self, name: str, missing: Callable[[str], NotFound]) -> str:
        """An id in the path; one that cannot be an id is answered as one that is not there."""
        if not CHOSEN_CLIENT_ID.fullmatch(self.path[name]):
            raise missing(self.path[name])
        return self.path[name]


@frozen(kw_only=True)
class Operation:
    """One thing that can be asked for, as declared: everything else, its documentation included, follows.

    What concerns every operation of a sort (that it is deprecated, which limit counts it) belongs here;
    one that looks at no token is counted by no limit, unless it names one. rule is its row in
    application.networks.access, and its id too, unless it is another address of one that has that.
    """

    id: str
    rule: str
    dialect: Dialect
    method: Method
    path: str
    handler: Callable[[Call[Any, Any]], Awaitable[Any]]
    body: type | None
    body_needed: bool
    query: type | None
    answer: type | None
    status: HTTPStatus
    raises: tuple[type[MiraError], ...]
    place: Callable[[Call[Any, Any]], Awaitable[object]]
    names_network: bool
    conditional: bool
    ranged: bool
    form: bool
    large: bool
    limit: Limit
    deprecation: Deprecation | None = None

    @property
    def summary(self) -> str:
        """What it does, in a sentence."""
        return _first_line(self.handler.__doc__)

    @property
    def section(self) -> str:
        """What it stands beside in the documents: the operations of its module."""
        return f"{self.dialect.name} {self.handler.__module__.rpartition('.')[2]}"

    @property
    def section_meaning(self) -> str:
        """What the operations of its module are about, in a sentence."""
        return _first_line(sys.modules[self.handler.__module__].__doc__)


async def network_in_path(call: Call[Any, Any]) -> object:
    """Make sure that the network in the path is there for the caller, if the path has one."""
    return await call.use.get_network(call.principal, call.network_id) if "network_id" in call.path else None


async def network_in_header(call: Call[Any, Any]) -> object:
    """Make sure that the network which the call is about is there for the caller."""
    return await call.use.get_network(call.principal, call.own_network)


def operation(
    dialect: Dialect,
    name: str,
    method: Method,
    path: str,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    raises: tuple[type[MiraError], ...] = (),
    place: Callable[[Call[Any, Any]], Awaitable[object]] | None = None,
    names_network: bool = False,
    conditional: bool = False,
    ranged: bool = False,
    form: bool = False,
    large: bool = False,
    limit: Limit = Limit.REQUEST,
    deprecation: Deprecation | None = None,
) -> Callable[[Callable[[Call[Body, Query]], Awaitable[Answer]]], Operation]:
    """Declare an operation; its function's signature says which shapes it reads and what it answers.

    A refusal of what was sent (413, 415, 422) is preceded by `place`, which refuses a place that is not
    there, so that nobody learns about shapes of what is not theirs. A body declared as a shape or None may
    be left out. names_network says that the network
    is the caller's own, or named by an operator in X-Network-Id. conditional says that the answer has an
    entity tag, and is not sent again (304) to those who name it in If-None-Match; ranged, that a part of it
    may be asked for with Range (206). form says that the body is a form of several parts, which
    may be large; large, that it may be as large as those. Otherwise a body may have 1 MiB.
    deprecation says that it goes away: its answers carry the headers of
    that, refusals too, and the documents tell it.
    """
    if name not in RULES and name not in OPEN_OPERATIONS:
        raise ValueError(f"{name} has no rule in application.networks.access")

    def declare(handler: Callable[[Call[Body, Query]], Awaitable[Answer]]) -> Operation:
        hints = get_type_hints(handler)
        body, query = get_args(hints["call"])
        return Operation(
            id=name,
            rule=name,
            dialect=dialect,
            method=method,
            path=path,
            handler=handler,
            body=_shape(body),
            body_needed=not _may_be_missing(body),
            query=_shape(query),
            answer=_shape(hints["return"]),
            status=status,
            raises=raises,
            place=place or (network_in_header if names_network else network_in_path),
            names_network=names_network,
            conditional=conditional,
            ranged=ranged,
            form=form,
            large=large,
            limit=limit if name in RULES else Limit.NOTHING,
            deprecation=deprecation,
        )

    return declare


def deprecated_alias(original: Operation, name: str, path: str, deprecation: Deprecation) -> Operation:
    """The same operation at another address, which goes away; whoever may call the one may call the other."""
    return evolve(original, id=name, path=path, deprecation=deprecation)


def _first_line(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0]


def _may_be_missing(hint: Any) -> bool:
    """Whether a shape is declared as one or none."""
    return isinstance(hint, UnionType) and NoneType in get_args(hint)


def _shape(hint: Any) -> type | None:
    if _may_be_missing(hint):
        return next(part for part in get_args(hint) if part is not NoneType)  # type: ignore[no-any-return]
    return None if hint is NoneType else hint
