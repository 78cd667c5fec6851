"""What a hub tells its operators, in typed events."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from attrs import field, frozen

from adapters.hub.answers import Stream
from adapters.hub.events import Reconnected, UnknownEvent
from adapters.hub.operating import Figures, InstanceSeen, LiveStream, Trouble, TurnSeen
from adapters.hub.reading import read


@frozen(kw_only=True)
class Hello:
    """The socket is open and misses nothing from now on."""

    instance: str
    version: str
    at: datetime


@frozen(kw_only=True)
class FactTold:
    """A committed fact: its name, and ids and words of the hub's own that it holds."""

    name: str
    event_id: str
    network_id: str
    details: Mapping[str, Any]
    at: datetime


@frozen(kw_only=True)
class Selection:
    """A stream was chosen for an utterance; a provisional choice may be revised."""

    network_id: str
    client_id: str
    quality_score: float
    reason: str
    provisional: bool
    streams: tuple[Stream, ...]
    at: datetime


@frozen(kw_only=True)
class StreamsNow:
    """All streams of a network that is watched; none when nobody is heard."""

    network_id: str
    streams: tuple[LiveStream, ...]
    at: datetime


@frozen(kw_only=True)
class LimitTold:
    """Somebody was refused by a limit; the subject is a network, or a client as network/client."""

    limit: str
    subject: str
    at: datetime


@frozen(kw_only=True)
class Activity:
    """What happened in a network within a second; sound is seconds of it."""

    network_id: str
    requests: int
    failed: int
    sound: float
    facts: int
    turns: int


@frozen(kw_only=True)
class FiguresTold(Figures):
    """How the hub did in one second, and what happened in each network."""

    networks: tuple[Activity, ...] = ()


@frozen(kw_only=True)
class HealthTold:
    """How well the hub and each of its services is."""

    status: str
    services: Mapping[str, str]
    active_networks: int
    active_clients: int
    instances: tuple[InstanceSeen, ...] = ()
    at: datetime


@frozen(kw_only=True)
class LogLine:
    """A line of the hub's log."""

    at: datetime
    level: str
    text: str
    fields: Mapping[str, Any]


@frozen(kw_only=True)
class LogTold:
    """Lines of the log, oldest first."""

    lines: tuple[LogLine, ...]


@frozen(kw_only=True)
class Missed:
    """So many events came too fast, in all: read the state anew."""

    count: int


@frozen(kw_only=True)
class WishRefused:
    """What was asked to be watched cannot be."""

    error_code: str
    message: str
    details: Mapping[str, Any] = field(factory=dict)


OperatorEvent = (
    Hello
    | FactTold
    | Selection
    | StreamsNow
    | TurnSeen
    | Trouble
    | LimitTold
    | FiguresTold
    | HealthTold
    | LogTold
    | Missed
    | WishRefused
    | Reconnected
    | UnknownEvent
)
SHAPES: Final[Mapping[str, type[Any]]] = {
    "hello": Hello,
    "fact": FactTold,
    "selection": Selection,
    "streams": StreamsNow,
    "turn": TurnSeen,
    "trouble": Trouble,
    "limit": LimitTold,
    "figures": FiguresTold,
    "health": HealthTold,
    "log": LogTold,
    "missed": Missed,
    "error": WishRefused,
}
LIVE: Final = (StreamsNow, FiguresTold, HealthTold)
"""What a slow reader may lose."""


def operator_event(body: Mapping[str, Any]) -> OperatorEvent:
    """The event that a message of the hub is."""
    shape = SHAPES.get(sort := str(body.get("type")))
    if shape is None:
        return UnknownEvent(type=sort, body=body)
    event: OperatorEvent = read(body, shape)
    return event
