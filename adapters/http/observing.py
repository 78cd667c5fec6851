"""Measuring requests: how each was answered, and how long that took."""

import time
from datetime import datetime
from http import HTTPStatus
from typing import Final

from adapters.http.refusals import Refusal
from adapters.http.requests import HubRequest
from application.ports.meters import Meters
from application.ports.watching import TroubleSeen, Watchtower
from domain.ids import NetworkId

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER: Final = "OTHER"
NOWHERE: Final = "none"


def observe(meters: Meters, request: HubRequest, *, dialect: str, route: str, status: int) -> None:
    """Count a request that was answered; the words that tell of it are ours, never the sender's."""
    meters.request(
        dialect=dialect,
        route=route,
        method=request.method if request.method in METHODS else OTHER,
        status=status,
        seconds=time.monotonic() - request.began_at,
    )


def tally(tower: Watchtower, request: HubRequest, *, status: int) -> None:
    """Count a request for the network that it was about, where that is known to be one."""
    network_id = _network_of(request, found=status < HTTPStatus.BAD_REQUEST)
    if network_id is not None:
        seconds = time.monotonic() - request.began_at
        tower.request(network_id, seconds, failed=status >= HTTPStatus.BAD_REQUEST)


def show_refusal(tower: Watchtower, request: HubRequest, told: Refusal, at: datetime) -> None:
    """Show a refusal to whoever watches over the hub."""
    trouble = TroubleSeen(
        code=told.code,
        message=told.message,
        status=told.status,
        place=request.endpoint or NOWHERE,
        request_id=request.request_id,
        network_id=_network_of(request, found=False),
        client_id=None if request.caller is None else request.caller.client_id,
        at=at,
    )
    tower.show(trouble)


def _network_of(request: HubRequest, *, found: bool) -> NetworkId | None:
    """The caller's network; an operator's is the one in the path, if something was found there."""
    if request.caller is None or request.caller.network_id is not None:
        return None if request.caller is None else request.caller.network_id
    named = (request.view_args or {}).get("network_id")
    return NetworkId(named) if found and named else None
