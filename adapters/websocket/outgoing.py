"""What waits to be sent on one socket."""

import asyncio
import heapq
from collections import deque
from itertools import count
from typing import Final

from attrs import define, field

MOST_REPLIES: Final = 64
MOST_ANNOUNCEMENTS: Final = 32


@define(eq=False)
class Outgoing:
    """A bounded number of announcements, so that the rest waits in the inbox, and of replies.

    Replies go first; of those that the other side does not take, the oldest are dropped and counted. Among
    announcements the most urgent goes first, and of those alike the one that came first.
    """

    most_replies: int = MOST_REPLIES
    most_announcements: int = MOST_ANNOUNCEMENTS
    dropped: int = field(default=0, init=False)
    _replies: deque[str] = field(factory=deque, init=False)
    _announcements: list[tuple[int, int, str]] = field(factory=list, init=False)
    _arrivals: "count[int]" = field(factory=count, init=False)
    _ready: asyncio.Event = field(factory=asyncio.Event, init=False)
    _taken: asyncio.Event = field(factory=asyncio.Event, init=False)

    def reply(self, text: str) -> None:
        """Send this as soon as may be."""
        if len(self._replies) == self.most_replies:
            self._replies.popleft()
            self.dropped += 1
        self._replies.append(text)
        self._ready.set()

    async def announce(self, text: str, priority: int = 0) -> None:
        """Send this before all that is less urgent; returns when there is room for it."""
        while len(self._announcements) >= self.most_announcements:
            self._taken.clear()
            await self._taken.wait()
        heapq.heappush(self._announcements, (-priority, next(self._arrivals), text))
        self._ready.set()

    async def next(self) -> str:
        """What to send next; waits until there is something."""
        while True:
            if self._replies:
                return self._replies.popleft()
            if self._announcements:
                self._taken.set()
                return heapq.heappop(self._announcements)[-1]
            self._ready.clear()
            await self._ready.wait()
