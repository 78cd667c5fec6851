"""Reminders and calendar events over HTTP."""

from datetime import datetime

import pytest
import recurring_ical_events
from icalendar import Calendar

from domain.agenda import ReminderStatus
from domain.ids import NetworkId
from tests import samples
from tests.adapters.http.house import bearer


@pytest.fixture
async def home(house):
    """A network with two reminders and two events."""
    network = await house.network()
    network_id = NetworkId(network["network_id"])
    async with house.transactions.begin() as tx:
        await tx.agenda.add_reminder(samples.reminder("rem_1", network_id))
        done = samples.reminder(
            "rem_2",
            network_id,
            at=samples.minutes(1),
            title="bins",
            status=ReminderStatus.COMPLETED,
            due_time=samples.minutes(90),
        )
        await tx.agenda.add_reminder(done)
        dentist = samples.calendar_event(
            "event_1",
            network_id,
            start=samples.minutes(60),
            end=samples.minutes(120),
            attendees=("Ann",),
            location="town",
        )
        await tx.agenda.add_event(dentist)
        lunch = samples.calendar_event(
            "event_2", network_id, at=samples.minutes(1), start=samples.minutes(300), end=samples.minutes(360)
        )
        await tx.agenda.add_event(lunch)
    return network


async def asked(house, network, path):
    answer = await house.app.test_client().get(
        f"/api/v1/networks/{network['network_id']}/{path}", headers=bearer(network["network_token"])
    )
    return answer.status_code, await answer.get_json()


async def test_reminders_are_listed(house, home):
    status, listed = await asked(house, home, "reminders")

    assert status == 200
    assert (listed["total"], listed["limit"], listed["offset"]) == (2, 50, 0)
    assert listed["reminders"][1] == {
        "reminder_id": "rem_1",
        "title": "tea",
        "due_time": "2026-03-01T13:00:00Z",
        "status": "pending",
        "recurrence": None,
        "created_at": "2026-03-01T12:00:00Z",
    }


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("status=pending", ["rem_1"]),
        ("status=completed", ["rem_2"]),
        ("status=cancelled", []),
        ("due_before=2026-03-01T13:30:00Z", ["rem_1"]),
        ("due_before=2026-03-01T13:00:00Z", []),
        ("limit=1", ["rem_2"]),
    ],
)
async def test_reminders_are_filtered(house, home, query, ids):
    status, listed = await asked(house, home, f"reminders?{query}")

    assert status == 200
    assert [reminder["reminder_id"] for reminder in listed["reminders"]] == ids


async def test_a_status_that_no_reminder_has_is_refused(house, home):
    status, refused = await asked(house, home, "reminders?status=late")

    assert status == 422
    assert refused["error"]["details"]["problem"] == "must be one of pending, completed, cancelled"


async def test_calendar_events_are_listed(house, home):
    status, listed = await asked(house, home, "calendar")

    assert status == 200
    assert (listed["total"], listed["limit"], listed["offset"]) == (2, 50, 0)
    assert listed["events"][1] == {
        "event_id": "event_1",
        "title": "dentist",
        "start_time": "2026-03-01T13:00:00Z",
        "end_time": "2026-03-01T14:00:00Z",
        "attendees": ["Ann"],
        "location": "town",
        "status": "confirmed",
        "recurrence": None,
        "created_at": "2026-03-01T12:00:00Z",
    }


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("start_date=2026-03-01T15:00:00Z", ["event_2"]),
        ("end_date=2026-03-01T15:00:00Z", ["event_1"]),
        ("start_date=2026-03-01T13:30:00Z&end_date=2026-03-01T13:40:00Z", ["event_1"]),
        ("start_date=2026-03-02", []),
    ],
)
async def test_calendar_events_are_filtered(house, home, query, ids):
    status, listed = await asked(house, home, f"calendar?{query}")

    assert status == 200
    assert [event["event_id"] for event in listed["events"]] == ids


class Owner:
    """Calls on behalf of the owner of a network."""

    def __init__(self, house, network):
        self.client = house.app.test_client()
        self.base = f"/api/v1/networks/{network['network_id']}"
        self.headers = bearer(network["network_token"])

    async def call(self, method, path, body=None):
        """The status and the document that come back."""
        kept = {} if body is None else {"json": body}
        answer = await self.client.open(self.base + path, method=method, headers=self.headers, **kept)
        data = await answer.get_data()
        return answer.status_code, await answer.get_json() if data else None


