"""A server that speaks the OpenAI API on the wire and does what a script says: 429, stalls, breaks."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from attrs import define, field, frozen

Act = Callable[[web.Request, "Asked"], Awaitable[web.StreamResponse]]


@frozen
class Asked:
    """What somebody asked of the server: the path, the headers, the JSON or the form fields."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def texts(self) -> list[tuple[str, Any]]:
        """The roles and contents of the messages."""
        return [(message["role"], message.get("content")) for message in self.body["messages"]]


@define(eq=False)
class ModelServer:
    """Serves the acts of its script, one a request, the last one again and again."""

    script: list[Act] = field(factory=list)
    asked: list[Asked] = field(factory=list, init=False)
    base_url: str = field(default="", init=False)
    gone: list[str] = field(factory=list, init=False)

    def then(self, *acts: Act) -> None:
        """What is to be answered from now on."""
        self.script[:] = acts
        self.asked.clear()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body: dict[str, Any]
        if request.content_type == "application/json":
            body = await request.json()
        else:
            form = await request.post()
            files = (part for part in form.values() if isinstance(part, web.FileField))
            body = dict(form) | {part.name: _content(part) for part in files}
        asked = Asked(request.path, dict(request.headers), body)
        self.asked.append(asked)
        act = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        try:
            return await act(request, asked)
        except (ConnectionResetError, asyncio.CancelledError):
            self.gone.append(request.path)
            raise


def _content(part: web.FileField) -> bytes:
    with part.file:
        return part.file.read()


@asynccontextmanager
async def model_server(*script: Act) -> AsyncIterator[ModelServer]:
    """A server on a free port of this machine for as long as the block lasts."""
    server = ModelServer(list(script))
    app = web.Application()
    app.router.add_post("/v1/{rest:.*}", server.handle)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    server.base_url = f"http://127.0.0.1:{port}/v1"
    try:
        yield server
    finally:
        await runner.cleanup()


def chunk(delta: Mapping[str, Any] | None, finish: str | None = None, **others: Any) -> bytes:
    """One event of a stream, as the API writes it."""
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    data = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "scripted",
        "choices": choices,
        **others,
    }
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def usage(prompt: int, completion: int) -> dict[str, int]:
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


async def streaming(request: web.Request) -> web.StreamResponse:
    """The head of a stream of events."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    response.enable_chunked_encoding()
    await response.prepare(request)
    return response


def says(
    *bits: str,
    costs: tuple[int, int] | None = (20, 5),
    pause: Callable[[], Awaitable[None]] | None = None,
    finish: str | None = "stop",
    done: bool = True,
) -> Act:
    """Stream a text in bits; where it is not streamed, answer it whole."""

    async def act(request: web.Request, asked: Asked) -> web.StreamResponse:
        if not asked.body.get("stream"):
            return web.json_response(_whole("".join(bits), costs))
        response = await streaming(request)
        await response.write(chunk({"role": "assistant", "content": ""}))
        for bit in bits:
            if pause is not None:
                await pause()
            await response.write(chunk({"content": bit}))
        if finish:
            await response.write(chunk({}, finish))
        if costs is not None:
            await response.write(chunk(None, usage=usage(*costs)))
        if done:
            await response.write(b"data: [DONE]\n\n")
        await response.write_eof()
        return response

    return act


def _whole(text: str, costs: tuple[int, int] | None) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "scripted",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        **({"usage": usage(*costs)} if costs else {}),
    }


def calls(*functions: tuple[str, str], text: str = "", pieces: int = 3, with_ids: bool = True) -> Act:
    """Call functions by name with arguments (as text, in pieces), the way streams do."""

    async def act(request: web.Request, asked: Asked) -> web.StreamResponse:
        response = await streaming(request)
        if text:
            await response.write(chunk({"role": "assistant", "content": text}))
        for index, (name, arguments) in enumerate(functions):
            head: dict[str, Any] = {"index": index, "type": "function"}
            if with_ids:
                head["id"] = f"call_{index}_x"
            opening = {**head, "function": {"name": name, "arguments": ""}}
            await response.write(chunk({"tool_calls": [opening]}))
            size = max(1, len(arguments) // pieces)
            for start in range(0, len(arguments), size):
                part = {"index": index, "function": {"arguments": arguments[start : start + size]}}
                await response.write(chunk({"tool_calls": [part]}))
        await response.write(chunk({}, "tool_calls"))
        await response.write(chunk(None, usage=usage(30, 10)))
        await response.write(b"data: [DONE]\n\n")
        await response.write_eof()
        return response

    return act


def refuses(status: int, code: str = "refused", message: str = "No.", **headers: str) -> Act:
    """Answer with an error of the API."""

    async def act(request: web.Request, asked: Asked) -> web.StreamResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        error = {"error": {"message": message, "type": "error", "param": None, "code": code}}
        return web.json_response(error, status=status, headers=named)

    return act


def stalls(*bits: str) -> Act:
    """Send some bits, and then nothing for ever; without bits not even a head."""

    async def act(request: web.Request, asked: Asked) -> web.StreamResponse:
        if bits:
            response = await streaming(request)
            for bit in bits:
                await response.write(chunk({"content": bit}))
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    return act


def breaks(*bits: str, inside_an_event: bool = False) -> Act:
    """Send some bits, and then let the connection drop."""

    async def act(request: web.Request, asked: Asked) -> web.StreamResponse:
        response = await streaming(request)
        for bit in bits:
            await response.write(chunk({"content": bit}))
        if inside_an_event:
            await response.write(chunk({"content": "lost"})[:30])
        transport = request.transport
        assert transport is not None
        await asyncio.sleep(0)
        transport.close()
        return response

    return act


def sends(content: bytes, content_type: str = "application/json") -> Act:
    """Answer with these very bytes."""

    async def act(request: web.Request, asked: Asked) -> web.StreamResponse:
        return web.Response(body=content, content_type=content_type)

    return act


def last_words(asked: Sequence[Asked]) -> str:
    """What was said last in the latest request."""
    return str(asked[-1].texts[-1][1])
