"""Handing committed facts to the sockets of this instance, each once and in its network's order."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Final

from attrs import field, frozen

from application.facts.wakeup import Wakeup
from application.ports.announcing import Announcer, Audience
from application.ports.storage import Transactions
from domain.clients import LeaveReason
from domain.events import ClientDeregistered, ClientLeft, Fact, NetworkDeleted, TokenRevoked
from domain.ids import NetworkId

AT_ONCE: Final = 200
LONGEST_NAP: Final = timedelta(seconds=1)
"""After so long all networks are looked at, should news of a commit elsewhere have been lost."""


def unheard(fact: Fact) -> None:
    """Let nobody else know of a fact."""


@frozen
class DeliverFacts:
    """Take facts from the store to those who listen here, whichever instance committed them.

    Facts that end a socket (its client came back elsewhere, was sent away or deregistered, or may not speak
    any more) end it here as well, once it was handed the facts before.
    """

    transactions: Transactions
    announcer: Announcer
    audience: Audience
    wakeup: Wakeup
    overhear: Callable[[Fact], None] = unheard
    _named: set[NetworkId] = field(factory=set, init=False)
    _turn: asyncio.Lock = field(factory=asyncio.Lock, init=False)

    def notice(self, networks: Collection[NetworkId]) -> None:
        """Something was committed in these networks, here or elsewhere."""
        self._named.update(networks)
        self.wakeup.nudge()

    async def run(self) -> None:
        """Deliver whenever something was committed, and look at all networks now and then."""
        while True:
            named, every = frozenset(self._named), not self._named
            self._named.clear()
            while await self(None if every else named) == AT_ONCE:
                pass
            await self.wakeup.wait(LONGEST_NAP)

    async def __call__(self, networks: Collection[NetworkId] | None = None) -> int:
        """Deliver what waits in some networks, or in any, and say how many facts that were."""
        async with self._turn:
            followed = self.audience.followed()
            wanted = {one: at for one, at in followed.items() if networks is None or one in networks}
            facts = await self._waiting(wanted, look_first=networks is None)
            for fact in facts:
                self.overhear(fact)
                await self.announcer.publish(fact)
                self._send_away(fact)
        return len(facts)

    async def _waiting(self, followed: Mapping[NetworkId, int], *, look_first: bool) -> tuple[Fact, ...]:
        """What comes after the positions reached; of many networks the last positions are asked for first."""
        if not followed:
            return ()
        async with self.transactions.snapshot() as tx:
            if look_first:
                heads = await tx.outbox.heads(followed)
                followed = {one: at for one, at in followed.items() if heads.get(one, 0) > at}
            return await tx.outbox.after(followed, AT_ONCE) if followed else ()

    def _send_away(self, fact: Fact) -> None:
        """Close the sockets that a fact ends; those opened after it stay."""
        match fact.event:
            case ClientLeft(client_id=client_id, reason=LeaveReason.REPLACED):
                self.audience.dismiss(fact.network_id, client_id, LeaveReason.REPLACED, at=fact.position)
            case ClientLeft(client_id=client_id, reason=LeaveReason.DISCONNECTED):
                self.audience.dismiss(fact.network_id, client_id, None, at=fact.position)
            case ClientDeregistered(client_id=client_id):
                self.audience.dismiss(fact.network_id, client_id, LeaveReason.DEREGISTERED, at=fact.position)
            case TokenRevoked(client_id=client_id):
                self.audience.dismiss(fact.network_id, client_id, LeaveReason.DISCONNECTED, at=fact.position)
            case NetworkDeleted():
                self.audience.dismiss(fact.network_id, None, LeaveReason.NETWORK_DELETED, at=fact.position)
            case _:
                pass
