"""Sentences decided in this process: for an instance that is alone, or for several in one process."""

from attrs import define, field

from application.ports.world import Clock
from domain.audio.joint import JointArbiter
from domain.audio.testimony import Ruling, Testimony
from domain.ids import NetworkId


@define(eq=False)
class InProcessBench:
    """Decides at once; `alone` says that only one instance uses it, which then need not ask."""

    clock: Clock
    alone: bool = True
    _arbiters: dict[NetworkId, JointArbiter] = field(factory=dict, init=False)

    async def ask(self, network_id: NetworkId, told: Testimony) -> Ruling | None:
        """Decide on what is told."""
        now = self.clock.micros()
        self._arbiters = {id_: one for id_, one in self._arbiters.items() if not one.is_idle(now)}
        arbiter = self._arbiters.setdefault(network_id, JointArbiter(opened_at=0))
        return arbiter.hear(told, now)
