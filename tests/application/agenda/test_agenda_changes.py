"""What an interlocutor may change of what is planned: moved, renamed, cancelled."""

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from application.turns.tools import NetworkTools
from domain.agenda import CalendarEvent, CalendarEventStatus
from domain.errors import Forbidden, InvalidValue
from domain.ids import NetworkId
from domain.personas import Behavior
from tests.application.household import Household
from tests.application.turns.test_tools import actions_of, events_of, tools_of
from tests.samples import NOON, minutes

HOUR = timedelta(hours=1)


async def planned(hub: Household) -> tuple[NetworkId, NetworkTools]:
    """A home with a dentist who was, one who comes soon, one later, and a weekly choir."""
    home = await hub.home()
    before = await tools_of(hub, home)
    for title, hours, rule in (
        ("dentist appointment", -20, None),
        ("Dentist appointment", 30, None),
        ("dentist appointment", 90, None),
        ("choir", -24, "FREQ=WEEKLY"),
    ):
        await before.create_calendar_event(title=title, start_time=NOON + hours * HOUR, recurrence=rule)
    await before.create_reminder(title="take the pills", due_time=minutes(60))
    return home, await tools_of(hub, home)


def at(events: tuple[CalendarEvent, ...], hours: int) -> CalendarEvent:
    return next(event for event in events if event.start_time == NOON + hours * HOUR)


async def test_the_soonest_event_ahead_is_cancelled_and_it_is_kept_that_it_was(hub: Household) -> None:
    home, tools = await planned(hub)
    cancelled = await tools.cancel_calendar_event(title="the dentist")
    assert cancelled is not None
    assert cancelled == at(await events_of(hub, home), 30)
    assert cancelled.status is CalendarEventStatus.CANCELLED
    assert at(await events_of(hub, home), 90).status is CalendarEventStatus.CONFIRMED
    (action,) = await actions_of(hub, tools)
    assert (action.type, action.result["event_id"]) == ("cancel_calendar_event", cancelled.id)
    found = await tools.find_calendar_events(start=NOON, end=NOON + 60 * HOUR)
    assert "entist" not in " ".join(event.title for event in found)


async def test_what_recurs_is_cancelled_altogether(hub: Household) -> None:
    _, tools = await planned(hub)
    cancelled = await tools.cancel_calendar_event(title="choir")
    assert cancelled is not None
    found = await tools.find_calendar_events(start=NOON, end=NOON + 24 * 20 * HOUR)
    assert {event.title.casefold() for event in found} == {"dentist appointment"}


async def test_a_series_that_is_over_is_not_meant(hub: Household) -> None:
    home, before = await planned(hub)
    await before.create_calendar_event(
        title="yoga", start_time=NOON - 72 * HOUR, recurrence="FREQ=DAILY;COUNT=2"
    )
    later = await before.create_calendar_event(title="yoga", start_time=NOON + 72 * HOUR)
    tools = await tools_of(hub, home)
    cancelled = await tools.cancel_calendar_event(title="yoga")
    assert cancelled is not None
    assert cancelled.id == later.id


async def test_an_event_is_moved_as_long_as_it_was_and_renamed(hub: Household) -> None:
    home, tools = await planned(hub)
    moved = await tools.change_calendar_event(
        title="dentist", start_time=NOON + 50 * HOUR, new_title="dentist, both of us", location="Main Street"
    )
    assert moved is not None
    assert moved == at(await events_of(hub, home), 50)
    assert (moved.end_time, moved.location) == (NOON + 51 * HOUR, "Main Street")
    (action,) = await actions_of(hub, tools)
    assert (action.type, action.result["title"]) == ("change_calendar_event", "dentist, both of us")


async def test_a_reminder_gets_another_time_or_title(hub: Household) -> None:
    home, tools = await planned(hub)
    changed = await tools.change_reminder(title="pills", due_time=minutes(90), new_title="take both pills")
    assert [changed] == await hub.reminders(home)
    assert changed is not None
    assert (changed.title, changed.due_time) == ("take both pills", minutes(90))
    with pytest.raises(InvalidValue):
        await tools.change_reminder(title="pills", due_time=minutes(-5))
    assert [action.type for action in await actions_of(hub, tools)] == ["change_reminder"]


async def test_what_is_not_there_is_not_changed(hub: Household) -> None:
    home, tools = await planned(hub)
    before = await events_of(hub, home)
    assert await tools.cancel_calendar_event(title="opera") is None
    assert await tools.change_calendar_event(title="opera", new_title="ballet") is None
    assert await tools.change_reminder(title="feed the shark", due_time=minutes(9)) is None
    assert await events_of(hub, home) == before
    assert await actions_of(hub, tools) == ()


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("cancel_calendar_event", {"title": "dentist"}),
        ("change_calendar_event", {"title": "dentist", "new_title": "x"}),
        ("change_reminder", {"title": "pills", "new_title": "x"}),
        ("announce", {"text": "x"}),
        ("switch_persona", {"name": "x"}),
        ("continue_at", {"place": "x"}),
        ("start_activity", {"activity": "trivia"}),
        ("stop_activity", {}),
    ],
)
async def test_what_a_persona_may_not_do_is_refused(
    hub: Household, tool: str, arguments: dict[str, Any]
) -> None:
    home, tools = await planned(hub)
    before = await events_of(hub, home)
    forbidden = evolve(tools, behavior=Behavior(allowed_tools=("create_reminder",)))
    with pytest.raises(Forbidden):
        await getattr(forbidden, tool)(**arguments)
    assert await events_of(hub, home) == before
