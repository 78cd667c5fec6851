"""The hub as a whole: its health, its figures, and what went on lately."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from attrs import frozen

from adapters.http.dialects.mira.dialect import MIRA
from adapters.http.routing import Call, operation
from application.operating.operating import Instance, Overview
from application.operating.pulse import Figures, Percentiles
from application.ports.outbox import InstanceSeen
from application.ports.watching import TroubleSeen, TurnSeen


@frozen(kw_only=True)
class InstanceView:
    """The process of the hub that answers."""

    name: str
    version: str
    started_at: datetime

    @classmethod
    def of(cls, instance: Instance) -> "InstanceView":
        """The view of an instance."""
        return cls(name=instance.name, version=instance.version, started_at=instance.started_at)


@frozen(kw_only=True)
class InstanceSeenView:
    """An instance of the hub, this one or another, and when it was last seen to live."""

    instance_id: str
    name: str
    seen_at: datetime

    @classmethod
    def of(cls, seen: InstanceSeen) -> "InstanceSeenView":
        """The view of an instance."""
        return cls(instance_id=seen.id, name=seen.name, seen_at=seen.seen_at)


@frozen(kw_only=True)
class PercentilesView:
    """How long something took in the last minute, in milliseconds, and how often it happened."""

    p50: float
    p95: float
    p99: float
    count: int

    @classmethod
    def of(cls, found: Percentiles) -> "PercentilesView":
        """The view of percentiles."""
        return cls(p50=found.p50, p95=found.p95, p99=found.p99, count=found.count)


@frozen(kw_only=True)
class FiguresView:
    """How the hub did in one second: rates per second, levels, and how long things took."""

    at: datetime
    rates: Mapping[str, float]
    levels: Mapping[str, float]
    latencies: Mapping[str, PercentilesView]

    @classmethod
    def of(cls, figures: Figures) -> "FiguresView":
        """The view of figures."""
        return cls(
            at=figures.at,
            rates=figures.rates,
            levels=figures.levels,
            latencies={name: PercentilesView.of(one) for name, one in figures.latencies.items()},
        )


@frozen(kw_only=True)
class TurnSeenView:
    """A turn under way: its stage is transcription, reply or speech; timings are milliseconds by stage."""

    network_id: str
    client_id: str
    interaction_id: str
    stage: str
    spoken: bool
    started_at: datetime
    at: datetime
    timings: Mapping[str, float]

    @classmethod
    def of(cls, turn: TurnSeen) -> "TurnSeenView":
        """The view of a turn, without its words."""
        return cls(
            network_id=turn.network_id,
            client_id=turn.client_id,
            interaction_id=turn.interaction_id,
            stage=turn.stage,
            spoken=turn.spoken,
            started_at=turn.started_at,
            at=turn.at,
            timings=turn.took,
        )


@frozen(kw_only=True)
class TroubleView:
    """Something that was refused or failed: its code, where, and the id by which the log knows it."""

    code: str
    message: str
    status: int
    place: str
    request_id: str | None
    network_id: str | None
    client_id: str | None
    at: datetime

    @classmethod
    def of(cls, trouble: TroubleSeen) -> "TroubleView":
        """The view of a trouble."""
        return cls(
            code=trouble.code,
            message=trouble.message,
            status=trouble.status,
            place=trouble.place,
            request_id=trouble.request_id,
            network_id=trouble.network_id,
            client_id=trouble.client_id,
            at=trouble.at,
        )


@frozen(kw_only=True)
class LimitHitView:
    """How often somebody was refused by a limit; the subject is a network, or a client as network/client."""

    limit: str
    subject: str
    count: int


@frozen(kw_only=True)
class OverviewView:
    """The hub as it is: figures are of the last minutes, a second each, oldest first."""

    instance: InstanceView
    instances: Sequence[InstanceSeenView]
    status: str
    services: Mapping[str, str]
    active_networks: int
    active_clients: int
    requests_per_minute: int
    figures: Sequence[FiguresView]
    turns: Sequence[TurnSeenView]
    troubles: Sequence[TroubleView]
    limits: Sequence[LimitHitView]
    codes: Mapping[str, int]
    timestamp: datetime

    @classmethod
    def of(cls, found: Overview, requests_per_minute: int) -> "OverviewView":
        """The view of an overview."""
        return cls(
            instance=InstanceView.of(found.instance),
            instances=[InstanceSeenView.of(seen) for seen in found.health.instances],
            status=found.health.overall.value,
            services={name: wellness.value for name, wellness in found.health.services.items()},
            active_networks=found.health.active_networks,
            active_clients=found.health.active_clients,
            requests_per_minute=requests_per_minute,
            figures=[FiguresView.of(figures) for figures in found.past],
            turns=[TurnSeenView.of(turn) for turn in found.lately.turns],
            troubles=[TroubleView.of(trouble) for trouble in found.lately.troubles],
            limits=[
                LimitHitView(limit=limit, subject=subject, count=count)
                for (limit, subject), count in found.lately.limits.items()
            ],
            codes=found.lately.codes,
            timestamp=found.health.at,
        )


@operation(MIRA, "operator.overview", "GET", "/internal/operator")
async def overview(call: Call[None, None]) -> OverviewView:
    """Say how the hub is, and what went on lately."""
    return OverviewView.of(await call.use.look_around(), call.hub.meter.per_minute)


OPERATIONS = (overview,)
