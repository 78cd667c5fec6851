"""Answers that are heard from their first sentence on, softly or not at all in quiet hours."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest
from attrs import evolve

from application.ports.blobs import Blob
from application.ports.dialogue import Prompt, ReplyDone, ReplyPart, Sentence, Toolbox
from application.speech.growing_sounds import GrowingSound, SoundUnderWay, whole_or_growing
from domain.audio.pcm import Recording, wav_head
from domain.errors import NotFound
from domain.events import AnswerCompleted, InteractionAnswered
from domain.ids import BlobId
from domain.personas import DEFAULT_PERSONA, Behavior, QuietHours
from tests.application.household import KITCHEN, Household
from tests.application.turns.turning import heard, spoken, until
from tests.fakes.dialogue import USAGE, Scripted
from tests.fakes.personas import FewPersonas, persona
from tests.samples import HOME


def piece(number: int, length: int = 100) -> Recording:
    return Recording(samples=np.full(length, number / 100, np.float32), sample_rate=8000)


def growing(hub: Household, kept: Any = None) -> GrowingSound:
    from application.speech.saying import SPEECH_KEPT_FOR

    return GrowingSound(
        blobs=kept or hub.blobs,
        clock=hub.clock,
        network_id=HOME,
        id=BlobId("blob_x"),
        kept_for=SPEECH_KEPT_FOR,
    )


async def test_a_sound_is_heard_as_it_grows_and_comes_out_as_the_whole(hub: Household) -> None:
    sound = growing(hub)
    with pytest.raises(NotFound):
        await whole_or_growing(hub.blobs, HOME, sound.id)
    await sound.add(piece(1))
    early = await whole_or_growing(hub.blobs, HOME, sound.id)
    assert isinstance(early, SoundUnderWay)
    first = await anext(early.chunks)
    assert first[:44] == wav_head(8000, None)
    await sound.add(piece(2))
    second = await anext(early.chunks)
    late = await whole_or_growing(hub.blobs, HOME, sound.id)
    assert isinstance(late, SoundUnderWay)
    await sound.add(piece(3))
    await sound.finish()
    rest = b"".join([chunk async for chunk in early.chunks])
    whole = await whole_or_growing(hub.blobs, HOME, sound.id)
    assert isinstance(whole, Blob)
    assert whole.content[:44] == wav_head(8000, 300)
    assert (first + second + rest)[44:] == whole.content[44:]
    assert b"".join([chunk async for chunk in late.chunks])[44:] == whole.content[44:]


async def slowly(hub: Household) -> tuple[Scripted, asyncio.Event]:
    go_on = asyncio.Event()

    async def script(prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        yield Sentence(text="One.")
        await go_on.wait()
        yield Sentence(text="Two.")
        yield ReplyDone(usage=USAGE)

    return Scripted(script), go_on


async def test_a_slow_answer_is_announced_once_with_its_first_sentence_and_completed_later(
    hub: Household,
) -> None:
    home = await hub.home()
    hub.interlocutor, go_on = await slowly(hub)
    waiting = asyncio.create_task(hub.say(home, "hello"))

    async def announced() -> bool:
        return bool(await hub.events(home, InteractionAnswered))

    await until(announced)
    (early,) = await hub.events(home, InteractionAnswered)
    assert (early.text, early.complete, early.client_id) == ("One.", False, KITCHEN)
    under_way = await whole_or_growing(hub.blobs, home, early.speech)
    assert isinstance(under_way, SoundUnderWay)
    go_on.set()
    ended = await waiting
    assert ended.speech == early.speech
    assert await hub.events(home, InteractionAnswered) == [early]
    (whole,) = await hub.events(home, AnswerCompleted)
    assert (whole.text, whole.client_id) == ("One. Two.", KITCHEN)
    assert isinstance(await whole_or_growing(hub.blobs, home, early.speech), Blob)


async def test_an_answer_that_is_there_at_once_is_announced_whole(hub: Household) -> None:
    home = await hub.home()
    await hub.say(home, "hello")
    (answered,) = await hub.events(home, InteractionAnswered)
    assert (answered.text, answered.complete) == ("You said: hello.", True)
    assert await hub.events(home, AnswerCompleted) == []


async def test_whoever_hangs_up_ends_the_sound(hub: Household) -> None:
    home = await hub.home()
    hub.interlocutor, _ = await slowly(hub)
    waiting = asyncio.create_task(hub.say(home, "hello"))

    async def announced() -> bool:
        return bool(await hub.events(home, InteractionAnswered))

    await until(announced)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    (early,) = await hub.events(home, InteractionAnswered)
    assert isinstance(await whole_or_growing(hub.blobs, home, early.speech), Blob)
    assert await hub.events(home, AnswerCompleted) == []


async def test_in_quiet_hours_typed_turns_are_silent_and_spoken_ones_soft(hub: Household) -> None:
    home = await hub.home()
    loud = await hub.hold(spoken(hub, home, heard("hello")))
    hours = Behavior(quiet_hours=QuietHours(start="11:30", end="12:30"))
    hub.personas = FewPersonas((evolve(persona(DEFAULT_PERSONA), behavior=hours),))
    assert (await hub.say(home, "hello")).speech is None
    soft = await hub.hold(spoken(hub, home, heard("hello")))
    levels = []
    for events in (loud, soft):
        blob = await hub.blobs.get(home, events[-1].speech)  # type: ignore[union-attr]
        levels.append(np.abs(np.frombuffer(blob.content[44:], "<i2")).max())
    assert levels[1] == pytest.approx(levels[0] / 4, rel=0.01)
    hub.clock.pass_by(hours=1)
    assert (await hub.say(home, "hello")).speech is not None
