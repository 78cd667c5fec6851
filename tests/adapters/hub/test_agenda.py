"""The agenda through the client library, against a real hub."""

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from adapters.hub import Hub, HubError

DAY = timedelta(days=1)


async def test_reminders_are_set_changed_completed_and_dropped(hub: Hub) -> None:
    home = await hub.create_network("Home")
    owner, network_id = hub.bearing(home.network_token), home.network_id
    due = datetime.now(UTC).replace(microsecond=0) + DAY
    made = await owner.create_reminder(network_id, "pills", due, recurrence="FREQ=DAILY")
    assert (made.title, made.due_time, made.recurrence, made.status) == (
        "pills",
        due,
        "FREQ=DAILY",
        "pending",
    )
    assert await owner.reminder(network_id, made.reminder_id) == made
    for _ in range(2):
        done = await owner.complete_reminder(network_id, made.reminder_id, occurrence=due)
        assert (done.status, done.due_time) == ("pending", due + DAY)
    renamed = await owner.update_reminder(network_id, made.reminder_id, title="the pills")
    assert (renamed.title, renamed.recurrence) == ("the pills", "FREQ=DAILY")
    single = await owner.update_reminder(network_id, made.reminder_id, recurrence=None)
    assert single.recurrence is None
    assert (await owner.complete_reminder(network_id, made.reminder_id)).status == "completed"
    assert (await owner.reminders(network_id, status="completed")).total == 1
    await owner.delete_reminder(network_id, made.reminder_id)
    with pytest.raises(HubError) as caught:
        await owner.reminder(network_id, made.reminder_id)
    assert caught.value.status == 404


async def test_events_are_entered_changed_and_taken_out(hub: Hub) -> None:
    home = await hub.create_network("Home")
    owner, network_id = hub.bearing(home.network_token), home.network_id
    start = datetime(2027, 5, 4, 9, tzinfo=UTC)
    made = await owner.create_event(
        network_id,
        "yoga",
        start,
        attendees=["Ann"],
        location="gym",
        recurrence="FREQ=WEEKLY",
        status="tentative",
    )
    assert (made.end_time, made.attendees) == (start + timedelta(hours=1), ("Ann",))
    assert await owner.event(network_id, made.event_id) == made
    listed = await owner.calendar(network_id, start=start + DAY, end=start + 15 * DAY)
    assert [one.start_time for one in listed.items] == [start + 7 * DAY, start + 14 * DAY]
    moved = await owner.update_event(network_id, made.event_id, start_time=start + DAY, location=None)
    assert (moved.start_time, moved.end_time) == (start + DAY, start + DAY + timedelta(hours=1))
    assert (moved.location, moved.recurrence) == (None, "FREQ=WEEKLY")
    await owner.delete_event(network_id, made.event_id)
    assert (await owner.calendar(network_id)).total == 0


async def test_a_feed_is_opened_read_and_closed(hub: Hub) -> None:
    home = await hub.create_network("Home")
    owner, network_id = hub.bearing(home.network_token), home.network_id
    await owner.create_event(network_id, "yoga", datetime(2027, 5, 4, 9, tzinfo=UTC))
    feed = await owner.open_feed(network_id)
    assert feed.feed_url not in repr(feed)
    (event,) = Calendar.from_ical(await hub.read_feed(feed.feed_url)).events
    assert event["SUMMARY"] == "yoga"
    await owner.close_feed(network_id)
    with pytest.raises(HubError) as caught:
        await hub.read_feed(feed.feed_url)
    assert caught.value.status == 404
