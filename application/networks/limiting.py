"""Keeping everybody within limits: which deeds count against which quotas, and for whom."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from enum import Enum
from typing import Final

from attrs import evolve, field, frozen

from application.networks.access import Principal, within
from application.ports.limits import Charge, Limits, Rate, Standing
from application.ports.storage import Transactions
from domain.clients import Client
from domain.errors import RateLimitExceeded
from domain.ids import ClientId, NetworkId
from domain.quotas import Quotas

MINUTE: Final = 60
HOUR: Final = 3600
SEAT_RETRY: Final = 5.0
"""After so many seconds it is worth asking for a socket again."""


class Limit(Enum):
    """What sort of deed something is; every operation is of one."""

    NOTHING = "nothing"
    REQUEST = "request"
    OPENING = "opening"
    PAIRING = "pairing"
    UPLOAD = "upload"
    STATUS = "status"
    MESSAGE = "message"
    STATUS_MESSAGE = "status_message"


NETWORK_QUOTAS: Final[Mapping[Limit, tuple[str, ...]]] = {
    Limit.NOTHING: (),
    Limit.OPENING: (),
    Limit.PAIRING: (),
    Limit.REQUEST: ("api_requests_per_hour",),
    Limit.STATUS: ("api_requests_per_hour",),
    Limit.UPLOAD: ("api_requests_per_hour", "audio_uploads_per_minute"),
    Limit.MESSAGE: (),
    Limit.STATUS_MESSAGE: (),
}
CLIENT_QUOTAS: Final[Mapping[Limit, tuple[str, ...]]] = {
    Limit.NOTHING: (),
    Limit.OPENING: (),
    Limit.PAIRING: (),
    Limit.REQUEST: (),
    Limit.STATUS: ("client_status_updates_per_minute",),
    Limit.UPLOAD: ("client_audio_uploads_per_minute",),
    Limit.MESSAGE: ("client_websocket_messages_per_minute",),
    Limit.STATUS_MESSAGE: ("client_websocket_messages_per_minute", "client_status_updates_per_minute"),
}
OPENINGS: Final = "networks_per_minute"
DEFAULT_OPENINGS: Final = 60
PAIRINGS: Final = "pairings_per_minute"
PAIRINGS_A_MINUTE: Final = 30
"""A code has a million million values; nobody guesses one in ten minutes at this rate."""


@frozen
class Throttle:
    """Counts deeds against the quotas of whoever does them; whoever runs the hub is not limited.

    Raises RateLimitExceeded from all of its methods; its details say which limit it was, and where the
    caller stands with it.
    """

    limits: Limits
    defaults: Quotas = Quotas()
    openings: int = DEFAULT_OPENINGS

    async def deed(self, principal: Principal, sort: Limit) -> Standing | None:
        """Count what a principal does; None where nothing limits it."""
        if principal.network_id is None:
            return None
        quotas = self.defaults.with_overrides(principal.overrides)
        charges = [_charge(principal.network_id, name, quotas) for name in NETWORK_QUOTAS[sort]]
        if principal.client_id is not None:
            subject = f"{principal.network_id}/{principal.client_id}"
            charges += [_charge(subject, name, quotas) for name in CLIENT_QUOTAS[sort]]
        return await self._count(charges)

    async def opening(self, address: str) -> Standing | None:
        """Count a network that somebody opens without a token, by the address they do it from."""
        rate = Rate(most=self.openings, seconds=MINUTE)
        return await self._count([Charge(subject=address, what=OPENINGS, rate=rate)])

    async def pairing(self, address: str) -> Standing | None:
        """Count a try to pair a device, by the address that it comes from."""
        rate = Rate(most=PAIRINGS_A_MINUTE, seconds=MINUTE)
        return await self._count([Charge(subject=address, what=PAIRINGS, rate=rate)])

    async def interaction(self, network_id: NetworkId, overrides: Mapping[str, int]) -> None:
        """Count a turn of a network, however it came."""
        quotas = self.defaults.with_overrides(overrides)
        await self._count([_charge(network_id, "interactions_per_minute", quotas)])

    @asynccontextmanager
    async def seat(self, principal: Principal, client_id: ClientId) -> AsyncIterator[None]:
        """Hold one of the sockets of a client's network while the block lasts."""
        network_id = within(principal, principal.network_id or NetworkId(""))
        most = self.defaults.with_overrides(principal.overrides).websocket_connections
        async with self.limits.seat(network_id, client_id, most) as seated:
            if not seated:
                raise _refusal(
                    Standing(
                        what="websocket_connections",
                        limit=most,
                        remaining=0,
                        resets_in=SEAT_RETRY,
                        allowed=False,
                    )
                )
            yield

    async def _count(self, charges: list[Charge]) -> Standing | None:
        if not charges:
            return None
        standing = await self.limits.charge(charges)
        if not standing.allowed:
            raise _refusal(standing)
        return standing


