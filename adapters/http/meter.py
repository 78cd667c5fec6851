"""How busy the hub is: requests in the last minute."""

import time
from collections.abc import Callable
from typing import Final

from attrs import define, field

SECONDS: Final = 60


@define
class RequestMeter:
    """Counts requests by the second and forgets those that are a minute old."""

    clock: Callable[[], float] = time.monotonic
    _counts: list[int] = field(factory=lambda: [0] * SECONDS, init=False)
    _newest: int = field(default=0, init=False)

    def count(self) -> None:
        """Note one request."""
        self._turn_to(int(self.clock()))
        self._counts[self._newest % SECONDS] += 1

    @property
    def per_minute(self) -> int:
        """How many requests came in the last 60 seconds."""
        self._turn_to(int(self.clock()))
        return sum(self._counts)

    def _turn_to(self, second: int) -> None:
        for passed in range(max(self._newest + 1, second - SECONDS + 1), second + 1):
            self._counts[passed % SECONDS] = 0
        self._newest = max(self._newest, second)
