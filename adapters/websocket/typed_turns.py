"""Turns that are typed at devices: one at a time for each device, in the order of typing."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Final

import structlog
from attrs import define, field, frozen

from application.turns.turns import Turn, TurnEvent
from domain.errors import MiraError, Overloaded
from domain.ids import ClientId, NetworkId

log = structlog.get_logger(__name__)

MOST_WAITING: Final = 16
Refuse = Callable[[MiraError], None]


@frozen
class _Waiting:
    """A turn that is to be held, and how to tell its device that it cannot be."""

    turn: Turn
    refuse: Refuse


@define(eq=False)
class TypedTurns:
    """Holds typed turns; one that has begun outlives the socket it came by."""

    converse: Callable[[Turn], AsyncIterator[TurnEvent]]
    most_waiting: int = MOST_WAITING
    _waiting: dict[tuple[NetworkId, ClientId], deque[_Waiting]] = field(factory=dict, init=False)
    _workers: set["asyncio.Task[None]"] = field(factory=set, init=False)

    @property
    def under_way(self) -> int:
        """How many typed turns wait for their answer."""
        return len(self._workers) + sum(map(len, self._waiting.values()))

    async def finish_turns(self, seconds: float) -> None:
        """Give the turns that were typed so long to end."""
        if self._workers:
            await asyncio.wait(self._workers, timeout=seconds)

    async def close(self, seconds: float) -> None:
        """Give the turns so long to end, and give up those that do not."""
        await self.finish_turns(seconds)
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    def take(self, turn: Turn, refuse: Refuse) -> None:
        """Hold a turn after those that its device typed before.

        Raises:
            Overloaded: too many of the device's turns wait already.
        """
        device = (turn.network_id, turn.client_id)
        waiting = self._waiting.get(device)
        if waiting is None:
            self._waiting[device] = deque([_Waiting(turn, refuse)])
            worker = asyncio.create_task(self._work(device))
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)
        elif len(waiting) >= self.most_waiting:
            raise Overloaded("Too many typed turns of this device wait for their answer.")
        else:
            waiting.append(_Waiting(turn, refuse))

    async def _work(self, device: tuple[NetworkId, ClientId]) -> None:
        waiting = self._waiting[device]
        try:
            while waiting:
                await self._hold(waiting.popleft())
        finally:
            del self._waiting[device]

    async def _hold(self, next_up: _Waiting) -> None:
        """Hold one turn; whatever goes wrong ends here. A turn that was heard tells of its failure itself."""
        heard = False
        try:
            async for _ in self.converse(next_up.turn):
                heard = True
        except MiraError as error:
            log.warning("a typed turn failed", code=error.code, network=next_up.turn.network_id)
            if not heard:
                next_up.refuse(error)
        except Exception:
            log.exception("a typed turn broke", network=next_up.turn.network_id)
            if not heard:
                next_up.refuse(MiraError("The hub could not answer."))
