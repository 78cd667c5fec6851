"""Small drawings in text: bars, history lines, states with a sign of their own, ages."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from rich.text import Text

from tui.theme import Palette

EIGHTHS: Final = " ▏▎▍▌▋▊▉█"
LEVELS: Final = "▁▂▃▄▅▆▇█"
SIGNS: Final = {"healthy": "✓", "degraded": "!", "unhealthy": "✗"}
MADE: Final = re.compile(r"([a-z]+_)([0-9a-f]{16,})")
"""An id that a hub made."""
UNITS: Final = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def bar(share: float, width: int, colour: str, rest: str) -> Text:
    """A bar filled to a share (0..1), to an eighth of a character."""
    filled = max(0.0, min(1.0, share)) * width
    whole = int(filled)
    text = Text("█" * whole, style=colour)
    if whole < width:
        part = EIGHTHS[int((filled - whole) * 8)]
        text.append(part if part != " " else "─", style=colour if part != " " else rest)
        text.append("─" * (width - whole - 1), style=rest)
    return text


def spark(values: Sequence[float], width: int, colour: str, *, most: float | None = None) -> Text:
    """The last values as a line of blocks, the newest at the right; nothing is a low line."""
    shown = list(values)[-width:]
    highest = max([most or 0.0, *shown]) or 1.0
    drawn = "".join("·" if value <= 0 else LEVELS[min(7, int(value / highest * 7.999))] for value in shown)
    return Text(drawn.rjust(width, "·"), style=colour)


def squeezed(values: Sequence[float], width: int) -> list[float]:
    """Values brought to a width, each the mean of those that it stands for."""
    if len(values) <= width:
        return list(values)
    step = len(values) / width
    parts = (values[int(i * step) : max(int((i + 1) * step), int(i * step) + 1)] for i in range(width))
    return [sum(part) / len(part) for part in parts]


def state(word: str, colours: Palette) -> Text:
    """A state of health, by sign and colour."""
    colour = {"healthy": colours.good, "degraded": colours.warn}.get(word, colours.bad)
    return Text(f"{SIGNS.get(word, '✗')} {word}", style=colour)


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def age(moment: datetime | None) -> str:
    """How long ago a moment was, short: 5s, 3m, 2h, 4d; ahead of now with a plus."""
    if moment is None:
        return "-"
    lapse = now() - moment
    sign = "+" if lapse < timedelta(0) else ""
    seconds = abs(lapse.total_seconds())
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{sign}{int(seconds // size)}{unit}"
    return f"{sign}{int(seconds)}s"


def when(moment: datetime) -> str:
    """How long ago a moment was, or how soon it is, in words: 5m ago, in 2h."""
    lapse = age(moment)
    return f"in {lapse[1:]}" if lapse.startswith("+") else f"{lapse} ago"


def number(value: float) -> str:
    """A number in at most five characters or so."""
    for size, unit in UNITS:
        if abs(value) >= size * 10 or (abs(value) >= size > 1e3):
            return f"{value / size:.1f}{unit}"
    return f"{value:.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def clock(moment: datetime) -> str:
    """A time of day, where the operator is."""
    return moment.astimezone().strftime("%H:%M:%S")


def short(identity: str) -> str:
    """An id that a hub made, as people tell them apart: its prefix and the first of its digits."""
    found = MADE.fullmatch(identity)
    return f"{found[1]}{found[2][:8]}" if found else identity
