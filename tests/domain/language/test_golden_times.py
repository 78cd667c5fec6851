"""The golden table of time phrases: what people mean, written by hand."""

from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from domain.language.moments import Day, Moment, Part, Period, Stretch, Trouble, Unclear, When
from domain.language.sampling import spoken
from domain.language.times import parse_time

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 18, 10, tzinfo=BERLIN)
LINES = Path(__file__).with_name("golden_times.txt").read_text(encoding="utf-8").splitlines()
TABLE = [tuple(map(str.strip, line.split("|"))) for line in LINES if line and not line.startswith("#")]


def meant(text: str) -> When:
    """Read the right side of the table."""
    kind, *rest = text.split()
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
    """The table says neither which days an unclear phrase could mean nor how long a day's event lasts."""
    match when:
        case Unclear(trouble):
            return Unclear(trouble)
        case Day(day, part):
            return Day(day, part)
        case _:
            return when


def test_the_table_is_long_enough() -> None:
    assert len({phrase for phrase, _ in TABLE}) == len(TABLE) >= 150


@pytest.mark.parametrize(("phrase", "expected"), TABLE, ids=[phrase for phrase, _ in TABLE])
def test_a_phrase_means_what_people_mean(phrase: str, expected: str) -> None:
    assert without_details(parse_time(phrase, NOW, BERLIN)) == meant(expected)


WRITTEN_ONLY = {"tues at 10", "sat at 9:15", "24 dec at 18:00", "dec 24 at 18:00", "in 45 mins", "2026-13-40"}
SPOKEN = [
    (phrase, expected)
    for phrase, expected in TABLE
    if "/" not in phrase and "1.5" not in phrase and "07:00" not in phrase and phrase not in WRITTEN_ONLY
]


@pytest.mark.parametrize(("phrase", "expected"), SPOKEN, ids=[phrase for phrase, _ in SPOKEN])
def test_a_phrase_means_the_same_when_it_is_spoken(phrase: str, expected: str) -> None:
    assert without_details(parse_time(spoken(phrase), NOW, BERLIN)) == meant(expected)
