"""Turns in the middle of which something happens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import timedelta

import pytest

from application.networks.clients import DeregisterClient
from application.networks.networks import DeleteNetwork
from application.ports.dialogue import Prompt, ReplyDone, ReplyPart, Sentence, Toolbox
from application.ports.speech import Transcript
from application.turns.turns import (
    SentenceSaid,
    TurnEnded,
)
from domain.errors import (
    NotFound,
)
from domain.interactions import ProcessingStatus
from tests.application.household import (
    KITCHEN,
    Household,
    owner,
    typed,
    waiting_in,
)
from tests.application.turns.turning import (
    failed_as,
    held_open,
    no_turn_is_left_open,
    spoken,
    the_only,
    until,
)
from tests.fakes.dialogue import USAGE, Scripted


async def test_a_client_that_is_deregistered_in_the_middle_takes_nothing_from_the_turn(
    hub: Household,
) -> None:
    home = await hub.home()
    deregister = DeregisterClient(hub.transactions, hub.clock)

    async def script(prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        yield Sentence(text="Hello.")
        await deregister(owner(home), KITCHEN)
        yield ReplyDone(usage=USAGE)

    hub.interlocutor = Scripted(script)
    ended = await hub.say(home, "hello")
    assert await the_only(hub, home) == ended.interaction
    assert ended.interaction.status is ProcessingStatus.COMPLETED


@pytest.mark.parametrize("acts", [True, False])
async def test_a_network_that_is_deleted_in_the_middle_is_gone_for_good(hub: Household, acts: bool) -> None:
    home = await hub.home()
    delete = DeleteNetwork(hub.transactions, hub.blobs, hub.clock)

    async def script(prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        yield Sentence(text="Hello.")
        await delete(owner(home), home)
        if acts:
            await tools.create_reminder(title="tea", due_time=prompt.now + timedelta(hours=1))
        yield ReplyDone(usage=USAGE)

    hub.interlocutor = Scripted(script)
    with pytest.raises(NotFound):
        await hub.say(home, "hello")
    assert await hub.interactions(home) == []
    assert await hub.reminders(home) == []
    assert [type(event).__name__ for event in await hub.events(home)] == ["NetworkDeleted"]


async def test_a_turn_that_is_cancelled_is_kept_as_failed_with_what_it_did(hub: Household) -> None:
    home = await hub.home()
    hub.interlocutor, waits, _ = await held_open()
    with hub.audience.join(home, KITCHEN) as inbox:
        turn = asyncio.create_task(hub.say(home, "tea"))
        await waits.wait()
        turn.cancel()
        with pytest.raises(asyncio.CancelledError):
            await turn
        assert await waiting_in(inbox) == []
    interaction = await failed_as(hub, home, "INTERNAL_ERROR")
    assert [action.type for action in interaction.actions] == ["create_reminder"]


async def test_a_turn_that_is_cancelled_twice_is_still_kept_as_failed(hub: Household) -> None:
    home = await hub.home()
    hub.interlocutor, waits, _ = await held_open()
    turn = asyncio.create_task(hub.say(home, "tea"))
    await waits.wait()
    async with hub.store.begin():
        turn.cancel()
        await asyncio.sleep(0)
        turn.cancel()
        with pytest.raises(asyncio.CancelledError):
            await turn
    await until(lambda: no_turn_is_left_open(hub))
    await failed_as(hub, home, "INTERNAL_ERROR")


@pytest.mark.parametrize("read", [1, 2, 3])
async def test_a_turn_whose_events_nobody_reads_on_is_kept_as_failed(hub: Household, read: int) -> None:
    home = await hub.home()
    async with aclosing(hub.converse()(typed(home, "remind me to water the ferns"))) as events:
        for _ in range(read):
            await anext(events)
    await failed_as(hub, home, "INTERNAL_ERROR")


async def test_a_turn_that_has_ended_stays_so_though_nobody_reads_its_very_end(hub: Household) -> None:
    home = await hub.home()
    async with aclosing(hub.converse()(typed(home, "hello"))) as events:
        async for event in events:
            if isinstance(event, TurnEnded):
                break
    assert (await the_only(hub, home)).status is ProcessingStatus.COMPLETED


async def test_a_turn_cancelled_before_its_words_are_known_leaves_nothing(hub: Household) -> None:
    home = await hub.home()
    asked = asyncio.Event()

    async def never() -> Transcript:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    turn = asyncio.create_task(hub.hold(spoken(hub, home, never)))
    await asked.wait()
    turn.cancel()
    with pytest.raises(asyncio.CancelledError):
        await turn
    assert await hub.interactions(home) == []


async def test_an_interlocutor_that_nobody_listens_to_any_more_stops_before_the_turn_is_given_up(
    hub: Household,
) -> None:
    home = await hub.home()
    stopped: list[ProcessingStatus] = []

    async def script(prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        try:
            yield Sentence(text="Well,")
            yield Sentence(text="hello.")
        finally:
            stopped.append((await the_only(hub, home)).status)

    hub.interlocutor = Scripted(script)
    async with aclosing(hub.converse()(typed(home, "hello"))) as events:
        async for event in events:
            if isinstance(event, SentenceSaid):
                break
    assert stopped == [ProcessingStatus.PROCESSING]
