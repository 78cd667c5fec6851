"""Uploads when things go wrong: each is processed once all the same, or it is told why not."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from application.ports.dialogue import Prompt, ReplyDone, ReplyPart, Sentence, Toolbox
from application.turns.outcomes import Outcomes
from application.uploads import answering_uploads
from application.uploads.shifts import HELD_FOR, MOST_TRIES
from domain.audio.pcm import Samples
from domain.errors import (
    AudioProcessingFailed,
    ModelInferenceFailed,
    Overloaded,
    RateLimitExceeded,
)
from domain.events import ActionExecuted, InteractionCreated
from domain.ids import NetworkId
from domain.interactions import ProcessingStatus
from domain.uploads import UploadStatus
from tests.application.household import KITCHEN, Household
from tests.application.uploads.posting import Post, statuses
from tests.fakes.dialogue import USAGE, Scripted


async def test_what_failed_is_tried_again_later_and_told_once(post: Post, near: Samples) -> None:
    hub = post.hub
    home = await hub.home()
    post.transcriber.errors = [AudioProcessingFailed("It broke."), Overloaded("Too much.")]
    await post.send(home, KITCHEN, near)
    await post.work()
    assert await statuses(post, home) == [UploadStatus.PROCESSING]
    assert await hub.interactions(home) == []
    for _ in range(2):
        hub.clock.pass_by(seconds=10)
        await post.answer()
    assert await statuses(post, home) == [UploadStatus.COMPLETED]
    assert len(await hub.events(home, InteractionCreated)) == 1


async def test_what_fails_again_and_again_is_kept_as_the_hubs_own_fault(post: Post, near: Samples) -> None:
    hub = post.hub
    home = await hub.home()
    post.transcriber.errors = [AudioProcessingFailed("It broke.")] * 20
    await post.send(home, KITCHEN, near)
    await post.hear()
    for _ in range(MOST_TRIES + 2):
        hub.clock.pass_by(minutes=10)
        await post.answer()
    (upload,) = await post.uploads(home)
    (turn,) = await hub.interactions(home)
    assert (upload.status, upload.error_code) == (UploadStatus.FAILED, "AUDIO_PROCESSING_FAILED")
    assert (turn.status, turn.error_code) == (ProcessingStatus.FAILED, "AUDIO_PROCESSING_FAILED")
    assert (await post.jobs(), len(post.transcriber.heard)) == (0, MOST_TRIES)
    assert post.sounds_kept() == 0


def breaking_after_the_deed(fails: list[Exception]) -> Scripted:
    """Makes a reminder, and breaks as often as it is told to before it answers."""

    async def script(prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        made = await tools.create_reminder(title="tea", due_time=prompt.now + timedelta(hours=1))
        if fails:
            raise fails.pop(0)
        yield Sentence(text=f"I will remind you of {made.title}.")
        yield ReplyDone(usage=USAGE)

    return Scripted(script)


async def test_a_turn_that_broke_off_is_taken_up_without_doing_anything_twice(
    post: Post, near: Samples
) -> None:
    hub = post.hub
    home = await hub.home()
    hub.interlocutor = breaking_after_the_deed([ModelInferenceFailed("Gone."), ModelInferenceFailed("Gone.")])
    await post.send(home, KITCHEN, near)
    await post.work()
    for _ in range(2):
        assert len(await hub.reminders(home)) == 1
        (begun,) = await hub.interactions(home)
        assert begun.status is ProcessingStatus.PROCESSING
        async with hub.store.begin() as tx:
            assert await Outcomes(hub.transactions, hub.clock).sweep(tx, [begun.instance_id]) == 0
        hub.clock.pass_by(minutes=1)
        await post.answer()
    (turn,) = await hub.interactions(home)
    assert (turn.status, turn.response) == (ProcessingStatus.COMPLETED, "I will remind you of tea.")
    (reminder,) = await hub.reminders(home)
    assert [action.result["reminder_id"] for action in turn.actions] == [reminder.id]
    assert len(await hub.events(home, ActionExecuted)) == 1
    assert len(await hub.events(home, InteractionCreated)) == 1


async def test_a_hub_that_dies_leaves_its_uploads_to_the_next(post: Post, near: Samples) -> None:
    hub = post.hub
    home = await hub.home()
    await post.send(home, KITCHEN, near)
    await post.hear()
    dead, waits = post.answering(), asyncio.Event()

    async def script(prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        await tools.create_reminder(title="tea", due_time=prompt.now + timedelta(hours=1))
        waits.set()
        await asyncio.Event().wait()
        yield Sentence(text="")

    dead.converse = Household.converse(_with(hub, Scripted(script)))
    assert await dead.begin_next()
    await waits.wait()
    hub.interlocutor = breaking_after_the_deed([])
    await post.answer()
    assert await statuses(post, home) == [UploadStatus.PROCESSING]
    hub.clock.pass_by(seconds=HELD_FOR.total_seconds())
    await post.answer()
    assert await statuses(post, home) == [UploadStatus.COMPLETED]
    assert len(await hub.reminders(home)) == 1
    for turn in dead._turns:
        turn.cancel()
    await asyncio.gather(*dead._turns, return_exceptions=True)
    assert await statuses(post, home) == [UploadStatus.COMPLETED]
    assert len(await hub.events(home, InteractionCreated)) == 1


def _with(hub: Household, interlocutor: Scripted) -> Household:
    """The same hub, with another to answer."""
    hub.interlocutor = interlocutor
    return hub


async def test_a_hub_that_stops_puts_back_what_it_cannot_end(post: Post, near: Samples) -> None:
    hub = post.hub
    home = await hub.home()
    await post.send(home, KITCHEN, near)
    await post.hear()
    waits = asyncio.Event()

    async def script(prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        waits.set()
        await asyncio.Event().wait()
        yield Sentence(text="")

    hub.interlocutor = Scripted(script)
    stopping = post.answering()
    running = asyncio.create_task(stopping.run())
    await waits.wait()
    await stopping.finish(0)
    assert not await stopping.begin_next()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await statuses(post, home) == [UploadStatus.PROCESSING]
    hub.interlocutor = breaking_after_the_deed([])
    await post.answer()
    assert await statuses(post, home) == [UploadStatus.COMPLETED]


async def test_a_network_with_too_many_turns_gets_its_answer_later(post: Post, near: Samples) -> None:
    hub = post.hub
    refusals = [RateLimitExceeded("Too many.", retry_after=30.0)] * (MOST_TRIES + 2)

    async def admit(network_id: NetworkId) -> None:
        if refusals:
            raise refusals.pop()

    hub.admit = admit
    home = await hub.home()
    await post.send(home, KITCHEN, near)
    await post.hear()
    for _ in range(MOST_TRIES + 3):
        await post.answer()
        hub.clock.pass_by(seconds=30)
    assert await statuses(post, home) == [UploadStatus.COMPLETED]


async def test_an_upload_whose_sound_is_lost_is_the_hubs_own_fault(post: Post, near: Samples) -> None:
    hub = post.hub
    home = await hub.home()
    await post.send(home, KITCHEN, near)
    hub.blobs.kept.clear()
    await post.hear()
    (upload,) = await post.uploads(home)
    assert (upload.status, upload.error_code) == (UploadStatus.FAILED, "AUDIO_PROCESSING_FAILED")
    assert await post.jobs() == 0


async def test_a_client_that_is_gone_gets_no_answer(post: Post, near: Samples) -> None:
    hub = post.hub
    home = await hub.home()
    await post.send(home, KITCHEN, near)
    await post.hear()
    async with hub.store.begin() as tx:
        await tx.clients.remove(home, KITCHEN)
    await post.answer()
    (upload,) = await post.uploads(home)
    assert (upload.status, upload.error_code) == (UploadStatus.REJECTED, "INVALID_CLIENT_ID")


async def test_a_network_that_is_gone_takes_its_uploads_along(post: Post, near: Samples) -> None:
    hub = post.hub
    home = await hub.home()
    await post.send(home, KITCHEN, near)
    async with hub.store.begin() as tx:
        await tx.networks.remove(home)
    await post.work()
    assert await post.jobs() == 0


async def test_only_so_many_turns_are_held_at_once(
    post: Post, near: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering_uploads, "MOST_AT_ONCE", 1)
    home, other = await post.hub.home(), await post.hub.home()
    await post.send(home, KITCHEN, near)
    await post.send(other, KITCHEN, near)
    await post.hear()
    answering = post.answering()
    assert await answering.begin_next()
    assert answering.turns_under_way == 1
    assert not await answering.begin_next()
    await asyncio.gather(*answering._turns)
    assert await answering.begin_next()
    await asyncio.gather(*answering._turns)
