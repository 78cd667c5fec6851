"""Reminders and calendar events over HTTP."""

import pytest

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
