"""How the offline assistant reads out events and reminders."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from attrs import frozen

from domain.agenda import CalendarEvent, Reminder
from domain.language.moments import Period
from domain.language.speaking import (
    clock_words,
    count_words,
    listed_out,
    moment_words,
    period_words,
    stretch_words,
)

READ_OUT: Final = 6


@frozen(kw_only=True)
class Reading:
    """Reads out things as of a moment, in a zone."""

    now: datetime
    zone: ZoneInfo

    def reminder_made(self, reminder: Reminder) -> str:
        """That a reminder is set, with the time that it was really set for."""
        return f"I'll remind you {self.moment(reminder.due_time)}: {reminder.title}."

    def event_made(self, event: CalendarEvent) -> str:
        """That an event is in the calendar, with the times that it really has."""
        place = f", at {event.location}" if event.location else ""
        times = stretch_words(event.start_time, event.end_time, self.now, self.zone)
        return f"It's in the calendar: {event.title}, {times}{place}."

    def moment(self, moment: datetime) -> str:
        """A moment as one says it."""
        return moment_words(moment, self.now, self.zone)

    def planned(self, period: Period, events: Sequence[CalendarEvent], reminders: Sequence[Reminder]) -> str:
        """What a stretch of time holds, in the order in which it comes."""
        when = period_words(period, self.now, self.zone)
        timed = [(event.start_time, self._event(event, period)) for event in events]
        timed += [(reminder.due_time, self._reminder(reminder, period)) for reminder in reminders]
        things = [said for _, said in sorted(timed, key=lambda item: item[0])]
        if not things:
            return (
                f"You have nothing {'more ' if period.start < self.now < period.end else ''}planned {when}."
            )
        return f"You have {_counted(len(things), 'thing')} {when}: {_listed(things)}."

    def pending(self, period: Period | None, reminders: Sequence[Reminder]) -> str:
        """Which reminders are waiting."""
        when = "" if period is None else f" {period_words(period, self.now, self.zone)}"
        if not reminders:
            return f"You have no reminders{when}."
        if period is None or self._is_wide(period):
            things = [f"{reminder.title}, {self.moment(reminder.due_time)}" for reminder in reminders]
        else:
            things = [f"{reminder.title} at {self._clock(reminder.due_time)}" for reminder in reminders]
        return f"You have {_counted(len(things), 'reminder')}{when}: {_listed(things)}."

    def following(self, event: CalendarEvent) -> str:
        """What comes next."""
        return f"Next is {event.title}, {self.moment(event.start_time)}."

    def _event(self, event: CalendarEvent, period: Period) -> str:
        if event.start_time <= self.now < event.end_time:
            return f"{event.title}, now, until {self._clock(event.end_time)}"
        return f"{event.title} {self._time(event.start_time, period)}"

    def _reminder(self, reminder: Reminder, period: Period) -> str:
        return f"a reminder {self._time(reminder.due_time, period)}, {reminder.title}"

    def _time(self, moment: datetime, period: Period) -> str:
        """The time of day where the day is clear, else both."""
        wide = self._is_wide(period) or moment < period.start
        return self.moment(moment) if wide else f"at {self._clock(moment)}"

    def _clock(self, moment: datetime) -> str:
        return clock_words(moment.astimezone(self.zone))

    def _is_wide(self, period: Period) -> bool:
        return (period.end - period.start).total_seconds() > 26 * 3600


def _counted(count: int, thing: str) -> str:
    return f"{count_words(count)} {thing}{'s' if count != 1 else ''}"


def _listed(things: Sequence[str]) -> str:
    """The first few things; it is said how many more there are."""
    if len(things) <= READ_OUT:
        return _parted(things)
    return _parted([*things[:READ_OUT], f"{count_words(len(things) - READ_OUT)} more"])


def _parted(things: Sequence[str]) -> str:
    """Things in a row; those with a comma inside are parted by a semicolon."""
    if any("," in thing for thing in things) and len(things) > 1:
        return f"{'; '.join(things[:-1])}; and {things[-1]}"
    return listed_out(things)
