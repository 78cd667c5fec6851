"""What the offline assistant does with the tools, and the sentence that tells of it."""

from datetime import datetime, timedelta
from typing import Final

from attrs import field, frozen

from adapters.offline.agenda import Reading
from adapters.offline.questions import question
from application.ports.dialogue import Prompt, Toolbox
from domain.agenda import CalendarEvent
from domain.errors import DeviceOffline
from domain.language.intents import (
    Announce,
    AskAgenda,
    AskReminders,
    AskWhen,
    Begin,
    CancelEvent,
    CancelReminder,
    CompleteReminder,
    CreateEvent,
    CreateReminder,
    Move,
    Repeat,
)
from domain.language.moments import Day, Moment, Period, Stretch, Unclear
from domain.language.present import Present
from domain.language.speaking import capitalised
from domain.language.titles import shared_words

LOOK_AHEAD: Final = timedelta(days=30)
YEAR: Final = timedelta(days=366)


@frozen(kw_only=True)
class Deeds:
    """Does what was wished for, in one turn."""

    prompt: Prompt
    tools: Toolbox
    reading: Reading = field(init=False)

    @reading.default
    def _of_the_prompt(self) -> Reading:
        return Reading(now=self.prompt.now, zone=self.prompt.zone)

    async def create_reminder(self, wish: CreateReminder) -> str:
        """Set a reminder; one that is to last from a time to another rings at its beginning."""
        match wish:
            case CreateReminder(title=str(title), when=Moment(due) | Stretch(due)):
                return self.reading.reminder_made(await self.tools.create_reminder(title=title, due_time=due))
            case _:
                return question(wish, self.prompt.now, self.prompt.zone)

    async def create_event(self, wish: CreateEvent) -> str:
        """Put an event into the calendar."""
        match wish:
            case CreateEvent(title=str(title), when=Moment() | Stretch() as when):
                event = await self.tools.create_calendar_event(
                    title=title,
                    start_time=when.at if isinstance(when, Moment) else when.start,
                    end_time=when.end if isinstance(when, Stretch) else None,
                    attendees=wish.attendees,
                    location=wish.location,
                )
                return self.reading.event_made(event)
            case _:
                return question(wish, self.prompt.now, self.prompt.zone)

    async def repeat(self, wish: Repeat) -> tuple[str, ...]:
        """Have a reminder or an event come again and again, and tell when that begins."""
        often = wish.often
        if often.rule is None:
            return ("I can't repeat anything more often than every hour.",)
        if wish.title is None or wish.first is None:
            return ("I need all of it at once.", "Say: remind me every day at 8 to water the plants.")
        start = wish.first.at if isinstance(wish.first, Moment) else wish.first.start
        if not wish.is_event:
            made = await self.tools.create_reminder(title=wish.title, due_time=start, recurrence=often.rule)
            first = self.reading.moment(made.due_time)
            return (f"I'll remind you every {often.words}: {made.title}.", f"The first time is {first}.")
        event = await self.tools.create_calendar_event(
            title=wish.title,
            start_time=start,
            end_time=wish.first.end if isinstance(wish.first, Stretch) else None,
            recurrence=often.rule,
        )
        first = self.reading.moment(event.start_time)
        return (f"It's in the calendar, every {often.words}: {event.title}.", f"The first time is {first}.")

    async def complete_reminder(self, wish: CompleteReminder) -> str:
        """Tick a reminder off."""
        if wish.title is None:
            return question(wish, self.prompt.now, self.prompt.zone)
        done = await self.tools.complete_reminder(title=wish.title)
        return self._missing(wish.title) if done is None else f"Done, I've ticked it off: {done.title}."

    async def cancel_reminder(self, wish: CancelReminder) -> str:
        """Cancel a reminder."""
        if wish.title is None:
            return question(wish, self.prompt.now, self.prompt.zone)
        dropped = await self.tools.cancel_reminder(title=wish.title)
        return (
            self._missing(wish.title) if dropped is None else f"I've cancelled the reminder: {dropped.title}."
        )

    async def cancel_event(self, wish: CancelEvent) -> str:
        """Cancel an event; where there is none of this name, the reminder of this name."""
        event = await self.tools.cancel_calendar_event(title=wish.title)
        if event is not None:
            return f"I've cancelled it: {event.title}, {self.reading.moment(event.start_time)}."
        dropped = await self.tools.cancel_reminder(title=wish.title)
        if dropped is not None:
            return f"I've cancelled the reminder: {dropped.title}."
        return f"I found nothing like that: {wish.title}."

    async def move(self, wish: Move) -> str:
        """Give an event, or else a reminder, another time; on another day, the time of day stays."""
        if isinstance(wish.when, Period | Unclear):
            return "When exactly should that be?"
        event = await self._meant_event(wish.title)
        if event is not None:
            start = self._start(wish.when, event.start_time)
            end = wish.when.end if isinstance(wish.when, Stretch) else None
            moved = await self.tools.change_calendar_event(title=event.title, start_time=start, end_time=end)
            if moved is not None:
                return f"I've moved it: {moved.title}, {self.reading.moment(moved.start_time)}."
        pending = await self.tools.find_reminders(start=None, end=None)
        meant = max(pending, key=lambda one: shared_words(one.title, wish.title), default=None)
        if meant is None or not shared_words(meant.title, wish.title):
            return f"I found nothing like that: {wish.title}."
        due = self._start(wish.when, meant.due_time)
        changed = await self.tools.change_reminder(title=meant.title, due_time=due)
        return self._missing(wish.title) if changed is None else self.reading.reminder_made(changed)

    async def _meant_event(self, title: str) -> CalendarEvent | None:
        """The event of the next year whose title shares the most words, the soonest of those."""
        now = self.prompt.now
        events = await self.tools.find_calendar_events(start=now, end=now + YEAR)
        best = max(events, key=lambda one: shared_words(one.title, title), default=None)
        return best if best is not None and shared_words(best.title, title) else None

    def _start(self, when: Moment | Stretch | Day, before: datetime) -> datetime:
        """When something begins that began before at another time."""
        match when:
            case Moment(at):
                return at
            case Stretch(start):
                return start
            case Day(day):
                local = before.astimezone(self.prompt.zone)
                return local.replace(year=day.year, month=day.month, day=day.day)

    async def announce(self, wish: Announce) -> str:
        """Let everybody hear something."""
        try:
            return await self.tools.announce(text=wish.text)
        except DeviceOffline:
            return "There is no other device to say it."

    async def begin(self, wish: Begin) -> str:
        """Begin a quiz or a story."""
        try:
            return await self.tools.start_activity(activity=wish.activity, theme=wish.theme)
        except DeviceOffline:
            return "There is no device here that could."

    async def read_agenda(self, wish: AskAgenda) -> str:
        """Read out what a stretch of time, by default today, still holds."""
        period = wish.period or self._today()
        start = max(period.start, self.prompt.now) if period.end > self.prompt.now else period.start
        events = await self.tools.find_calendar_events(start=start, end=period.end)
        if wish.free:
            free = () if events else ("Yes, you're free.",)
            return " ".join((*free, self.reading.planned(period, events, ())))
        reminders = await self.tools.find_reminders(start=start, end=period.end)
        return self.reading.planned(period, events, reminders)

    async def read_next(self) -> str:
        """Read out what comes next in the calendar, within a month."""
        now = self.prompt.now
        events = await self.tools.find_calendar_events(start=now, end=now + LOOK_AHEAD)
        ahead = [event for event in events if event.start_time >= now]
        return self.reading.following(ahead[0]) if ahead else "Nothing is planned in the next 30 days."

    async def read_when(self, wish: AskWhen) -> str:
        """Say when something is: the event or reminder of the next year whose title shares the most words."""
        now = self.prompt.now
        events = await self.tools.find_calendar_events(start=now, end=now + YEAR)
        reminders = await self.tools.find_reminders(start=None, end=None)
        things = [(event.title, event.start_time) for event in events]
        things += [(reminder.title, reminder.due_time) for reminder in reminders]
        best = max(things, key=lambda thing: shared_words(thing[0], wish.title), default=None)
        if best is None or not shared_words(best[0], wish.title):
            return f"I found nothing like that: {wish.title}."
        return f"{capitalised(best[0])}: {self.reading.moment(best[1])}."

    async def read_reminders(self, wish: AskReminders) -> str:
        """Read out which reminders are waiting."""
        start, end = (wish.period.start, wish.period.end) if wish.period else (None, None)
        return self.reading.pending(wish.period, await self.tools.find_reminders(start=start, end=end))

    def _today(self) -> Period:
        present = Present(now=self.prompt.now, zone=self.prompt.zone)
        return Period(present.at(present.today, 0), present.at(present.today + timedelta(days=1), 0))

    def _missing(self, title: str) -> str:
        return f"I found no reminder like that: {title}."
