"""What the operators' socket says and takes, as it is on the wire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from attrs import field, frozen


@frozen(kw_only=True)
class Hello:
    """The socket is open, and misses nothing from now on: read the state over REST next."""

    type: str = "hello"
    instance: str
    version: str
    at: datetime


@frozen(kw_only=True)
class FactTold:
    """A committed fact: its name, and the ids and words of ours that it holds."""

    type: str = "fact"
    name: str
    event_id: str
    network_id: str
    details: Mapping[str, object]
    at: datetime


@frozen(kw_only=True)
class Competing:
    """A stream that heard an utterance: its score 0..10, its measures by name, and why it won or lost."""

    client_id: str
    quality_score: float
    metrics: Mapping[str, float]
    selected: bool
    reason: str


@frozen(kw_only=True)
class Selection:
    """A stream was chosen for an utterance; a provisional choice may be revised."""

    type: str = "selection"
    network_id: str
    client_id: str
    quality_score: float
    reason: str
    provisional: bool
    streams: tuple[Competing, ...]
    at: datetime


@frozen(kw_only=True)
class Hearing:
    """A stream as it is just now."""

    client_id: str
    quality_score: float
    metrics: Mapping[str, float]
    speaking: bool
    selected: bool


@frozen(kw_only=True)
class StreamsNow:
    """All streams of a network that is watched, several times a second; none when nobody is heard."""

    type: str = "streams"
    network_id: str
    streams: tuple[Hearing, ...]
    at: datetime


@frozen(kw_only=True)
class TurnTold:
    """How far a turn has come; text and response are told only to those who asked for transcripts."""

    type: str = "turn"
    network_id: str
    client_id: str
    interaction_id: str
    stage: str
    spoken: bool
    started_at: datetime
    at: datetime
    timings: Mapping[str, float]
    status: str | None
    code: str | None
    text: str | None
    response: str | None


@frozen(kw_only=True)
class TroubleTold:
    """Something was refused or failed; status is 0 where it was not a request."""

    type: str = "trouble"
    code: str
    message: str
    status: int
    place: str
    request_id: str | None
    network_id: str | None
    client_id: str | None
    at: datetime


@frozen(kw_only=True)
class LimitTold:
    """Somebody was refused by a limit; the subject is a network, or a client as network/client."""

    type: str = "limit"
    limit: str
    subject: str
    at: datetime


@frozen(kw_only=True)
class PercentilesTold:
    """How long something took in the last minute, in milliseconds, and how often it happened."""

    p50: float
    p95: float
    p99: float
    count: int


@frozen(kw_only=True)
class Activity:
    """What happened in a network within a second, where anything did; sound is seconds of it."""

    network_id: str
    requests: int
    failed: int
    sound: float
    facts: int
    turns: int


@frozen(kw_only=True)
class FiguresTold:
    """How the hub did in one second, and what happened in each network."""

    type: str = "figures"
    at: datetime
    rates: Mapping[str, float]
    levels: Mapping[str, float]
    latencies: Mapping[str, PercentilesTold]
    networks: tuple[Activity, ...]


@frozen(kw_only=True)
class InstanceTold:
    """An instance of the hub, and when it was last seen to live."""

    instance_id: str
    name: str
    seen_at: datetime


@frozen(kw_only=True)
class HealthTold:
    """How well the hub and each of its services is, and which instances it has."""

    type: str = "health"
    status: str
    services: Mapping[str, str]
    active_networks: int
    active_clients: int
    instances: tuple[InstanceTold, ...]
    at: datetime


@frozen(kw_only=True)
class LineTold:
    """A line of the log."""

    at: datetime
    level: str
    text: str
    fields: Mapping[str, str]


@frozen(kw_only=True)
class LogTold:
    """Lines of the log, oldest first."""

    type: str = "log"
    lines: tuple[LineTold, ...]


@frozen(kw_only=True)
class Missed:
    """So many events came too fast for this socket, in all: read the state over REST anew."""

    type: str = "missed"
    count: int


@frozen(kw_only=True)
class Refused:
    """What was sent could not be taken."""

    type: str = "error"
    error_code: str
    message: str
    details: Mapping[str, object] = field(factory=dict)


@frozen(kw_only=True)
class Watch:
    """What is to be told from now on: streams of some networks, the log, and what people said."""

    type: str = "watch"
    networks: tuple[str, ...] = ()
    log: bool = False
    transcripts: bool = False


TAKEN: Final = (Watch,)
TOLD: Final = (
    Hello,
    FactTold,
    Selection,
    StreamsNow,
    TurnTold,
    TroubleTold,
    LimitTold,
    FiguresTold,
    HealthTold,
    LogTold,
    Missed,
    Refused,
)
"""Every message of either direction."""
