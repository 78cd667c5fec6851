"""The agenda of a network over REST: reminders, calendar events, and the feed for calendar apps."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Final

from adapters.hub.answers import CalendarEvent, CalendarFeed, Listing, Reminder
from adapters.hub.calling import Calling, place
from adapters.hub.calls import NULL
from adapters.hub.reading import read


class Kept(Enum):
    """What stays as it is, where None takes it away."""

    KEPT = "kept"


KEPT: Final = Kept.KEPT


class AgendaCalls(Calling):
    """The calls about reminders and the calendar; times are aware datetimes, recurrence is an RRULE."""

    async def calendar(
        self,
        network_id: str,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Listing[CalendarEvent]:
        """The calendar events of a network that touch a stretch of time, newest first.

        With a start or an end, those that recur are told by each of their occurrences in that stretch.
        """
        query = {"start_date": start, "end_date": end, "limit": limit, "offset": offset}
        return await self._list(place(network_id, "calendar"), CalendarEvent, query, name="events")

    async def create_event(
        self,
        network_id: str,
        title: str,
        start_time: datetime,
        *,
        end_time: datetime | None = None,
        attendees: Sequence[str] = (),
        location: str | None = None,
        status: str | None = None,
        recurrence: str | None = None,
    ) -> CalendarEvent:
        """Enter an event, an hour long where no end is given; status is confirmed, tentative or cancelled."""
        body = {
            "title": title,
            "start_time": start_time,
            "end_time": end_time,
            "attendees": list(attendees),
            "location": location,
            "status": status,
            "recurrence": recurrence,
        }
        return read(await self._call.json("POST", place(network_id, "calendar"), body=body), CalendarEvent)

    async def event(self, network_id: str, event_id: str) -> CalendarEvent:
        """Look an event up."""
        return read(await self._call.json("GET", place(network_id, "calendar", event_id)), CalendarEvent)

    async def update_event(
        self,
        network_id: str,
        event_id: str,
        *,
        title: str | None = None,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        attendees: Sequence[str] | None = None,
        location: str | Kept | None = KEPT,
        status: str | None = None,
        recurrence: str | Kept | None = KEPT,
    ) -> CalendarEvent:
        """Change what is given of an event, with all its occurrences; a start alone moves it.

        A location or a recurrence of None is taken away.
        """
        body = {
            "title": title,
            "start_time": start_time,
            "end_time": end_time,
            "attendees": None if attendees is None else list(attendees),
            "location": _taken_away(location),
            "status": status,
            "recurrence": _taken_away(recurrence),
        }
        path = place(network_id, "calendar", event_id)
        return read(await self._call.json("PUT", path, body=body), CalendarEvent)

    async def delete_event(self, network_id: str, event_id: str) -> None:
        """Take an event out of the calendar, with all its occurrences."""
        await self._call.json("DELETE", place(network_id, "calendar", event_id))

    async def reminders(
        self,
        network_id: str,
        *,
        status: str | None = None,
        due_before: datetime | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Listing[Reminder]:
        """The reminders of a network, newest first; one that recurs once, by its next due time."""
        query = {"status": status, "due_before": due_before, "limit": limit, "offset": offset}
        return await self._list(place(network_id, "reminders"), Reminder, query)

    async def create_reminder(
        self, network_id: str, title: str, due_time: datetime, *, recurrence: str | None = None
    ) -> Reminder:
        """Set a reminder; one that recurs is due at the first time of its rule that is ahead."""
        body = {"title": title, "due_time": due_time, "recurrence": recurrence}
        return read(await self._call.json("POST", place(network_id, "reminders"), body=body), Reminder)

    async def reminder(self, network_id: str, reminder_id: str) -> Reminder:
        """Look a reminder up."""
        return read(await self._call.json("GET", place(network_id, "reminders", reminder_id)), Reminder)

    async def update_reminder(
        self,
        network_id: str,
        reminder_id: str,
        *,
        title: str | None = None,
        due_time: datetime | None = None,
        status: str | None = None,
        recurrence: str | Kept | None = KEPT,
    ) -> Reminder:
        """Change what is given of a reminder; a recurrence of None makes it a single one."""
        body = {
            "title": title,
            "due_time": due_time,
            "status": status,
            "recurrence": _taken_away(recurrence),
        }
        path = place(network_id, "reminders", reminder_id)
        return read(await self._call.json("PUT", path, body=body), Reminder)

    async def complete_reminder(
        self, network_id: str, reminder_id: str, *, occurrence: datetime | None = None
    ) -> Reminder:
        """Tick a reminder off. One that recurs stays pending: what rang is done, or else its next occurrence.

        With the due time that is meant as the occurrence, saying it twice does not pass over another.
        """
        body = {"status": "completed", "occurrence": occurrence}
        path = place(network_id, "reminders", reminder_id)
        return read(await self._call.json("PUT", path, body=body), Reminder)

    async def delete_reminder(self, network_id: str, reminder_id: str) -> None:
        """Take a reminder away, with all its occurrences."""
        await self._call.json("DELETE", place(network_id, "reminders", reminder_id))

    async def open_feed(self, network_id: str) -> CalendarFeed:
        """Open the network's feed for calendar apps under a fresh address; the one before it is dead then."""
        return read(await self._call.json("POST", place(network_id, "calendar", "feed")), CalendarFeed)

    async def close_feed(self, network_id: str) -> None:
        """Close the network's feed for calendar apps."""
        await self._call.json("DELETE", place(network_id, "calendar", "feed"))

    async def read_feed(self, feed_url: str) -> bytes:
        """The iCalendar document at the address of a feed."""
        return await self._call.linked(feed_url)


def _taken_away(value: str | Kept | None) -> object:
    """What is sent: nothing for what is kept, null for what is to be taken away."""
    return NULL if value is None else None if value is KEPT else value
