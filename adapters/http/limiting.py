"""Counting requests against limits, and telling how much of them is left."""

import math
import time
from collections.abc import Mapping
from typing import Final

from adapters.http.requests import HubRequest
from application.networks.access import Principal
from application.networks.limiting import Limit, Throttle

LIMIT_HEADER: Final = "X-RateLimit-Limit"
REMAINING_HEADER: Final = "X-RateLimit-Remaining"
RESET_HEADER: Final = "X-RateLimit-Reset"
HEADERS: Final = (LIMIT_HEADER, REMAINING_HEADER, RESET_HEADER)
NOWHERE: Final = "unknown"


async def count(sort: Limit, throttle: Throttle, caller: Principal | None, request: HubRequest) -> None:
    """Count a request, or raise RateLimitExceeded; its response will say what is left.

    Whoever pairs a device, and a stranger who opens a network, is counted by the address that the request
    came from.
    """
    if sort is Limit.PAIRING:
        standing = await throttle.pairing(request.remote_addr or NOWHERE)
    elif caller is not None:
        standing = await throttle.deed(caller, sort)
    elif sort is Limit.OPENING:
        standing = await throttle.opening(request.remote_addr or NOWHERE)
    else:
        return
    if standing is not None:
        request.limit_headers = limit_headers(standing.limit, standing.remaining, standing.resets_in)


def limit_headers(limit: int, remaining: int, resets_in: float) -> Mapping[str, str]:
    """What a limit allows, what is left of it, and when (seconds since 1970) more will be."""
    return {
        LIMIT_HEADER: str(limit),
        REMAINING_HEADER: str(remaining),
        RESET_HEADER: str(math.ceil(time.time() + resets_in)),
    }
