"""Facts on their way out: a JetStream stream that keeps them, in order, each once by its id."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Final

import structlog
from attrs import define, field
from nats.aio.client import Client
from nats.errors import Error, MaxPayloadError
from nats.js.api import DiscardPolicy, PubAck, StorageType, StreamConfig
from nats.js.client import JetStreamContext
from nats.js.errors import BadRequestError, NotFoundError

from adapters.nats.cloudevents import MEDIA_TYPE, of_fact
from adapters.nats.connection import NatsConnection
from adapters.nats.subjects import EVENTS, STREAM, event_subject
from domain.errors import Overloaded
from domain.events import Fact

log = structlog.get_logger(__name__)

DEDUPLICATED_FOR: Final = 600.0
"""Seconds; what a relay publishes again after a failure comes well within."""
TAKEN_WITHIN: Final = 5.0
"""Seconds for a whole batch; after that it is given up, and tried again later."""
KEPT_FOR: Final = 7 * 86_400.0
"""Seconds; an operator who wants another stream makes it before the first start, or edits it."""


@define(eq=False)
class NatsPublisher:
    """Publishes facts as CloudEvents; the stream says of each that it is kept."""

    connection: NatsConnection
    _stream: JetStreamContext | None = field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        self.connection.when_open(self._set_up)

    @property
    def ready(self) -> bool:
        """Whether it is worth trying."""
        return self.connection.ready

    async def publish(self, facts: Sequence[Fact]) -> AsyncIterator[Fact]:
        """Hand on facts in order, and yield each that the stream has kept.

        Raises:
            Overloaded: the stream did not keep one of them; of what follows it nobody knows.
        """
        if self._stream is None:
            raise Overloaded("NATS is not there yet.")
        try:
            async with asyncio.timeout(TAKEN_WITHIN):
                answers = [(fact, await self._send(self._stream, fact)) for fact in facts]
                for fact, answer in answers:
                    if answer is not None:
                        await answer
                    yield fact
        except (Error, OSError, TimeoutError) as error:
            raise Overloaded("NATS did not keep a fact; it is tried again.") from error

    async def _send(self, stream: JetStreamContext, fact: Fact) -> "asyncio.Future[PubAck] | None":
        """Send a fact; None where it is larger than the server takes, ever."""
        message = of_fact(fact)
        headers = {"Nats-Msg-Id": fact.id, "Content-Type": MEDIA_TYPE}
        subject = event_subject(fact.network_id, message.kind)
        try:
            return await stream.publish_async(subject, message.content, stream=STREAM, headers=headers)
        except MaxPayloadError:
            log.warning("a fact is larger than NATS takes", event=fact.id, bytes=len(message.content))
            return None

    async def _set_up(self, client: Client) -> None:
        """Make the stream; one that is there stays as its operator has made it."""
        stream = client.jetstream(timeout=TAKEN_WITHIN)
        try:
            await stream.stream_info(STREAM)
        except NotFoundError:
            try:
                await stream.add_stream(self._wanted())
            except BadRequestError:
                await stream.stream_info(STREAM)
        self._stream = stream

    def _wanted(self) -> StreamConfig:
        return StreamConfig(
            name=STREAM,
            description="What happened in each network, as CloudEvents",
            subjects=[EVENTS],
            storage=StorageType.FILE,
            discard=DiscardPolicy.OLD,
            max_age=KEPT_FOR,
            duplicate_window=DEDUPLICATED_FOR,
        )
