"""Limits of one hub, in memory: moving windows, counted by the `limits` package."""

import time
from bisect import bisect_right
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from attrs import define, field
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.storage import MovingWindowSupport, Storage
from limits.aio.strategies import MovingWindowRateLimiter

from application.ports.limits import Charge, Standing
from domain.ids import ClientId, NetworkId

MOST_KEYS: Final = 100_000
"""Subjects of which count is kept; beyond these, those that did nothing for longest are forgotten."""


class Windows(Storage, MovingWindowSupport):
    """When each subject did what, on a clock that never goes back; bounded by keys and by each rate.

    None of it waits for anything, so that between a test and a hit nothing else on the event loop runs.
    """

    STORAGE_SCHEME = None

    def __init__(self, now: Callable[[], float], most_keys: int) -> None:
        super().__init__()
        self._now = now
        self._most_keys = most_keys
        self._deeds: OrderedDict[str, deque[float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._deeds)

    @property
    def base_exceptions(self) -> type[Exception]:
        """Nothing here fails."""
        return ValueError

    async def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Note a deed, if there were fewer than limit in the last seconds."""
        deeds = self._window(key, expiry)
        if len(deeds) + amount > limit:
            return False
        deeds.extend([self._now()] * amount)
        return True

    async def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the oldest deed that still counts was done, and how many count."""
        deeds = self._window(key, expiry)
        return (deeds[0], len(deeds)) if deeds else (self._now(), 0)

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Note deeds, whatever their limit; how many there are."""
        deeds = self._window(key, expiry)
        deeds.extend([self._now()] * amount)
        return len(deeds)

    async def get(self, key: str) -> int:
        """How many deeds are noted."""
        return len(self._deeds.get(key, ()))

    async def get_expiry(self, key: str) -> float:
        """When the last deed was done."""
        deeds = self._deeds.get(key)
        return deeds[-1] if deeds else self._now()

    async def check(self) -> bool:
        """Memory is always there."""
        return True

    async def reset(self) -> int:
        """Forget everything; how many keys that were."""
        keys = len(self._deeds)
        self._deeds.clear()
        return keys

    async def clear(self, key: str) -> None:
        """Forget one subject."""
        self._deeds.pop(key, None)

    def _window(self, key: str, seconds: int) -> deque[float]:
        """What counts of a key; the rest is forgotten, and so is the key that was idle for longest."""
        deeds = self._deeds.setdefault(key, deque())
        self._deeds.move_to_end(key)
        while len(self._deeds) > self._most_keys:
            self._deeds.popitem(last=False)
        for _ in range(bisect_right(deeds, self._now() - seconds)):
            deeds.popleft()
        return deeds


@define(eq=False)
class MemoryLimits:
    """Counts for one hub; a hub that starts again begins at nought."""

    now: Callable[[], float] = time.monotonic
    most_keys: int = MOST_KEYS
    _windows: Windows = field(init=False, repr=False)
    _limiter: MovingWindowRateLimiter = field(init=False, repr=False)
    _seats: dict[NetworkId, Counter[ClientId]] = field(factory=dict, init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self._windows = Windows(self.now, self.most_keys)
        self._limiter = MovingWindowRateLimiter(self._windows)

    def __len__(self) -> int:
        return len(self._windows)

    async def charge(self, charges: Sequence[Charge]) -> Standing:
        """Count a deed against all of these rates, or against none where one of them is used up."""
        for charge in charges:
            if not await self._limiter.test(_item(charge), charge.what, charge.subject):
                return await self._standing(charge, allowed=False)
        for charge in charges:
            await self._limiter.hit(_item(charge), charge.what, charge.subject)
        standings = [await self._standing(charge, allowed=True) for charge in charges]
        return min(standings, key=lambda one: one.remaining)

    @asynccontextmanager
    async def seat(self, network_id: NetworkId, client_id: ClientId, most: int) -> AsyncIterator[bool]:
        """Hold one of a network's seats while the block lasts; False where all are taken."""
        taken = self._seats.setdefault(network_id, Counter())
        seated = taken.total() - min(taken[client_id], 1) < most
        taken[client_id] += seated
        try:
            yield seated
        finally:
            taken[client_id] -= seated
            if not taken[client_id]:
                del taken[client_id]
            if not taken and self._seats.get(network_id) is taken:
                del self._seats[network_id]

    async def _standing(self, charge: Charge, *, allowed: bool) -> Standing:
        window = await self._limiter.get_window_stats(_item(charge), charge.what, charge.subject)
        return Standing(
            what=charge.what,
            limit=charge.rate.most,
            remaining=max(0, window.remaining),
            resets_in=max(0.0, window.reset_time - self.now()),
            allowed=allowed,
        )


class _Seconds(RateLimitItemPerSecond):
    """A rate whose count outlives a change of how many there may be."""

    def key_for(self, *identifiers: bytes | str | int | float) -> str:
        """What is counted by: who and what, and over how long."""
        return "/".join(map(str, (*identifiers, self.multiples)))


def _item(charge: Charge) -> RateLimitItem:
    return _Seconds(amount=charge.rate.most, multiples=charge.rate.seconds)
