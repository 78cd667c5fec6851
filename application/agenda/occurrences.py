"""Events that come again, laid out over a stretch of time among those that happen once."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from attrs import evolve

from application.ports.storage import MAX_PAGE, CalendarFilter, Listing, Page, Transaction
from domain.agenda import CalendarEvent
from domain.ids import NetworkId

MOST_SERIES: Final = 500
MOST_OF_ONE: Final = 500
MOST_IN_ALL: Final = 2000
LONGEST_LOOK: Final = timedelta(days=366)
"""How far a stretch without an end reaches."""
END_OF_TIME: Final = datetime.max.replace(tzinfo=UTC)
BEGIN_OF_TIME: Final = datetime.min.replace(tzinfo=UTC)


async def occurrences(
    tx: Transaction, network_id: NetworkId, wanted: CalendarFilter
) -> tuple[CalendarEvent, ...]:
    """The occurrences of recurring events that touch a stretch, as events of their own times.

    Those of the event that was entered last come first, each event's soonest first. A stretch without a start
    begins with each series, one without an end lasts a year. At most 500 events are looked at, with 500
    occurrences of each, and 2000 in all.
    """
    start = wanted.start
    end = wanted.end or (END_OF_TIME if start is None else _later(start, LONGEST_LOOK))
    zone = (await tx.networks.get(network_id)).settings.zone
    found: list[CalendarEvent] = []
    for event in await _recurring(tx, network_id, end):
        room = min(MOST_OF_ONE, MOST_IN_ALL - len(found))
        found.extend(islice(_laid_out(event, zone, start, end), room))
        await asyncio.sleep(0)
    return tuple(found)


async def touching(
    tx: Transaction, network_id: NetworkId, wanted: CalendarFilter, page: Page
) -> Listing[CalendarEvent]:
    """A page of all that touches a stretch: events that happen once, and occurrences of those that recur."""
    again = await occurrences(tx, network_id, wanted)
    once = evolve(wanted, recurring=False)
    if not again:
        return await tx.agenda.events(network_id, once, page)
    offset = max(page.offset, 0)
    skipped = max(0, offset - len(again))
    singles, total = await _some(tx, network_id, once, skipped, page.limit + len(again))
    merged = sorted([*again, *singles], key=lambda event: (event.created_at, event.id), reverse=True)
    part = merged[offset - skipped : offset - skipped + page.limit]
    return Listing(items=tuple(part), total=total + len(again), page=page)


async def _recurring(tx: Transaction, network_id: NetworkId, end: datetime) -> list[CalendarEvent]:
    wanted = CalendarFilter(end=end, recurring=True)
    return (await _some(tx, network_id, wanted, 0, MOST_SERIES))[0]


async def _some(
    tx: Transaction, network_id: NetworkId, wanted: CalendarFilter, offset: int, count: int
) -> tuple[list[CalendarEvent], int]:
    """So many events that pass, after the first few, and how many pass in all."""
    found: list[CalendarEvent] = []
    while True:
        page = Page(limit=min(MAX_PAGE, count - len(found)), offset=offset + len(found))
        listing = await tx.agenda.events(network_id, wanted, page)
        found.extend(listing.items)
        if len(found) >= count or not listing.items or offset + len(found) >= listing.total:
            return found, listing.total


def _laid_out(
    event: CalendarEvent, zone: ZoneInfo, start: datetime | None, end: datetime
) -> Iterator[CalendarEvent]:
    series = event.series(zone)
    if series is None:
        return
    length = event.end_time - event.start_time
    first = event.start_time if start is None else max(event.start_time, _later(start, -length))
    for begin in series.since(first):
        if begin >= end:
            return
        one = event.starting(begin)
        if start is None or one.end_time > start or begin >= start:
            yield one


def _later(moment: datetime, lapse: timedelta) -> datetime:
    try:
        return moment + lapse
    except OverflowError:
        return END_OF_TIME if lapse > timedelta() else BEGIN_OF_TIME
