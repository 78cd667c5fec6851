"""What waits to be sent on one socket."""

import asyncio
from collections import deque
from typing import Final

from attrs import define, field

MOST_REPLIES: Final = 64


@define(eq=False)
class Outgoing:
    """One announcement at a time, so that the rest waits in the inbox, and a bounded number of replies.

    Replies go first; of those that the other side does not take, the oldest are dropped and counted.
    """

    most_replies: int = MOST_REPLIES
    dropped: int = field(default=0, init=False)
    _replies: deque[str] = field(factory=deque, init=False)
    _announcement: str | None = field(default=None, init=False)
    _ready: asyncio.Event = field(factory=asyncio.Event, init=False)
    _taken: asyncio.Event = field(factory=asyncio.Event, init=False)

    def reply(self, text: str) -> None:
        """Send this as soon as may be."""
        if len(self._replies) == self.most_replies:
            self._replies.popleft()
            self.dropped += 1
        self._replies.append(text)
        self._ready.set()

    async def announce(self, text: str) -> None:
        """Send this after the announcement before it; returns when it is next."""
        while self._announcement is not None:
            self._taken.clear()
            await self._taken.wait()
        self._announcement = text
        self._ready.set()

    async def next(self) -> str:
        """What to send next; waits until there is something."""
        while True:
            if self._replies:
                return self._replies.popleft()
            if self._announcement is not None:
                text, self._announcement = self._announcement, None
                self._taken.set()
                return text
            self._ready.clear()
            await self._ready.wait()
