"""What every request and response carries: an id, and the version of the API."""

import re
import secrets
from functools import cached_property
from typing import Final

from quart import Request, Response, Websocket
from werkzeug.datastructures import Headers

from domain.errors import UnsupportedVersion
from domain.ids import RequestId

REQUEST_ID_HEADER: Final = "X-Request-ID"
VERSION_HEADER: Final = "API-Version"
VERSIONS: Final = ("v1",)
VERSIONED: Final = "/api/v1"
SANE_ID: Final = re.compile(r"[A-Za-z0-9_.:-]{1,128}")


class Identified:
    """Something that was asked of the hub, and the id by which its answer and the log are found."""

    headers: Headers

    @cached_property
    def request_id(self) -> RequestId:
        """The sender's own id, when it is sane, or else a fresh one."""
        sent = self.headers.get(REQUEST_ID_HEADER, "")
        return RequestId(sent if SANE_ID.fullmatch(sent) else f"req_{secrets.token_hex(16)}")


class HubRequest(Identified, Request):
    """A request to the hub."""


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
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
