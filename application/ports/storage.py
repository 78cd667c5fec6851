"""The store: collections that commit or roll back together, each scoped by network in its queries.

What is kept must pass domain.plain.require_plain, or it is refused with InvalidValue; an id that no store
could hold is simply not there. What is added under an id that its network has already is a Conflict, and
the transaction may go on.
"""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from attrs import frozen

from application.ports.census import Census
from application.ports.coordination import Activities, Broadcasts, Commands, Pairings
from application.ports.jobs import Jobs
from application.ports.outbox import Instances, Outbox
from application.ports.paging import MAX_PAGE, Listing, Page
from application.ports.personas import MadePersonas
from application.ports.uploads import Uploads
from domain.agenda import CalendarEvent, CalendarFeed, Reminder, ReminderStatus
from domain.clients import Client
from domain.ids import (
    CalendarEventId,
    ClientId,
    ConversationId,
    InstanceId,
    InteractionId,
    NetworkId,
    ReminderId,
    SessionId,
)
from domain.interactions import Conversation, Interaction
from domain.networks import Network
from domain.sessions import Session

__all__ = [
    "MAX_PAGE",
    "Agenda",
    "CalendarFilter",
    "Clients",
    "Conversations",
    "Feeds",
    "InteractionFilter",
    "Interactions",
    "Listing",
    "Networks",
    "Outbox",
    "Page",
    "ReminderFilter",
    "Sessions",
    "Transaction",
    "Transactions",
]


@frozen(kw_only=True)
class InteractionFilter:
    """Which interactions are wanted: created from start (inclusive) to end (exclusive), by whom."""

    client_id: ClientId | None = None
    speaker_id: str | None = None
    start: datetime | None = None
    end: datetime | None = None


@frozen(kw_only=True)
class ReminderFilter:
    """Which reminders are wanted: by status, due from due_from (inclusive) to due_before (exclusive)."""

    status: ReminderStatus | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None


@frozen(kw_only=True)
class CalendarFilter:
    """Which events are wanted: those that touch the stretch from start (inclusive) to end (exclusive).

    An event that ends at the start does not touch it, unless it is one of no length. recurring picks those
    that recur (True) or do not (False); where it is True they are held against the stretch as if they went on
    for ever, and where it is None by their first occurrence alone.
    """

    start: datetime | None = None
    end: datetime | None = None
    recurring: bool | None = None


class Networks(Protocol):
    """The tenants."""

    async def add(self, network: Network) -> None:
        """Keep a new network."""
        ...

    async def get(self, network_id: NetworkId) -> Network:
        """Find a network, or raise NetworkNotFound."""
        ...

    async def update(self, network: Network) -> None:
        """Replace a network, or raise NetworkNotFound."""
        ...

    async def remove(self, network_id: NetworkId) -> None:
        """Take a network and everything in it away, its outbox included, or raise NetworkNotFound."""
        ...

    async def list(self, page: Page) -> Listing[Network]:
        """All networks, newest first: for operators only."""
        ...

    async def count(self) -> int:
        """How many networks there are."""
        ...


class Clients(Protocol):
    """The devices and apps of each network."""

    async def add(self, client: Client) -> None:
        """Keep a new client, or raise NetworkNotFound, or Conflict when its id is taken in its network."""
        ...

    async def get(self, network_id: NetworkId, client_id: ClientId) -> Client:
        """Find a client of a network, or raise ClientNotFound."""
        ...

    async def find(self, network_id: NetworkId, client_id: ClientId) -> Client | None:
        """Find a client of a network, if there is one."""
        ...

    async def update(self, client: Client) -> None:
        """Replace a client, or raise ClientNotFound."""
        ...

    async def remove(self, network_id: NetworkId, client_id: ClientId) -> None:
        """Take a client away, or raise ClientNotFound; its sessions go too, its interactions stay."""
        ...

    async def list(self, network_id: NetworkId, page: Page) -> Listing[Client]:
        """The clients of a network, newest first."""
        ...

    async def count(self, network_id: NetworkId) -> int:
        """How many clients a network has."""
        ...

    async def connected(self, instance_ids: Collection[InstanceId] | None = None) -> tuple[Client, ...]:
        """All clients of all networks whose sockets are held to be open: by these instances, or by any."""
        ...

    async def connected_in(self, network_id: NetworkId) -> tuple[Client, ...]:
        """The clients of a network whose sockets are held to be open, by id."""
        ...

    async def count_connected(self) -> int:
        """How many clients of all networks are connected."""
        ...


class Conversations(Protocol):
    """The conversations of each network."""

    async def add(self, conversation: Conversation) -> None:
        """Keep a new conversation, or raise NetworkNotFound."""
        ...

    async def get(self, network_id: NetworkId, conversation_id: ConversationId) -> Conversation:
        """Find a conversation of a network, or raise NotFound."""
        ...

    async def update(self, conversation: Conversation) -> None:
        """Replace a conversation, or raise NotFound."""
        ...

    async def list(self, network_id: NetworkId, page: Page) -> Listing[Conversation]:
        """The conversations of a network, the most recently used first."""
        ...


