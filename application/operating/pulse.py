"""The pulse of a hub: once a second, how busy it is and how well it serves, with the last minutes kept."""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from attrs import define, evolve, field, frozen

from application.ports.meters import Meters, Sample, Spread
from application.ports.storage import Transactions
from application.ports.watching import Tally, Watchtower
from application.ports.world import Clock
from domain.errors import MiraError
from domain.ids import NetworkId

KEPT_SECONDS: Final = 300
WINDOW_SECONDS: Final = 60
BEATS_BETWEEN_COUNTS: Final = 5
REQUESTS, REQUEST_SECONDS, STAGES = "mira_requests", "mira_request_seconds", "mira_turn_stage_seconds"
COUNTED: Final[Mapping[str, str]] = {
    "turns": "mira_turns",
    "sound": "mira_audio_seconds",
    "dropped": "mira_audio_frames_dropped",
    "changes": "mira_arbitration_changes",
    "limited": "mira_limited",
    "cpu": "process_cpu_seconds",
}
"""Rates, and the counters that they are of."""


@frozen(kw_only=True)
class Percentiles:
    """How long something took in the last minute, in milliseconds, and how often it happened."""

    p50: float
    p95: float
    p99: float
    count: int


@frozen(kw_only=True)
class Figures:
    """How a hub did in one second.

    rates are per second: requests, refused (4xx), failed (5xx), facts, turns, sound (seconds of it), dropped
    frames, changes of stream, limited, cpu (1 is one core). levels are what there is: memory in bytes,
    files, sockets, outbox (facts that wait), networks, clients (connected), queues by name. latencies are by
    what took so long: requests, and the stages of turns as in turn.reply.
    """

    at: datetime
    rates: Mapping[str, float] = field(factory=dict)
    levels: Mapping[str, float] = field(factory=dict)
    latencies: Mapping[str, Percentiles] = field(factory=dict)


@define(eq=False)
class Pulse:
    """Takes the figures, once a second while it runs."""

    meters: Meters
    tower: Watchtower
    transactions: Transactions
    clock: Clock
    _samples: deque[Sample] = field(factory=lambda: deque(maxlen=WINDOW_SECONDS + 1), init=False)
    _past: deque[Figures] = field(factory=lambda: deque(maxlen=KEPT_SECONDS), init=False)
    _tallies: Mapping[NetworkId, Tally] = field(factory=dict, init=False)
    _activity: Mapping[NetworkId, Tally] = field(factory=dict, init=False)
    _counts: Mapping[str, float] = field(factory=dict, init=False)
    _beats: int = field(default=0, init=False)
    _beaten: asyncio.Event = field(factory=asyncio.Event, init=False)

    async def run(self) -> None:
        """Beat for ever, whenever a second is over."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            await self.beat()
            late = loop.time() - due
            due += 1.0 if late < 1.0 else 1.0 + late
            await asyncio.sleep(due - loop.time())

    async def beat(self) -> None:
        """Take the figures of this moment."""
        if self._beats % BEATS_BETWEEN_COUNTS == 0:
            self._counts = await self._counted()
        self._beats += 1
        self._note_activity()
        sample = self.meters.sample()
        self._samples.append(sample)
        self._past.append(self._figures(sample))
        self._beaten.set()
        self._beaten = asyncio.Event()

    async def next(self) -> Figures:
        """Wait for the next beat."""
        await self._beaten.wait()
        return self._past[-1]

    @property
    def past(self) -> Sequence[Figures]:
        """The figures of the last five minutes, oldest first; latencies with the last ones only."""
        older = [evolve(figures, latencies={}) for figures in list(self._past)[:-1]]
        return [*older, *list(self._past)[-1:]]

    @property
    def activity(self) -> Mapping[NetworkId, Tally]:
        """What happened in each network between the last two beats, where anything did."""
        return self._activity

    def _figures(self, sample: Sample) -> Figures:
        first = self._samples[0]
        before = self._samples[-2] if len(self._samples) > 1 else sample
        facts = sum(sum(tally.facts.values()) for tally in self._activity.values())
        return Figures(
            at=self.clock.now(),
            rates={**_rates(before, sample), "facts": float(facts)},
            levels={**_levels(sample), **self._counts},
            latencies=_latencies(first, sample),
        )

    def _note_activity(self) -> None:
        now = self.tower.tallies()
        self._activity = {
            network_id: tally.since(self._tallies.get(network_id, Tally()))
            for network_id, tally in now.items()
            if tally != self._tallies.get(network_id)
        }
        self._tallies = now

    async def _counted(self) -> Mapping[str, float]:
        """What the store knows; as before where it does not say."""
        try:
            async with self.transactions.snapshot() as tx:
                return {
                    "outbox": float(await tx.census.waiting()),
                    "queue.uploads": float(await tx.jobs.count()),
                    "networks": float(await tx.networks.count()),
                    "clients": float(await tx.clients.count_connected()),
                }
        except MiraError:
            return self._counts


def _rates(before: Sample, now: Sample) -> Mapping[str, float]:
    seconds = max(now.taken_at - before.taken_at, 1e-3)
    rates = {
        name: max(0.0, now.total(counter) - before.total(counter)) / seconds
        for name, counter in COUNTED.items()
    }
    for name, sort in (("requests", ""), ("refused", "4"), ("failed", "5")):
        counted = _requests(now, sort) - _requests(before, sort)
        rates[name] = max(0.0, counted) / seconds
    return rates


def _requests(sample: Sample, status: str) -> float:
    """How many requests were answered with a status that begins so."""
    return sum(
        number
        for labels, number in sample.numbers.items()
        if labels[0] == REQUESTS and labels[-1].startswith(status)
    )


def _levels(sample: Sample) -> Mapping[str, float]:
    levels = {
        "memory": sample.total("process_resident_memory_bytes"),
        "files": sample.total("process_open_fds"),
        "sockets": sample.total("mira_sockets"),
    }
    for labels, number in sample.numbers.items():
        if labels[0] == "mira_queue_depth":
            levels[f"queue.{labels[1]}"] = number
        elif labels[0] == "mira_sockets":
            levels[f"sockets.{labels[1]}"] = number
    return levels


def _latencies(first: Sample, now: Sample) -> Mapping[str, Percentiles]:
    """Percentiles of what took place between two samples; those of all requests go by the name requests."""
    lasted: dict[str, Spread] = {}
    for labels, spread in now.spreads.items():
        name = f"turn.{labels[1]}" if labels[0] == STAGES else "requests"
        if labels[0] not in {STAGES, REQUEST_SECONDS}:
            continue
        recent = spread.since(first.spreads.get(labels)) if first is not now else spread
        lasted[name] = recent if name not in lasted else lasted[name].and_also(recent)
    return {
        name: Percentiles(
            p50=spread.quantile(0.5) * 1000,
            p95=spread.quantile(0.95) * 1000,
            p99=spread.quantile(0.99) * 1000,
            count=spread.count,
        )
        for name, spread in lasted.items()
        if spread.count
    }
