"""Time from the end of a question to the first sound of its answer, with a model that writes at a given pace.

A scripted server streams tokens at the pace of a real model over the real wire; the openai client, the
fallback, the sentence cutting, espeak-ng and the blobs are the hub's own. "whole" is the same model with
streaming switched off: the hub gets its answer when all of it is written, and speaks then.

    python -m benchmarks.answers [--tokens-per-second 30] [--think 0.3] [--turns 5]
"""

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from adapters.espeak.speaker import WORKER, EspeakSpeaker
from adapters.fallback.interlocutor import FallbackInterlocutor
from adapters.fallback.providers import Provider
from adapters.openai.interlocutor import OpenaiInterlocutor
from adapters.openai.server import Server, connected
from adapters.workers.pool import WorkerPool
from adapters.workers.process import Work
from application.ports.dialogue import Capabilities, Interlocutor, Prompt, Sentence
from domain.ids import PersonaId
from domain.personas import Persona

ANSWER = (
    "You have three things tomorrow. At nine there is the dentist in the Main Street, and Anna said that she "
    "will drive you there. At noon you wanted to call the bank about the new card. In the evening Paul and "
    "Maria come for dinner, so the shopping should be done before five. Shall I remind you of the shopping?"
)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
MIRA = Persona(id=PersonaId("mira"), name="Mira", version="1", created_at=NOW, updated_at=NOW)


class NoTools:
    """A toolbox that nobody reaches into."""

    done = ()


def _chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    data = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "paced", "choices": [choice]}
    return b"data: " + json.dumps(data).encode() + b"\n\n"


@asynccontextmanager
async def paced_server(think: float, pace: float) -> AsyncIterator[str]:
    """A model that thinks for so many seconds, and then writes so many tokens a second."""
    tokens = [word + " " for word in ANSWER.split()]

    async def complete(request: web.Request) -> web.StreamResponse:
        body = await request.json()
        await asyncio.sleep(think)
        if not body.get("stream"):
            await asyncio.sleep(len(tokens) / pace)
            message = {"role": "assistant", "content": ANSWER}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            return web.json_response(
                {"id": "x", "object": "chat.completion", "created": 1, "model": "paced", "choices": [choice]}
            )
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for token in tokens:
            await asyncio.sleep(1 / pace)
            await response.write(_chunk({"content": token}))
        await response.write(_chunk({}, "stop") + b"data: [DONE]\n\n")
        return response

    app = web.Application()
    app.router.add_post("/v1/chat/completions", complete)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    finally:
        await runner.cleanup()


async def _measured(model: Interlocutor, speaker: EspeakSpeaker, *, whole: bool) -> tuple[float, float]:
    """Seconds to the first sound, and to the last."""
    prompt = Prompt(text="What is on tomorrow?", now=NOW, zone=ZoneInfo("UTC"), persona=MIRA)
    began, first = time.perf_counter(), 0.0
    sentences: list[str] = []
    tools: Any = NoTools()
    async for part in model.answer(prompt, tools):
        if not isinstance(part, Sentence):
            continue
        sentences.append(part.text)
        if not whole:
            await speaker.speak(part.text, MIRA.voice)
            first = first or time.perf_counter() - began
    if whole:
        await speaker.speak(" ".join(sentences), MIRA.voice)
    last = time.perf_counter() - began
    return first or last, last


async def _run(think: float, pace: float, turns: int) -> None:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(paced_server(think, pace))
        pool = await stack.enter_async_context(WorkerPool.open(Work(target=WORKER), count=1))
        speaker = EspeakSpeaker(pool)
        await speaker.speak("Warm up.", MIRA.voice)
        server = Server(name="paced", base_url=url, patience=120.0)
        client = await stack.enter_async_context(connected(server))
        print(f"{len(ANSWER.split())} tokens, {pace:g} a second, after {think:g} s; {turns} turns, medians")
        for streaming in (True, False):
            capabilities = Capabilities(streaming=streaming, tools=False)
            role = OpenaiInterlocutor(client=client, server=server, model="paced", capabilities=capabilities)
            model = FallbackInterlocutor(providers=(Provider[Interlocutor](name="paced", role=role),))
            await _measured(model, speaker, whole=not streaming)
            times = [await _measured(model, speaker, whole=not streaming) for _ in range(turns)]
            first, last = (statistics.median(column) for column in zip(*times, strict=True))
            print(
                f"{'streaming' if streaming else 'whole    '}  first sound {first:.2f} s   last {last:.2f} s"
            )


def main() -> None:
    """Measure, and print a table."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.answers", description=__doc__)
    options.add_argument("--tokens-per-second", type=float, default=30.0)
    options.add_argument("--think", type=float, default=0.3, help="seconds before the first token")
    options.add_argument("--turns", type=int, default=5)
    chosen = options.parse_args()
    asyncio.run(_run(chosen.think, chosen.tokens_per_second, chosen.turns))


if __name__ == "__main__":
    main()
