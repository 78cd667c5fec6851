"""One call to a hub over HTTP."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

import aiohttp
import orjson
import structlog
from aiohttp import FormData
from attrs import frozen
from yarl import URL

from adapters.hub.errors import HubError, HubUnreachable
from adapters.hub.reading import read_json

log = structlog.get_logger(__name__)

VERSIONED: Final = "/api/v1/"
VERSION: Final = "v1"
LARGEST_SOUND: Final = 64 * 1024 * 1024
GROWING: Final = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=65)
"""A sound that grows lasts as long as it lasts, but the hub gives up one that stands still for a minute."""
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
NULL: Final = object()
"""Stands in a body for a null that is to be sent; None is left out."""


@frozen(kw_only=True)
class Caller:
    """Calls a hub on behalf of whoever a token stands for."""

    base_url: str
    token: str | None
    web: aiohttp.ClientSession

    async def json(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        network_id: str | None = None,
    ) -> Any:
        """Call, and answer what the hub said; None where it said nothing.

        Raises:
            HubError: the hub refused.
            HubUnreachable: there was no answer.
        """
        headers = self._headers(path, network_id)
        if body is not None:
            headers["Content-Type"] = "application/json"
        data = None if body is None else orjson.dumps(_given(body))
        params = {name: _text(value) for name, value in _given(query or {}).items()}
        return await self._ask(method, path, headers, data, params)

    async def form(self, path: str, form: FormData) -> Any:
        """Send a form, and answer what the hub said."""
        return await self._ask("POST", path, self._headers(path, None), form, {})

    async def _ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        data: FormData | bytes | None,
        params: Mapping[str, str],
    ) -> Any:
        address = URL(f"{self.base_url}{path}", encoded=True)
        try:
            async with self.web.request(method, address, data=data, params=params, headers=headers) as answer:
                content = await answer.read()
                _heed(method, path, answer.headers)
                if not answer.ok:
                    raise refused(answer.status, content, answer.headers.get("X-Request-ID"))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise HubUnreachable(f"{self.base_url} does not answer") from error
        return read_json(content) if content else None

    async def linked(self, url: str) -> bytes:
        """Fetch what a link of the hub leads to; the link is its own proof."""
        return await self._fetch(self.reachable(url), {})

    async def growing(self, url: str) -> AsyncIterator[bytes]:
        """What a link leads to, as it comes: a sound may still be being made.

        Raises:
            HubError: the link is good no more, or there is no end to what it leads to.
            HubUnreachable: it does not answer, or broke off.
        """
        address = URL(self.reachable(url), encoded=True)
        try:
            async with self.web.get(address, timeout=GROWING) as answer:
                if not answer.ok:
                    raise refused(answer.status, await answer.read(), answer.headers.get("X-Request-ID"))
                left = LARGEST_SOUND
                async for piece in answer.content.iter_any():
                    left -= len(piece)
                    if left < 0:
                        raise HubError(0, "TOO_LARGE", f"The sound is more than {LARGEST_SOUND} bytes.")
                    yield piece
        except (aiohttp.ClientError, TimeoutError) as error:
            raise HubUnreachable("the link does not answer") from error

    def reachable(self, url: str) -> str:
        """A link, or where a hub that knows no address of its own but this machine's is really found."""
        link, here = URL(url, encoded=True), URL(self.base_url)
        if link.host not in LOOPBACK or here.host in LOOPBACK:
            return url
        return f"{self.base_url}{link.raw_path_qs}"

    async def sound(self, path: str, wanted: str | None = None) -> bytes:
        """Fetch a sound file, or the part of it that a Range names."""
        headers = self._headers(path, None) | ({} if wanted is None else {"Range": wanted})
        return await self._fetch(f"{self.base_url}{path}", headers)

    def _headers(self, path: str, network_id: str | None) -> dict[str, str]:
        headers = {"API-Version": VERSION} if path.startswith(VERSIONED) else {}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        if network_id is not None:
            headers["X-Network-Id"] = network_id
        return headers

    async def _fetch(self, url: str, headers: Mapping[str, str]) -> bytes:
        try:
            async with self.web.get(URL(url, encoded=True), headers=headers) as answer:
                content = await _whole(answer.content)
                if not answer.ok:
                    raise refused(answer.status, content, answer.headers.get("X-Request-ID"))
                return content
        except (aiohttp.ClientError, TimeoutError) as error:
            raise HubUnreachable("the link does not answer") from error


async def _whole(content: aiohttp.StreamReader) -> bytes:
    """All of a body, however many reads it takes, up to the largest that there can be."""
    pieces: list[bytes] = []
    while piece := await content.read(LARGEST_SOUND - sum(map(len, pieces))):
        pieces.append(piece)
    return b"".join(pieces)


def _heed(method: str, path: str, headers: Mapping[str, str]) -> None:
    """Tell whoever reads the log that a call goes away, and until when it is served."""
    if "Deprecation" in headers:
        log.warning(
            "this call goes away",
            method=method,
            path=path,
            sunset=headers.get("Sunset"),
            link=headers.get("Link"),
        )


def part(name: str) -> str:
    """A name as one part of a path."""
    return quote(name, safe="")


def refused(status: int, content: bytes, request_id: str | None) -> HubError:
    """The refusal that a hub's answer tells, in either of its envelopes."""
    try:
        told = orjson.loads(content)
        told = told.get("error", told)
        code = told.get("code") or told.get("error_code") or "UNKNOWN"
        return HubError(
            status,
            str(code),
            str(told.get("message", "")),
            told.get("details"),
            told.get("request_id") or request_id,
        )
    except (orjson.JSONDecodeError, AttributeError):
        return HubError(status, "UNKNOWN", f"The hub answered {status}.", None, request_id)


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: None if value is NULL else value for name, value in values.items() if value is not None}


def _text(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat()
        case _:
            return str(value)
