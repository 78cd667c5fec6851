"""Reminders and events that come again."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from domain.agenda import Reminder, ReminderStatus
from domain.errors import InvalidValue
from tests import samples
from tests.samples import NOON, minutes

ZONE = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)


def daily(**others: object) -> Reminder:
    """A reminder for every day, due in an hour."""
    return samples.reminder("rem_a", recurrence="FREQ=DAILY", **others).begun(ZONE, NOON)


def test_a_single_reminder_must_be_ahead() -> None:
    with pytest.raises(InvalidValue):
        samples.reminder("rem_a", due_time=NOON).begun(ZONE, NOON)


def test_one_that_recurs_begins_with_its_rule_and_waits_for_what_is_ahead() -> None:
    sunday = datetime(2026, 2, 1, 8, tzinfo=UTC)
    mondays = samples.reminder("rem_a", due_time=sunday, recurrence="FREQ=WEEKLY;BYDAY=MO").begun(ZONE, NOON)
    assert (mondays.series_start, mondays.due_time) == (sunday + DAY, datetime(2026, 3, 2, 8, tzinfo=UTC))
    with pytest.raises(InvalidValue) as refused:
        samples.reminder("rem_a", due_time=sunday, recurrence="FREQ=DAILY;COUNT=2").begun(ZONE, NOON)
    assert refused.value.details["field"] == "recurrence"


def test_what_rang_waits_for_the_next_time_and_passes_over_those_it_missed() -> None:
    reminder = daily()
    assert reminder.moved_on(ZONE, minutes(60)).due_time == minutes(60) + DAY
    late = reminder.moved_on(ZONE, minutes(61) + 3 * DAY)
    assert (late.due_time, late.fired_at) == (minutes(60) + 4 * DAY, minutes(61) + 3 * DAY)


def test_completing_what_rang_leaves_its_next_time() -> None:
    rang = daily().moved_on(ZONE, minutes(60))
    done = rang.completed(ZONE)
    assert (done.status, done.due_time, done.fired_at) == (ReminderStatus.PENDING, rang.due_time, None)


def test_completing_before_it_rings_passes_over_one_time() -> None:
    done = daily().completed(ZONE)
    assert (done.status, done.due_time) == (ReminderStatus.PENDING, minutes(60) + DAY)


def test_saying_twice_which_one_is_done_passes_over_one_only() -> None:
    reminder = daily()
    once = reminder.completed(ZONE, reminder.due_time)
    assert once.completed(ZONE, reminder.due_time) == once
    with pytest.raises(InvalidValue):
        once.completed(ZONE, once.due_time + DAY)


def test_the_last_one_done_ends_it() -> None:
    last = daily()
    last = evolve(last, recurrence="FREQ=DAILY;COUNT=1")
    assert last.completed(ZONE).status is ReminderStatus.COMPLETED
    rang = last.moved_on(ZONE, minutes(60))
    assert (rang.due_time, rang.fired_at) == (last.due_time, minutes(60))
    assert rang.completed(ZONE, rang.due_time).status is ReminderStatus.COMPLETED


def test_the_hour_does_not_drift_when_the_clocks_change() -> None:
    due = datetime(2026, 3, 28, 2, 30, tzinfo=ZONE)
    reminder = samples.reminder("rem_a", due_time=due, recurrence="FREQ=DAILY").begun(ZONE, NOON)
    rung = []
    for _ in range(3):
        rung.append(reminder.due_time.astimezone(ZONE).strftime("%d %H:%M"))
        reminder = reminder.moved_on(ZONE, reminder.due_time)
    assert rung == ["28 02:30", "29 03:30", "30 02:30"]


def test_an_event_begins_with_the_first_of_its_series_and_stays_as_long() -> None:
    event = samples.calendar_event("cal_a", start=NOON, end=minutes(30), recurrence="FREQ=WEEKLY;BYDAY=TU")
    begun = event.begun(ZONE)
    assert (begun.start_time, begun.end_time) == (NOON + 2 * DAY, minutes(30) + 2 * DAY)
    with pytest.raises(InvalidValue):
        evolve(event, recurrence="FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30").begun(ZONE)


def test_an_event_that_recurs_does_not_last_for_months() -> None:
    with pytest.raises(InvalidValue):
        samples.calendar_event("cal_a", start=NOON, end=NOON + 40 * DAY, recurrence="FREQ=DAILY")
