"""Times in zones: changes of clocks, leap days, ends of months, and what has passed."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.language.moments import (
    Amount,
    Clock,
    Day,
    DaysAway,
    EitherDate,
    Moment,
    OnDate,
    OnWeekday,
    Part,
    Period,
    Stretch,
    TimePhrase,
    Trouble,
    Unclear,
)
from domain.language.numbers import ordinal_words_for, words_for
from domain.language.periods import asked_about
from domain.language.present import Present
from domain.language.time_words import MONTHS, WEEKDAYS
from domain.language.times import Almanac, parse_time, phrase_of

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
ZONES = [ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu")]
ZONES += [ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Pacific/Apia")]
NOWS = st.datetimes(datetime(2025, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def in_berlin(year: int, month: int, day: int, hour: int = 10, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN, fold=fold)


def test_a_time_that_the_change_of_clocks_leaves_out_moves_on_by_the_change() -> None:
    said = parse_time("tomorrow at 2:30 am", in_berlin(2027, 3, 27), BERLIN)
    assert said == Moment(in_berlin(2027, 3, 28, 3, 30))


def test_a_time_that_comes_twice_is_the_first_one() -> None:
    said = parse_time("at 2:30 am", in_berlin(2026, 10, 24, 22), BERLIN)
    assert isinstance(said, Moment)
    assert said.at.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_time_that_comes_twice_is_the_second_when_the_first_has_passed() -> None:
    said = parse_time("today at 2:30 am", datetime(2026, 10, 25, 0, 45, tzinfo=UTC), BERLIN)
    assert isinstance(said, Moment)
    assert said.at.astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_hours_run_by_any_clock_and_days_by_the_calendar() -> None:
    evening = in_berlin(2027, 3, 27, 20)
    assert parse_time("in 24 hours", evening, BERLIN) == Moment(in_berlin(2027, 3, 28, 21))
    assert parse_time("in one day", evening, BERLIN) == Moment(in_berlin(2027, 3, 28, 20))


def test_a_stretch_over_the_change_of_clocks_is_as_long_as_was_said() -> None:
    said = parse_time("tomorrow at 1 am for three hours", in_berlin(2027, 3, 27), BERLIN)
    assert isinstance(said, Stretch)
    assert said.end.astimezone(UTC) - said.start.astimezone(UTC) == timedelta(hours=3)


@pytest.mark.parametrize(
    ("phrase", "now", "expected"),
    [
        ("in a month", in_berlin(2027, 1, 31), in_berlin(2027, 2, 28)),
        ("in a month", in_berlin(2028, 1, 31), in_berlin(2028, 2, 29)),
        ("in a year", in_berlin(2028, 2, 29), in_berlin(2029, 2, 28)),
        ("tomorrow at noon", in_berlin(2028, 2, 28), in_berlin(2028, 2, 29, 12)),
        ("tomorrow at noon", in_berlin(2026, 12, 31), in_berlin(2027, 1, 1, 12)),
        ("on the 31st at noon", in_berlin(2027, 2, 3), in_berlin(2027, 3, 31, 12)),
        ("on the 30th at noon", in_berlin(2027, 2, 3), in_berlin(2027, 3, 30, 12)),
        ("the end of the month at noon", in_berlin(2028, 2, 3), in_berlin(2028, 2, 29, 12)),
        ("next monday at ten", in_berlin(2026, 11, 22), in_berlin(2026, 11, 23)),
        ("next tuesday at ten", in_berlin(2026, 11, 16), in_berlin(2026, 11, 24)),
        ("tuesday at ten", in_berlin(2026, 11, 16), in_berlin(2026, 11, 17)),
        ("on the 18th at nine", in_berlin(2026, 11, 18), in_berlin(2026, 11, 18, 21)),
        ("at 7", in_berlin(2026, 11, 18, 6, 30), in_berlin(2026, 11, 18, 7)),
        ("at 7", in_berlin(2026, 11, 18, 20), in_berlin(2026, 11, 19, 7)),
        ("at 5", in_berlin(2026, 11, 18, 18), in_berlin(2026, 11, 19, 17)),
        ("at quarter past twelve", in_berlin(2026, 11, 18, 23, 30), in_berlin(2026, 11, 19, 12, 15)),
        ("in the evening", in_berlin(2026, 11, 18, 19), in_berlin(2026, 11, 19, 18)),
    ],
)
def test_the_calendar_is_kept(phrase: str, now: datetime, expected: datetime) -> None:
    assert parse_time(phrase, now, BERLIN) == Moment(expected)


def test_a_part_of_the_day_that_has_begun_has_to_be_asked_about() -> None:
    late = in_berlin(2026, 11, 18, 21)
    assert parse_time("tonight", late, BERLIN) == Day(date(2026, 11, 18), Part.NIGHT)
    assert parse_time("this morning", late, BERLIN) == Unclear(Trouble.PAST)


def test_figures_that_two_countries_read_differently_are_asked_about() -> None:
    said = parse_time("on 5/6", in_berlin(2026, 11, 18), BERLIN)
    assert said == Unclear(Trouble.EITHER, (date(2027, 5, 6), date(2027, 6, 5)))


def test_the_day_is_that_of_the_zone() -> None:
    now = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    assert parse_time("tomorrow at noon", now, BERLIN) == Moment(in_berlin(2026, 11, 20, 12))
    assert parse_time("tomorrow at noon", now, NEW_YORK) == Moment(
        datetime(2026, 11, 19, 12, tzinfo=NEW_YORK)
    )


@given(now=NOWS, zone=st.sampled_from(ZONES), hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_a_clock_with_its_half_of_the_day_is_the_next_such_time(
    now: datetime, zone: ZoneInfo, hour: int, minute: int
) -> None:
    said = parse_time(f"at {hour % 12 or 12}:{minute:02} {'pm' if hour >= 12 else 'am'}", now, zone)
    assert isinstance(said, Moment)
    assert now < said.at <= now + timedelta(hours=50)
    shown = said.at.astimezone(zone)
    moved = shown.utcoffset() != (shown - timedelta(hours=3)).utcoffset()
    assert moved or (shown.hour, shown.minute) == (hour, minute)


@given(now=NOWS, zone=st.sampled_from(ZONES), minutes=st.integers(1, 999))
def test_minutes_from_now_are_exact(now: datetime, zone: ZoneInfo, minutes: int) -> None:
    said = parse_time(f"in {words_for(minutes)} minutes", now, zone)
    assert isinstance(said, Moment)
    assert said.at.astimezone(UTC) == now + timedelta(minutes=minutes)


@given(now=NOWS, weekday=st.integers(0, 6), which=st.sampled_from(["", "this ", "next "]))
def test_a_weekday_is_that_weekday_and_ahead(now: datetime, weekday: int, which: str) -> None:
    said = parse_time(f"{which}{WEEKDAYS[weekday]} at 11:59 pm", now, BERLIN)
    assert isinstance(said, Moment)
    assert said.at.weekday() == weekday
    days = (said.at.date() - now.astimezone(BERLIN).date()).days
    low, high = {"": (1, 7), "this ": (0, 6), "next ": (1, 13)}[which]
    assert low <= days <= high


@given(now=NOWS, month=st.integers(1, 12), day=st.integers(1, 28), hour=st.integers(1, 11))
def test_a_date_is_the_next_of_its_kind(now: datetime, month: int, day: int, hour: int) -> None:
    phrase = f"{MONTHS[month - 1]} {ordinal_words_for(day)} at {words_for(hour)} p m"
    said = parse_time(phrase, now, BERLIN)
    assert isinstance(said, Moment)
    assert (said.at.month, said.at.day, said.at.hour) == (month, day, hour + 12)
    assert timedelta() < said.at - now <= timedelta(days=366)


DAYS = st.one_of(
    st.builds(DaysAway, st.integers(-2, 9)),
    st.builds(OnWeekday, st.integers(0, 6), st.sampled_from(["coming", "this", "next", "last"])),
    st.builds(OnDate, st.integers(0, 40), st.none() | st.integers(0, 14), st.none() | st.integers(0, 9999)),
    st.builds(EitherDate, st.integers(1, 12), st.integers(1, 12)),
)
CLOCKS = st.builds(Clock, st.integers(1, 12), st.integers(0, 59)) | st.builds(
    Clock, st.integers(0, 24), st.just(0), st.just(True)
)
AMOUNTS = st.builds(Amount, st.integers(1, 10**7), st.just(0), st.just(0)) | st.builds(
    Amount, st.just(0), st.integers(0, 10**6), st.integers(0, 10**5)
)
PHRASES = st.builds(
    TimePhrase,
    day=st.none() | DAYS,
    part=st.none() | st.sampled_from(Part),
    clock=st.none() | CLOCKS,
    until=st.none() | CLOCKS,
    lasting=st.none() | AMOUNTS,
    offset=st.none() | AMOUNTS,
)


@given(phrase=PHRASES, now=NOWS, zone=st.sampled_from(ZONES), early=st.booleans())
def test_whatever_is_said_lies_ahead_or_is_asked_about(
    phrase: TimePhrase, now: datetime, zone: ZoneInfo, early: bool
) -> None:
    match Almanac(present=Present(now=now, zone=zone)).when(phrase, early=early):
        case Moment(at):
            assert at > now
        case Stretch(start, end):
            assert now < start <= end
        case Day(day):
            assert day >= now.astimezone(zone).date()
        case Period(start, end):
            assert start < end
        case Unclear(trouble):
            assert trouble in Trouble


@given(phrase=PHRASES, now=NOWS, zone=st.sampled_from(ZONES))
def test_what_is_asked_about_begins_before_it_ends(phrase: TimePhrase, now: datetime, zone: ZoneInfo) -> None:
    period = asked_about(Almanac(present=Present(now=now, zone=zone)), phrase)
    assert period is None or period.start < period.end


def test_a_length_of_nothing_is_none() -> None:
    now, midnight = datetime(2026, 1, 1, tzinfo=UTC), TimePhrase(clock=Clock(0, 0, True), lasting=Amount())
    almanac = Almanac(present=Present(now=now, zone=ZoneInfo("UTC")))
    assert almanac.when(midnight) == Moment(datetime(2026, 1, 2, tzinfo=ZoneInfo("UTC")))
    period = asked_about(almanac, midnight)
    assert period is not None
    assert period.end - period.start == timedelta(hours=1)


PIECES = {
    "day": {"tomorrow": DaysAway(1), "on friday": OnWeekday(4), "next monday": OnWeekday(0, "next")},
    "clock": {"at three": Clock(3), "at half past six": Clock(6, 30), "at 9 pm": Clock(21, 0, True)},
    "part": {"in the morning": Part.MORNING, "in the evening": Part.EVENING},
}


@pytest.mark.parametrize(("day", "clock"), list(product(PIECES["day"], PIECES["clock"])))
def test_the_day_may_come_before_or_after_the_clock(day: str, clock: str) -> None:
    expected = TimePhrase(day=PIECES["day"][day], clock=PIECES["clock"][clock])
    assert phrase_of(f"{day} {clock}") == phrase_of(f"{clock} {day}") == expected


@pytest.mark.parametrize(("clock", "part"), list(product(["at three", "at half past six"], PIECES["part"])))
def test_the_part_of_the_day_follows_the_clock(clock: str, part: str) -> None:
    expected = TimePhrase(clock=PIECES["clock"][clock], part=PIECES["part"][part])
    assert phrase_of(f"{clock} {part}") == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "banana",
        "in the",
        "at",
        "tomorrow tomorrow",
        "at 25",
        "in 20 minutes at 3 pm",
        "at 13:75",
        "half past",
    ],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert parse_time(text, in_berlin(2026, 11, 18), BERLIN) is None
