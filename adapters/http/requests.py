"""What every request and response carries: an id, and the version of the API."""

import asyncio
import re
import secrets
import time
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from quart import Request, Response, Websocket
from quart.wrappers.request import Body
from werkzeug.datastructures import Headers

from application.networks.access import Principal
from domain.errors import UnsupportedVersion
from domain.ids import RequestId

REQUEST_ID_HEADER: Final = "X-Request-ID"
VERSION_HEADER: Final = "API-Version"
VERSIONS: Final = ("v1",)
VERSIONED: Final = "/api/v1"
LINGER_SECONDS: Final = 2.0
SANE_ID: Final = re.compile(r"[A-Za-z0-9_.:-]{1,128}")


class Identified:
    """Something that was asked of the hub, and the id by which its answer and the log are found."""

    headers: Headers

    @cached_property
    def request_id(self) -> RequestId:
        """The sender's own id, when it is sane, or else a fresh one."""
        sent = self.headers.get(REQUEST_ID_HEADER, "")
        return RequestId(sent if SANE_ID.fullmatch(sent) else f"req_{secrets.token_hex(16)}")


class HeardOutBody(Body):
    """A body that knows when its sender has sent all of it, even where it is too large to be kept.

    A server that answers and closes while a sender still sends resets the connection, and the sender
    never reads the answer. So a refused body is thrown away, but heard out for a little while.
    """

    def __init__(self, expected_content_length: int | None, max_content_length: int | None) -> None:
        super().__init__(expected_content_length, max_content_length)
        self._ended = asyncio.Event()
        self._appending = False

    def append(self, data: bytes) -> None:
        """Take a piece, or throw it away where there are too many."""
        self._appending = True
        super().append(data)
        self._appending = False

    def set_complete(self) -> None:
        """Note that there is no more to wait for: all is there, or it is too large."""
        super().set_complete()
        if not self._appending:
            self._ended.set()

    async def heard_out(self) -> None:
        """Wait until all was sent, for two seconds at most."""
        if self._ended.is_set():
            return
        try:
            async with asyncio.timeout(LINGER_SECONDS):
                await self._ended.wait()
        except TimeoutError:
            return


class HubRequest(Identified, Request):
    """A request to the hub."""

    body_class = HeardOutBody
    body: HeardOutBody
    limit_headers: Mapping[str, str] = MappingProxyType({})
    """How the sender stands with the limit that the request was counted against, where there is one."""
    caller: Principal | None = None
    """Who asks, once that is known."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.began_at = time.monotonic()


def with_room(rooms: Mapping[tuple[str, re.Pattern[str]], int]) -> type[HubRequest]:
    """Requests whose bodies may be larger where a method and a path of these patterns are asked for."""

    class RoomyRequest(HubRequest):
        """A request that has the room which its address gives it."""

        def __init__(self, method: str, scheme: str, path: str, *arguments: Any, **options: Any) -> None:
            for (of_method, of_path), room in rooms.items():
                if method == of_method and of_path.fullmatch(path):
                    options["max_content_length"] = room
            super().__init__(method, scheme, path, *arguments, **options)

    return RoomyRequest


class HubWebsocket(Identified, Websocket):
    """A socket that was asked for, whether it is opened or refused."""


def check_version(request: HubRequest | HubWebsocket) -> None:
    """Refuse a version of the API that this hub does not speak; none at all is fine."""
    asked = request.headers.get(VERSION_HEADER)
    if asked is not None and asked.strip() not in VERSIONS:
        raise UnsupportedVersion(asked, VERSIONS)


def mark(response: Response, request: HubRequest | HubWebsocket) -> Response:
    """Put on a response what every one carries."""
    response.headers[REQUEST_ID_HEADER] = request.request_id
    if request.path == VERSIONED or request.path.startswith(f"{VERSIONED}/"):
        response.headers[VERSION_HEADER] = VERSIONS[-1]
    if isinstance(request, HubRequest):
        for name, value in request.limit_headers.items():
            response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
