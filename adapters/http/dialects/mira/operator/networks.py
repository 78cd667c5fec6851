"""All networks of the hub, with how much is in them and how busy they are."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from attrs import frozen

from adapters.http.dialects.mira.dialect import MIRA
from adapters.http.dialects.mira.networks import SettingsView
from adapters.http.dialects.mira.paging import PageQuery
from adapters.http.routing import Call, operation
from application.operating.operating import NetworkSeen
from application.ports.paging import Listing
from application.turns.reports import measures_by_name
from domain.audio.decisions import StreamState


@frozen(kw_only=True)
class SearchQuery(PageQuery):
    """Which part of the list is wanted, and a text to look for."""

    search: str = ""


@frozen(kw_only=True)
class CountsView:
    """How much there is in a network: interactions of the last 24 hours, reminders that are pending."""

    clients: int
    connected: int
    interactions: int
    reminders: int
    events: int


@frozen(kw_only=True)
class MetricsView:
    """How busy a network has been since the hub started.

    response_time_ms is the mean; error_rate is the share (0..1) of its requests that were refused or failed;
    audio_processing_volume is seconds of live sound; websocket_events counts what was announced, by name.
    """

    requests: int
    response_time_ms: float
    error_rate: float
    websocket_connections: int
    audio_processing_volume: float
    turns: int
    websocket_events: Mapping[str, int]


@frozen(kw_only=True)
class LiveStreamView:
    """A stream that is heard just now: its score 0..10 and its measures by name."""

    client_id: str
    quality_score: float
    metrics: Mapping[str, float]
    speaking: bool
    selected: bool

    @classmethod
    def of(cls, stream: StreamState) -> "LiveStreamView":
        """The view of a stream."""
        return cls(
            client_id=stream.client_id,
            quality_score=round(stream.quality.score, 2),
            metrics=measures_by_name(stream.quality),
            speaking=stream.speaking,
            selected=stream.selected,
        )


@frozen(kw_only=True)
class NetworkSeenView:
    """A network as operators see it."""

    network_id: str
    name: str
    description: str
    status: str
    settings: SettingsView
    limits: Mapping[str, int]
    created_at: datetime
    updated_at: datetime
    counts: CountsView
    metrics: MetricsView
    streams: Sequence[LiveStreamView]

    @classmethod
    def of(cls, seen: NetworkSeen) -> "NetworkSeenView":
        """The view of a network; limits are those that are not as on the whole hub."""
        network = seen.network
        return cls(
            network_id=network.id,
            name=network.name,
            description=network.description,
            status=network.status.value,
            settings=SettingsView.of(network.settings),
            limits=network.quota_overrides,
            created_at=network.created_at,
            updated_at=network.updated_at,
            counts=_counts(seen),
            metrics=_metrics(seen),
            streams=[LiveStreamView.of(stream) for stream in seen.streams],
        )


def _counts(seen: NetworkSeen) -> CountsView:
    counts = seen.counts
    return CountsView(
        clients=counts.clients,
        connected=counts.connected,
        interactions=counts.interactions,
        reminders=counts.reminders,
        events=counts.events,
    )


def _metrics(seen: NetworkSeen) -> MetricsView:
    tally = seen.tally
    requests = max(tally.requests, 1)
    return MetricsView(
        requests=tally.requests,
        response_time_ms=round(tally.request_seconds / requests * 1000, 2),
        error_rate=round(tally.failed_requests / requests, 4),
        websocket_connections=seen.counts.connected,
        audio_processing_volume=round(tally.audio_seconds, 1),
        turns=tally.turns,
        websocket_events=tally.facts,
    )


@frozen(kw_only=True)
class NetworksSeenView:
    """A part of the networks of the hub."""

    networks: Sequence[NetworkSeenView]
    total: int
    limit: int
    offset: int

    @classmethod
    def of(cls, found: Listing[NetworkSeen]) -> "NetworksSeenView":
        """The view of a list of networks."""
        return cls(
            networks=[NetworkSeenView.of(seen) for seen in found.items],
            total=found.total,
            limit=found.page.limit,
            offset=found.page.offset,
        )


@operation(MIRA, "operator.network.list", "GET", "/internal/operator/networks")
async def find(call: Call[None, SearchQuery]) -> NetworksSeenView:
    """List all networks, newest first, or those with a text in their names or ids."""
    return NetworksSeenView.of(await call.use.find_networks(call.query.search, call.query.page))


@operation(MIRA, "operator.network.get", "GET", "/internal/operator/networks/{network_id}")
async def get(call: Call[None, None]) -> NetworkSeenView:
    """Look at a network: how much is in it, how busy it is, and its streams just now."""
    return NetworkSeenView.of(await call.use.find_networks.one(call.network_id))


OPERATIONS = (find, get)
