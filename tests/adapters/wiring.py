"""A hub for tests, wired as a real one is, but for those who live in it."""

from datetime import timedelta
from typing import Any

from attrs import evolve
from dependency_injector import providers

from adapters.files.games import FileGames
from adapters.memory.limits import MemoryLimits
from adapters.memory.nowhere import Nobody
from adapters.memory.watchtower import InProcessWatchtower
from adapters.prometheus.meters import PrometheusMeters
from application.facts.wakeup import Wakeup
from application.networks.limiting import Throttle
from application.networks.tokens import TokenLifetimes
from application.operating.health import ProbeDatabase
from application.operating.metering import MeteredLimits
from application.operating.operating import Instance
from application.ports.storage import Transactions
from application.ports.world import Clock
from domain.ids import ONLY_INSTANCE
from domain.quotas import Quotas, quota_names
from entrypoints.container import HubContainer
from entrypoints.logs import LOG_TAIL
from tests.adapters.residents import Hummer, Seal, Shelf
from tests.samples import NOON

SECRET = b"a secret of thirty-two bytes, or so"
INSTANCE = Instance(name="test:1", version="1.2.3", started_at=NOON)


def unhurried() -> Throttle:
    """Limits that nobody reaches who does not test them."""
    quotas = Quotas().with_overrides(dict.fromkeys(quota_names(), 1_000_000))
    return Throttle(MemoryLimits(), quotas, 1_000_000)


def wired(
    transactions: Transactions, *, clock: Clock, listening: object, throttle: Throttle | None, **others: Any
) -> HubContainer:
    """A hub over a store, with a clock, ears and limits of a test's choice.

    The others are finished parts by their names in the container: what it cannot do without is the
    audience, the personas, the interlocutor, the transcriber and the codec of sounds.
    """
    meters, tower = others.setdefault("meters", PrometheusMeters()), InProcessWatchtower()
    tower = others.setdefault("tower", tower)
    container = HubContainer(
        **{
            "secret": SECRET,
            "open_registration": True,
            "lifetimes": TokenLifetimes(),
            "operator_version": Seal(),
            "log_tail": LOG_TAIL,
            "instance": INSTANCE,
            "instance_id": ONLY_INSTANCE,
            "window": timedelta(milliseconds=300),
            "most_uploads": 8,
            "keep_audio_for": None,
            "transactions": transactions,
            "blobs": Shelf(),
            "games": FileGames.read(),
            "models": frozenset({"offline"}),
            "speaker": Hummer(),
            "probes": {"database": ProbeDatabase(transactions)},
            "neighbours": Nobody(),
            "delivery_wakeup": Wakeup(),
            "ring_wakeup": Wakeup(),
            **others,
        }
    )
    throttle = throttle or unhurried()
    counted = evolve(throttle, limits=MeteredLimits(throttle.limits, meters, tower, clock))
    container.clock.override(providers.Object(clock))
    container.listening.override(providers.Object(listening))
    container.throttle.override(providers.Object(counted))
    return container
