"""Figures of how busy the hub is and how well it serves, for those who watch it."""

from collections.abc import Callable, Mapping
from typing import Protocol

from attrs import frozen


@frozen(kw_only=True)
class Readings:
    """All figures at a moment, as a monitoring system reads them."""

    content: bytes
    media_type: str


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
