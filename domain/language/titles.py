"""What people call their reminders and events, taken from the middle of a sentence."""

import re
from typing import Final

from attrs import evolve, frozen

from domain.language.moments import Part, TimePhrase
from domain.language.tokens import listed

ARTICLES: Final = frozenset({"a", "an", "the", "my", "our"})
COMPANY: Final = re.compile(r"\bwith\s+(\S+(?:\s+(?!(?:at|in|on|about|for|to|from|over)\b)\S+){0,7})", re.I)
PLACE: Final = re.compile(r"\s+at\s+((?:\S+\s+){0,4}\S+)$", re.I)
BETWEEN_NAMES: Final = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+", re.I)
NOBODY: Final = frozenset(
    listed(
        """
    a an the my our his her their your some all no everyone everybody people friends family colleagues
    guests kids children us me them it milk sugar cake cream
    """
    )
)
SMALL_WORDS: Final = ARTICLES | frozenset(listed("to of for with at in on and about next"))
EVENING_OCCASIONS: Final = frozenset({"dinner", "supper", "drinks", "concert", "theater", "theatre", "opera"})
MORNING_OCCASIONS: Final = frozenset({"breakfast"})


@frozen(kw_only=True)
class EventParts:
    """The title of an event, who comes, and where it is."""

    title: str
    attendees: tuple[str, ...] = ()
    location: str | None = None


def with_usual_part(title: str, phrase: TimePhrase | None) -> TimePhrase | None:
    """The time with the half of the day that its occasion has: nobody dines at seven in the morning."""
    if phrase is None or phrase.clock is None or phrase.clock.sure or phrase.part or phrase.until:
        return phrase
    words = frozenset(title.casefold().split())
    if words & EVENING_OCCASIONS:
        return evolve(phrase, part=Part.EVENING)
    return evolve(phrase, part=Part.MORNING) if words & MORNING_OCCASIONS else phrase


def shared_words(one: str, other: str) -> int:
    """How many words two titles have in common, small ones aside."""
    return len(telling_words(one) & telling_words(other))


def telling_words(title: str) -> frozenset[str]:
    """The words of a title that tell it from others."""
    words = frozenset(re.findall(r"[^\W_]+", title.casefold()))
    return words - SMALL_WORDS


def tidy_title(text: str) -> str:
    """The words of a title without the space and punctuation around them."""
    return " ".join(text.split()).strip(" .,;:!?\"'")


def event_parts(text: str) -> EventParts:
    """Take "a meeting with Anna at the office" apart.

    Names that the text writes in lower case, as a recogniser does, are given a capital letter.
    """
    title = tidy_title(text)
    place = PLACE.search(title)
    location = place.group(1) if place else None
    if place:
        title = title[: place.start()]
    head, _, rest = title.partition(" ")
    if head.casefold() in ARTICLES and rest:
        title = rest
    company = COMPANY.search(title)
    names = tuple(filter(None, map(_name, BETWEEN_NAMES.split(company.group(1))))) if company else ()
    for name in names:
        title = re.sub(rf"\b{re.escape(name)}\b", name.replace("\\", r"\\"), title, flags=re.I)
    return EventParts(title=title, attendees=names, location=location)


def _name(text: str) -> str | None:
    """A name with capital letters, or None for what is no name."""
    words = text.strip(" .,;:!?").split()
    if not words or len(words) > 3 or words[0].casefold() in NOBODY:
        return None
    return " ".join(word[0].upper() + word[1:] for word in words)
