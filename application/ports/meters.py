"""Figures of how busy the hub is and how well it serves, for those who watch it."""

from collections.abc import Callable, Mapping
from typing import Protocol

from attrs import frozen


@frozen(kw_only=True)
class Readings:
    """All figures at a moment, as a monitoring system reads them."""

    content: bytes
    media_type: str


@frozen(kw_only=True)
class Spread:
    """How often something took at most so long: counts up to and with each bound, in seconds."""

    bounds: tuple[float, ...]
    counts: tuple[float, ...]

    @property
    def count(self) -> int:
        """How often it happened."""
        return int(self.counts[-1]) if self.counts else 0

    def since(self, before: "Spread | None") -> "Spread":
        """What was added to an earlier one."""
        if before is None:
            return self
        added = tuple(now - then for now, then in zip(self.counts, before.counts, strict=True))
        return Spread(bounds=self.bounds, counts=added)

    def and_also(self, other: "Spread") -> "Spread":
        """Both together; their bounds are the same."""
        both = tuple(one + more for one, more in zip(self.counts, other.counts, strict=True))
        return Spread(bounds=self.bounds, counts=both)

    def quantile(self, share: float) -> float:
        """The time that a share (0..1) of them did not exceed, in seconds, by interpolation within bounds."""
        wanted, below, start = share * self.count, 0.0, 0.0
        for bound, count in zip(self.bounds, self.counts, strict=True):
            if count >= wanted and count > below:
                if bound == float("inf"):
                    return start
                return start + (bound - start) * (wanted - below) / (count - below)
            below, start = count, bound
        return start


@frozen(kw_only=True)
class Sample:
    """All figures at a moment (seconds on a clock that never goes back), by name and values of labels."""

    taken_at: float
    numbers: Mapping[tuple[str, ...], float]
    spreads: Mapping[tuple[str, ...], Spread]

    def total(self, name: str) -> float:
        """A figure, summed over all of its labels."""
        return sum(number for labels, number in self.numbers.items() if labels[0] == name)


class Meters(Protocol):
    """Counts and measures what happens; cheap, never waits, and never learns whose it is.

    Every word that it is given is one of a few: names of routes, dialects, reasons, stages.
    """

    def request(self, *, dialect: str, route: str, method: str, status: int, seconds: float) -> None:
        """A request was answered, in so many seconds."""
        ...

    def socket(self, protocol: str, change: int) -> None:
        """A socket of a protocol has opened (+1) or ended (-1)."""
        ...

    def sound_taken(self, seconds: float) -> None:
        """So much sound was taken in from a live stream."""
        ...

    def sound_dropped(self) -> None:
        """A piece of live sound was dropped, since its stream sends more than it may."""
        ...

    def selection(self, reason: str, *, changed: bool) -> None:
        """A stream was selected for an utterance; changed says that another one was before."""
        ...

    def turn(self, status: str, stages: Mapping[str, float]) -> None:
        """A turn is over; how long its stages took, in milliseconds."""
        ...

    def refusal(self, limit: str) -> None:
        """Somebody was refused by a limit."""
        ...

    def watch(self, name: str, depth: Callable[[], float]) -> None:
        """Ask for the depth of a queue, or for how much there is of something, whenever figures are read."""
        ...

    def read(self) -> Readings:
        """The figures as they are now."""
        ...

    def sample(self) -> Sample:
        """The figures as they are now, as numbers."""
        ...
