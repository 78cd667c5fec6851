"""Reads the golden tables: what people mean on Wednesday, 18 November 2026, at 10:00 in Berlin."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from domain.language.moments import Day, Moment, Part, Period, Stretch, Trouble, Unclear, When

BERLIN: Final = ZoneInfo("Europe/Berlin")
NOW: Final = datetime(2026, 11, 18, 10, tzinfo=BERLIN)


def rows(name: str) -> list[list[str]]:
    """The lines of a table, cut at the bars; comments are left out."""
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.split("|")] for line in lines if line and line[0] != "#"]


def meant(text: str) -> When | None:
    """The time of a cell."""
    kind, *rest = text.split()
    if kind == "-":
        return None
    if kind == "day":
        return Day(date.fromisoformat(rest[0]), Part(rest[1]) if rest[1:] else None)
    if kind == "period":
        first, after = (datetime.combine(date.fromisoformat(day), time(), BERLIN) for day in rest)
        return Period(first, after)
    if kind in {trouble.value for trouble in Trouble}:
        return Unclear(Trouble(kind))
    moments = [datetime.fromisoformat(part).replace(tzinfo=BERLIN) for part in text.split(" - ")]
    return Stretch(*moments) if len(moments) == 2 else Moment(moments[0])


def without_details(when: When | None) -> When | None:
    """The tables say neither which days an unclear phrase could mean nor how long a day's event lasts."""
    match when:
        case Unclear(trouble):
            return Unclear(trouble)
        case Day(day, part):
            return Day(day, part)
        case _:
            return when
