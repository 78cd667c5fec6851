"""Meters that Prometheus reads: counters, gauges and histograms with a few labels of a few values."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from attrs import define, field
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from application.ports.meters import Readings, Sample, Spread

REQUEST_BUCKETS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
STAGE_BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0, 30.0)
MILLISECONDS: Final = 1000.0


@define(eq=False)
class _Watch(Collector):
    """Asks for depths whenever figures are read."""

    depths: dict[str, Callable[[], float]] = field(factory=dict)

    def collect(self) -> Iterator[Metric]:
        """The depths just now."""
        family = GaugeMetricFamily("mira_queue_depth", "What waits or is under way.", labels=["queue"])
        for name, depth in self.depths.items():
            family.add_metric([name], depth())
        yield family


@define(eq=False)
class PrometheusMeters:
    """Meters in a registry of their own, so that two hubs in one process do not mix."""

    _registry: CollectorRegistry = field(factory=CollectorRegistry, init=False, repr=False)
    _watch: _Watch = field(factory=_Watch, init=False, repr=False)
    _requests: Counter = field(init=False, repr=False)
    _seconds: Histogram = field(init=False, repr=False)
    _sockets: Gauge = field(init=False, repr=False)
    _opened: Counter = field(init=False, repr=False)
    _sound: Counter = field(init=False, repr=False)
    _dropped: Counter = field(init=False, repr=False)
    _selections: Counter = field(init=False, repr=False)
    _changes: Counter = field(init=False, repr=False)
    _turns: Counter = field(init=False, repr=False)
    _stages: Histogram = field(init=False, repr=False)
    _refusals: Counter = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        ProcessCollector(registry=self._registry)
        self._registry.register(self._watch)
        self._requests = self._counter(
            "mira_requests", "Requests that were answered.", "dialect", "route", "method", "status"
        )
        self._seconds = Histogram(
            "mira_request_seconds",
            "How long requests took.",
            ["dialect", "route"],
            registry=self._registry,
            buckets=REQUEST_BUCKETS,
        )
        self._sockets = Gauge("mira_sockets", "Sockets that are open.", ["protocol"], registry=self._registry)
        self._opened = self._counter("mira_sockets_opened", "Sockets that were opened.", "protocol")
        self._sound = self._counter("mira_audio_seconds", "Live sound that was taken in, in seconds.")
        self._dropped = self._counter("mira_audio_frames_dropped", "Pieces of live sound that were dropped.")
        self._selections = self._counter("mira_arbitration_selections", "Streams that were chosen.", "reason")
        self._changes = self._counter("mira_arbitration_changes", "Choices that replaced another.")
        self._turns = self._counter("mira_turns", "Turns that are over.", "status")
        self._stages = Histogram(
            "mira_turn_stage_seconds",
            "How long the stages of turns took.",
            ["stage"],
            registry=self._registry,
            buckets=STAGE_BUCKETS,
        )
        self._refusals = self._counter("mira_limited", "What was refused by a limit.", "limit")

    def request(self, *, dialect: str, route: str, method: str, status: int, seconds: float) -> None:
        """A request was answered, in so many seconds."""
        self._requests.labels(dialect, route, method, str(status)).inc()
        self._seconds.labels(dialect, route).observe(seconds)

    def socket(self, protocol: str, change: int) -> None:
        """A socket of a protocol has opened (+1) or ended (-1)."""
        self._sockets.labels(protocol).inc(change)
        self._opened.labels(protocol).inc(max(0, change))

    def sound_taken(self, seconds: float) -> None:
        """So much sound was taken in from a live stream."""
        self._sound.inc(seconds)

    def sound_dropped(self) -> None:
        """A piece of live sound was dropped, since its stream sends more than it may."""
        self._dropped.inc()

    def selection(self, reason: str, *, changed: bool) -> None:
        """A stream was selected for an utterance; changed says that another one was before."""
        self._selections.labels(reason).inc()
        self._changes.inc(changed)

    def turn(self, status: str, stages: Mapping[str, float]) -> None:
        """A turn is over; how long its stages took, in milliseconds."""
        self._turns.labels(status).inc()
        for stage, took in stages.items():
            self._stages.labels(stage).observe(took / MILLISECONDS)

    def refusal(self, limit: str) -> None:
        """Somebody was refused by a limit."""
        self._refusals.labels(limit).inc()

    def watch(self, name: str, depth: Callable[[], float]) -> None:
        """Ask for the depth of a queue, or for how much there is of something, whenever figures are read."""
        self._watch.depths[name] = depth

    def read(self) -> Readings:
        """The figures as they are now, in the text format of Prometheus."""
        return Readings(content=generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)

    def sample(self) -> Sample:
        """The figures as they are now, as numbers."""
        numbers: dict[tuple[str, ...], float] = {}
        spreads: dict[tuple[str, ...], Spread] = {}
        for family in self._registry.collect():
            if family.type == "histogram":
                spreads |= _spreads(family)
            else:
                numbers |= {
                    (family.name, *one.labels.values()): one.value
                    for one in family.samples
                    if not one.name.endswith("_created")
                }
        return Sample(taken_at=time.monotonic(), numbers=numbers, spreads=spreads)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(name, meaning, labels, registry=self._registry)


def _spreads(family: Metric) -> Mapping[tuple[str, ...], Spread]:
    """The histograms of a family, by the values of its labels."""
    found: dict[tuple[str, ...], list[tuple[float, float]]] = {}
    for one in family.samples:
        if one.name.endswith("_bucket"):
            labels = tuple(value for name, value in one.labels.items() if name != "le")
            found.setdefault((family.name, *labels), []).append((float(one.labels["le"]), one.value))
    return {
        labels: Spread(bounds=tuple(bound for bound, _ in pairs), counts=tuple(count for _, count in pairs))
        for labels, pairs in found.items()
    }
