"""Watching over a whole hub: what its operators see of it, of all networks, just now."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from attrs import field, frozen

from domain.events import Fact, LiveNews
from domain.ids import ClientId, InteractionId, NetworkId


@frozen(kw_only=True)
class TurnSeen:
    """How far a turn has come: its stage is transcription, reply, speech or over.

    took is milliseconds by the stages that are behind it; text and response are what was said, as far as it
    is known; status and code say how it ended, once it is over.
    """

    network_id: NetworkId
    client_id: ClientId
    interaction_id: InteractionId
    stage: str
    spoken: bool
    started_at: datetime
    at: datetime
    text: str = field(default="", repr=False)
    response: str = field(default="", repr=False)
    took: Mapping[str, float] = field(factory=dict)
    status: str | None = None
    code: str | None = None


@frozen(kw_only=True)
class TroubleSeen:
    """Something that was refused or failed: its code, where, and the id by which the log knows it."""

    code: str
    message: str
    status: int
    place: str
    request_id: str | None = None
    network_id: NetworkId | None = None
    client_id: ClientId | None = None
    at: datetime


@frozen(kw_only=True)
class LimitHit:
    """Somebody was refused by a limit; the subject is a network, or a client of one as network/client."""

    limit: str
    subject: str
    at: datetime


Sight = Fact | LiveNews | TurnSeen | TroubleSeen | LimitHit
"""Something that happens in the hub, as its operators see it."""


@frozen(kw_only=True)
class Tally:
    """How busy one network has been since the hub started; seconds are those that requests took in all."""

    requests: int = 0
    failed_requests: int = 0
    request_seconds: float = 0.0
    audio_seconds: float = 0.0
    turns: int = 0
    facts: Mapping[str, int] = field(factory=dict)

    def since(self, before: "Tally") -> "Tally":
        """What was added to an earlier one."""
        facts = {name: count - before.facts.get(name, 0) for name, count in self.facts.items()}
        return Tally(
            requests=self.requests - before.requests,
            failed_requests=self.failed_requests - before.failed_requests,
            request_seconds=self.request_seconds - before.request_seconds,
            audio_seconds=self.audio_seconds - before.audio_seconds,
            turns=self.turns - before.turns,
            facts={name: count for name, count in facts.items() if count},
        )


@frozen(kw_only=True)
class LogLine:
    """A line of the log: its place in it, when, how grave, what, and the fields with it."""

    number: int
    at: datetime
    level: str
    text: str
    fields: Mapping[str, str]


@frozen(kw_only=True)
class Lately:
    """What was seen last, oldest first; turns are those under way, and limits who hit one how often."""

    turns: tuple[TurnSeen, ...] = ()
    troubles: tuple[TroubleSeen, ...] = ()
    limits: Mapping[tuple[str, str], int] = field(factory=dict)
    codes: Mapping[str, int] = field(factory=dict)


class Lookout(Protocol):
    """What one operator has yet to see; bounded: the oldest makes room."""

    async def next(self) -> Sight:
        """The next sight; waits until there is one."""
        ...

    @property
    def missed(self) -> int:
        """How many sights the operator was too slow for."""
        ...


class Watchtower(Protocol):
    """Sees what happens in a hub; cheap, never waits, and keeps a little of the past as long as it lives."""

    def show(self, sight: Sight) -> None:
        """Something happens: hand it to everyone who watches, and keep it for a while where it is of use."""
        ...

    def request(self, network_id: NetworkId, seconds: float, *, failed: bool) -> None:
        """A request about a network was answered."""
        ...

    def sound(self, network_id: NetworkId, seconds: float) -> None:
        """So much sound of a network was taken in."""
        ...

    def tally(self, network_id: NetworkId) -> Tally:
        """How busy a network has been."""
        ...

    def tallies(self) -> Mapping[NetworkId, Tally]:
        """How busy every network has been of which anything was seen."""
        ...

    def watch(self) -> AbstractContextManager[Lookout]:
        """See everything that happens while the block lasts."""
        ...

    def lately(self) -> Lately:
        """What was seen last."""
        ...


class LogTail(Protocol):
    """The last lines of the log; safe to be written to by any thread."""

    def since(self, number: int) -> tuple[LogLine, ...]:
        """The lines after one that is named by its number, as far as they are kept; all of them for 0."""
        ...
