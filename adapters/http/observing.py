"""Measuring requests: how each was answered, and how long that took."""

import time
from typing import Final

from adapters.http.requests import HubRequest
from application.ports.meters import Meters

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER: Final = "OTHER"


def observe(meters: Meters, request: HubRequest, *, dialect: str, route: str, status: int) -> None:
    """Count a request that was answered; the words that tell of it are ours, never the sender's."""
    meters.request(
        dialect=dialect,
        route=route,
        method=request.method if request.method in METHODS else OTHER,
        status=status,
        seconds=time.monotonic() - request.began_at,
    )
