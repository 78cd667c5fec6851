"""Interactions that are processed once more: what they came to before is kept, and nothing is done twice."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from attrs import evolve

from application.ports.dialogue import NOTE, Prompt, ReplyDone, ReplyPart, Sentence, Toolbox
from application.speech.recordings import FetchRecording
from application.turns.reprocessing import ListEarlierResults, ProcessInteraction
from domain.errors import Conflict, InteractionNotFound, InvalidValue, ModelInferenceFailed, NotFound
from domain.events import ActionExecuted, InteractionAnswered, InteractionCreated
from domain.ids import InteractionId, NetworkId
from domain.interactions import Interaction, ProcessingStatus
from tests.application.household import HALL, Household, owner
from tests.application.turns.turning import heard, spoken, the_only
from tests.fakes.dialogue import USAGE, Scripted
from tests.fakes.speech import Dictated, PlainWave, written


def processing(hub: Household, transcriber: Dictated | None = None) -> ProcessInteraction:
    return ProcessInteraction(
        hub.transactions, hub.converse(), transcriber or Dictated(), PlainWave(), hub.blobs, hub.clock
    )


async def again(
    hub: Household,
    home: NetworkId,
    interaction_id: InteractionId,
    *,
    context: str | None = None,
    force: bool = True,
    transcriber: Dictated | None = None,
) -> Interaction:
    """Process an interaction once more."""
    process = processing(hub, transcriber)
    return await process(owner(home), home, interaction_id, context=context, force=force)


async def earlier(hub: Household, home: NetworkId, interaction_id: InteractionId) -> tuple[Interaction, ...]:
    return await ListEarlierResults(hub.transactions)(owner(home), home, interaction_id)


def reminding(hub: Household, title: str, *, minutes: int = 60) -> None:
    """From now on the interlocutor makes this reminder, whatever is said."""

    async def script(prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        due = prompt.now + timedelta(minutes=minutes)
        made = await tools.create_reminder(title=title, due_time=due)
        yield Sentence(text=f"I will: {made.title}.")
        yield ReplyDone(usage=USAGE)

    hub.interlocutor = Scripted(script)


async def test_a_completed_turn_is_processed_again_by_force_alone_and_its_result_is_kept(
    hub: Household,
) -> None:
    home = await hub.home()
    first = (await hub.say(home, "hello")).interaction
    assert await again(hub, home, first.id, force=False) == first
    hub.clock.pass_by(minutes=5)
    second = await again(hub, home, first.id, context="  he meant the neighbour ")
    assert (second.revision, second.context) == (2, "he meant the neighbour")
    assert (second.created_at, second.text, second.response) == (first.created_at, "hello", first.response)
    assert second.completed_at == hub.clock.now()
    third = await again(hub, home, first.id)
    assert (third.revision, third.context) == (3, None)
    assert await earlier(hub, home, first.id) == (second, first)
    assert await hub.interaction(home, first.id) == third
    assert len(await hub.interactions(home)) == 1


async def test_who_answers_again_goes_by_the_moment_and_the_talk_of_then_and_by_what_was_told_beside(
    hub: Household,
) -> None:
    home = await hub.home()
    await hub.say(home, "one")
    hub.clock.pass_by(minutes=1)
    second = (await hub.say(home, "two")).interaction
    hub.clock.pass_by(minutes=1)
    await hub.say(home, "three")
    await again(hub, home, second.id, context="it was a joke")
    prompt = hub.interlocutor.prompts[-1]  # type: ignore[attr-defined]
    assert prompt.now == second.created_at
    assert [exchange.said for exchange in prompt.history] == ["one"]
    assert prompt.context == {NOTE: "it was a joke"}


async def test_nobody_is_told_or_spoken_to_twice(hub: Household) -> None:
    home = await hub.home(capabilities=("audio", "speaker"))
    turn = (await hub.say(home, "hello")).interaction
    said = list(hub.speaker.said)
    await again(hub, home, turn.id)
    assert hub.speaker.said == said
    assert len(await hub.events(home, InteractionCreated)) == 1
    assert len(await hub.events(home, InteractionAnswered)) == 1


async def test_what_was_done_and_is_wanted_again_stands_and_what_is_wanted_anew_is_done(
    hub: Household,
) -> None:
    home = await hub.home()
    reminding(hub, "tea")
    first = (await hub.say(home, "remind me")).interaction
    hub.clock.pass_by(hours=3)
    same = await again(hub, home, first.id)
    assert same.actions == first.actions
    reminding(hub, "coffee", minutes=600)
    other = await again(hub, home, first.id)
    assert [action.result["title"] for action in other.actions] == ["coffee"]
    reminding(hub, "tea")
    assert (await again(hub, home, first.id)).actions == first.actions
    assert sorted(one.title for one in await hub.reminders(home)) == ["coffee", "tea"]
    assert len(await hub.events(home, ActionExecuted)) == 2


async def test_a_failure_is_told_and_kept_and_what_was_before_can_be_read(hub: Household) -> None:
    home = await hub.home()
    good = (await hub.say(home, "hello")).interaction

    async def script(prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        raise ModelInferenceFailed("Nobody is at home.")
        yield Sentence(text="")

    hub.interlocutor = Scripted(script)
    with pytest.raises(ModelInferenceFailed):
        await again(hub, home, good.id)
    failed = await hub.interaction(home, good.id)
    assert (failed.status, failed.error_code) == (ProcessingStatus.FAILED, "MODEL_INFERENCE_FAILED")
    assert await earlier(hub, home, good.id) == (good,)
    reminding(hub, "tea")
    assert (await again(hub, home, good.id, force=False)).status is ProcessingStatus.COMPLETED


async def test_a_spoken_turn_is_heard_again_where_its_sound_is_kept(hub: Household) -> None:
    hub.keep_audio_for = timedelta(hours=1)
    home = await hub.home()
    sound = written("hello")
    turn = spoken(hub, home, heard("yellow"))
    await hub.hold(evolve(turn, words=evolve(turn.words, recording=sound)))
    kept = await the_only(hub, home)
    assert kept.recording is not None
    assert kept.recording.expires_at == hub.clock.now() + timedelta(hours=1)
    better = Dictated(text="hello")
    result = await again(hub, home, kept.id, transcriber=better)
    assert (result.text, result.recording) == ("hello", kept.recording)
    assert list(better.heard[0].samples) == list(sound.samples)
    fetch = FetchRecording(hub.transactions, hub.blobs, hub.clock)
    assert (await fetch(owner(home), home, kept.id)).media_type == "audio/flac"
    hub.clock.pass_by(hours=1)
    with pytest.raises(NotFound):
        await fetch(owner(home), home, kept.id)
    assert (await again(hub, home, kept.id, transcriber=Dictated(text="fellow"))).text == "hello"


async def test_without_being_told_to_the_hub_keeps_no_sound(hub: Household) -> None:
    home = await hub.home()
    turn = spoken(hub, home, heard("hello"))
    await hub.hold(evolve(turn, words=evolve(turn.words, recording=written("hello"))))
    assert (await the_only(hub, home)).recording is None
    assert {blob.media_type for blob, _ in hub.blobs.kept.values()} == {"audio/wav"}, "the answer's"


async def test_a_turn_whose_client_is_gone_can_be_processed_again(hub: Household) -> None:
    home = await hub.home()
    await hub.register(home, HALL)
    turn = (await hub.say(home, "hello", HALL)).interaction
    async with hub.store.begin() as tx:
        await tx.clients.remove(home, HALL)
    assert (await again(hub, home, turn.id)).revision == 2


async def test_what_cannot_be_processed_is_refused(hub: Household) -> None:
    home, other = await hub.home(), await hub.home()
    turn = (await hub.say(home, "hello")).interaction
    for context in ("x" * 2001, "a\0b", "\ud800"):
        with pytest.raises(InvalidValue):
            await again(hub, home, turn.id, context=context)
    with pytest.raises(InteractionNotFound):
        await again(hub, other, turn.id)
    with pytest.raises(InteractionNotFound):
        await earlier(hub, other, turn.id)
    async with hub.store.begin() as tx:
        await tx.interactions.update(evolve(turn, status=ProcessingStatus.PROCESSING))
    with pytest.raises(Conflict):
        await again(hub, home, turn.id)
    async with hub.store.begin() as tx:
        await tx.interactions.update(evolve(turn, status=ProcessingStatus.FAILED, text=""))
    with pytest.raises(Conflict):
        await again(hub, home, turn.id)
    assert await earlier(hub, home, turn.id) == ()
