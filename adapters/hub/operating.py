"""What only operators may ask: the hub as a whole, all of its networks and clients, and their limits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from attrs import field, frozen

from adapters.hub.answers import Listing, NetworkSettings
from adapters.hub.calling import Calling
from adapters.hub.calls import part
from adapters.hub.reading import read

Item = TypeVar("Item")


@frozen(kw_only=True)
class Instance:
    """A process of a hub."""

    name: str
    version: str
    started_at: datetime


@frozen(kw_only=True)
class Percentiles:
    """How long something took in the last minute, in milliseconds, and how often it happened."""

    p50: float
    p95: float
    p99: float
    count: int


@frozen(kw_only=True)
class Figures:
    """How a hub did in one second: rates per second, levels, and how long things took."""

    at: datetime
    rates: Mapping[str, float]
    levels: Mapping[str, float]
    latencies: Mapping[str, Percentiles]


@frozen(kw_only=True)
class TurnSeen:
    """How far a turn has come: transcription, reply, speech or over; timings are milliseconds by stage.

    text and response are None where transcripts were not asked for.
    """

    network_id: str
    client_id: str
    interaction_id: str
    stage: str
    spoken: bool
    started_at: datetime
    at: datetime
    timings: Mapping[str, float]
    status: str | None = None
    code: str | None = None
    text: str | None = field(default=None, repr=False)
    response: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class Trouble:
    """Something that was refused or failed; status is 0 where it was not a request."""

    code: str
    message: str
    status: int
    place: str
    request_id: str | None
    network_id: str | None
    client_id: str | None
    at: datetime


@frozen(kw_only=True)
class LimitCount:
    """How often somebody was refused by a limit; the subject is a network, or a client as network/client."""

    limit: str
    subject: str
    count: int


@frozen(kw_only=True)
class InstanceSeen:
    """An instance of the hub, and when it was last seen to live."""

    instance_id: str
    name: str
    seen_at: datetime


@frozen(kw_only=True)
class Overview:
    """A hub as a whole; figures are of the last minutes, a second each, oldest first."""

    instance: Instance
    instances: tuple[InstanceSeen, ...] = ()
    status: str
    services: Mapping[str, str]
    active_networks: int
    active_clients: int
    requests_per_minute: int
    figures: tuple[Figures, ...]
    turns: tuple[TurnSeen, ...]
    troubles: tuple[Trouble, ...]
    limits: tuple[LimitCount, ...]
    codes: Mapping[str, int]
    timestamp: datetime


@frozen(kw_only=True)
class Counts:
    """How much there is in a network: interactions of the last 24 hours, reminders that are pending."""

    clients: int
    connected: int
    interactions: int
    reminders: int
    events: int


@frozen(kw_only=True)
class Metrics:
    """How busy a network has been since the hub started; audio is seconds of live sound."""

    requests: int
    response_time_ms: float
    error_rate: float
    websocket_connections: int
    audio_processing_volume: float
    turns: int
    websocket_events: Mapping[str, int]


@frozen(kw_only=True)
class LiveStream:
    """A stream that is heard just now: its score 0..10 and its measures by name."""

    client_id: str
    quality_score: float
    metrics: Mapping[str, float]
    speaking: bool
    selected: bool


@frozen(kw_only=True)
class NetworkSeen:
    """A network as operators see it; limits are those that are not as on the whole hub."""

    network_id: str
    name: str
    description: str
    status: str
    settings: NetworkSettings
    limits: Mapping[str, int]
    created_at: datetime
    updated_at: datetime
    counts: Counts
    metrics: Metrics
    streams: tuple[LiveStream, ...] = ()


@frozen(kw_only=True)
class ClientSeen:
    """A client as operators see it."""

    network_id: str
    client_id: str
    name: str | None
    device_type: str
    device_info: Mapping[str, Any]
    capabilities: tuple[str, ...]
    room: str | None
    group_id: str | None
    persona_id: str | None
    connected: bool
    connection_status: str
    connected_since: datetime | None
    audio_quality_score: float | None
    registered_at: datetime
    last_seen_at: datetime


@frozen(kw_only=True)
class SessionSeen:
    """A session: with which device and persona, and until when it lasts unused."""

    session_id: str
    device_id: str
    persona_id: str
    conversation_id: str
    user_id: str | None
    status: str
    created_at: datetime
    expires_at: datetime


@frozen(kw_only=True)
class ActivitySeen:
    """Something that devices do together, and how it stands."""

    activity_id: str
    activity_type: str
    persona_id: str
    status: str
    devices: tuple[str, ...]
    offline_devices: tuple[str, ...]
    config: Mapping[str, Any]
    started_at: datetime
    ended_at: datetime | None


@frozen(kw_only=True)
class Find:
    """Something that a search found: a persona, session, interaction, reminder, event or activity."""

    sort: str
    network_id: str
    id: str
    title: str
    about: str
    at: datetime


@frozen(kw_only=True)
class Finds:
    """What a search found."""

    finds: tuple[Find, ...]


@frozen(kw_only=True)
class NetworkLimits:
    """What a network and its clients may do, and which of it was set for this network alone."""

    network_id: str
    limits: Mapping[str, int]
    overrides: Mapping[str, int]


class OperatorCalls(Calling):
    """The calls that need the operator's token."""

    async def overview(self) -> Overview:
        """How the hub is, and what went on lately."""
        return read(await self._call.json("GET", "/internal/operator"), Overview)

    async def find_networks(
        self, search: str = "", *, limit: int = 200, offset: int = 0
    ) -> Listing[NetworkSeen]:
        """The networks with a text in their names or ids, newest first."""
        query = {"search": search, "limit": limit, "offset": offset}
        return await self._find("networks", NetworkSeen, query)

    async def look_at_network(self, network_id: str) -> NetworkSeen:
        """A network, and its streams just now."""
        return read(await self._call.json("GET", _network(network_id)), NetworkSeen)

    async def find_clients(
        self,
        search: str = "",
        *,
        of_network: str | None = None,
        connected: bool | None = None,
        limit: int = 200,
        offset: int = 0,
    ) -> Listing[ClientSeen]:
        """The clients of all networks that pass a filter, newest first."""
        query = {
            "search": search,
            "network_id": of_network,
            "connected": connected,
            "limit": limit,
            "offset": offset,
        }
        return await self._find("clients", ClientSeen, query)

    async def remove_client(self, network_id: str, client_id: str) -> None:
        """Take a client out of a network."""
        await self._call.json("DELETE", f"{_network(network_id)}/clients/{part(client_id)}")

    async def disconnect_client(self, network_id: str, client_id: str) -> None:
        """Close a client's socket; it may come back at once."""
        await self._call.json("POST", f"{_network(network_id)}/clients/{part(client_id)}/disconnect")

    async def search(self, words: str, *, said: bool = False, limit: int = 10) -> tuple[Find, ...]:
        """What holds every word, in all networks: the newest of each sort; what people said only if asked."""
        query = {"search": words, "said": said, "limit": limit}
        found = await self._call.json("GET", "/internal/operator/search", query=query)
        return read(found, Finds).finds

    async def sessions(self, network_id: str, *, limit: int = 200, offset: int = 0) -> Listing[SessionSeen]:
        """The sessions of a network, newest first."""
        query = {"limit": limit, "offset": offset}
        return await self._find("sessions", SessionSeen, query, network_id)

    async def activities(
        self, network_id: str, *, limit: int = 200, offset: int = 0
    ) -> Listing[ActivitySeen]:
        """The activities of a network, newest first."""
        query = {"limit": limit, "offset": offset}
        return await self._find("activities", ActivitySeen, query, network_id)

    async def limits(self, network_id: str) -> NetworkLimits:
        """What a network and its clients may do."""
        return read(await self._call.json("GET", f"{_network(network_id)}/limits"), NetworkLimits)

    async def set_limits(self, network_id: str, overrides: Mapping[str, int]) -> NetworkLimits:
        """Set the limits of a network that are not to be as on the whole hub."""
        path = f"{_network(network_id)}/limits"
        return read(await self._call.json("PUT", path, body=dict(overrides)), NetworkLimits)

    async def _find(
        self, name: str, item: type[Item], query: Mapping[str, Any], network_id: str | None = None
    ) -> Listing[Item]:
        path = "/internal/operator" if network_id is None else _network(network_id)
        return await self._list(f"{path}/{name}", item, query)


def _network(network_id: str) -> str:
    return f"/internal/operator/networks/{part(network_id)}"
