"""The sentences of the benchmark, what is meant by each, and whether that was understood."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from attrs import frozen

from domain.language.intents import Intent, NotUnderstood, Plain
from domain.language.moments import Day, Moment, Period, Stretch
from domain.language.understanding import understand

HERE = Path(__file__).parent
ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 12, 7, 9, 0, tzinfo=ZONE)
NOTHING = "-"


@frozen
class Meaning:
    """What somebody wants: the intent, the time and the title as they are written in the list."""

    intent: str
    time: str = NOTHING
    title: str = NOTHING


@frozen
class Request:
    """A sentence and its meaning."""

    words: str
    meaning: Meaning | None


def requests() -> list[Request]:
    """The requests of the list."""
    rows = [[cell.strip() for cell in line.split("|")] for line in _lines("requests.txt")]
    return [Request(words, Meaning(intent, time, title.casefold())) for intent, time, title, words in rows]


def foreign() -> list[str]:
    """The sentences that ask for nothing."""
    return list(_lines("foreign.txt"))


def _lines(name: str) -> Iterator[str]:
    for line in (HERE / name).read_text().splitlines():
        if line and not line.startswith("#"):
            yield line


def meaning_of(text: str) -> Meaning | None:
    """What the hub would take a text for; None when it fits no intent."""
    intent = understand(text, NOW, ZONE)
    if isinstance(intent, NotUnderstood):
        return None
    title = getattr(intent, "title", None)
    return Meaning(_name(intent), _time(intent), title.casefold() if title else NOTHING)


def _name(intent: Intent) -> str:
    if isinstance(intent, Plain):
        return intent.name.lower()
    letters = [f"_{letter.lower()}" if letter.isupper() else letter for letter in type(intent).__name__]
    return "".join(letters).strip("_")


def _time(intent: Intent) -> str:
    when = getattr(intent, "when", None) or getattr(intent, "period", None)
    match when:
        case Moment(at):
            return _minute(at)
        case Stretch(start, end) | Period(start, end):
            return f"{_minute(start)}/{_minute(end)}"
        case Day():
            part = f" {when.part.value}" if when.part else ""
            return f"{when.date.isoformat()}{part}"
        case _:
            return NOTHING


def _minute(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
