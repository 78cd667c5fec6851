"""What clients are told to say is known to the ears, whoever made the sound."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import numpy as np

from application.speech.answers_aloud import AnswersAloud
from application.speech.growing_sounds import GrowingSound
from application.speech.own_voice import HearOurselves
from application.speech.saying import SPEECH_KEPT_FOR
from domain.audio.pcm import Recording
from domain.audio.playback import Playback
from domain.commands import Command, Say
from domain.events import CommandIssued, ContextUpdated, Fact, FactEvent, InteractionAnswered
from domain.ids import BlobId, ClientId, CommandId, ConversationId, EventId, InteractionId
from tests.application.household import HALL, KITCHEN, Household
from tests.fakes.speech import PlainWave
from tests.patience import PATIENCE
from tests.samples import HOME, NOON

PIECE = Recording(samples=np.full(8000, 0.1, np.float32), sample_rate=16000)


def answered(client_id: ClientId = KITCHEN, speech: str | None = "blob_1") -> FactEvent:
    return InteractionAnswered(
        interaction_id=InteractionId("int_1"),
        client_id=client_id,
        text="Hello.",
        speech=None if speech is None else BlobId(speech),
        at=NOON,
    )


def said(command_id: str) -> FactEvent:
    command = Command(
        id=CommandId(command_id),
        network_id=HOME,
        client_id=HALL,
        order=Say(text="Dinner!", speech=BlobId("blob_1")),
        issued_at=NOON,
        expires_at=NOON,
    )
    return CommandIssued(command=command, at=NOON)


def fact(event: FactEvent) -> Fact:
    return Fact(id=EventId("evt_1"), network_id=HOME, position=1, event=event)


@asynccontextmanager
async def ears(hub: Household, aloud: AnswersAloud) -> AsyncIterator[HearOurselves]:
    own = HearOurselves(aloud, hub.blobs, PlainWave())
    running = asyncio.create_task(own.run())
    try:
        yield own
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def growing(hub: Household) -> GrowingSound:
    return GrowingSound(
        blobs=hub.blobs, clock=hub.clock, network_id=HOME, id=BlobId("blob_1"), kept_for=SPEECH_KEPT_FOR
    )


async def taken(aloud: AnswersAloud) -> list[Playback]:
    """What the ears are let know, once it is: sounds are measured by threads."""
    async with asyncio.timeout(PATIENCE):
        while not (found := aloud.take(HOME)):  # noqa: ASYNC110 - the store of sounds tells nobody
            await asyncio.sleep(0.01)
    return found


async def test_an_answer_that_was_made_elsewhere_is_known_as_far_as_it_is_said(hub: Household) -> None:
    aloud, sound = AnswersAloud(hub.clock), growing(hub)
    await sound.add(PIECE)
    async with ears(hub, aloud) as own:
        own.notice(fact(answered()))
        (first,) = await taken(aloud)
        assert (first.id, first.client_id, len(first.sound)) == ("int_1", KITCHEN, 8000)
        await sound.add(PIECE)
        await sound.finish()
        (whole,) = await taken(aloud)
        assert (whole.id, len(whole.sound)) == ("int_1", 16000)
        assert aloud.knows(InteractionId("int_1"), KITCHEN)


async def test_what_is_said_beside_answers_is_known_too(hub: Household) -> None:
    aloud, sound = AnswersAloud(hub.clock), growing(hub)
    await sound.add(PIECE)
    await sound.finish()
    async with ears(hub, aloud) as own:
        own.notice(fact(said("cmd_1")))
        (playback,) = await taken(aloud)
    assert (playback.id, playback.client_id) == ("cmd_1", HALL)


async def test_an_answer_that_goes_on_elsewhere_is_another_sound_of_the_same_interaction(
    hub: Household,
) -> None:
    aloud, sound = AnswersAloud(hub.clock), growing(hub)
    await aloud.of(HOME, KITCHEN, InteractionId("int_1"), asked_by=KITCHEN)(PIECE)
    aloud.take(HOME)
    await sound.add(PIECE)
    await sound.finish()
    async with ears(hub, aloud) as own:
        own.notice(fact(answered(KITCHEN)))
        own.notice(fact(answered(HALL)))
        (playback,) = await taken(aloud)
    about = aloud.about(playback.id)
    assert about is not None
    assert playback.id != "int_1"
    assert (about.interaction_id, playback.client_id) == ("int_1", HALL)


async def test_what_does_not_sound_or_is_gone_is_passed_over(hub: Household) -> None:
    aloud, sound = AnswersAloud(hub.clock), growing(hub)
    await sound.add(PIECE)
    await sound.finish()
    async with ears(hub, aloud) as own:
        own.notice(fact(answered(speech=None)))
        moved = ContextUpdated(conversation_id=ConversationId("c"), summary="", participants=(), at=NOON)
        own.notice(fact(moved))
        own.notice(fact(answered(speech="blob_gone")))
        own.notice(fact(said("cmd_1")))
        (playback,) = await taken(aloud)
    assert playback.id == "cmd_1"
