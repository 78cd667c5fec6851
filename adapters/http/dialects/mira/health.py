"""How the hub is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import frozen

from adapters.http.dialects.mira.dialect import MIRA
from adapters.http.routing import Call, Content, operation
from application.operating.health import Health


@frozen(kw_only=True)
class HealthMetricsView:
    """How much the hub has to do."""

    active_networks: int
    active_clients: int
    requests_per_minute: int


@frozen(kw_only=True)
class HealthView:
    """How well the hub and each of its services is: healthy, degraded or unhealthy."""

    status: str
    timestamp: datetime
    services: Mapping[str, str]
    metrics: HealthMetricsView

    @classmethod
    def of(cls, health: Health, requests_per_minute: int) -> "HealthView":
        """The view of a hub's health."""
        return cls(
            status=health.overall.value,
            timestamp=health.at,
            services={name: wellness.value for name, wellness in health.services.items()},
            metrics=HealthMetricsView(
                active_networks=health.active_networks,
                active_clients=health.active_clients,
                requests_per_minute=requests_per_minute,
            ),
        )


async def _health(call: Call[Any, Any]) -> HealthView:
    return HealthView.of(await call.use.check_health(), call.hub.meter.per_minute)


@operation(MIRA, "mira.health", "GET", "/api/v1/health")
async def health(call: Call[None, None]) -> HealthView:
    """Say how the hub is."""
    return await _health(call)


@operation(MIRA, "suite.internal.health", "GET", "/internal/health")
async def internal_health(call: Call[None, None]) -> HealthView:
    """Say how the hub is, to whoever runs it."""
    return await _health(call)


@operation(MIRA, "suite.internal.metrics", "GET", "/internal/metrics")
async def metrics(call: Call[None, None]) -> Content:
    """Tell figures of how busy the hub is, in the text format of Prometheus."""
    readings = await call.use.tell_figures()
    return Content(data=readings.content, media_type=readings.media_type)


OPERATIONS = (health, internal_health, metrics)
