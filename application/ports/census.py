"""What the store knows of all networks at once: for whoever runs the hub, and for nobody else."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Final, Protocol

from attrs import frozen

from application.ports.paging import Listing, Page
from domain.clients import Client
from domain.ids import NetworkId
from domain.networks import Network
from domain.sessions import Session


@frozen(kw_only=True)
class NetworkCounts:
    """How much there is in a network: interactions since a moment, reminders that are pending."""

    clients: int = 0
    connected: int = 0
    interactions: int = 0
    reminders: int = 0
    events: int = 0


@frozen(kw_only=True)
class ClientFilter:
    """Which clients are wanted: of one network, connected or not, with a text in what they are called.

    The text is looked for in ids, names, rooms and types; whether a to z are capitals makes no difference.
    """

    network_id: NetworkId | None = None
    connected: bool | None = None
    text: str = ""


class Sort(Enum):
    """What can be searched for across all networks, beside clients and the networks themselves."""

    PERSONA = "persona"
    SESSION = "session"
    INTERACTION = "interaction"
    REMINDER = "reminder"
    EVENT = "event"
    ACTIVITY = "activity"


@frozen(kw_only=True)
class Sought:
    """How things of a sort are searched, by the names of their attributes.

    title and about are what tells one from the others, at is what the newest is known by, texts are looked
    through, and said holds what people said, which is looked through and told only where that is wanted.
    """

    title: str
    about: str
    at: str = "created_at"
    texts: tuple[str, ...]
    said: tuple[str, ...] = ()


SOUGHT: Final[Mapping[Sort, Sought]] = {
    Sort.PERSONA: Sought(title="name", about="description", texts=("id", "name", "description")),
    Sort.SESSION: Sought(
        title="client_id",
        about="persona_id",
        texts=("id", "client_id", "persona_id", "conversation_id", "user_id"),
    ),
    Sort.INTERACTION: Sought(
        title="client_id",
        about="error_code",
        texts=("id", "client_id", "persona_id", "speaker_id", "conversation_id", "error_code"),
        said=("text", "response"),
    ),
    Sort.REMINDER: Sought(title="title", about="recurrence", texts=("id", "title", "client_id")),
    Sort.EVENT: Sought(title="title", about="location", texts=("id", "title", "location", "client_id")),
    Sort.ACTIVITY: Sought(
        title="type", about="persona_id", at="started_at", texts=("id", "type", "persona_id")
    ),
}
LOOKED_THROUGH: Final = 20_000
"""So many of each sort are looked through, the newest of all networks; older ones are listed by network."""


@frozen(kw_only=True)
class Search:
    """What is searched for: every word must be found; said says whether what people said is meant, too."""

    words: tuple[str, ...]
    said: bool = False


@frozen(kw_only=True)
class Find:
    """Something that was found: its sort, where it is, what it is called and since when it is there."""

    sort: Sort
    network_id: NetworkId
    id: str
    title: str
    about: str
    at: datetime


class Census(Protocol):
    """Looks across all networks; it only reads."""

    async def networks(self, text: str, page: Page) -> Listing[Network]:
        """The networks with a text in their names or ids, newest first; all of them for an empty one."""
        ...

    async def counts(
        self, network_ids: Sequence[NetworkId], since: datetime
    ) -> Mapping[NetworkId, NetworkCounts]:
        """How much there is in each of some networks, with the interactions since a moment."""
        ...

    async def clients(self, wanted: ClientFilter, page: Page) -> Listing[Client]:
        """The clients of all networks that pass a filter, newest first."""
        ...

    async def sessions(self, network_id: NetworkId, page: Page) -> Listing[Session]:
        """The sessions of a network, newest first, those that have ended too."""
        ...

    async def find(self, search: Search, limit: int) -> Sequence[Find]:
        """What a search finds in all networks: at most limit of each sort, newest first."""
        ...

    async def waiting(self) -> int:
        """How many facts did not leave the outbox yet."""
        ...
