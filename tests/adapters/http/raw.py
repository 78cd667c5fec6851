"""Speaking to an application as a server does, with nothing put right on the way."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from attrs import frozen
from quart import Quart


@frozen(kw_only=True)
class RawAnswer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def document(self) -> Any:
        """The answer as JSON."""
        return json.loads(self.data)


async def ask(
    app: Quart, method: str, target: str, headers: Mapping[str, str], body: bytes = b""
) -> RawAnswer:
    """Send a request and wait for the answer; the target is a path as it stands on the request line."""
    raw_path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "asgi": {"spec_version": "2.1", "version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(raw_path),
        "raw_path": raw_path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
        "client": ("127.0.0.1", 5),
        "server": ("127.0.0.1", 8123),
        "extensions": {},
    }
    incoming = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[dict[str, Any]] = []

    async def receive() -> Any:
        return incoming.pop() if incoming else await _never()

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)  # type: ignore[arg-type]
    start = sent[0]
    return RawAnswer(
        status=start["status"],
        headers={name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]},
        data=b"".join(message.get("body", b"") for message in sent[1:]),
    )


async def _never() -> Any:
    return await asyncio.Event().wait()
