"""What every bench does: of those who tell of one sentence, exactly one is used, in each network apart."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile
from attrs import define, evolve, field, frozen

from adapters.memory.bench import InProcessBench
from adapters.nats.bench import NatsBench
from adapters.nats.connection import NatsConnection, NatsOptions
from application.ports.arbitrating import Bench
from domain.audio import testimony
from domain.audio.arbitration import Arbiter
from domain.audio.decisions import UtteranceId
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.testimony import Place, Stage
from domain.ids import ClientId, InstanceId
from entrypoints.world import SystemClock
from tests.patience import PATIENCE
from tests.samples import HOME, SHOP
from tests.servers import nats_server

SOUNDS = Path(__file__).parents[1] / "sounds"
LONG_BEFORE = testimony.TestimonyId("inst_old.1")


@define(eq=False)
class Instances:
    """Instances of a hub, by name, and how one is killed."""

    benches: dict[str, Bench]
    lives: dict[str, AsyncExitStack] = field(factory=dict)

    async def kill(self, name: str) -> None:
        """Let one be gone without a word; in one process nobody can."""
        del self.benches[name]
        if name in self.lives:
            await self.lives[name].aclose()


@pytest.fixture(params=["memory", pytest.param("nats", marks=pytest.mark.slow)])
async def instances(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Instances]:
    names = ("inst_one", "inst_two")
    if request.param == "memory":
        bench = InProcessBench(SystemClock(), alone=False)
        yield Instances(dict.fromkeys(names, bench))
        return
    with nats_server(tmp_path / "nats") as url:
        made = Instances({})
        for name in names:
            life = made.lives[name] = AsyncExitStack()
            made.benches[name] = await life.enter_async_context(on_nats(url, name))
        yield made
        for life in made.lives.values():
            await life.aclose()


@asynccontextmanager
async def on_nats(url: str, name: str) -> AsyncIterator[Bench]:
    """The bench of an instance that is killed in the end: it takes no leave."""
    connection = NatsConnection(NatsOptions(url=url))
    bench = NatsBench(connection, InstanceId(name), SystemClock())
    running = asyncio.create_task(bench.run())
    async with connection.running():
        async with asyncio.timeout(PATIENCE):
            while not connection.ready:  # noqa: ASYNC110 - a client of a server that starts
                await asyncio.sleep(0.01)
        yield bench
        connection._ready = False
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@frozen
class Told:
    """What two instances tell of one sentence: one hears it well, the other in noise."""

    near: testimony.Testimony
    noisy: testimony.Testimony


@pytest.fixture(scope="module")
def spoken() -> Told:
    voice, _ = soundfile.read(SOUNDS / "slt.flac", dtype="float32")
    dry = np.concatenate([np.zeros(SAMPLE_RATE), voice]).astype(np.float32)
    return Told(heard(dry, "one", 0.001), heard(dry, "two", 0.03))


def heard(dry: Samples, name: str, noise: float) -> testimony.Testimony:
    """What an instance tells of a sentence, in the middle of it."""
    arbiter, at, now = Arbiter(), 0, 1_700_000_000_000_000
    random = np.random.default_rng(3)
    sound = (0.5 * dry + noise * random.standard_normal(len(dry))).astype(np.float32)
    for at in range(0, len(sound) - SAMPLE_RATE, 1600):
        arbiter.hear(ClientId(name), sound[at : at + 1600], now, now + 100_000)
        now += 100_000
    told = arbiter.testify(
        UtteranceId(1), testimony.TestimonyId(f"inst_{name}.1"), InstanceId(f"inst_{name}"), Stage.SPOKEN
    )
    assert told is not None
    return told


def at(stage: Stage, told: testimony.Testimony) -> testimony.Testimony:
    """The same, when its instance has heard the end."""
    return evolve(told, stage=stage, speech_ended_at=told.heard_until)


async def ask(instances: Instances, told: testimony.Testimony, network: str = HOME) -> testimony.Ruling:
    ruling = await instances.benches[told.ears].ask(network, told)
    assert ruling is not None
    return ruling


async def used(instances: Instances, told: testimony.Testimony) -> testimony.Ruling:
    """The ruling on what is over, once there is one."""
    async with asyncio.timeout(PATIENCE):
        while True:
            ruling = await ask(instances, told)
            if ruling.place in {Place.USED, Place.PASSED_OVER}:
                return ruling
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("first", ["near", "noisy"])
async def test_of_one_sentence_the_better_hearing_is_used(
    first: str, instances: Instances, spoken: Told
) -> None:
    told = [spoken.near, spoken.noisy] if first == "near" else [spoken.noisy, spoken.near]
    for one in told:
        assert (await ask(instances, one)).place in {Place.LEADING, Place.BEHIND}
    over = [at(Stage.ENDED, one) for one in told]
    rulings = await asyncio.gather(*(used(instances, one) for one in over))
    places = {one.ears: ruling.place for one, ruling in zip(told, rulings, strict=True)}
    assert places == {"inst_one": Place.USED, "inst_two": Place.PASSED_OVER}
    (best,) = [ruling for ruling in rulings if ruling.place is Place.USED]
    assert {one.client_id: one.selected for one in best.competitors} == {"one": True, "two": False}
    assert best.competitors[0].quality == spoken.near.competitors[0].quality
    assert (await ask(instances, at(Stage.USED, spoken.near))).place is Place.USED


async def test_networks_are_apart(instances: Instances, spoken: Told) -> None:
    for told, network in ((spoken.near, HOME), (spoken.noisy, SHOP)):
        assert (await ask(instances, told, network)).place is Place.LEADING


async def test_only_rows_that_are_not_known_need_be_told(instances: Instances, spoken: Told) -> None:
    first = await ask(instances, spoken.near)
    assert first.known == len(spoken.near.rows)
    shorter = spoken.near.beyond(spoken.near, first.known)
    assert len(shorter.rows) == 0
    assert (await ask(instances, shorter)).place is Place.LEADING
    assert (await ask(instances, evolve(shorter, id=LONG_BEFORE))).place is Place.UNHEARD


@pytest.mark.parametrize("survivor", ["near", "noisy"])
async def test_where_an_instance_is_killed_the_other_goes_on(
    survivor: str, instances: Instances, spoken: Told
) -> None:
    told: testimony.Testimony = getattr(spoken, survivor)
    (victim,) = instances.benches.keys() - {told.ears}
    other = spoken.noisy if survivor == "near" else spoken.near
    assert (await ask(instances, other)).place is Place.LEADING
    await ask(instances, told)
    await instances.kill(victim)
    async with asyncio.timeout(PATIENCE):
        await ask(instances, told)
    assert (await used(instances, at(Stage.ENDED, told))).place is Place.USED
