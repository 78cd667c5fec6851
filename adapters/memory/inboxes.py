"""An inbox: what one listener has yet to read, bounded on both sides."""

import asyncio
from collections import deque
from collections.abc import Callable
from itertools import count
from typing import Final

from attrs import define, field

from domain.clients import LeaveReason
from domain.events import Announcement, Fact, LiveNews

MOST_FACTS: Final = 1024
MOST_NEWS: Final = 64


def _nobody(_: int) -> None:
    """Tell nobody."""


@define(eq=False)
class BoundedInbox:
    """Keeps announcements in order of arrival; the oldest news makes room, too many facts close it.

    It belongs to one event loop and has one reader.
    """

    _most_facts: int = MOST_FACTS
    _most_news: int = MOST_NEWS
    _on_begin: Callable[[int], None] = _nobody
    _facts: deque[tuple[int, Fact]] = field(factory=deque, init=False)
    _news: deque[tuple[int, LiveNews]] = field(factory=deque, init=False)
    _arrivals: "count[int]" = field(factory=count, init=False)
    _changed: asyncio.Event = field(factory=asyncio.Event, init=False)
    _closed: bool = field(default=False, init=False)
    _leave_reason: LeaveReason | None = field(default=None, init=False)
    _overflowed: bool = field(default=False, init=False)
    _dropped: int = field(default=0, init=False)
    _begun: int | None = field(default=None, init=False)
    _sent_away: tuple[int, LeaveReason | None] | None = field(default=None, init=False)

    @property
    def leave_reason(self) -> LeaveReason | None:
        """Why it was closed from the hub's side, if it was."""
        return self._leave_reason

    @property
    def overflowed(self) -> bool:
        """Whether it was closed because facts were not read in time."""
        return self._overflowed

    @property
    def unread(self) -> int:
        """How many announcements wait to be read."""
        return len(self._facts) + len(self._news)

    @property
    def dropped(self) -> int:
        """How many pieces of live news the listener was too slow for."""
        return self._dropped

    @property
    def closed(self) -> bool:
        """Whether nothing more is taken in."""
        return self._closed

    async def next(self) -> Announcement | None:
        """The next announcement in order of arrival; None once it is closed and empty of facts."""
        while not (self._facts or self._news or self._closed):
            self._changed.clear()
            await self._changed.wait()
        if self._facts and not (self._news and self._news[0][0] < self._facts[0][0]):
            return self._facts.popleft()[1]
        return self._news.popleft()[1] if self._news else None

    def begin(self, position: int) -> None:
        """The listener is connected from after a position on; it may have been sent away since."""
        self._begun = position
        if self._sent_away is not None and self._sent_away[0] > position:
            self.dismiss(self._sent_away[1])
        if not self._closed:
            self._on_begin(position)

    def dismiss(self, reason: LeaveReason | None) -> None:
        """Close it, for a reason; without one its reader is to come again, and to resume."""
        if reason is None:
            self.give_up()
        else:
            self.close(reason)

    def send_away(self, position: int, reason: LeaveReason | None) -> None:
        """Close it, if the listener was connected before a position; or later, should that turn out."""
        if self._begun is None:
            self._sent_away = (position, reason)
        elif self._begun < position:
            self.dismiss(reason)

    def put_fact(self, fact: Fact) -> None:
        """Take a fact in; one too many closes the inbox, and the reader may have those before it."""
        if self._closed:
            return
        if len(self._facts) == self._most_facts:
            self.give_up()
            return
        self._facts.append((next(self._arrivals), fact))
        self._changed.set()

    def put_news(self, news: LiveNews) -> None:
        """Take live news in; the oldest makes room when there is none."""
        if self._closed:
            return
        if len(self._news) == self._most_news:
            self._news.popleft()
            self._dropped += 1
        self._news.append((next(self._arrivals), news))
        self._changed.set()

    def give_up(self) -> None:
        """Close it as one that was not read in time; its reader is to come again, and to resume."""
        self._overflowed = True
        self.close()

    def close(self, reason: LeaveReason | None = None) -> None:
        """Take nothing more in; live news still waiting is of no use any more."""
        if self._closed:
            return
        self._closed = True
        self._leave_reason = reason
        self._news.clear()
        self._changed.set()
