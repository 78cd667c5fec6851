"""The instances of one hub: each says that it lives, and puts right what those that died left behind."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog
from attrs import frozen

from application.networks.connecting import Disconnect
from application.ports.storage import Transactions
from application.ports.world import Clock
from application.turns.outcomes import Outcomes
from domain.ids import ONLY_INSTANCE, InstanceId

log = structlog.get_logger(__name__)

BEAT: Final = timedelta(seconds=1)
LEASE: Final = timedelta(seconds=6)
"""An instance that was not seen to live for so long is taken for dead."""


def nothing() -> None:
    """Do nothing."""


@frozen(kw_only=True)
class KeepAlive:
    """Say that this instance lives, and give up the sockets and turns of those that died.

    An instance that was taken for dead, and is not, hears of it at its next beat: its clients were told to
    have left, so they are sent away to come again.
    """

    transactions: Transactions
    clock: Clock
    instance_id: InstanceId = ONLY_INSTANCE
    lease: timedelta = LEASE
    name: str = ""
    given_up: Callable[[], None] = nothing

    async def run(self) -> None:
        """Beat for as long as the hub runs."""
        while True:
            if not await self():
                log.warning("this instance was taken for dead; its clients come again")
                self.given_up()
            await asyncio.sleep(BEAT.total_seconds())

    async def __call__(self) -> bool:
        """Beat once; whether this instance was still known."""
        now = self.clock.now()
        async with self.transactions.begin() as tx:
            known = await tx.instances.beat(self.instance_id, now, self.name)
        await self._bury(self.lease)
        return known

    async def alone(self) -> None:
        """Take all other instances for dead, as is so where this one shares its store with none."""
        await self._bury(timedelta(0))

    async def leave(self) -> None:
        """This instance stops: nothing is left to the others."""
        await self._give_up((self.instance_id,))

    async def _bury(self, lease: timedelta) -> None:
        async with self.transactions.snapshot() as tx:
            silent = await tx.instances.silent(self.clock.now() - lease)
        dead = tuple(one for one in silent if one != self.instance_id)
        if dead:
            await self._give_up(dead)

    async def _give_up(self, dead: tuple[InstanceId, ...]) -> None:
        """Note that the clients of instances are gone, and their turns over."""
        disconnect, outcomes = (
            Disconnect(self.transactions, self.clock),
            Outcomes(self.transactions, self.clock),
        )
        async with self.transactions.begin() as tx:
            clients = await disconnect.sweep(tx, dead)
            turns = await outcomes.sweep(tx, dead)
            for instance_id in dead:
                await tx.instances.remove(instance_id)
        if clients or turns:
            log.info("put right what an instance left behind", clients=clients, turns=turns)