@pytest.fixture
async def owner(house):
    network = await house.network()
    owner = Owner(house, network)
    await owner.call("PUT", "", {"settings": {"timezone": "Europe/Berlin"}})
    return owner


async def test_a_reminder_is_set_read_changed_and_dropped(owner):
    status, made = await owner.call(
        "POST", "/reminders", {"title": " tea ", "due_time": "2026-03-01T15:00:00+02:00"}
    )
    assert status == 201
    assert made == {
        "reminder_id": made["reminder_id"],
        "title": "tea",
        "due_time": "2026-03-01T13:00:00Z",
        "status": "pending",
        "recurrence": None,
        "created_at": "2026-03-01T12:00:00Z",
    }
    path = f"/reminders/{made['reminder_id']}"
    assert await owner.call("GET", path) == (200, made)
    assert await owner.call("PUT", path, {}) == (200, made)
    changed = {**made, "title": "green tea"}
    assert await owner.call("PUT", path, {"title": "green tea"}) == (200, changed)
    for word in ("completed", "cancelled", "pending"):
        assert await owner.call("PUT", path, {"status": word}) == (200, {**changed, "status": word})
    assert await owner.call("DELETE", path) == (204, None)
    for method, body in (("GET", None), ("PUT", {}), ("DELETE", None)):
        status, refused = await owner.call(method, path, body)
        assert (status, refused["error"]["code"]) == (404, "NOT_FOUND")


async def test_a_reminder_that_recurs_keeps_its_hour_when_the_clocks_change(owner):
    wanted = {"title": "pills", "due_time": "2026-03-27T07:00:00Z", "recurrence": "freq=daily"}
    _, made = await owner.call("POST", "/reminders", wanted)
    assert made["recurrence"] == "FREQ=DAILY"
    path = f"/reminders/{made['reminder_id']}"
    dues = []
    for _ in range(3):
        dues.append(made["due_time"])
        for _ in range(2):
            _, made = await owner.call("PUT", path, {"status": "completed", "occurrence": dues[-1]})
        assert made["status"] == "pending"
    assert dues == ["2026-03-27T07:00:00Z", "2026-03-28T07:00:00Z", "2026-03-29T06:00:00Z"]
    _, single = await owner.call("PUT", path, {"recurrence": None})
    assert (single["recurrence"], single["due_time"]) == (None, "2026-03-30T06:00:00Z")
    _, done = await owner.call("PUT", path, {"status": "completed"})
    assert done["status"] == "completed"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"due_time": "2026-04-01T00:00:00Z"}, "title"),
        ({"title": "", "due_time": "2026-04-01T00:00:00Z"}, "title"),
        ({"title": "tea"}, "due_time"),
        ({"title": "tea", "due_time": "2026-02-28T00:00:00Z"}, "due_time"),
        ({"title": "tea", "due_time": "2026-04-01T00:00:00Z", "recurrence": "daily"}, "recurrence"),
        (
            {"title": "t", "due_time": "2026-04-01T00:00:00Z", "recurrence": "FREQ=DAILY;UNTIL=20260101"},
            "recurrence",
        ),
    ],
)
async def test_a_reminder_that_cannot_be_is_refused(owner, body, field):
    status, refused = await owner.call("POST", "/reminders", body)

    assert status == 422
    assert refused["error"]["details"]["field"] == field
    assert (await owner.call("GET", "/reminders"))[1]["total"] == 0


async def test_an_event_is_entered_read_changed_and_taken_out(owner):
    wanted = {
        "title": "dentist",
        "start_time": "2026-03-02T09:00:00Z",
        "attendees": ["Ann"],
        "location": "town",
    }
    status, made = await owner.call("POST", "/calendar", wanted)
    assert status == 201
    assert made == {
        "event_id": made["event_id"],
        "title": "dentist",
        "start_time": "2026-03-02T09:00:00Z",
        "end_time": "2026-03-02T10:00:00Z",
        "attendees": ["Ann"],
        "location": "town",
        "status": "confirmed",
        "recurrence": None,
        "created_at": "2026-03-01T12:00:00Z",
    }
    path = f"/calendar/{made['event_id']}"
    assert await owner.call("GET", path) == (200, made)
    moved = {
        **made,
        "start_time": "2026-03-03T09:30:00Z",
        "end_time": "2026-03-03T10:30:00Z",
        "location": None,
    }
    change = {"start_time": "2026-03-03T09:30:00Z", "location": None}
    assert await owner.call("PUT", path, change) == (200, moved)
    changed = {**moved, "status": "tentative", "attendees": []}
    assert await owner.call("PUT", path, {"status": "tentative", "attendees": []}) == (200, changed)
    status, refused = await owner.call("PUT", path, {"end_time": "2026-03-01T00:00:00Z"})
    assert (status, refused["error"]["details"]["field"]) == (422, "end_time")
    assert await owner.call("DELETE", path) == (204, None)
    assert (await owner.call("GET", path))[0] == 404


