"""A circuit breaker: who failed a few times in a row is left alone for a while."""

import time
from collections.abc import Callable
from typing import Final, Literal

from attrs import define, field

FAILURES: Final = 3
REST_SECONDS: Final = 30.0
CircuitState = Literal["closed", "open", "half_open"]


@define(eq=False, kw_only=True)
class Circuit:
    """Says whether a provider may be asked.

    After so many failures in a row it may not for so many seconds (or as long as the provider itself wants);
    then one is let through, and decides whether it goes on.
    """

    failures: int = FAILURES
    rest: float = REST_SECONDS
    now: Callable[[], float] = time.monotonic
    _in_a_row: int = field(default=0, init=False)
    _open_until: float | None = field(default=None, init=False)
    _trying: bool = field(default=False, init=False)

    @property
    def state(self) -> CircuitState:
        """Closed: may be asked; open: may not; half open: one may try."""
        if self._open_until is None:
            return "closed"
        return "open" if self.now() < self._open_until else "half_open"

    def admits(self) -> bool:
        """Whether somebody may ask now; while the circuit is half open, only the first who asks."""
        match self.state:
            case "closed":
                return True
            case "open":
                return False
            case "half_open":
                if self._trying:
                    return False
                self._trying = True
                return True

    def succeeded(self) -> None:
        """The provider did its part."""
        self._in_a_row, self._open_until, self._trying = 0, None, False

    def failed(self, retry_after: float | None = None) -> None:
        """The provider did not do its part, and may have said for how long it will not."""
        self._in_a_row += 1
        was_trying, self._trying = self._trying, False
        if was_trying or retry_after is not None or self._in_a_row >= self.failures:
            self._open_until = self.now() + (self.rest if retry_after is None else retry_after)

    def given_up(self) -> None:
        """Whoever asked went away without an answer, which says nothing about the provider."""
        self._trying = False
