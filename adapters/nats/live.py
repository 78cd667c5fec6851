"""Live news over NATS: out to whoever listens, and in from the other instances of the hub."""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Collection
from typing import Final

import structlog
from attrs import define, field
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error

from adapters.nats.cloudevents import MEDIA_TYPE, Message, of_news, read_news
from adapters.nats.connection import NatsConnection
from adapters.nats.subjects import live_subject, network_in
from domain.errors import InvalidValue
from domain.events import LiveNews
from domain.ids import NetworkId

log = structlog.get_logger(__name__)

MOST_WAITING: Final = 512
LOOK_SECONDS: Final = 1.0


@define(eq=False)
class NatsLive:
    """Tells live news, dropping the oldest when NATS is slow or away, and hears that of others.

    Networks are heard while somebody listens in them here; the connection does not echo what it told itself.
    """

    connection: NatsConnection
    heard: Callable[[LiveNews], None]
    followed: Callable[[], Collection[NetworkId]]
    dropped: int = field(default=0, init=False)
    _waiting: deque[tuple[NetworkId, Message]] = field(factory=deque, init=False)
    _changed: asyncio.Event = field(factory=asyncio.Event, init=False)
    _subscriptions: dict[NetworkId, Subscription] = field(factory=dict, init=False)

    def tell(self, news: LiveNews) -> None:
        """Tell others soon."""
        if not self.connection.ready:
            self.dropped += 1
            return
        if len(self._waiting) == MOST_WAITING:
            self._waiting.popleft()
            self.dropped += 1
        self._waiting.append((news.network_id, of_news(news, f"live_{secrets.token_hex(8)}")))
        self._changed.set()

    def look(self) -> None:
        """Somebody has begun to listen: see whom to hear."""
        self._changed.set()

    async def run(self) -> None:
        """Send what waits, and hear the networks that are followed."""
        while True:
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._changed.wait()
            except TimeoutError:
                pass
            self._changed.clear()
            if not self.connection.ready:
                continue
            try:
                await self._send()
                await self._follow()
            except (Error, OSError) as error:
                log.warning("live news did not leave", error=type(error).__name__)

    async def _send(self) -> None:
        while self._waiting:
            network_id, message = self._waiting.popleft()
            await self.connection.client.publish(
                live_subject(network_id, message.kind), message.content, headers={"Content-Type": MEDIA_TYPE}
            )

    async def _follow(self) -> None:
        wanted = frozenset(self.followed())
        for network_id in wanted - self._subscriptions.keys():
            self._subscriptions[network_id] = await self.connection.client.subscribe(
                live_subject(network_id, "*"), cb=self._hear
            )
        for network_id in self._subscriptions.keys() - wanted:
            await self._subscriptions.pop(network_id).unsubscribe()

    async def _hear(self, message: Msg) -> None:
        try:
            news = read_news(network_in(message.subject), message.data)
        except InvalidValue:
            log.warning("somebody told live news that is none", subject=message.subject)
            return
        self.heard(news)