@frozen
class AdmitTurn:
    """Let a turn begin if its network may have one more just now, by the quotas of this moment."""

    throttle: Throttle
    transactions: Transactions

    async def __call__(self, network_id: NetworkId) -> None:
        async with self.transactions.snapshot() as tx:
            network = await tx.networks.get(network_id)
        await self.throttle.interaction(network_id, network.quota_overrides)


@frozen
class AdmitMessage:
    """Let a message in over a socket that is open, by the quotas of this moment, and say whose it is now."""

    throttle: Throttle
    transactions: Transactions

    async def __call__(self, principal: Principal, sort: Limit) -> Client:
        """Count it; nothing that was known when the socket opened is gone by.

        Raises:
            NotFound: the client or its network is there no more.
            RateLimitExceeded: there was too much of it.
        """
        network_id, client_id = principal.network_id or NetworkId(""), principal.client_id or ClientId("")
        async with self.transactions.snapshot() as tx:
            network = await tx.networks.get(network_id)
            client = await tx.clients.get(network_id, client_id)
        await self.throttle.deed(evolve(principal, overrides=network.quota_overrides), sort)
        return client


@frozen(kw_only=True)
class NetworkLimits:
    """The quotas of a network, and which of them are not the hub's own."""

    network_id: NetworkId
    quotas: Quotas
    overrides: Mapping[str, int] = field(factory=dict)


@frozen
class GetLimits:
    """Say what a network and its clients may do."""

    transactions: Transactions
    throttle: Throttle

    async def __call__(self, principal: Principal, network_id: NetworkId) -> NetworkLimits:
        within(principal, network_id)
        async with self.transactions.snapshot() as tx:
            network = await tx.networks.get(network_id)
        return _limits(network_id, network.quota_overrides, self.throttle.defaults)


@frozen
class SetLimits:
    """Set what a network and its clients may do; what is not named is as on the whole hub again."""

    transactions: Transactions
    throttle: Throttle

    async def __call__(
        self, principal: Principal, network_id: NetworkId, overrides: Mapping[str, int]
    ) -> NetworkLimits:
        within(principal, network_id)
        limits = _limits(network_id, overrides, self.throttle.defaults)
        async with self.transactions.begin() as tx:
            network = await tx.networks.get(network_id)
            await tx.networks.update(evolve(network, quota_overrides=dict(overrides)))
        return limits


def _limits(network_id: NetworkId, overrides: Mapping[str, int], defaults: Quotas) -> NetworkLimits:
    quotas = defaults.with_overrides(overrides)
    return NetworkLimits(network_id=network_id, quotas=quotas, overrides=overrides)


def _charge(subject: str, name: str, quotas: Quotas) -> Charge:
    seconds = HOUR if name.endswith("_per_hour") else MINUTE
    return Charge(subject=subject, what=name, rate=Rate(most=getattr(quotas, name), seconds=seconds))


def _refusal(standing: Standing) -> RateLimitExceeded:
    return RateLimitExceeded(
        f"There was too much at once: {standing.what} is {standing.limit}.",
        retry_after=round(standing.resets_in, 1),
        limited=standing.what,
        limit=standing.limit,
        remaining=standing.remaining,
        resets_in=round(standing.resets_in, 1),
    )
