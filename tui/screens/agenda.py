"""Agenda: the reminders and calendar events of a network."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final

from attrs import frozen
from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType

from adapters.hub import Hub
from adapters.hub.answers import CalendarEvent, Reminder
from tui.dialogs.asking import Confirm
from tui.marks import age, when
from tui.screens.table_page import ReadPage
from tui.theme import Palette
from tui.widgets.described import described
from tui.widgets.grid import Column

PAGE: Final = 200
PENDING: Final = "pending"


@frozen(kw_only=True)
class Plan:
    """A reminder, or an event."""

    reminder: Reminder | None = None
    event: CalendarEvent | None = None

    @property
    def identity(self) -> str:
        """Its id."""
        return self.reminder.reminder_id if self.reminder else self.event.event_id if self.event else ""

    @property
    def title(self) -> str:
        """What it is about."""
        return self.reminder.title if self.reminder else self.event.title if self.event else ""

    @property
    def at(self) -> datetime:
        """When it is."""
        if self.reminder is not None:
            return self.reminder.due_time
        assert self.event is not None
        return self.event.start_time

    @property
    def status(self) -> str:
        """How it stands."""
        return self.reminder.status if self.reminder else self.event.status if self.event else ""

    @property
    def recurrence(self) -> str | None:
        """The rule by which it comes again."""
        return self.reminder.recurrence if self.reminder else self.event.recurrence if self.event else None


def _when(plan: Plan, colours: Palette) -> Text:
    late = plan.reminder is not None and plan.status == PENDING and not age(plan.at).startswith("+")
    colour = colours.warn if late else colours.text if plan.status == PENDING else colours.dim
    return Text(f"{plan.at.astimezone():%Y-%m-%d %H:%M}", style=colour)


class AgendaPage(ReadPage[Plan]):
    """What is planned in a network."""

    NAME = "agenda"
    TITLE_OF_TABLE = "Agenda"
    ABOUT = "The reminders and events of a network; what is late is marked."
    EMPTY = "Nothing is planned here."
    MEANINGS = (("♪ ▦", "a reminder, an event"), ("↻", "it comes again, by a rule"))
    COLUMNS = (
        Column[Plan](
            title="",
            show=lambda one, _: "♪" if one.reminder else "▦",
            order=lambda one: bool(one.event),
            width=1,
        ),
        Column[Plan](title="when", show=_when, order=lambda one: one.at, width=16),
        Column[Plan](
            title="that is",
            show=lambda one, _: when(one.at),
            order=lambda one: one.at,
            width=8,
            right=True,
            rank=1,
        ),
        Column[Plan](
            title="what",
            show=lambda one, _: Text(one.title, style="bold"),
            order=lambda one: one.title.lower(),
            width=20,
            grow=3,
        ),
        Column[Plan](
            title="status", show=lambda one, _: one.status, order=lambda one: one.status, width=10, rank=2
        ),
        Column[Plan](
            title="again",
            show=lambda one, _: f"↻ {one.recurrence}" if one.recurrence else "",
            order=lambda one: one.recurrence or "",
            width=14,
            grow=1,
            rank=3,
        ),
    )
    SORT = 1
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "done", "Done"),
        Binding("D", "delete", "Delete"),
    ]

    def key(self, item: Plan) -> object:
        """Its id."""
        return item.identity

    async def read(self, hub: Hub, network_id: str) -> list[Plan]:
        """All reminders and events."""
        reminders = await hub.reminders(network_id, limit=PAGE)
        events = await hub.calendar(network_id, limit=PAGE)
        return [
            *(Plan(reminder=reminder) for reminder in reminders.items),
            *(Plan(event=event) for event in events.items),
        ]

    def words_of(self, item: Plan) -> Sequence[str | None]:
        """What it is about, and how it stands."""
        return (item.title, item.status, item.recurrence, "event" if item.event else "reminder")

    def details_of(self, item: Plan, colours: Palette) -> Text:
        """All that is known of it."""
        rows: list[tuple[str, object]] = [
            ("is", "a reminder" if item.reminder else "an event"),
            ("id", item.identity),
            ("status", item.status),
            ("again", item.recurrence),
        ]
        if item.reminder is not None:
            rows += [("due", item.reminder.due_time), ("created", item.reminder.created_at)]
        if item.event is not None:
            event = item.event
            rows += [
                ("from", event.start_time),
                ("to", event.end_time),
                ("where", event.location),
                ("with", event.attendees),
                ("created", event.created_at),
            ]
        return described(item.title, rows, colours)

    @work(exclusive=True, group="act")
    async def action_done(self) -> None:
        """Tick a reminder off."""
        plan, network_id = self.current, self.network_id
        if plan is None or plan.reminder is None or network_id is None:
            return
        reminder_id = plan.reminder.reminder_id
        if await self.dashboard.act(
            f"done: {plan.title}", lambda hub: hub.complete_reminder(network_id, reminder_id)
        ):
            self.action_read()

    @work(exclusive=True, group="act")
    async def action_delete(self) -> None:
        """Take a reminder or an event away."""
        plan, network_id = self.current, self.network_id
        if plan is None or network_id is None:
            return
        about = "With all its occurrences." if plan.recurrence else "It is gone for good."
        if not await self.app.push_screen_wait(Confirm(f"Delete {plan.title}?", about, act="Delete")):
            return

        async def delete(hub: Hub) -> None:
            if plan.reminder is not None:
                await hub.delete_reminder(network_id, plan.identity)
            else:
                await hub.delete_event(network_id, plan.identity)

        if await self.dashboard.act(f"deleted: {plan.title}", delete):
            self.action_read()
