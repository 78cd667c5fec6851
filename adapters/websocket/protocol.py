"""What a socket protocol is to the loop that runs it."""

from collections.abc import Callable
from typing import Protocol

from attrs import frozen

from application.networks.connecting import Connection
from domain.errors import MiraError
from domain.events import Announcement
from domain.ids import EventId

Reply = Callable[[str], None]


@frozen(kw_only=True)
class Greeting:
    """What a client says of itself as it comes."""

    capabilities: tuple[str, ...] | None = None
    last_event_id: EventId | None = None


@frozen(kw_only=True)
class Said:
    """A message in words; one of a higher priority overtakes those that wait to be sent."""

    text: str
    priority: int = 0


class SocketProtocol(Protocol):
    """One client's side of a way of talking: typed messages in, announcements out as text."""

    @property
    def greeting(self) -> Greeting | None:
        """The greeting, where connecting is enough of one; None where a handshake must come."""
        ...

    def greet(self, frame: str | bytes) -> Greeting:
        """Read a handshake, or raise InvalidValue where it is anything else."""
        ...

    def welcome(self, connection: Connection) -> str | None:
        """What the client reads before anything else."""
        ...

    async def hear(self, frame: str | bytes, reply: Reply) -> None:
        """Do what a message asks for, or raise MiraError; replies go through reply, and do not wait."""
        ...

    @property
    def takes_commands(self) -> bool:
        """Whether whoever speaks it is a device, which does as it is told."""
        ...

    def say(self, announcement: Announcement) -> tuple[Said, ...]:
        """Put an announcement into words; none where it is not for this client."""
        ...

    def refuse(self, error: MiraError) -> str:
        """Put a refusal into words."""
        ...
