"""How much sound a stream may send."""

from typing import Final

from attrs import define, field

RATE: Final = 1.5
BURST: Final = 10.0


@define
class SoundBudget:
    """Lets sound through at 1.5 times real time, and 10 s of it at once: a token bucket of seconds."""

    rate: float = RATE
    burst: float = BURST
    dropped: int = field(default=0, init=False)
    _left: float = field(init=False)
    _since: int | None = field(default=None, init=False)

    @_left.default
    def _full(self) -> float:
        return self.burst

    def take(self, seconds: float, now: int) -> bool:
        """Whether so much sound may come at a moment (microseconds); what may not is counted as dropped."""
        passed = 0.0 if self._since is None else max(0, now - self._since) / 1_000_000
        self._since = now
        self._left = min(self.burst, self._left + passed * self.rate)
        if seconds > self._left:
            self.dropped += 1
            return False
        self._left -= seconds
        return True

    def wait(self, seconds: float) -> float:
        """How long until so much sound would be let through, in seconds; at most for a full bucket."""
        return max(0.0, min(seconds, self.burst) - self._left) / self.rate
