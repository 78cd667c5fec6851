"""Which thing is meant by some words: the one whose title is most like them."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Final, TypeVar

from domain.agenda import CalendarEvent, Reminder
from domain.language.titles import telling_words

NEAR_ENOUGH: Final = 0.6
NAMED: Final = 0.9
"""How near a title is that has all the words, and others."""
COMPARED: Final = 100
"""How many characters of a title are compared; the time it takes grows with their square."""
Titled = TypeVar("Titled", Reminder, CalendarEvent)


def nearest(title: str, things: Iterable[Titled]) -> Titled | None:
    """The thing whose title is most like some words, the first of those alike; None when none is."""
    best = max(things, key=lambda thing: likeness(title, thing.title), default=None)
    return best if best is not None and likeness(title, best.title) >= NEAR_ENOUGH else None


def likeness(title: str, other: str) -> float:
    """How far a title is meant by some words, 0..1; 0 where they are too far apart for it to matter."""
    match = SequenceMatcher(None, _compared(title), _compared(other))
    alike = match.ratio() if match.quick_ratio() >= NEAR_ENOUGH else 0.0
    wanted = telling_words(title)
    return max(alike, NAMED) if wanted and wanted <= telling_words(other) else alike


def _compared(title: str) -> str:
    return title.strip().casefold()[:COMPARED]
