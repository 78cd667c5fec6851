"""Limits: what a network and its clients may do, set by whoever runs the hub."""

from collections.abc import Mapping
from typing import Annotated

import attrs
from attrs import frozen
from msgspec import Meta

from adapters.http.dialects.mira.dialect import MIRA
from adapters.http.reading import closed
from adapters.http.routing import Call, operation
from application.networks.limiting import NetworkLimits
from domain.quotas import MAX_QUOTA

Quota = Annotated[int, Meta(ge=1, le=MAX_QUOTA)] | None


@closed
@frozen(kw_only=True)
class LimitsBody:
    """The limits that are not to be as on the whole hub; those that are left out, or null, are."""

    interactions_per_minute: Quota = None
    audio_uploads_per_minute: Quota = None
    websocket_connections: Quota = None
    api_requests_per_hour: Quota = None
    client_audio_uploads_per_minute: Quota = None
    client_status_updates_per_minute: Quota = None
    client_websocket_messages_per_minute: Quota = None

    def overrides(self) -> Mapping[str, int]:
        """Those that were named."""
        named = attrs.asdict(self, recurse=False)
        return {name: value for name, value in named.items() if value is not None}


@frozen(kw_only=True)
class LimitsView:
    """What a network and its clients may do, and which of it was set for this network alone."""

    network_id: str
    limits: Mapping[str, int]
    overrides: Mapping[str, int]

    @classmethod
    def of(cls, found: NetworkLimits) -> "LimitsView":
        """The view of a network's limits."""
        return cls(
            network_id=found.network_id,
            limits=attrs.asdict(found.quotas),
            overrides=found.overrides,
        )


@operation(MIRA, "operator.limits.get", "GET", "/internal/operator/networks/{network_id}/limits")
async def get(call: Call[None, None]) -> LimitsView:
    """Say what a network and its clients may do."""
    return LimitsView.of(await call.use.get_limits(call.principal, call.network_id))


@operation(MIRA, "operator.limits.set", "PUT", "/internal/operator/networks/{network_id}/limits")
async def replace(call: Call[LimitsBody, None]) -> LimitsView:
    """Set what a network and its clients may do."""
    return LimitsView.of(await call.use.set_limits(call.principal, call.network_id, call.body.overrides()))


OPERATIONS = (get, replace)
