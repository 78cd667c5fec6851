"""The agenda of a network: reminders and calendar events."""

from datetime import datetime, timedelta
from enum import Enum
from typing import Final
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen
from attrs.converters import optional

from domain.errors import InvalidValue
from domain.ids import CalendarEventId, ClientId, InteractionId, NetworkId, ReminderId
from domain.recurrence import recurrence_rule
from domain.series import Series

MAX_TITLE: Final = 500
MAX_ATTENDEES: Final = 100
MAX_ATTENDEE: Final = 200
MAX_LOCATION: Final = 500
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2999
LONGEST_RECURRING: Final = timedelta(days=31)
"""How long an event that comes again may last."""


def agenda_title(text: str) -> str:
    """Take the title of a reminder or an event, without the space around it.

    Raises:
        InvalidValue: nothing is left, or it is longer than 500 characters.
    """
    trimmed = text.strip()
    if not 1 <= len(trimmed) <= MAX_TITLE:
        raise InvalidValue("title", f"must be 1 to {MAX_TITLE} characters")
    return trimmed


def _within_reach(field_name: str, moment: datetime) -> None:
    """Refuse what recurs from a time on at which the calendars of others are out of their depth."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise InvalidValue(field_name, f"must be in the years {FIRST_YEAR} to {LAST_YEAR} where it recurs")


class ReminderStatus(Enum):
    """What became of a reminder; one that rang stays pending until somebody completes it."""

    PENDING = "pending"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class CalendarEventStatus(Enum):
    """How sure an event is."""

    CONFIRMED = "confirmed"
    TENTATIVE = "tentative"
    CANCELLED = "cancelled"


@frozen(kw_only=True)
class Reminder:
    """Something to be told at a moment; fired_at says when that was, recurrence is an RRULE or None.

    One that recurs is one reminder for good: due_time is when it comes next, series_start when it came first.
    fired_at of one that recurs is the last time it rang, until somebody completes that.
    """

    id: ReminderId
    network_id: NetworkId
    title: str = field(converter=agenda_title)
    due_time: datetime
    status: ReminderStatus = ReminderStatus.PENDING
    recurrence: str | None = field(default=None, converter=optional(recurrence_rule))
    owner_id: str | None = None
    client_id: ClientId | None = None
    interaction_id: InteractionId | None = None
    created_at: datetime
    fired_at: datetime | None = None
    series_start: datetime | None = None

    def series(self, zone: ZoneInfo) -> Series | None:
        """When it comes by the clocks of a zone, if it recurs."""
        if self.recurrence is None:
            return None
        return Series(self.recurrence, self.series_start or self.due_time, zone)

    def begun(self, zone: ZoneInfo, now: datetime) -> "Reminder":
        """The same, as it is when it was just set: one that recurs at its first time that is ahead.

        Raises:
            InvalidValue: there is no such time.
        """
        single = evolve(self, series_start=None)
        series = single.series(zone)
        if series is None:
            if self.due_time <= now:
                raise InvalidValue("due_time", "must be in the future")
            return single
        _within_reach("due_time", self.due_time)
        first, ahead = series.first, series.after(now)
        if first is None or ahead is None:
            raise InvalidValue("recurrence", "must come again after now")
        return evolve(self, series_start=first, due_time=ahead)

    def moved_on(self, zone: ZoneInfo, now: datetime) -> "Reminder":
        """The same after it rang just now: one that recurs waits for its next time, if there is one."""
        series = self.series(zone)
        coming = series and series.after(max(self.due_time, now))
        return evolve(self._anchored(), fired_at=now, due_time=coming or self.due_time)

    def completed(self, zone: ZoneInfo, occurrence: datetime | None = None) -> "Reminder":
        """The same with one occurrence done; only the last one ends a reminder that recurs.

        If it rang, that is what is done, and its next time stays; if not, the next time is passed over.

        Args:
            zone: by whose clocks it recurs.
            occurrence: the due time that is meant, so that saying it twice does not pass over another.
        """
        series = self.series(zone)
        if series is None or (self.fired_at is not None and self.fired_at >= self.due_time):
            return evolve(self, status=ReminderStatus.COMPLETED)
        if occurrence is None:
            is_next = self.fired_at is None
        elif occurrence > self.due_time:
            raise InvalidValue("occurrence", "must not come after the due time")
        else:
            is_next = occurrence == self.due_time
        if not is_next:
            return evolve(self, fired_at=None)
        coming = series.after(self.due_time)
        if coming is None:
            return evolve(self, status=ReminderStatus.COMPLETED)
        return evolve(self._anchored(), due_time=coming, fired_at=None)

    def _anchored(self) -> "Reminder":
        """The same, knowing when it came first even after it has moved on."""
        return (
            self if self.recurrence is None else evolve(self, series_start=self.series_start or self.due_time)
        )


@frozen(kw_only=True)
class CalendarEvent:
    """Something that happens from a start to an end, with whom and where."""

    id: CalendarEventId
    network_id: NetworkId
    title: str = field(converter=agenda_title)
    start_time: datetime
    end_time: datetime = field()
    attendees: tuple[str, ...] = field(default=())
    location: str | None = field(default=None)
    status: CalendarEventStatus = CalendarEventStatus.CONFIRMED
    recurrence: str | None = field(default=None, converter=optional(recurrence_rule))
    owner_id: str | None = None
    client_id: ClientId | None = None
    interaction_id: InteractionId | None = None
    created_at: datetime

    @attendees.validator
    def _check_attendees(self, _: object, value: tuple[str, ...]) -> None:
        if len(value) > MAX_ATTENDEES or any(len(one) > MAX_ATTENDEE for one in value):
            raise InvalidValue(
                "attendees", f"must be at most {MAX_ATTENDEES}, of at most {MAX_ATTENDEE} characters each"
            )

    @location.validator
    def _check_location(self, _: object, value: str | None) -> None:
        if value is not None and len(value) > MAX_LOCATION:
            raise InvalidValue("location", f"must be at most {MAX_LOCATION} characters")

    @end_time.validator
    def _check_end(self, _: object, value: datetime) -> None:
        if value < self.start_time:
            raise InvalidValue("end_time", "must not be before start_time")

    def __attrs_post_init__(self) -> None:
        if self.recurrence is not None and self.end_time - self.start_time > LONGEST_RECURRING:
            raise InvalidValue("end_time", f"must be within {LONGEST_RECURRING.days} days where it recurs")

    def series(self, zone: ZoneInfo) -> Series | None:
        """When it begins by the clocks of a zone, if it recurs."""
        return None if self.recurrence is None else Series(self.recurrence, self.start_time, zone)

    def starting(self, start: datetime) -> "CalendarEvent":
        """The same at another time, and as long.

        Raises:
            InvalidValue: it would end after the year 9999.
        """
        try:
            return evolve(self, start_time=start, end_time=start + (self.end_time - self.start_time))
        except OverflowError as error:
            raise InvalidValue("end_time", "must be before the year 10000") from error

    def begun(self, zone: ZoneInfo) -> "CalendarEvent":
        """The same, as it is when it was just entered: one that recurs begins with its first occurrence.

        Raises:
            InvalidValue: it never happens.
        """
        series = self.series(zone)
        if series is None:
            return self
        _within_reach("start_time", self.start_time)
        first = series.first
        if first is None:
            raise InvalidValue("recurrence", "must come at least once")
        return self.starting(first)


@frozen(kw_only=True)
class CalendarFeed:
    """Where calendar apps read a network's agenda; only a hash of the secret in its address is kept."""

    network_id: NetworkId
    secret_hash: str
    created_at: datetime
