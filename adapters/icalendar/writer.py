"""Writing what a network plans as iCalendar: events as VEVENT, reminders as VTODO with an alarm."""

import asyncio
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from attrs import frozen
from icalendar import Alarm, Calendar, Event, Timezone, Todo, vRecur

from domain.agenda import CalendarEvent, Reminder, ReminderStatus
from domain.networks import Network
from domain.recurrence import rule_of
from domain.series import Series

PRODUCT: Final = "-//Mira//Hub//EN"
READ_AGAIN_AFTER: Final = timedelta(minutes=15)
PLAIN_TIME: Final = "UTC"
VTODO_STATUS: Final = {
    ReminderStatus.PENDING: "NEEDS-ACTION",
    ReminderStatus.COMPLETED: "COMPLETED",
    ReminderStatus.CANCELLED: "CANCELLED",
}


@frozen
class IcalendarWriter:
    """Writes iCalendar documents, in a thread of its own: a thousand events take a good part of a second."""

    async def write(
        self, network: Network, events: Sequence[CalendarEvent], reminders: Sequence[Reminder]
    ) -> bytes:
        """Write events and reminders; the same plans give the same bytes."""
        return await asyncio.to_thread(_document, network, events, reminders)


def _document(network: Network, events: Sequence[CalendarEvent], reminders: Sequence[Reminder]) -> bytes:
    zone = network.settings.zone
    parts = [
        *(_event(one, zone) for one in sorted(events, key=lambda one: one.id)),
        *(_todo(one, zone) for one in sorted(reminders, key=lambda one: one.id)),
    ]
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", _plain(network.name))
    calendar.add("x-wr-timezone", zone.key)
    calendar.add("refresh-interval", READ_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    if zone.key != PLAIN_TIME and any("RRULE" in part for part in parts):
        calendar.add_component(_time_zone(zone.key))
    for part in parts:
        calendar.add_component(part)
    written: bytes = calendar.to_ical()
    return written


@lru_cache(maxsize=64)
def _time_zone(name: str) -> Any:
    """The changes of clocks in a zone, for those who do not know it by its name."""
    return Timezone.from_tzid(name, first_date=date(2000, 1, 1), last_date=date(2038, 1, 1))


def _event(event: CalendarEvent, zone: ZoneInfo) -> Any:
    part = Event()
    _describe(part, event, event.id)
    begun = event.begun(zone) if _happens(event, zone) else event
    recurs = _recur(part, begun.series(zone), begun.start_time)
    part.add("dtstart", _moment(begun.start_time, zone, recurs))
    if begun.end_time.replace(microsecond=0) > begun.start_time.replace(microsecond=0):
        part.add("dtend", _moment(begun.end_time, zone, recurs))
    part.add("status", event.status.name)
    if event.location is not None:
        part.add("location", _plain(event.location))
    if event.attendees:
        part.add("description", _plain(f"With {', '.join(event.attendees)}"))
    return part


def _happens(event: CalendarEvent, zone: ZoneInfo) -> bool:
    """Whether an event that recurs still does: the clocks of its network may have been changed since."""
    series = event.series(zone)
    return series is not None and series.first is not None


def _todo(reminder: Reminder, zone: ZoneInfo) -> Any:
    """A reminder; one that recurs from its next time on, so that what was done does not stand open."""
    part = Todo()
    _describe(part, reminder, reminder.id)
    recurs = _recur(part, reminder.series(zone), reminder.due_time)
    part.add("dtstart" if recurs else "due", _moment(reminder.due_time, zone, recurs))
    part.add("status", VTODO_STATUS[reminder.status])
    if reminder.status is ReminderStatus.PENDING:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", _plain(reminder.title))
        alarm.add("trigger", timedelta(), parameters={"RELATED": "START" if recurs else "END"})
        part.add_component(alarm)
    return part


def _describe(part: Any, planned: CalendarEvent | Reminder, own_id: str) -> None:
    part.add("uid", f"{own_id}@{planned.network_id}")
    part.add("dtstamp", planned.created_at.astimezone(UTC).replace(microsecond=0))
    part.add("summary", _plain(planned.title))


def _recur(part: Any, series: Series | None, start: datetime) -> bool:
    """Add the rule of a series as it is from a start on; a count becomes the moment at which it ends."""
    if series is None:
        return False
    rule = rule_of(series.rule)
    recur = vRecur.from_ical(series.rule)
    last = series.last if rule.count is not None or rule.until is not None else None
    recur.pop("COUNT", None)
    recur.pop("UNTIL", None)
    if last is not None:
        recur["UNTIL"] = [max(last, start).replace(microsecond=0)]
    part.add("rrule", recur)
    return True


def _moment(moment: datetime, zone: ZoneInfo, recurs: bool) -> datetime:
    """A moment by the clocks of the zone, which a rule goes by, or else in UTC; whole seconds."""
    wanted = zone if recurs and zone.key != PLAIN_TIME else UTC
    return moment.replace(microsecond=0).astimezone(wanted)


def _plain(text: str) -> str:
    """A text without the control characters that a calendar must not hold; its line breaks stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in lines if one in "\n\t" or unicodedata.category(one) not in {"Cc", "Cs"})
