"""Commands in: a micro service whose endpoints are the hub's operations, below each network's subject."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

import structlog
from attrs import define, field, frozen
from nats.aio.client import Client
from nats.errors import Error
from nats.micro import add_service
from nats.micro.request import Request
from nats.micro.service import EndpointConfig, EndpointStats, Service

from adapters.nats.connection import NatsConnection
from adapters.nats.subjects import SERVICE, command_subject, network_in
from domain.ids import NetworkId

log = structlog.get_logger(__name__)

QUEUE: Final = "mira"
MOST_AT_ONCE: Final = 64
"""Commands that one instance serves at the same time; one more is refused."""
AUTHORIZATION: Final = "Authorization"


@frozen(kw_only=True)
class Command:
    """What can be asked for: its name (an operation's id), what it does, and its shapes as JSON Schema."""

    name: str
    meaning: str
    request: Mapping[str, object]
    response: Mapping[str, object]

    @property
    def endpoint(self) -> str:
        """Its name where dots may not be."""
        return self.name.replace(".", "-")


@frozen(kw_only=True)
class Question:
    """A command as it came: for which network, with whose token, and what it says."""

    command: str
    network_id: NetworkId
    authorization: str | None
    content: bytes


@frozen(kw_only=True)
class Reply:
    """What is answered: a document; or a refusal, with its code and a sentence."""

    content: bytes
    code: str | None = None
    message: str = ""


Perform = Callable[[Question], Awaitable[Reply]]


@define
class _Tally:
    """How often an endpoint was asked, and what that took."""

    errors: int = 0
    under_way: int = 0
    milliseconds: float = 0.0


@define(eq=False)
class NatsCommands:
    """Serves commands, each in a task of its own, so that a slow one keeps nobody waiting."""

    connection: NatsConnection
    version: str
    commands: Sequence[Command]
    perform: Perform
    _tallies: dict[str, _Tally] = field(factory=dict, init=False)
    _tasks: set["asyncio.Task[None]"] = field(factory=set, init=False)
    _service: Service | None = field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        self.connection.when_open(self._open)

    async def stop(self, seconds: float) -> None:
        """Take no more, and give what is under way so long to end."""
        if self._service is not None and self.connection.ready:
            await self._service.stop()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _open(self, client: Client) -> None:
        if self._service is not None:
            return
        service = await add_service(
            client,
            name=SERVICE,
            version=self.version,
            description="A hub that hears a home, answers, and acts",
            queue_group=QUEUE,
            metadata={"subject": command_subject("<operation>", "<network_id>"), "token": AUTHORIZATION},
            stats_handler=self._stats,
        )
        self._service = service
        for command in self.commands:
            self._tallies[command.endpoint] = _Tally()
            await service.add_endpoint(
                EndpointConfig(
                    name=command.endpoint,
                    subject=command_subject(command.name),
                    handler=self._handler(command),
                    metadata=_described(command),
                )
            )

    def _handler(self, command: Command) -> Callable[[Request], Awaitable[None]]:
        async def handle(request: Request) -> None:
            if len(self._tasks) >= MOST_AT_ONCE:
                await request.respond_error("OVERLOADED", "The hub has as much to do as it can.")
                return
            task = asyncio.create_task(self._serve(command, request))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        return handle

    async def _serve(self, command: Command, request: Request) -> None:
        """Answer one command; whatever goes wrong is told by its code and never by its inside."""
        tally, since = self._tallies[command.endpoint], time.perf_counter()
        tally.under_way += 1
        try:
            reply = await self.perform(_question(command, request))
        except Exception:
            log.exception("a command failed", command=command.name)
            reply = Reply(content=b"{}", code="INTERNAL_ERROR", message="The hub failed at this command.")
        finally:
            tally.under_way -= 1
            tally.milliseconds += 1000 * (time.perf_counter() - since)
        tally.errors += reply.code is not None
        try:
            await _answer(request, reply)
        except (Error, ValueError) as error:
            log.warning("a command's answer did not leave", command=command.name, error=type(error).__name__)

    def _stats(self, endpoint: EndpointStats) -> Mapping[str, object]:
        tally = self._tallies[endpoint.name]
        return {
            "errors": tally.errors,
            "under_way": tally.under_way,
            "milliseconds": round(tally.milliseconds, 1),
        }


async def _answer(request: Request, reply: Reply) -> None:
    if reply.code is None:
        await request.respond(reply.content)
    else:
        await request.respond_error(reply.code, header_text(reply.message), reply.content)


def _question(command: Command, request: Request) -> Question:
    headers = {name.lower(): value for name, value in (request.headers or {}).items()}
    return Question(
        command=command.name,
        network_id=network_in(request.subject),
        authorization=headers.get(AUTHORIZATION.lower()),
        content=request.data,
    )


def _described(command: Command) -> dict[str, str]:
    schema: dict[str, Any] = {"request": command.request, "response": command.response}
    return {"description": command.meaning, "schema": json.dumps(schema)}


def header_text(text: str) -> str:
    """A sentence as a header may be: one line of plain characters."""
    return " ".join(text.encode("ascii", "replace").decode().split())[:500]
