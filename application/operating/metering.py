"""Observers of what passes: they hand on all that they see as it is, count it, and show it to operators."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Final, Protocol

from attrs import frozen

from application.ports.announcing import Announcer, Audience, Inbox
from application.ports.limits import Charge, Limits, Standing
from application.ports.meters import Meters, Readings
from application.ports.storage import Transactions
from application.ports.watching import LimitHit, Watchtower
from application.ports.world import Clock
from domain.clients import LeaveReason
from domain.errors import MiraError
from domain.events import AudioStreamSelected, Fact, InteractionCreated, LiveNews
from domain.ids import ClientId, NetworkId

MOST_COUNTED: Final = 1000
"""So many facts that wait are told as more than anyone can wait for."""
SEATS: Final = "websocket_connections"
CHANGES: Final = frozenset({"better_stream", "final_quality", "winner_left"})
"""Why a stream is selected after another one was."""


def see(facts: Iterable[Fact], meters: Meters, tower: Watchtower) -> None:
    """Show what was committed here to operators, and count the turns that are over by it."""
    for fact in facts:
        tower.show(fact)
        if isinstance(fact.event, InteractionCreated):
            turn = fact.event.interaction
            meters.turn(turn.status.value, turn.timings)


class AudienceOfOneHub(Announcer, Audience, Protocol):
    """Whoever announces and whoever listens, in one."""


@frozen
class MeteredAudience:
    """Counts the choices that are announced; whoever watches sees all live news."""

    audience: AudienceOfOneHub
    meters: Meters
    tower: Watchtower

    async def publish(self, fact: Fact) -> None:
        """Hand on a committed fact."""
        await self.audience.publish(fact)

    def tell(self, news: LiveNews) -> None:
        """Hand on live news at once."""
        if isinstance(news.event, AudioStreamSelected):
            reason = news.event.reason
            self.meters.selection(reason, changed=reason in CHANGES)
        self.tower.show(news)
        self.audience.tell(news)

    def join(self, network_id: NetworkId, client_id: ClientId) -> AbstractContextManager[Inbox]:
        """Open the inbox of a client."""
        return self.audience.join(network_id, client_id)

    def dismiss(
        self,
        network_id: NetworkId,
        client_id: ClientId | None,
        reason: LeaveReason | None,
        *,
        at: int | None = None,
    ) -> None:
        """Close the inbox of a client, or of a whole network."""
        self.audience.dismiss(network_id, client_id, reason, at=at)

    def followed(self) -> Mapping[NetworkId, int]:
        """The networks in which somebody listens, and up to which position facts were handed on."""
        return self.audience.followed()

    def present(self, network_id: NetworkId) -> frozenset[ClientId]:
        """The clients of a network whose inboxes are open."""
        return self.audience.present(network_id)

    def count(self) -> int:
        """How many inboxes are open in all."""
        return self.audience.count()


@frozen
class MeteredLimits:
    """Counts those who are refused by a limit, and shows them."""

    limits: Limits
    meters: Meters
    tower: Watchtower
    clock: Clock

    async def charge(self, charges: Sequence[Charge]) -> Standing:
        """Count a deed against all of these rates, or against none where one of them is used up."""
        standing = await self.limits.charge(charges)
        if not standing.allowed:
            charged = next(charge for charge in charges if charge.what == standing.what)
            self._refused(standing.what, charged.subject)
        return standing

    @asynccontextmanager
    async def seat(self, network_id: NetworkId, client_id: ClientId, most: int) -> AsyncIterator[bool]:
        """Hold one of a network's seats while the block lasts; False where all are taken."""
        async with self.limits.seat(network_id, client_id, most) as seated:
            if not seated:
                self._refused(SEATS, network_id)
            yield seated

    def _refused(self, limit: str, subject: str) -> None:
        self.meters.refusal(limit)
        self.tower.show(LimitHit(limit=limit, subject=subject, at=self.clock.now()))


@frozen
class TellFigures:
    """Tell the figures of this hub, and how much waits in the store, which all hubs on it share."""

    meters: Meters
    transactions: Transactions

    async def __call__(self) -> Readings:
        try:
            async with self.transactions.snapshot() as tx:
                uploads, facts = await tx.jobs.count(), len(await tx.outbox.unpublished(MOST_COUNTED))
        except (MiraError, OSError):
            return self.meters.read()
        self.meters.watch("uploads", lambda: uploads)
        self.meters.watch("unpublished_facts", lambda: facts)
        return self.meters.read()
