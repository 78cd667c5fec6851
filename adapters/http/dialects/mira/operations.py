"""Every operation of the networks API."""

from typing import Final

from adapters.http.dialects.mira import agenda, clients, health, interactions, limits, networks, tokens
from adapters.http.routing import Operation

OPERATIONS: Final[tuple[Operation, ...]] = (
    *networks.OPERATIONS,
    *tokens.OPERATIONS,
    *clients.OPERATIONS,
    *interactions.OPERATIONS,
    *agenda.OPERATIONS,
    *health.OPERATIONS,
    *limits.OPERATIONS,
)
