"""What a device has to tell the hub: in order, kept through short losses of the network, each once."""

import asyncio
from collections import deque
from collections.abc import Mapping
from typing import Any, Final

from attrs import define, field, frozen

from domain.audio.pcm import SAMPLE_RATE

KEPT: Final = 8_500_000
"""Microseconds; a hub believes that sound is up to ten seconds old, and the way there takes some."""
FRESH: Final = 5_000_000
"""A button that was pressed longer ago means nothing any more."""
MOST: Final = 1024


@frozen(kw_only=True, eq=False)
class Sound:
    """A piece of sound, s16le at 16 kHz, and when its first sample was heard (microseconds since 1970)."""

    captured_at: int
    data: bytes

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.data) / 2 / SAMPLE_RATE


@frozen(kw_only=True)
class UtteranceOver:
    """Nothing more is to be waited for."""

    at: int


@frozen(kw_only=True)
class Outcome:
    """What became of a command."""

    told: Mapping[str, Any]


@frozen(kw_only=True)
class Pressed:
    """A button that the hub knows what to do with."""

    button: str
    held: bool
    at: int


Item = Sound | UtteranceOver | Outcome | Pressed


@define(eq=False)
class Outbox:
    """Keeps what is to be told until it is known to have arrived.

    What was sent on a socket that was lost is sent again, unless the hub has answered a heartbeat since; but
    for buttons, which would count twice. Sound that grows too old is given up, and counted.
    """

    lost_seconds: float = field(default=0.0, init=False)
    _waiting: deque[Item] = field(factory=lambda: deque(maxlen=MOST), init=False)
    _sent: deque[tuple[int, Item]] = field(factory=lambda: deque(maxlen=MOST), init=False)
    _news: asyncio.Event = field(factory=asyncio.Event, init=False)

    def put(self, item: Item) -> None:
        """Something more to tell."""
        if len(self._waiting) == MOST:
            self._give_up(self._waiting.popleft())
        self._waiting.append(item)
        self._news.set()

    async def news(self) -> None:
        """Wait until there is something to tell, or somebody thinks that there may be."""
        if not self._waiting:
            await self._news.wait()
        self._news.clear()

    def wake(self) -> None:
        """The socket was lost and is open again: something may have to be sent once more."""
        self._news.set()

    def take(self, now: int) -> Item | None:
        """The next to tell at a moment (microseconds since 1970), if there is any."""
        while self._waiting:
            item = self._waiting.popleft()
            if _is_fresh(item, now):
                return item
            self._give_up(item)
        return None

    def put_back(self, item: Item) -> None:
        """It could not be sent."""
        self._waiting.appendleft(item)

    def sent(self, item: Item, now: int) -> None:
        """It was sent, which does not mean that it has arrived."""
        if not isinstance(item, Pressed):
            self._sent.append((now, item))

    def arrived(self, until: int) -> None:
        """What was sent before a moment has arrived."""
        while self._sent and self._sent[0][0] < until:
            self._sent.popleft()

    def lost_touch(self) -> None:
        """The socket is another one: what has not arrived for certain is to be sent again."""
        again = [item for _, item in self._sent]
        self._sent.clear()
        self._waiting.extendleft(reversed(again))

    def _give_up(self, item: Item) -> None:
        if isinstance(item, Sound):
            self.lost_seconds += item.seconds


def _is_fresh(item: Item, now: int) -> bool:
    match item:
        case Sound(captured_at=at):
            return now - at < KEPT
        case UtteranceOver(at=at):
            return now - at < KEPT
        case Pressed(at=at):
            return now - at < FRESH
        case Outcome():
            return True