class Interactions(Protocol):
    """The turns of each network."""

    async def add(self, interaction: Interaction) -> None:
        """Keep a new interaction, or raise NotFound when its conversation is not kept."""
        ...

    async def get(self, network_id: NetworkId, interaction_id: InteractionId) -> Interaction:
        """Find an interaction of a network, or raise InteractionNotFound."""
        ...

    async def update(self, interaction: Interaction) -> None:
        """Replace an interaction, or raise InteractionNotFound."""
        ...

    async def list(
        self, network_id: NetworkId, wanted: InteractionFilter, page: Page
    ) -> Listing[Interaction]:
        """The interactions of a network that pass a filter, newest first."""
        ...

    async def of_conversations(
        self, network_id: NetworkId, conversation_ids: Sequence[ConversationId], limit: int
    ) -> tuple[Interaction, ...]:
        """The latest interactions of some conversations, at most limit each, oldest first."""
        ...

    async def keep_earlier(self, result: Interaction) -> None:
        """Keep what an interaction came to, before it is processed again; once for each of its revisions."""
        ...

    async def earlier(self, network_id: NetworkId, interaction_id: InteractionId) -> tuple[Interaction, ...]:
        """What an interaction came to before, latest first; nothing if it was processed once."""
        ...

    async def unfinished(self, instance_ids: Collection[InstanceId] | None = None) -> tuple[Interaction, ...]:
        """All interactions of all networks that are still being processed: by these instances, or by any."""
        ...


class Agenda(Protocol):
    """The reminders and calendar events of each network."""

    async def add_reminder(self, reminder: Reminder) -> None:
        """Keep a new reminder, or raise NetworkNotFound."""
        ...

    async def get_reminder(self, network_id: NetworkId, reminder_id: ReminderId) -> Reminder:
        """Find a reminder of a network, or raise NotFound."""
        ...

    async def update_reminder(self, reminder: Reminder) -> None:
        """Replace a reminder, or raise NotFound."""
        ...

    async def remove_reminder(self, network_id: NetworkId, reminder_id: ReminderId) -> None:
        """Take a reminder away, or raise NotFound."""
        ...

    async def reminders(self, network_id: NetworkId, wanted: ReminderFilter, page: Page) -> Listing[Reminder]:
        """The reminders of a network that pass a filter, newest first."""
        ...

    async def due_reminders(self, now: datetime, limit: int) -> tuple[Reminder, ...]:
        """Pending reminders of all networks that are due and did not ring since, soonest first.

        Those of networks where nobody is connected are left out: they wait until somebody would hear them.
        In a write transaction each row is held until the end, and rows that others hold are skipped.
        """
        ...

    async def next_due(self) -> datetime | None:
        """When the next pending reminder of a network where somebody is connected is to ring."""
        ...

    async def add_event(self, event: CalendarEvent) -> None:
        """Keep a new calendar event, or raise NetworkNotFound."""
        ...

    async def get_event(self, network_id: NetworkId, event_id: CalendarEventId) -> CalendarEvent:
        """Find a calendar event of a network, or raise NotFound."""
        ...

    async def update_event(self, event: CalendarEvent) -> None:
        """Replace a calendar event, or raise NotFound."""
        ...

    async def remove_event(self, network_id: NetworkId, event_id: CalendarEventId) -> None:
        """Take a calendar event away, or raise NotFound."""
        ...

    async def events(
        self, network_id: NetworkId, wanted: CalendarFilter, page: Page
    ) -> Listing[CalendarEvent]:
        """The calendar events of a network that pass a filter, newest first."""
        ...


class Feeds(Protocol):
    """The calendar feeds: at most one for each network, found by the hash of its secret."""

    async def put(self, feed: CalendarFeed) -> None:
        """Keep a network's feed in place of any that it had, or raise NetworkNotFound."""
        ...

    async def find(self, secret_hash: str) -> CalendarFeed | None:
        """The feed whose secret has this hash, if there is one."""
        ...

    async def remove(self, network_id: NetworkId) -> None:
        """Take a network's feed away, or raise NotFound."""
        ...


class Sessions(Protocol):
    """The sessions of each network."""

    async def add(self, session: Session) -> None:
        """Keep a new session, or raise ClientNotFound when its client is not kept."""
        ...

    async def get(self, network_id: NetworkId, session_id: SessionId) -> Session:
        """Find a session of a network, or raise SessionNotFound."""
        ...

    async def update(self, session: Session) -> None:
        """Replace a session, or raise SessionNotFound."""
        ...

    async def live_of(self, network_id: NetworkId, client_id: ClientId, now: datetime) -> Session | None:
        """The session that came to a client last, of those that are active and not expired; None for none."""
        ...

    async def hand_over(self, session: Session, from_client_id: ClientId) -> bool:
        """Put a session in the place of what is kept if that is active and a client's; say whether it was."""
        ...


class Transaction(Protocol):
    """Everything that commits or rolls back together."""

    @property
    def networks(self) -> Networks: ...
    @property
    def clients(self) -> Clients: ...
    @property
    def conversations(self) -> Conversations: ...
    @property
    def interactions(self) -> Interactions: ...
    @property
    def agenda(self) -> Agenda: ...
    @property
    def feeds(self) -> Feeds: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def jobs(self) -> Jobs: ...
    @property
    def uploads(self) -> Uploads: ...
    @property
    def personas(self) -> MadePersonas: ...
    @property
    def commands(self) -> Commands: ...
    @property
    def activities(self) -> Activities: ...
    @property
    def broadcasts(self) -> Broadcasts: ...
    @property
    def pairings(self) -> Pairings: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def census(self) -> Census: ...
    @property
    def instances(self) -> Instances: ...


class Transactions(Protocol):
    """Where transactions come from."""

    def begin(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction that may write; leaving the block commits it, an exception rolls it back.

        What is got by its id is held until the end, so that nobody changes it before it is written back.

        Raises:
            Overloaded: the store is busy or out of reach, or has undone this in favour of another; nothing of
                it was kept, and it may be tried again.
        """
        ...

    def snapshot(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction that only reads, and sees one state of the store; writes in it are refused."""
        ...
