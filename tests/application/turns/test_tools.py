"""What an interlocutor may do during a turn."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from application.ports.storage import CalendarFilter
from application.turns.tools import NetworkTools
from domain.agenda import CalendarEvent, CalendarEventStatus, Reminder, ReminderStatus
from domain.errors import InvalidValue, MiraError, NotFound
from domain.events import ActionExecuted
from domain.ids import NetworkId
from domain.interactions import Action
from tests import samples
from tests.application.household import EVERYTHING, KITCHEN, Household
from tests.samples import NOON, minutes


async def tools_of(hub: Household, network_id: NetworkId) -> NetworkTools:
    """The tools of a turn that has just begun in a network."""
    async with hub.store.begin() as tx:
        conversation = samples.conversation(hub.ids.conversation(), network_id)
        turn = samples.interaction(hub.ids.interaction(), network_id, conversation_id=conversation.id)
        await tx.conversations.add(conversation)
        await tx.interactions.add(turn)
    return NetworkTools(hub.transactions, hub.ids, hub.clock, turn)


async def events_of(hub: Household, network_id: NetworkId) -> tuple[CalendarEvent, ...]:
    async with hub.store.snapshot() as tx:
        return (await tx.agenda.events(network_id, CalendarFilter(), EVERYTHING)).items


async def actions_of(hub: Household, tools: NetworkTools) -> tuple[Action, ...]:
    """The actions that are kept with the turn of some tools, which must be those that were announced."""
    kept = await hub.interaction(tools.interaction.network_id, tools.interaction.id)
    announced = [
        event.action
        for event in await hub.events(tools.interaction.network_id, ActionExecuted)
        if event.interaction_id == kept.id
    ]
    assert list(kept.actions) == announced == tools.done
    return kept.actions


async def test_a_reminder_is_kept_with_the_turn_that_made_it(hub: Household) -> None:
    home = await hub.home()
    tools = await tools_of(hub, home)
    made = await tools.create_reminder(title=" water the ferns ", due_time=minutes(5))

    assert await hub.reminders(home) == [made]
    assert (made.title, made.due_time, made.status) == ("water the ferns", minutes(5), ReminderStatus.PENDING)
    assert (made.interaction_id, made.client_id, made.created_at) == (tools.interaction.id, KITCHEN, NOON)
    (action,) = await actions_of(hub, tools)
    assert action.type == "create_reminder"
    assert action.result == {
        "reminder_id": made.id,
        "title": "water the ferns",
        "due_time": "2026-03-01T12:05:00Z",
        "status": "pending",
    }


@pytest.mark.parametrize("due", [NOON, minutes(-1), datetime(1, 1, 1, tzinfo=UTC)])
async def test_a_reminder_for_the_past_is_refused(hub: Household, due: datetime) -> None:
    home = await hub.home()
    tools = await tools_of(hub, home)
    with pytest.raises(InvalidValue) as refused:
        await tools.create_reminder(title="tea", due_time=due)
    assert refused.value.details["field"] == "due_time"
    assert await hub.reminders(home) == []
    assert await actions_of(hub, tools) == ()


async def test_an_event_is_kept_with_the_turn_that_made_it(hub: Household) -> None:
    home = await hub.home()
    tools = await tools_of(hub, home)
    made = await tools.create_calendar_event(
        title="dentist", start_time=minutes(60), end_time=minutes(75), attendees=("Anna",), location="town"
    )
    assert await events_of(hub, home) == (made,)
    assert (made.interaction_id, made.client_id) == (tools.interaction.id, KITCHEN)
    (action,) = await actions_of(hub, tools)
    assert action.type == "create_calendar_event"
    assert action.result == {
        "event_id": made.id,
        "title": "dentist",
        "start_time": "2026-03-01T13:00:00Z",
        "end_time": "2026-03-01T13:15:00Z",
        "attendees": ["Anna"],
        "location": "town",
    }


async def test_an_event_without_an_end_lasts_an_hour(hub: Household) -> None:
    tools = await tools_of(hub, await hub.home())
    made = await tools.create_calendar_event(title="dentist", start_time=minutes(30))
    assert made.end_time == minutes(90)
    assert made.attendees == ()


@pytest.mark.parametrize(
    ("start", "end"),
    [(minutes(60), minutes(59)), (datetime(9999, 12, 31, 23, 30, tzinfo=UTC), None)],
)
async def test_an_event_that_cannot_be_is_refused(
    hub: Household, start: datetime, end: datetime | None
) -> None:
    home = await hub.home()
    tools = await tools_of(hub, home)
    with pytest.raises(InvalidValue):
        await tools.create_calendar_event(title="dentist", start_time=start, end_time=end)
    assert await events_of(hub, home) == ()
    assert await actions_of(hub, tools) == ()


@pytest.mark.parametrize("title", ["", "  ", "x" * 501, "a\x00b", "\ud800"])
async def test_a_title_that_cannot_be_is_refused(hub: Household, title: str) -> None:
    home = await hub.home()
    tools = await tools_of(hub, home)
    with pytest.raises(InvalidValue):
        await tools.create_reminder(title=title, due_time=minutes(5))
    with pytest.raises(InvalidValue):
        await tools.create_calendar_event(title=title, start_time=minutes(5))
    assert (await hub.reminders(home), await events_of(hub, home)) == ([], ())
    assert await actions_of(hub, tools) == ()


async def test_reminders_are_found_by_time_soonest_first_and_only_those_that_wait(hub: Household) -> None:
    tools = await tools_of(hub, await hub.home())
    for title, due in (("c", 30), ("a", 10), ("b", 20), ("done", 15)):
        await tools.create_reminder(title=title * 3, due_time=minutes(due))
    await tools.complete_reminder(title="donedonedone")

    async def found(start: float | None, end: float | None) -> list[str]:
        reminders = await tools.find_reminders(
            start=None if start is None else minutes(start), end=None if end is None else minutes(end)
        )
        return [reminder.title for reminder in reminders]

    assert await found(None, None) == ["aaa", "bbb", "ccc"]
    assert await found(10, 30) == ["aaa", "bbb"]
    assert await found(11, None) == ["bbb", "ccc"]
    assert await found(None, 10) == []


async def test_events_are_found_by_time_soonest_first_without_cancelled_ones(hub: Household) -> None:
    home = await hub.home()
    tools = await tools_of(hub, home)
    for title, start, end in (("late", 50, 70), ("early", 0, 20), ("off", 30, 40)):
        made = await tools.create_calendar_event(
            title=title, start_time=minutes(start), end_time=minutes(end)
        )
    async with hub.store.begin() as tx:
        await tx.agenda.update_event(evolve(made, status=CalendarEventStatus.CANCELLED))

    async def found(start: float, end: float) -> list[str]:
        events = await tools.find_calendar_events(start=minutes(start), end=minutes(end))
        return [event.title for event in events]

    assert await found(0, 100) == ["early", "late"]
    assert await found(19, 51) == ["early", "late"]
    assert await found(20, 50) == []


async def test_more_than_a_page_is_found(hub: Household) -> None:
    home = await hub.home()
    tools = await tools_of(hub, home)
    async with hub.store.begin() as tx:
        for number in range(450):
            await tx.agenda.add_reminder(
                samples.reminder(
                    f"rem_{number}", home, title=f"number {number}", at=minutes(number), due_time=minutes(500)
                )
            )
            await tx.agenda.add_event(
                samples.calendar_event(f"event_{number}", home, start=minutes(number), end=minutes(number))
            )
    assert len(await tools.find_reminders(start=None, end=None)) == 450
    found = await tools.find_calendar_events(start=minutes(0), end=minutes(1000))
    assert [event.start_time for event in found] == [minutes(number) for number in range(450)]
    oldest = await tools.complete_reminder(title="number 0")
    assert oldest is not None
    assert oldest.id == "rem_0"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("water the ferns", "water the ferns"),
        ("WATER THE FERNS ", "water the ferns"),
        ("water the friend", "water the ferns"),
        ("the ferns", "water the ferns"),
        ("call anna", "call Anna"),
        ("call ana", "call Anna"),
        ("feed the elephants of the zoo", None),
        ("", None),
        ("x" * 4000, None),
    ],
)
async def test_a_reminder_is_settled_by_a_title_that_comes_near(
    hub: Household, said: str, meant: str | None
) -> None:
    home = await hub.home()
    for settle, status in (("complete_reminder", "completed"), ("cancel_reminder", "cancelled")):
        tools = await tools_of(hub, home)
        for title in ("water the ferns", "call Anna", "take the pills"):
            await tools.create_reminder(title=title, due_time=minutes(5))
        settled = await getattr(tools, settle)(title=said)

        assert (settled and settled.title) == meant
        assert len(await actions_of(hub, tools)) == (3 if meant is None else 4)
        if settled is not None:
            (kept,) = [one for one in await hub.reminders(home) if one.id == settled.id]
            assert kept.status.value == status
            assert (await actions_of(hub, tools))[-1].result["status"] == status


async def test_of_reminders_with_the_same_title_the_one_due_next_is_settled_first(hub: Household) -> None:
    tools = await tools_of(hub, await hub.home())
    for due in (30, 10, 20):
        await tools.create_reminder(title="pills", due_time=minutes(due))
    settled = [await tools.complete_reminder(title="pills") for _ in range(4)]
    assert [one and one.due_time for one in settled] == [minutes(10), minutes(20), minutes(30), None]


async def test_settling_a_reminder_that_has_rung_keeps_when_it_did(hub: Household) -> None:
    home = await hub.home()
    tools = await tools_of(hub, home)
    made = await tools.create_reminder(title="pills", due_time=minutes(5))
    async with hub.store.begin() as tx:
        await tx.agenda.update_reminder(evolve(made, fired_at=minutes(5)))
    settled = await tools.complete_reminder(title="pills")
    assert settled == evolve(made, fired_at=minutes(5), status=ReminderStatus.COMPLETED)


async def test_what_cannot_be_announced_is_not_done(hub: Household) -> None:
    home = await hub.home()
    tools = await tools_of(hub, home)
    kept = await tools.create_reminder(title="pills", due_time=minutes(5))
    hub.transactions.break_at = lambda event: isinstance(event, ActionExecuted)
    for act in (
        tools.create_reminder(title="tea", due_time=minutes(5)),
        tools.create_calendar_event(title="dentist", start_time=minutes(5)),
        tools.complete_reminder(title="pills"),
        tools.cancel_reminder(title="pills"),
    ):
        with pytest.raises(MiraError):
            await act
    assert await hub.reminders(home) == [kept]
    assert await events_of(hub, home) == ()
    assert len(await actions_of(hub, tools)) == 1


async def test_tools_do_nothing_in_a_network_that_is_gone(hub: Household) -> None:
    home = await hub.home()
    tools = await tools_of(hub, home)
    async with hub.store.begin() as tx:
        await tx.networks.remove(home)
    with pytest.raises(NotFound):
        await tools.create_reminder(title="tea", due_time=minutes(5))
    with pytest.raises(NotFound):
        await tools.create_calendar_event(title="dentist", start_time=minutes(5))
    assert await tools.complete_reminder(title="tea") is None
    assert tools.done == []


async def test_what_recurs_is_ticked_off_for_this_time_and_found_by_its_occurrences(hub: Household) -> None:
    home = await hub.home()
    tools = await tools_of(hub, home)
    made = await tools.create_reminder(title="pills", due_time=minutes(5), recurrence="freq=daily")
    assert (made.recurrence, made.series_start) == ("FREQ=DAILY", minutes(5))
    done = await tools.complete_reminder(title="pills")
    assert done is not None
    assert (done.status, done.due_time) == (ReminderStatus.PENDING, minutes(5) + timedelta(days=1))
    await tools.create_calendar_event(title="yoga", start_time=minutes(60), recurrence="FREQ=WEEKLY")
    found = await tools.find_calendar_events(start=NOON, end=NOON + timedelta(days=15))
    assert [one.start_time for one in found] == [minutes(60) + timedelta(weeks=n) for n in range(3)]
    dropped = await tools.cancel_reminder(title="pills")
    assert dropped is not None
    assert dropped.status is ReminderStatus.CANCELLED


acts = st.lists(
    st.tuples(
        st.sampled_from(["home", "shop"]),
        st.sampled_from(["remind", "enter", "complete", "cancel"]),
        st.sampled_from(["tea", "water the ferns", "call Anna"]),
    ),
    max_size=12,
)


@given(acts)
async def test_nothing_done_in_one_network_is_ever_seen_or_settled_in_another(
    steps: list[tuple[str, str, str]],
) -> None:
    hub = Household()
    networks = {"home": await hub.home(), "shop": await hub.home()}
    tools = {name: await tools_of(hub, network_id) for name, network_id in networks.items()}
    expected: dict[str, list[str]] = {"home": [], "shop": []}
    for name, act, title in steps:
        hub.clock.pass_by(seconds=1)
        match act:
            case "remind":
                await tools[name].create_reminder(title=title, due_time=hub.clock.now() + timedelta(hours=1))
                expected[name].append(title)
            case "enter":
                await tools[name].create_calendar_event(title=title, start_time=hub.clock.now())
            case "complete" | "cancel":
                settle = tools[name].complete_reminder if act == "complete" else tools[name].cancel_reminder
                settled: Reminder | None = await settle(title=title)
                assert (settled is not None) == (title in expected[name])
                if settled is not None:
                    expected[name].remove(title)
    for name, network_id in networks.items():
        waiting = await tools[name].find_reminders(start=None, end=None)
        assert sorted(reminder.title for reminder in waiting) == sorted(expected[name])
        assert {reminder.network_id for reminder in await hub.reminders(network_id)} <= {network_id}
        entered = [act for who, act, _ in steps if who == name and act == "enter"]
        assert len(await events_of(hub, network_id)) == len(entered)
        await actions_of(hub, tools[name])
