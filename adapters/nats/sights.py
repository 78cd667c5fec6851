"""What operators see of other instances: told while somebody watches, kept nowhere."""

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from typing import Final, Protocol, cast

import orjson
import structlog
from attrs import define, field
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error

from adapters.nats.cloudevents import CONVERTER, UNREADABLE, of_fact, of_news, read_fact, read_news
from adapters.nats.connection import NatsConnection
from adapters.nats.subjects import SIGHTS, WATCHING
from application.ports.watching import LimitHit, Sight, TroubleSeen, TurnSeen
from domain.errors import InvalidValue
from domain.events import Fact, LiveNews
from domain.ids import NetworkId

log = structlog.get_logger(__name__)

MOST_WAITING: Final = 1024
SAID_EVERY: Final = 2.0
BELIEVED_FOR: Final = 5.0
"""Seconds for which somebody is taken to watch who said so."""
KINDS: Final[Mapping[str, type]] = {"turn": TurnSeen, "trouble": TroubleSeen, "limit": LimitHit}
FACT, NEWS, NETWORK, CONTENT = "fact", "news", "network_id", "content"


class Tower(Protocol):
    """Who watches here, and how these are shown something."""

    @property
    def is_watched(self) -> bool:
        """Whether anybody watches here."""
        ...

    def pass_on(self, sight: Sight) -> None:
        """Hand on what happened in another instance."""
        ...


@define(eq=False)
class NatsSights:
    """Tells other instances what happens here while operators watch there, and passes on what they tell."""

    connection: NatsConnection
    tower: Tower
    dropped: int = field(default=0, init=False)
    _wanted_until: float = field(default=0.0, init=False)
    _waiting: deque[Sight] = field(factory=deque, init=False)
    _changed: asyncio.Event = field(factory=asyncio.Event, init=False)

    def __attrs_post_init__(self) -> None:
        self.connection.when_open(self._set_up)

    def tell(self, sight: Sight) -> None:
        """Something happens: tell it soon, if somebody wants to know; the oldest makes room."""
        if time.monotonic() > self._wanted_until or not self.connection.ready:
            return
        if len(self._waiting) == MOST_WAITING:
            self._waiting.popleft()
            self.dropped += 1
        self._waiting.append(sight)
        self._changed.set()

    async def run(self) -> None:
        """Send what waits, and say whether somebody watches here."""
        said_at = 0.0
        while True:
            try:
                async with asyncio.timeout(SAID_EVERY):
                    await self._changed.wait()
            except TimeoutError:
                pass
            self._changed.clear()
            if not self.connection.ready:
                continue
            try:
                if self.tower.is_watched and time.monotonic() - said_at >= SAID_EVERY:
                    said_at = time.monotonic()
                    await self.connection.client.publish(WATCHING, b"")
                while self._waiting:
                    await self.connection.client.publish(SIGHTS, write_sight(self._waiting.popleft()))
            except (Error, OSError) as error:
                log.warning("what happens was not told to other instances", error=type(error).__name__)

    async def _set_up(self, client: Client) -> None:
        await client.subscribe(WATCHING, cb=self._want)
        await client.subscribe(SIGHTS, cb=self._take)

    async def _want(self, _: Msg) -> None:
        self._wanted_until = time.monotonic() + BELIEVED_FOR

    async def _take(self, message: Msg) -> None:
        if not self.tower.is_watched:
            return
        try:
            self.tower.pass_on(read_sight(message.data))
        except InvalidValue:
            log.warning("somebody told of what is nothing to be seen", subject=message.subject)


def write_sight(sight: Sight) -> bytes:
    """A sight as it crosses."""
    match sight:
        case Fact():
            return orjson.dumps({"kind": FACT, CONTENT: of_fact(sight).content.decode()})
        case LiveNews():
            content = of_news(sight, "").content.decode()
            return orjson.dumps({"kind": NEWS, NETWORK: sight.network_id, CONTENT: content})
        case _:
            (kind,) = (name for name, type_ in KINDS.items() if isinstance(sight, type_))
            return orjson.dumps({"kind": kind, CONTENT: CONVERTER.unstructure(sight)})


def read_sight(content: bytes) -> Sight:
    """A sight that crossed.

    Raises:
        InvalidValue: it is none.
    """
    try:
        told = orjson.loads(content)
        match told["kind"]:
            case "fact":
                return read_fact(told[CONTENT].encode())
            case "news":
                return read_news(NetworkId(told[NETWORK]), told[CONTENT].encode())
            case kind:
                return cast(Sight, CONVERTER.structure(told[CONTENT], KINDS[kind]))
    except UNREADABLE as error:
        raise InvalidValue("sight", "must be what an instance of this hub tells") from error
