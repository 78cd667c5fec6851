"""iCalendar documents, read back by a strict parser and laid out by an independent library."""

from datetime import UTC, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from adapters.icalendar.writer import IcalendarWriter
from domain.agenda import CalendarEvent, Reminder, ReminderStatus
from domain.networks import NetworkSettings
from tests import samples
from tests.samples import NOON, minutes

BERLIN = ZoneInfo("Europe/Berlin")
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(str.strip)
RULES = [
    "FREQ=DAILY",
    "FREQ=DAILY;COUNT=5",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;WKST=SU",
    "FREQ=WEEKLY;BYDAY=SU;UNTIL=20261130",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=MONTHLY;BYMONTHDAY=31",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
    "FREQ=DAILY;BYHOUR=8,20;BYMINUTE=0",
]


async def written(*planned: CalendarEvent | Reminder, zone: str = "Europe/Berlin") -> Calendar:
    """The document with something in it, read back; a strict reader finds no fault anywhere."""
    network = samples.network(settings=NetworkSettings(timezone=zone))
    events = [one for one in planned if isinstance(one, CalendarEvent)]
    reminders = [one for one in planned if isinstance(one, Reminder)]
    data = await IcalendarWriter().write(network, events, reminders)
    assert data == await IcalendarWriter().write(network, events[::-1], reminders[::-1])
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    calendar = Calendar.from_ical(data)
    for part in calendar.walk():
        assert part.errors == []
    assert calendar.to_ical() == data
    return calendar


@given(title=texts, location=texts, attendees=st.lists(texts, max_size=3))
@settings(max_examples=60)
async def test_whatever_people_write_comes_back(title: str, location: str, attendees: list[str]) -> None:
    event = samples.calendar_event(
        "cal_a", start=NOON, end=minutes(30), title=title, location=location, attendees=tuple(attendees)
    )
    (part,) = (await written(event)).events
    kept = "".join(one for one in title.strip() if one.isprintable())
    assert "".join(one for one in str(part["SUMMARY"]) if one.isprintable()) == kept
    assert part["UID"] == "cal_a@net_home"
    assert (part.start, part.end) == (NOON, minutes(30))


async def test_text_that_means_something_to_calendars_is_escaped() -> None:
    title = "milk; eggs, bread\\butter\nEND:VCALENDAR"
    (part,) = (await written(samples.calendar_event("cal_a", start=NOON, end=NOON, title=title))).events
    assert part["SUMMARY"] == title


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "UTC", "Australia/Lord_Howe"])
@pytest.mark.parametrize("rule", RULES)
async def test_others_lay_out_a_series_as_the_hub_does(rule: str, zone: str) -> None:
    start = datetime(2026, 2, 6, 8, 30, tzinfo=ZoneInfo(zone))
    event = samples.calendar_event(
        "cal_a", start=start.astimezone(UTC), end=start.astimezone(UTC) + timedelta(hours=1), recurrence=rule
    ).begun(ZoneInfo(zone))
    calendar = await written(event, zone=zone)
    end = datetime(2027, 2, 1, tzinfo=UTC)
    found = recurring_ical_events.of(calendar).between(datetime(2026, 1, 1, tzinfo=UTC), end)
    series = event.series(ZoneInfo(zone))
    assert series is not None
    mine = list(takewhile(lambda one: one < end, series.since(series.start)))
    assert sorted(part.start.astimezone(UTC) for part in found) == mine
    assert {part.end - part.start for part in found} == {timedelta(hours=1)}


async def test_only_what_recurs_needs_the_clocks_of_its_zone() -> None:
    once = samples.calendar_event("cal_a", start=NOON, end=NOON)
    (part,) = (await written(once)).events
    assert "DTEND" not in part
    assert (await written(once)).timezones == []
    calendar = await written(evolve(once, recurrence="FREQ=DAILY"))
    assert [part["TZID"] for part in calendar.timezones] == ["Europe/Berlin"]
    assert calendar.get_missing_tzids() == set()


async def test_a_reminder_is_a_task_with_an_alarm() -> None:
    (part,) = (await written(samples.reminder("rem_a"))).todos
    assert (part["DUE"].dt, part["STATUS"], part["UID"]) == (minutes(60), "NEEDS-ACTION", "rem_a@net_home")
    (alarm,) = part.walk("VALARM")
    assert (alarm["ACTION"], alarm["TRIGGER"].dt) == ("DISPLAY", timedelta())
    done = samples.reminder("rem_a", status=ReminderStatus.COMPLETED)
    (part,) = (await written(done)).todos
    assert (part["STATUS"], part.walk("VALARM")) == ("COMPLETED", [])


async def test_a_reminder_that_recurs_is_told_from_its_next_time_on_and_ends_when_it_ends() -> None:
    daily = samples.reminder("rem_a", recurrence="FREQ=DAILY;COUNT=4").begun(BERLIN, NOON)
    on = daily.moved_on(BERLIN, daily.due_time)
    calendar = await written(on)
    ahead = recurring_ical_events.of(calendar, components=["VTODO"]).between(
        datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    )
    assert sorted(part["DTSTART"].dt for part in ahead) == [on.due_time + timedelta(days=n) for n in range(3)]


async def test_nothing_planned_is_a_calendar_too() -> None:
    calendar = await written()
    assert (calendar["VERSION"], calendar["X-WR-CALNAME"], calendar.events) == ("2.0", "Home", [])
