"""What listening does of itself as time passes: ticks, streams that stop, and its own end."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from application.listening import listening as listening_module
from application.ports.dialogue import Prompt, ReplyDone, ReplyPart, Sentence, Toolbox
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.events import StreamsMeasured
from domain.ids import NetworkId
from domain.interactions import ProcessingStatus
from tests.application.household import HALL, KITCHEN, waiting_in
from tests.application.listening.hearing import Ear, near, told
from tests.application.turns.turning import until
from tests.fakes.dialogue import USAGE, Scripted


@pytest.fixture
def quick_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time passes as fast as it can."""
    monkeypatch.setattr(listening_module, "TICK_SECONDS", 0)


@pytest.mark.usefixtures("quick_ticks")
async def test_a_stream_that_stops_in_the_middle_of_a_sentence_still_becomes_a_turn(
    ear: Ear, sentence: Samples
) -> None:
    hub = ear.hub
    home = await hub.home()
    await ear.join(home, KITCHEN)
    async with ear.listening.running():
        await ear.play({(home, KITCHEN): near(sentence[: -2 * SAMPLE_RATE])})

        async def answered() -> bool:
            hub.clock.pass_by(milliseconds=100)
            turns = await hub.interactions(home)
            return bool(turns) and turns[0].status is ProcessingStatus.COMPLETED

        await until(answered)


@pytest.mark.usefixtures("quick_ticks")
async def test_while_someone_speaks_all_see_how_well_each_stream_hears(ear: Ear, sentence: Samples) -> None:
    hub = ear.hub
    home = await hub.home()
    await hub.register(home, HALL)
    await ear.join(home, KITCHEN)
    async with ear.listening.running():
        with hub.audience.join(home, HALL) as inbox:
            await ear.play({(home, KITCHEN): near(sentence[: 2 * SAMPLE_RATE])})
            measured: list[StreamsMeasured] = told(await waiting_in(inbox), StreamsMeasured)
    assert measured
    assert [report.client_id for report in measured[-1].streams] == [KITCHEN]
    assert measured[-1].streams[0].measures


@pytest.mark.usefixtures("quick_ticks")
async def test_ears_that_break_start_afresh_and_other_networks_notice_nothing(
    ear: Ear, sentence: Samples
) -> None:
    hub = ear.hub
    home, shop = await hub.home(capabilities=("speaker",)), await hub.home()
    await hub.register(home, HALL)
    await ear.join(home, KITCHEN, HALL)
    await ear.join(shop, KITCHEN)
    broken = ear.listening._ears[home].arbiter
    broken.advance = lambda now: 1 / 0  # type: ignore[method-assign, assignment, return-value]
    async with ear.listening.running():

        async def is_new() -> bool:
            return ear.listening._ears[home].arbiter is not broken

        await until(is_new)
        both = near(sentence)
        await ear.play({(home, KITCHEN): both, (home, HALL): both, (shop, KITCHEN): both})
    (turn,) = await hub.interactions(home)
    assert turn.client_id == HALL
    assert len(await hub.interactions(shop)) == 1


@pytest.mark.usefixtures("quick_ticks")
async def test_networks_in_which_nobody_is_left_are_forgotten(ear: Ear, sentence: Samples) -> None:
    hub = ear.hub
    home = await hub.home()
    await ear.join(home, KITCHEN)
    async with ear.listening.running():
        await ear.play({(home, KITCHEN): near(sentence)})
        ear.listening.leave(home, KITCHEN)
        hub.clock.pass_by(minutes=10)

        async def forgotten() -> bool:
            return not ear.listening._ears

        await until(forgotten)


async def waiting_turn(ear: Ear, sentence: Samples) -> tuple[NetworkId, asyncio.Event]:
    """A spoken turn that waits in the middle of its answer until it may go on."""
    go_on = asyncio.Event()

    async def script(prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        yield Sentence(text="Well,")
        await go_on.wait()
        yield Sentence(text="hello.")
        yield ReplyDone(usage=USAGE)

    ear.hub.interlocutor = Scripted(script)
    ear.listening.converse = ear.hub.converse()
    home = await ear.hub.home()
    await ear.join(home, KITCHEN)
    playing = asyncio.create_task(ear.play({(home, KITCHEN): near(sentence)}))

    async def begun() -> bool:
        return bool(await ear.hub.interactions(home))

    await until(begun)
    playing.cancel()
    await asyncio.gather(playing, return_exceptions=True)
    return home, go_on


async def test_a_hub_that_stops_gives_turns_the_time_they_need(ear: Ear, sentence: Samples) -> None:
    async with ear.listening.running():
        home, go_on = await waiting_turn(ear, sentence)
        finishing = asyncio.create_task(ear.listening.finish_turns(60))
        await asyncio.sleep(0)
        go_on.set()
        await finishing
    (turn,) = await ear.hub.interactions(home)
    assert turn.status is ProcessingStatus.COMPLETED


async def test_a_hub_that_stops_keeps_turns_that_would_not_end_as_failed(ear: Ear, sentence: Samples) -> None:
    async with ear.listening.running():
        home, _ = await waiting_turn(ear, sentence)
        await ear.listening.finish_turns(0)
    (turn,) = await ear.hub.interactions(home)
    assert turn.status is ProcessingStatus.FAILED
    assert ear.listening._turns == set()
