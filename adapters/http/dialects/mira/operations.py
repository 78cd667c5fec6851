"""Every operation of the networks API."""

from typing import Final

from adapters.http.dialects.mira import agenda, audio, clients, health, interactions, limits, networks, tokens
from adapters.http.dialects.mira.operator import clients as operator_clients
from adapters.http.dialects.mira.operator import networks as operator_networks
from adapters.http.dialects.mira.operator import overview, search, talks
from adapters.http.routing import Operation

OPERATIONS: Final[tuple[Operation, ...]] = (
    *networks.OPERATIONS,
    *tokens.OPERATIONS,
    *clients.OPERATIONS,
    *audio.OPERATIONS,
    *interactions.OPERATIONS,
    *agenda.OPERATIONS,
    *health.OPERATIONS,
    *limits.OPERATIONS,
    *overview.OPERATIONS,
    *operator_networks.OPERATIONS,
    *operator_clients.OPERATIONS,
    *talks.OPERATIONS,
    *search.OPERATIONS,
)
