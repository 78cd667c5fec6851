"""A household's agenda in memory: a toolbox that really does what its contract says."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import define, evolve, field

from domain.agenda import CalendarEvent, Reminder, ReminderStatus
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