async def test_the_calendar_is_laid_out_over_a_stretch_across_the_change_of_clocks(owner):
    weekly = {"title": "yoga", "start_time": "2026-03-20T17:00:00Z", "recurrence": "FREQ=WEEKLY;BYDAY=FR"}
    _, made = await owner.call("POST", "/calendar", weekly)
    await owner.call("POST", "/calendar", {"title": "once", "start_time": "2026-03-27T10:00:00Z"})
    query = "start_date=2026-03-25&end_date=2026-04-11"
    status, listed = await owner.call("GET", f"/calendar?{query}")
    assert (status, listed["total"]) == (200, 4)
    yoga = [event for event in listed["events"] if event["title"] == "yoga"]
    assert {event["event_id"] for event in yoga} == {made["event_id"]}
    assert [event["start_time"] for event in yoga] == [
        "2026-03-27T17:00:00Z",
        "2026-04-03T16:00:00Z",
        "2026-04-10T16:00:00Z",
    ]
    pages = [(await owner.call("GET", f"/calendar?{query}&limit=3&offset={n}"))[1] for n in (0, 3)]
    assert [event for page in pages for event in page["events"]] == listed["events"]
    assert (await owner.call("GET", "/calendar"))[1]["total"] == 2


async def test_a_feed_is_read_by_whoever_has_its_address_until_it_is_closed_or_opened_anew(owner, house):
    await owner.call("POST", "/reminders", {"title": "tea", "due_time": "2026-03-02T09:00:00Z"})
    await owner.call(
        "POST",
        "/calendar",
        {"title": "yoga; mat, towel", "start_time": "2026-03-20T17:00:00Z", "recurrence": "FREQ=WEEKLY"},
    )
    status, opened = await owner.call("POST", "/calendar/feed")
    assert (status, opened["created_at"]) == (201, "2026-03-01T12:00:00Z")
    base = "http://127.0.0.1:8123"
    assert opened["feed_url"].startswith(f"{base}/api/v1/feeds/feed_")
    path = opened["feed_url"].removeprefix(base)

    read = await owner.client.get(path)
    data = await read.get_data()
    assert read.status_code == 200
    assert read.content_type == "text/calendar; charset=utf-8"
    assert read.headers["Cache-Control"] == "private, max-age=300"
    calendar = Calendar.from_ical(data)
    assert all(part.errors == [] for part in calendar.walk())
    found = recurring_ical_events.of(calendar).between(datetime(2026, 3, 1), datetime(2026, 4, 4))  # noqa: DTZ001
    assert [str(event["SUMMARY"]) for event in found] == ["yoga; mat, towel"] * 3
    assert [str(todo["SUMMARY"]) for todo in calendar.todos] == ["tea"]

    tag = read.headers["ETag"]
    again = await owner.client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, await again.get_data(), again.headers["ETag"]) == (304, b"", tag)
    other = await owner.client.get(path, headers={"If-None-Match": '"another"'})
    assert other.status_code == 200
    async with house.transactions.snapshot() as tx:
        assert await tx.feeds.find(path.rpartition("/")[2].removesuffix(".ics")) is None

    _, anew = await owner.call("POST", "/calendar/feed")
    path_anew = anew["feed_url"].removeprefix(base)
    assert path_anew != path
    assert (await owner.client.get(path)).status_code == 404
    assert (await owner.client.get(path_anew)).status_code == 200
    assert await owner.call("DELETE", "/calendar/feed") == (204, None)
    refused = await owner.client.get(path_anew)
    assert refused.status_code == 404
    assert path_anew.rpartition("/")[2].removesuffix(".ics").encode() not in await refused.get_data()
    assert (await owner.call("DELETE", "/calendar/feed"))[0] == 404
