"""A household's agenda in memory: a toolbox that really does what its contract says."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import define, evolve, field

from application.ports.dialogue import ActivityWish
from domain.agenda import CalendarEvent, Reminder, ReminderStatus
from domain.errors import Conflict
from domain.ids import CalendarEventId, NetworkId, ReminderId
from domain.interactions import Action

HOME = NetworkId("net_home")
BERLIN = ZoneInfo("Europe/Berlin")


@define
class Household:
    """Keeps reminders and events; the clock is set by hand."""

    now: datetime
    reminders: list[Reminder] = field(factory=list)
    events: list[CalendarEvent] = field(factory=list)
    done: tuple[Action, ...] = ()

    async def create_reminder(
        self, *, title: str, due_time: datetime, recurrence: str | None = None
    ) -> Reminder:
        reminder = Reminder(
            id=ReminderId(f"rem_{len(self.reminders)}"),
            network_id=HOME,
            title=title,
            due_time=due_time,
            recurrence=recurrence,
            created_at=self.now,
        ).begun(BERLIN, self.now)
        self.reminders.append(reminder)
        return reminder

    async def create_calendar_event(
        self,
        *,
        title: str,
        start_time: datetime,
        end_time: datetime | None = None,
        attendees: tuple[str, ...] = (),
        location: str | None = None,
        recurrence: str | None = None,
    ) -> CalendarEvent:
        event = CalendarEvent(
            id=CalendarEventId(f"evt_{len(self.events)}"),
            network_id=HOME,
            title=title,
            start_time=start_time,
            end_time=end_time or start_time + timedelta(hours=1),
            attendees=attendees,
            location=location,
            recurrence=recurrence,
            created_at=self.now,
        ).begun(BERLIN)
        self.events.append(event)
        return event

    async def find_reminders(self, *, start: datetime | None, end: datetime | None) -> tuple[Reminder, ...]:
        found = [
            reminder
            for reminder in self._pending()
            if (start is None or reminder.due_time >= start) and (end is None or reminder.due_time < end)
        ]
        return tuple(sorted(found, key=lambda reminder: reminder.due_time))

    async def find_calendar_events(self, *, start: datetime, end: datetime) -> tuple[CalendarEvent, ...]:
        found = [event for event in self.events if event.start_time < end and event.end_time > start]
        return tuple(sorted(found, key=lambda event: event.start_time))

    async def complete_reminder(self, *, title: str) -> Reminder | None:
        return self._settle(title, ReminderStatus.COMPLETED)

    async def cancel_reminder(self, *, title: str) -> Reminder | None:
        return self._settle(title, ReminderStatus.CANCELLED)

    async def change_reminder(
        self, *, title: str, new_title: str | None = None, due_time: datetime | None = None
    ) -> Reminder | None:
        for place, reminder in enumerate(self.reminders):
            if reminder.title == title:
                changed = evolve(reminder, title=new_title or title, due_time=due_time or reminder.due_time)
                self.reminders[place] = changed
                return changed
        return None

    async def cancel_calendar_event(self, *, title: str) -> CalendarEvent | None:
        for place, event in enumerate(self.events):
            if set(title.casefold().split()) <= set(event.title.casefold().split()):
                return self.events.pop(place)
        return None

    async def change_calendar_event(
        self,
        *,
        title: str,
        new_title: str | None = None,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        location: str | None = None,
    ) -> CalendarEvent | None:
        for place, event in enumerate(self.events):
            if event.title == title:
                self.events[place] = event if start_time is None else event.starting(start_time)
                return self.events[place]
        return None

    async def announce(self, *, text: str, room: str | None = None) -> str:
        return f"I've told everyone: {text}"

    async def switch_persona(self, *, name: str) -> str:
        return f"{name} here."

    async def continue_at(self, *, place: str) -> str:
        return f"Here I am, in the {place}."

    async def start_activity(self, *, activity: ActivityWish, theme: str | None = None) -> str:
        return f"Here we go: {activity}, {theme or 'anything'}."

    async def stop_activity(self) -> str:
        raise Conflict("Nothing is going on here.")

    def _pending(self) -> list[Reminder]:
        return [reminder for reminder in self.reminders if reminder.status is ReminderStatus.PENDING]

    def _settle(self, title: str, status: ReminderStatus) -> Reminder | None:
        """The pending reminder that shares the most words with a title, in its new state."""
        wanted = set(title.casefold().split()) - {"the", "a", "my"}
        shared = {r.id: len(wanted & set(r.title.casefold().split())) for r in self._pending()}
        best = max(shared, key=lambda each: shared[each], default=None)
        if best is None or shared[best] == 0:
            return None
        place = next(index for index, reminder in enumerate(self.reminders) if reminder.id == best)
        self.reminders[place] = evolve(self.reminders[place], status=status)
        return self.reminders[place]
