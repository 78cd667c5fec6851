"""Listening with the real arbiter in a household whose clock is moved by hand."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from attrs import define, field

from adapters.memory.bench import InProcessBench
from application.listening.joint_hearing import JointHearing
from application.listening.listening import Listening
from application.ports.arbitrating import Bench
from domain.audio.arbitration import ArbitrationRules
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.events import LiveNews
from domain.ids import ONLY_INSTANCE, ClientId, InstanceId, NetworkId
from tests.application.household import Household
from tests.application.turns.turning import until
from tests.fakes.speech import Dictated

SOUNDS = Path(__file__).parents[2] / "sounds"


CHUNK = SAMPLE_RATE // 10


Place = tuple[NetworkId, ClientId]


def near(sound: Samples) -> Samples:
    """As a microphone within reach hears it."""
    return with_noise(0.7 * sound, 0.001)


def far(sound: Samples) -> Samples:
    """As one hears it that is far away, beside an extractor hood."""
    return with_noise(0.3 * sound, 0.01)


def with_noise(sound: Samples, level: float) -> Samples:
    random = np.random.default_rng(5)
    return (sound + level * random.standard_normal(len(sound))).astype(np.float32)


@define
class Ear:
    """Listening, and everything that it works with."""

    hub: Household
    transcriber: Dictated = field(factory=Dictated)
    bench: Bench | None = None
    instance_id: InstanceId = ONLY_INSTANCE
    listening: Listening = field(init=False)

    def __attrs_post_init__(self) -> None:
        bench = self.bench or InProcessBench(self.hub.clock)
        self.listening = Listening(
            transactions=self.hub.transactions,
            transcriber=self.transcriber,
            converse=self.hub.converse(),
            announcer=self.hub.audience,
            clock=self.hub.clock,
            rules=ArbitrationRules(),
            aloud=self.hub.aloud,
            joint=JointHearing(bench, self.hub.clock, self.instance_id, pace=0.0),
        )

    async def join(self, network_id: NetworkId, *client_ids: ClientId) -> None:
        """Let clients be there, and wait until their network's settings are known."""
        for client_id in client_ids:
            self.listening.join(network_id, await self.hub.client(network_id, client_id))
        await self.settle()

    async def play(self, streams: Mapping[Place, Samples]) -> None:
        """Let clients hear something, all at once and in real time, and wait until nothing goes on."""
        longest = max(map(len, streams.values()))
        for first in range(0, longest, CHUNK):
            begun = self.hub.clock.micros()
            self.hub.clock.pass_by(milliseconds=100)
            for (network_id, client_id), sound in streams.items():
                piece = sound[first : first + CHUNK]
                if len(piece):
                    self.listening.hear(network_id, client_id, piece, begun)
            await self.breathe()
        await self.settle()

    async def breathe(self) -> None:
        """Let others go on for a little."""
        for _ in range(5):
            await asyncio.sleep(0)

    async def settle(self) -> None:
        """Wait until no turn is under way."""

        async def quiet() -> bool:
            return not (self.listening._turns or self.listening._lessons)

        await until(quiet)


def told(announcements: list[Any], kind: type[Any]) -> list[Any]:
    """The live events of a kind, in order."""
    return [one.event for one in announcements if isinstance(one, LiveNews) and isinstance(one.event, kind)]
