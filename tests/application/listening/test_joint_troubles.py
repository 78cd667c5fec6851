"""Questions and answers between instances are late or lost, and arbitration moves: still one turn."""

import asyncio
import random

import pytest
from attrs import define, field

from application.ports.world import Clock
from domain.audio import testimony
from domain.audio.joint import JointArbiter
from domain.audio.pcm import Samples
from domain.ids import NetworkId
from tests.application.household import Household
from tests.application.listening.hearing import far, near
from tests.application.listening.test_joint_hearing import opened


@define
class Troubled:
    """A bench behind a bad line, that another instance takes over now and then, knowing what was decided."""

    clock: Clock
    dice: random.Random
    alone: bool = False
    takeovers: int = field(default=0, init=False)
    lost: int = field(default=0, init=False)
    _arbiter: JointArbiter = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._arbiter = JointArbiter(opened_at=0)

    async def ask(self, network_id: NetworkId, told: testimony.Testimony) -> testimony.Ruling | None:
        """Ask until there is an answer; what is lost was heard there, or was not."""
        while True:
            await self._line()
            fate = self.dice.random()
            if fate < 0.1:
                self._take_over()
            elif fate < 0.25:
                self.lost += 1
                continue
            ruling = self._arbiter.hear(told, self.clock.micros())
            await self._line()
            if fate > 0.85:
                self.lost += 1
                continue
            return ruling

    async def _line(self) -> None:
        for _ in range(self.dice.randrange(12)):
            await asyncio.sleep(0)

    def _take_over(self) -> None:
        self.takeovers += 1
        used, now = self._arbiter.used(), self.clock.micros()
        self._arbiter = JointArbiter(opened_at=now)
        for one in used:
            self._arbiter.hear(one, now)


@pytest.mark.parametrize("seed", range(6))
async def test_one_sentence_is_one_turn_over_a_bad_line(seed: int, hub: Household, sentence: Samples) -> None:
    bench = Troubled(hub.clock, random.Random(seed))
    house = await opened(hub, bench, bench)
    await house.play(*((near(sentence), far(sentence)) if seed % 2 else (far(sentence), near(sentence))))
    assert len(await hub.interactions(house.id)) == 1
    assert bench.takeovers
    assert bench.lost
