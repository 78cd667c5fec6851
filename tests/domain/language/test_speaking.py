"""Times as they are said, seen from Wednesday, 18 November 2026, at 10:00 in Berlin."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.language.moments import Day, Moment, Part, Period
from domain.language.periods import asked_about
from domain.language.present import Present
from domain.language.speaking import (
    capitalised,
    clock_words,
    count_words,
    day_or_part_words,
    day_words,
    listed_out,
    moment_words,
    period_words,
    stretch_words,
)
from domain.language.times import Almanac, parse_time, phrase_of
from tests.domain.language.golden import BERLIN, NOW

TODAY = NOW.date()


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [
        (15, 0, "3 PM"),
        (9, 30, "9:30 AM"),
        (0, 5, "12:05 AM"),
        (12, 5, "12:05 PM"),
        (12, 0, "noon"),
        (0, 0, "midnight"),
    ],
)
def test_a_time_of_day(hour: int, minute: int, said: str) -> None:
    assert clock_words(NOW.replace(hour=hour, minute=minute)) == said


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (-2, "on Monday, November 16"),
        (-1, "yesterday"),
        (0, "today"),
        (1, "tomorrow"),
        (2, "on Friday"),
        (6, "on Tuesday"),
        (7, "on Wednesday, November 25"),
        (60, "on Sunday, January 17, 2027"),
    ],
)
def test_a_day(away: int, said: str) -> None:
    assert day_words(TODAY + timedelta(days=away), TODAY) == said


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("tomorrow at 3 pm", "tomorrow at 3 PM"),
        ("at noon", "today at noon"),
        ("friday at half past nine", "on Friday at 9:30 AM"),
        ("december 24th at 6 pm", "on Thursday, December 24 at 6 PM"),
        ("in 20 minutes", "in 20 minutes, at 10:20 AM"),
        ("in a minute", "in 1 minute, at 10:01 AM"),
        ("in 30 seconds", "in 30 seconds, at 10 AM"),
        ("at midnight", "tonight at midnight"),
        ("tomorrow at midnight", "tomorrow night at midnight"),
        ("friday at midnight", "on Friday night at midnight"),
    ],
)
def test_a_moment(phrase: str, said: str) -> None:
    moment = parse_time(phrase, NOW, BERLIN)
    assert isinstance(moment, Moment)
    assert moment_words(moment.at.astimezone(UTC), NOW, BERLIN) == said


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("tomorrow", "tomorrow"),
        ("friday", "on Friday"),
        ("this week", "this week"),
        ("next week", "next week"),
        ("this weekend", "this weekend"),
        ("next weekend", "next weekend"),
        ("next month", "in December"),
        ("in march", "in March 2027"),
        ("the next three days", "in the next three days"),
        ("tonight", "tonight"),
        ("this afternoon", "this afternoon"),
        ("tomorrow morning", "tomorrow morning"),
        ("friday evening", "on Friday evening"),
        ("tomorrow at 3 pm", "tomorrow at 3 PM"),
        ("tomorrow from 2 to 4 pm", "tomorrow from 2 PM to 4 PM"),
        ("friday from 10 pm to 2 am", "on Friday from 10 PM to 2 AM on Saturday"),
    ],
)
def test_a_period(phrase: str, said: str) -> None:
    read = phrase_of(phrase)
    assert read is not None
    period = asked_about(Almanac(present=Present(now=NOW, zone=BERLIN)), read)
    assert period is not None
    assert period_words(period, NOW, BERLIN) == said


def test_days_in_a_row() -> None:
    monday = datetime(2026, 11, 23, tzinfo=BERLIN)
    assert (
        period_words(Period(monday, monday + timedelta(days=3)), NOW, BERLIN)
        == "from Monday to Wednesday, November 25"
    )


def test_a_day_over_the_change_of_clocks_is_still_that_day() -> None:
    day = Period(datetime(2027, 3, 28, tzinfo=BERLIN), datetime(2027, 3, 29, tzinfo=BERLIN))
    assert period_words(day, datetime(2027, 3, 27, 10, tzinfo=BERLIN), BERLIN) == "tomorrow"


def test_a_day_or_a_part_of_it() -> None:
    assert day_or_part_words(Day(TODAY), NOW, BERLIN) == "today"
    assert day_or_part_words(Day(TODAY, Part.NIGHT), NOW, BERLIN) == "tonight"
    assert day_or_part_words(Day(date(2026, 11, 19), Part.MORNING), NOW, BERLIN) == "tomorrow morning"


def test_a_stretch_until_midnight_ends_its_day() -> None:
    evening = datetime(2026, 11, 20, 20, tzinfo=BERLIN)
    assert (
        stretch_words(evening, evening + timedelta(hours=4), NOW, BERLIN) == "on Friday from 8 PM to midnight"
    )


def test_rows_and_numbers() -> None:
    assert [listed_out("abc"[:count]) for count in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert listed_out(["this", "that"], "or") == "this or that"
    assert [count_words(1), count_words(12), count_words(13)] == ["one", "twelve", "13"]
    assert [capitalised(text) for text in ("", "a b", "Ab")] == ["", "A b", "Ab"]


@given(minutes=st.integers(60, 60 * 24 * 300))
def test_what_is_said_is_understood_as_what_was_meant(minutes: int) -> None:
    """A moment on a quarter of an hour, said and read again, is the same moment."""
    moment = (NOW + timedelta(minutes=minutes)).astimezone(UTC)
    moment = moment.replace(minute=moment.minute // 15 * 15).astimezone(BERLIN)
    changes = moment.utcoffset() != (moment - timedelta(hours=2)).utcoffset()
    if moment > NOW + timedelta(hours=1) and not changes:
        assert parse_time(moment_words(moment, NOW, BERLIN), NOW, BERLIN) == Moment(moment)
