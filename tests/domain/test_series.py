"""Series of occurrences, held against an independent implementation of RFC 5545."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidValue
from domain.recurrence import recurrence_rule
from domain.series import Series

BERLIN = ZoneInfo("Europe/Berlin")
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
starts = st.integers(0, 5_000_000).map(lambda minute: datetime(2020, 1, 1) + timedelta(minutes=minute))  # noqa: DTZ001


def listed(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[str]:
    """One to three different things, as a part of a rule lists them."""
    return st.lists(strategy, min_size=1, max_size=3, unique=True).map(lambda all_: ",".join(map(str, all_)))


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Rules of every frequency, with the parts that each may have."""
    frequency = draw(st.sampled_from(["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 6))}"]
    month_days = frequency != "WEEKLY" and draw(st.booleans())
    if month_days:
        parts.append("BYMONTHDAY=" + draw(listed(st.integers(-31, 31).filter(bool))))
    if draw(st.booleans()):
        counted = frequency in {"MONTHLY", "YEARLY"} and not month_days
        nth = st.sampled_from(["1", "2", "-1", "5"] if counted and draw(st.booleans()) else [""])
        parts.append("BYDAY=" + draw(listed(st.tuples(nth, st.sampled_from(WEEKDAYS)).map("".join))))
    if draw(st.integers(0, 3)) == 0:
        parts.append("BYMONTH=" + draw(listed(st.integers(1, 12))))
    if frequency != "HOURLY" and draw(st.integers(0, 3)) == 0:
        parts.append("BYHOUR=" + draw(listed(st.integers(0, 23))))
    if draw(st.integers(0, 3)) == 0:
        parts.append("BYMINUTE=" + draw(listed(st.integers(0, 59))))
    if frequency != "WEEKLY" and draw(st.integers(0, 3)) == 0 and len(parts) > 2:
        parts.append("BYSETPOS=" + draw(listed(st.sampled_from([1, 2, -1, -2]))))
    if draw(st.booleans()):
        parts.append("WKST=" + draw(st.sampled_from(WEEKDAYS)))
    if draw(st.integers(0, 3)) == 0:
        parts.append(f"COUNT={draw(st.integers(1, 8))}")
    return ";".join(parts)


@given(rule=rules(), begin=starts)
def test_a_series_is_what_others_make_of_its_rule(rule: str, begin: datetime) -> None:
    start = begin.replace(tzinfo=UTC)
    mine = list(islice(Series(rule, start, ZoneInfo("UTC")).since(start), 25))
    theirs = islice(rrulestr(rule, dtstart=begin), len(mine))
    assert [one.replace(tzinfo=None) for one in mine] == list(theirs)


def test_a_place_in_a_week_is_counted_from_its_monday_also_in_the_first_week() -> None:
    """RFC 5545 says so; the other implementation counts the first week from the start of the series."""
    wednesday = datetime(2020, 1, 1, tzinfo=UTC)
    series = Series("FREQ=WEEKLY;BYDAY=MO,WE;BYSETPOS=1", wednesday, ZoneInfo("UTC"))
    assert [one.day for one in islice(series.since(wednesday), 3)] == [6, 13, 20]


@given(rule=rules(), begin=starts, later=st.timedeltas(timedelta(0), timedelta(days=900)))
def test_it_does_not_matter_from_when_on_one_looks(rule: str, begin: datetime, later: timedelta) -> None:
    series = Series(rule, begin.replace(tzinfo=UTC), BERLIN)
    moment = series.start + later
    ahead = list(islice(series.since(moment), 3))
    before = [one for one in islice(series.since(series.start), 500) if one >= moment]
    assert ahead[: len(before)] == before[:3]
    assert series.after(moment) == next((one for one in ahead if one > moment), None)


def local(series: Series, count: int) -> list[str]:
    """The first occurrences by the clocks of the series' zone."""
    found = islice(series.since(series.start), count)
    return [one.astimezone(series.zone).strftime("%m-%d %H:%M%z") for one in found]


def test_eight_in_the_morning_stays_eight_when_the_clocks_change() -> None:
    spring = Series("FREQ=DAILY", datetime(2026, 3, 28, 8, tzinfo=BERLIN), BERLIN)
    assert local(spring, 3) == ["03-28 08:00+0100", "03-29 08:00+0200", "03-30 08:00+0200"]
    autumn = Series("FREQ=DAILY", datetime(2026, 10, 24, 8, tzinfo=BERLIN), BERLIN)
    assert local(autumn, 3) == ["10-24 08:00+0200", "10-25 08:00+0100", "10-26 08:00+0100"]


def test_time_that_is_left_out_moves_on_and_time_that_comes_twice_comes_once() -> None:
    spring = Series("FREQ=DAILY", datetime(2026, 3, 28, 2, 30, tzinfo=BERLIN), BERLIN)
    assert local(spring, 3) == ["03-28 02:30+0100", "03-29 03:30+0200", "03-30 02:30+0200"]
    autumn = Series("FREQ=DAILY", datetime(2026, 10, 24, 2, 30, tzinfo=BERLIN), BERLIN)
    assert local(autumn, 3) == ["10-24 02:30+0200", "10-25 02:30+0200", "10-26 02:30+0100"]
    hourly = Series("FREQ=HOURLY", datetime(2026, 3, 29, 1, tzinfo=BERLIN), BERLIN)
    assert local(hourly, 3) == ["03-29 01:00+0100", "03-29 03:00+0200", "03-29 04:00+0200"]


def test_a_start_in_the_second_of_two_hours_is_kept() -> None:
    start = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1)
    assert local(Series("FREQ=DAILY", start, BERLIN), 2) == ["10-25 02:30+0100", "10-26 02:30+0100"]


@pytest.mark.parametrize(
    ("until", "days"),
    [("20260303", 3), ("20260302T080000", 2), ("20260302T065959Z", 1), ("20260302T070000Z", 2)],
)
def test_a_rule_ends_with_what_its_until_includes(until: str, days: int) -> None:
    series = Series(f"FREQ=DAILY;UNTIL={until}", datetime(2026, 3, 1, 8, tzinfo=BERLIN), BERLIN)
    assert len(list(series.since(series.start))) == days
    assert series.after(datetime(2026, 3, 9, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=300",
        "FREQ=HOURLY;INTERVAL=24;BYHOUR=5",
    ],
)
def test_what_never_comes_is_found_out(rule: str) -> None:
    assert Series(rule, datetime(2026, 3, 1, 8, tzinfo=UTC), BERLIN).first is None


@pytest.mark.parametrize("start", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=UTC)])
def test_the_ends_of_the_calendar_end_a_series(start: datetime) -> None:
    for rule in ("FREQ=HOURLY", "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY"):
        for zone in (BERLIN, ZoneInfo("America/New_York")):
            series = Series(rule, start, zone)
            assert series.after(datetime(9999, 12, 31, 23, 30, tzinfo=UTC)) is None
            assert all(one >= start for one in islice(series.since(start), 5))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "must be 1 to 500 characters"),
        ("every day", "must be an RRULE"),
        ("BYDAY=MO", "must have FREQ"),
        ("FREQ=SECONDLY", "must have FREQ as one of"),
        ("FREQ=DAILY;FREQ=DAILY", "must have FREQ once"),
        ("FREQ=DAILY;INTERVAL=0", "must have INTERVAL from 1 to 1000"),
        ("FREQ=DAILY;COUNT=x", "must have COUNT from 1 to 1000"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20260101", "must not have both COUNT and UNTIL"),
        ("FREQ=DAILY;UNTIL=20260230", "must have UNTIL as"),
        ("FREQ=DAILY;BYDAY=2MO", "may count weekdays in BYDAY only by month or by year"),
        ("FREQ=WEEKLY;BYDAY=XX", "must have BYDAY in weekdays"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "must not have BYMONTHDAY in a weekly rule"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "must not have 0 in BYMONTHDAY"),
        ("FREQ=MONTHLY;BYSETPOS=1", "must have another BY part"),
        ("FREQ=DAILY;BYHOUR=24", "must have BYHOUR from 0 to 23"),
        ("FREQ=DAILY;X=1", "must be an RRULE"),
    ],
)
def test_what_is_no_rule_is_refused(text: str, problem: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        recurrence_rule(text)
    assert refused.value.details["field"] == "recurrence"
    assert str(refused.value.details["problem"]).startswith(problem)


def test_a_rule_is_taken_as_people_write_it() -> None:
    assert recurrence_rule(" rrule:freq=weekly;byday=mo,we ") == "FREQ=WEEKLY;BYDAY=MO,WE"


@given(st.text())
def test_whatever_is_said_is_a_rule_or_refused(text: str) -> None:
    for tried in (
        text,
        f"FREQ=DAILY;UNTIL={text}",
        f"FREQ=DAILY;INTERVAL={text}",
        f"FREQ=WEEKLY;BYDAY={text}",
    ):
        try:
            recurrence_rule(tried)
        except InvalidValue:
            continue
