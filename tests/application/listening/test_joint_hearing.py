"""Two instances hear the same sentence, each on streams of its own, and one turn is held."""

import pytest
from attrs import define, field

from adapters.memory.bench import InProcessBench
from application.networks.networks import NetworkChanges, UpdateNetwork
from application.ports.arbitrating import Bench
from domain.audio import testimony
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.events import AudioStreamSelected, ErrorOccurred
from domain.ids import ClientId, InstanceId, NetworkId
from tests.application.household import HALL, KITCHEN, Household, owner, waiting_in
from tests.application.listening.hearing import CHUNK, Ear, far, near, told, with_noise
from tests.application.turns.turning import until
from tests.fakes.speech import Dictated

GARDEN = ClientId("garden")


@define
class Away:
    """A bench that cannot be reached after so many questions."""

    bench: Bench
    answers: int = 0
    alone: bool = False
    asked: int = field(default=0, init=False)

    async def ask(self, network_id: NetworkId, told: testimony.Testimony) -> testimony.Ruling | None:
        self.asked += 1
        return await self.bench.ask(network_id, told) if self.asked <= self.answers else None


@define
class House:
    """One household whose clients have their sockets on two instances."""

    hub: Household
    one: Ear
    two: Ear
    id: NetworkId

    async def play(self, first: Samples, second: Samples) -> None:
        """Let the kitchen hear something on the first instance, and the hall on the second."""
        for at in range(0, max(len(first), len(second)), CHUNK):
            begun = self.hub.clock.micros()
            self.hub.clock.pass_by(milliseconds=100)
            for ear, client_id, sound in ((self.one, KITCHEN, first), (self.two, HALL, second)):
                if len(sound[at : at + CHUNK]):
                    ear.listening.hear(self.id, client_id, sound[at : at + CHUNK], begun)
            await self.one.breathe()
        await self.settle()

    async def settle(self) -> None:
        """Wait until nothing is held and no turn is under way."""

        async def quiet() -> bool:
            self.hub.clock.pass_by(milliseconds=20)
            return not any(ear.listening.joint.held for ear in (self.one, self.two))

        await until(quiet)
        for ear in (self.one, self.two):
            await ear.settle()


async def opened(hub: Household, first: Bench, second: Bench) -> House:
    """A household on two instances, each of which asks a bench."""
    home = await hub.home()
    await hub.register(home, HALL)
    one = Ear(hub, Dictated("hello"), first, InstanceId("inst_one"))
    two = Ear(hub, Dictated("goodbye"), second, InstanceId("inst_two"))
    await one.join(home, KITCHEN)
    await two.join(home, HALL)
    return House(hub, one, two, home)


@pytest.fixture
async def house(hub: Household) -> House:
    bench = InProcessBench(hub.clock, alone=False)
    return await opened(hub, bench, bench)


@pytest.mark.parametrize("swapped", [False, True])
async def test_the_better_stream_is_answered_and_the_other_falls_silent(
    swapped: bool, house: House, sentence: Samples
) -> None:
    best, words = (HALL, "goodbye") if swapped else (KITCHEN, "hello")
    sounds = (far(sentence), near(sentence)) if swapped else (near(sentence), far(sentence))
    with (
        house.hub.audience.join(house.id, HALL) as hall,
        house.hub.audience.join(house.id, KITCHEN) as kitchen,
    ):
        await house.play(*sounds)
        inboxes = {HALL: await waiting_in(hall), KITCHEN: await waiting_in(kitchen)}

    (turn,) = await house.hub.interactions(house.id)
    assert (turn.client_id, turn.text) == (best, words)
    assert turn.hearing is not None
    assert {report.client_id: report.selected for report in turn.hearing.streams} == {
        best: True,
        (KITCHEN if swapped else HALL): False,
    }
    assert all(report.reason and report.measures for report in turn.hearing.streams)
    choices: list[AudioStreamSelected] = told(inboxes[HALL], AudioStreamSelected)
    assert (choices[-1].client_id, choices[-1].provisional) == (best, False)
    assert [choice.provisional for choice in choices].count(False) == 1
    assert {report.client_id for report in choices[-1].streams} == {KITCHEN, HALL}
    for live in inboxes.values():
        assert told(live, ErrorOccurred) == []


async def test_two_people_in_two_rooms_are_both_answered(house: House, sentence: Samples) -> None:
    await house.play(near(sentence), near(sentence[::-1].copy()))
    assert {turn.client_id for turn in await house.hub.interactions(house.id)} == {KITCHEN, HALL}


async def test_of_all_that_heard_it_too_badly_only_one_is_told_so(house: House, sentence: Samples) -> None:
    change = UpdateNetwork(house.hub.transactions, house.hub.clock)
    await change(owner(house.id), house.id, NetworkChanges(settings={"audio_quality_threshold": 1.0}))
    await house.one.join(house.id, KITCHEN)
    await house.two.join(house.id, HALL)
    with (
        house.hub.audience.join(house.id, HALL) as hall,
        house.hub.audience.join(house.id, KITCHEN) as kitchen,
    ):
        await house.play(far(sentence), with_noise(0.3 * sentence, 0.012))
        live = [*await waiting_in(kitchen), *await waiting_in(hall)]
    assert [error.code for error in told(live, ErrorOccurred)] == ["AUDIO_QUALITY_TOO_LOW"]
    assert await house.hub.interactions(house.id) == []


@pytest.mark.parametrize("answers", [0, 1, 3])
async def test_where_nobody_can_be_asked_each_instance_decides_for_itself(
    answers: int, hub: Household, sentence: Samples
) -> None:
    bench = InProcessBench(hub.clock, alone=False)
    house = await opened(hub, Away(bench, answers), Away(bench, answers))
    await house.play(near(sentence), near(sentence))
    assert {turn.client_id for turn in await hub.interactions(house.id)} == {KITCHEN, HALL}


async def test_a_turn_that_is_held_is_finished_before_an_instance_stops(
    house: House, sentence: Samples
) -> None:
    cut = near(sentence)[: -2 * SAMPLE_RATE]
    for at in range(0, len(cut), CHUNK):
        begun = house.hub.clock.micros()
        house.hub.clock.pass_by(milliseconds=100)
        house.one.listening.hear(house.id, KITCHEN, cut[at : at + CHUNK], begun)
        await house.one.breathe()
    house.one.listening.leave(house.id, KITCHEN)
    await house.one.listening.finish_turns(5)
    (turn,) = await house.hub.interactions(house.id)
    assert turn.client_id == KITCHEN
