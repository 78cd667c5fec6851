"""Turns to test with: typed and spoken ones, those that fail, and those that wait."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

from application.ports.dialogue import Prompt, ReplyDone, ReplyPart, Sentence, Toolbox
from application.ports.speech import Transcript
from application.turns.turns import SpokenWords, Turn
from domain.events import ContextUpdated, InteractionAnswered, InteractionCreated
from domain.ids import NetworkId
from domain.interactions import HeardWord, Hearing, Interaction, ProcessingStatus
from tests.application.household import KITCHEN, Household
from tests.fakes.dialogue import USAGE, Scripted

HEARING = Hearing(selected_client_id=KITCHEN, score=8.0, reason="only_stream", seconds=1.5)
WORDS = (HeardWord(text="hello", start=0.1, end=0.4, confidence=0.9),)


def spoken(
    hub: Household,
    network_id: NetworkId,
    transcript: Callable[[], Any],
    *,
    silence: timedelta = timedelta(milliseconds=500),
) -> Turn:
    """A spoken turn that is decided now, after so much silence."""
    decided_at = hub.clock.micros()
    words = SpokenWords(
        hearing=HEARING,
        speech_ended_at=decided_at - silence // timedelta(microseconds=1),
        decided_at=decided_at,
        transcript=transcript,
    )
    return Turn(network_id=network_id, client_id=KITCHEN, words=words)


def heard(text: str, *, understood: bool = True) -> Callable[[], Any]:
    async def transcript() -> Transcript:
        return Transcript(text=text, confidence=0.8, understood=understood, words=WORDS)

    return transcript


def failing(error: Exception) -> Callable[[], Any]:
    async def transcript() -> Transcript:
        raise error

    return transcript


def saying(*texts: str) -> Scripted:
    """Answers in these sentences, whatever is said."""

    async def script(prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        for text in texts:
            yield Sentence(text=text)
        yield ReplyDone(usage=USAGE)

    return Scripted(script)


async def the_only(hub: Household, network_id: NetworkId) -> Interaction:
    (interaction,) = await hub.interactions(network_id)
    return interaction


async def no_turn_is_left_open(hub: Household) -> bool:
    async with hub.store.snapshot() as tx:
        return await tx.interactions.unfinished() == ()


async def failed_as(hub: Household, network_id: NetworkId, code: str) -> Interaction:
    """The one turn of a network, which must be kept and announced as failed, once."""
    interaction = await the_only(hub, network_id)
    assert (interaction.status, interaction.error_code) == (ProcessingStatus.FAILED, code)
    assert interaction.completed_at is not None
    created = await hub.events(network_id, InteractionCreated)
    assert [event.interaction for event in created] == [interaction]
    assert not any(event.complete for event in await hub.events(network_id, InteractionAnswered))
    assert await hub.events(network_id, ContextUpdated) == []
    return interaction


async def held_open() -> tuple[Scripted, asyncio.Event, asyncio.Event]:
    """An interlocutor that does something, says that it waits, and waits."""
    waits, go_on = asyncio.Event(), asyncio.Event()

    async def script(prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        await tools.create_reminder(title="tea", due_time=prompt.now + timedelta(hours=1))
        yield Sentence(text="Well,")
        waits.set()
        await go_on.wait()
        yield Sentence(text="hello.")
        yield ReplyDone(usage=USAGE)

    return Scripted(script), waits, go_on


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Let others go on until something holds, as it must soon."""
    for _ in range(100_000):
        if await holds():
            return
        await asyncio.sleep(0)
    raise AssertionError("It never came to hold.")
