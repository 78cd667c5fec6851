"""Calendar feeds: what a network plans, for calendar apps, under an address that is a secret."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from attrs import field, frozen

from application.networks.access import Principal, within
from application.ports.calendars import CalendarWriter
from application.ports.storage import (
    MAX_PAGE,
    CalendarFilter,
    Page,
    ReminderFilter,
    Transaction,
    Transactions,
)
from application.ports.world import Clock, IdSource
from domain.agenda import CalendarEvent, CalendarFeed, Reminder
from domain.errors import NotFound
from domain.ids import FeedSecret, NetworkId

LOOK_BACK: Final = timedelta(days=366)
MOST_OF_EACH: Final = 1000


@frozen(kw_only=True)
class OpenedFeed:
    """A feed just opened, and its secret, which is told only here."""

    secret: FeedSecret = field(repr=False)
    created_at: datetime


@frozen
class OpenFeed:
    """Open the calendar feed of a network, with a fresh secret; the address that it had is dead then."""

    transactions: Transactions
    ids: IdSource
    clock: Clock

    async def __call__(self, principal: Principal, network_id: NetworkId) -> OpenedFeed:
        within(principal, network_id)
        secret, now = self.ids.feed_secret(), self.clock.now()
        feed = CalendarFeed(network_id=network_id, secret_hash=_hash(secret), created_at=now)
        async with self.transactions.begin() as tx:
            await tx.networks.get(network_id)
            await tx.feeds.put(feed)
        return OpenedFeed(secret=secret, created_at=now)


@frozen
class CloseFeed:
    """Close the calendar feed of a network."""

    transactions: Transactions

    async def __call__(self, principal: Principal, network_id: NetworkId) -> None:
        within(principal, network_id)
        async with self.transactions.begin() as tx:
            await tx.networks.get(network_id)
            await tx.feeds.remove(network_id)


@frozen
class ReadFeed:
    """Write what a network plans for whoever knows the secret: the past year, and all that is ahead."""

    transactions: Transactions
    calendars: CalendarWriter
    clock: Clock

    async def __call__(self, secret: FeedSecret) -> bytes:
        async with self.transactions.snapshot() as tx:
            feed = await tx.feeds.find(_hash(secret))
            if feed is None:
                raise NotFound("There is no calendar feed at this address.")
            network = await tx.networks.get(feed.network_id)
            since = self.clock.now() - LOOK_BACK
            events = await _events(tx, feed.network_id, since)
            reminders = await _reminders(tx, feed.network_id, since)
        return await self.calendars.write(network, events, reminders)


def _hash(secret: FeedSecret) -> str:
    """What is kept of a secret; it has 128 bits of chance, so that one round is enough."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


async def _events(tx: Transaction, network_id: NetworkId, since: datetime) -> list[CalendarEvent]:
    """At most a thousand events that recur, and a thousand that do not, the latest of each."""
    found: list[CalendarEvent] = []
    for recurring in (False, True):
        wanted = CalendarFilter(start=since, recurring=recurring)
        for offset in range(0, MOST_OF_EACH, MAX_PAGE):
            listing = await tx.agenda.events(network_id, wanted, Page(limit=MAX_PAGE, offset=offset))
            found.extend(listing.items)
            if listing.total <= offset + MAX_PAGE:
                break
    return found


async def _reminders(tx: Transaction, network_id: NetworkId, since: datetime) -> list[Reminder]:
    found: list[Reminder] = []
    wanted = ReminderFilter(due_from=since)
    for offset in range(0, MOST_OF_EACH, MAX_PAGE):
        listing = await tx.agenda.reminders(network_id, wanted, Page(limit=MAX_PAGE, offset=offset))
        found.extend(listing.items)
        if listing.total <= offset + MAX_PAGE:
            break
    return found
