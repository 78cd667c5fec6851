"""Sentences that are sent as a whole: each is processed once, and the best of each becomes a turn."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from attrs import define, field

from application import answering_uploads
from application.answering_uploads import AnswerUploads
from application.best_stream import GetBestStream
from application.hearing_uploads import HearUploads
from application.outcomes import Outcomes
from application.ports.dialogue import Prompt, ReplyDone, ReplyPart, Sentence, Toolbox
from application.ports.uploads import UploadFilter
from application.shifts import HELD_FOR, MOST_TRIES
from application.tidying import TidyUp
from application.uploading import GetAudioStatus, Receipt, SentSound, SubmitAudio
from application.wakeup import Wakeup
from domain.audio.decisions import StreamState
from domain.audio.pcm import SAMPLE_RATE, Recording, Samples
from domain.audio.quality import assess
from domain.audio.rules import ArbitrationRules
from domain.errors import (
    AudioProcessingFailed,
    ClientNotFound,
    InvalidValue,
    ModelInferenceFailed,
    NetworkNotFound,
    Overloaded,
    RateLimitExceeded,
    TooLarge,
)
from domain.events import ActionExecuted, AudioStreamSelected, ErrorOccurred, InteractionCreated
from domain.ids import ClientId, NetworkId
from domain.interactions import ProcessingStatus
from domain.uploads import Upload, UploadStatus
from tests.application.household import HALL, KITCHEN, Household, as_client, owner, waiting_in
from tests.fakes.dialogue import USAGE, Scripted
from tests.fakes.speech import Dictated, PlainWave

SOUNDS = Path(__file__).parents[1] / "sounds"
WINDOW = timedelta(milliseconds=300)


def sentence(name: str) -> Samples:
    spoken, _ = soundfile.read(SOUNDS / f"{name}.flac", dtype="float32")
    return np.pad(spoken, SAMPLE_RATE // 2).astype(np.float32)


@pytest.fixture(scope="module")
def near() -> Samples:
    """A sentence as a microphone within reach hears it."""
    return sentence("slt")


@pytest.fixture(scope="module")
def far(near: Samples) -> Samples:
    """The same sentence, softer and in noise."""
    noise = np.random.default_rng(5).normal(0, 0.004, len(near))
    return (0.4 * near + noise).astype(np.float32)


def live(client_id: ClientId, at: int, samples: Samples | None = None) -> StreamState:
    """A live stream that was last heard at a moment."""
    heard = np.zeros(SAMPLE_RATE, np.float32) if samples is None else samples
    return StreamState(
        client_id=client_id,
        quality=assess(heard),
        last_frame_at=at,
        speaking=False,
        selected=False,
        may_win=True,
    )


@define
class NoStreams:
    """Nobody is heard live."""

    states: tuple[StreamState, ...] = ()
    choice: AudioStreamSelected | None = None

    def streams(self, network_id: NetworkId) -> tuple[StreamState, ...]:
        return self.states

    def last_choice(self, network_id: NetworkId) -> AudioStreamSelected | None:
        return self.choice


@define
class Post:
    """Takes uploads in, and works on them when a test says so."""

    hub: Household
    transcriber: Dictated = field(factory=Dictated)
    most_waiting: int = 8
    live: NoStreams = field(factory=NoStreams)

    async def send(self, home: NetworkId, sender: ClientId, samples: Samples, **others: Any) -> Receipt:
        sounds = PlainWave()
        submit = SubmitAudio(
            transactions=self.hub.transactions,
            sounds=sounds,
            blobs=self.hub.blobs,
            ids=self.hub.ids,
            clock=self.hub.clock,
            wakeup=Wakeup(),
            window=WINDOW,
            most_waiting=self.most_waiting,
        )
        sent = SentSound(content=await sounds.encode(Recording(samples=samples)))
        return await submit(as_client(home, sender), home, sent, **others)

    def hearing(self) -> HearUploads:
        return HearUploads(
            transactions=self.hub.transactions,
            sounds=PlainWave(),
            blobs=self.hub.blobs,
            announcer=self.hub.audience,
            ids=self.hub.ids,
            clock=self.hub.clock,
            rules=ArbitrationRules(window_ms=300),
            wakeup=Wakeup(),
            to_answer=Wakeup(),
        )

    def answering(self) -> AnswerUploads:
        return AnswerUploads(
            transactions=self.hub.transactions,
            converse=self.hub.converse(),
            transcriber=self.transcriber,
            sounds=PlainWave(),
            blobs=self.hub.blobs,
            ids=self.hub.ids,
            clock=self.hub.clock,
            wakeup=Wakeup(),
        )

    async def hear(self) -> None:
        """Let the window pass, and decide."""
        self.hub.clock.pass_by(milliseconds=300)
        while await self.hearing()():
            pass

    async def answer(self) -> None:
        """Hold all turns that are due, to their ends."""
        answering = self.answering()
        while await answering.begin_next():
            await asyncio.gather(*answering._turns)

    async def work(self) -> None:
        await self.hear()
        await self.answer()

    async def uploads(self, home: NetworkId) -> list[Upload]:
        """The uploads of a network, oldest first."""
        async with self.hub.store.snapshot() as tx:
            return list(reversed(await tx.uploads.latest(home, UploadFilter(), 100)))

    def sounds_kept(self) -> int:
        """How many sounds of uploads are kept; answers have sounds too."""
        return sum(blob.media_type == "audio/flac" for blob, _ in self.hub.blobs.kept.values())

    async def jobs(self) -> int:
        async with self.hub.store.snapshot() as tx:
            return await tx.jobs.count()


@pytest.fixture
def post(hub: Household) -> Post:
    return Post(hub)


async def statuses(post: Post, home: NetworkId) -> list[UploadStatus]:
    return [upload.status for upload in await post.uploads(home)]


async def test_of_one_sentence_the_best_upload_becomes_a_turn(
    post: Post, near: Samples, far: Samples
) -> None:
    hub = post.hub
    home = await hub.home()
    await hub.register(home, HALL)
    hint = {"snr": 99.0}
    first = await post.send(home, HALL, far, reported=hint)
    assert first.upload.selected
    hub.clock.pass_by(milliseconds=100)
    second = await post.send(home, KITCHEN, near)
    assert second.upload.selected
    assert second.upload.score > first.upload.score
    with hub.audience.join(home, HALL) as inbox:
        await post.work()
        (told,) = [news.event for news in await waiting_in(inbox)]  # type: ignore[union-attr]
    assert isinstance(told, AudioStreamSelected)
    assert (told.client_id, told.provisional) == (KITCHEN, False)
    lost, won = await post.uploads(home)
    (turn,) = await hub.interactions(home)
    assert (won.status, won.selected, won.interaction_id) == (UploadStatus.COMPLETED, True, turn.id)
    assert (lost.status, lost.selected, lost.interaction_id) == (UploadStatus.NOT_SELECTED, False, turn.id)
    assert (turn.client_id, turn.text, turn.status) == (KITCHEN, "hello", ProcessingStatus.COMPLETED)
    assert turn.hearing is not None
    assert {one.client_id: (one.selected, one.reported) for one in turn.hearing.streams} == {
        KITCHEN: (True, None),
        HALL: (False, hint),
    }
    assert {"end_of_turn", "arbitration", "transcription", "reply", "total"} <= set(turn.timings)
    assert (await post.jobs(), post.sounds_kept()) == (0, 0)
    assert len(await hub.events(home, InteractionCreated)) == 1


async def test_a_weaker_upload_of_a_sentence_is_not_expected_to_be_used(
    post: Post, near: Samples, far: Samples
) -> None:
    home = await post.hub.home()
    await post.hub.register(home, HALL)
    assert (await post.send(home, KITCHEN, near)).upload.selected
    assert not (await post.send(home, HALL, far)).upload.selected


async def test_two_sentences_are_two_turns_and_so_is_one_that_is_said_again(
    post: Post, near: Samples
) -> None:
    hub = post.hub
    home = await hub.home()
    await hub.register(home, HALL)
    await post.send(home, KITCHEN, near)
    await post.send(home, HALL, sentence("rms"))
    hub.clock.pass_by(seconds=2)
    await post.send(home, KITCHEN, near)
    await post.work()
    assert await statuses(post, home) == [UploadStatus.COMPLETED] * 3
    assert len(await hub.interactions(home)) == 3


async def test_an_upload_whose_window_is_open_waits(post: Post, near: Samples) -> None:
    hub = post.hub
    home = await hub.home()
    await hub.register(home, HALL)
    await post.send(home, KITCHEN, near)
    hub.clock.pass_by(milliseconds=200)
    await post.send(home, HALL, sentence("rms"))
    hub.clock.pass_by(milliseconds=100)
    assert await post.hearing()()
    assert await statuses(post, home) == [UploadStatus.PROCESSING, UploadStatus.QUEUED]
    await post.work()
    assert await statuses(post, home) == [UploadStatus.COMPLETED] * 2


async def test_silence_is_taken_in_and_refused_at_once(post: Post) -> None:
    home = await post.hub.home()
    receipt = await post.send(home, KITCHEN, np.zeros(SAMPLE_RATE, np.float32))
    assert (receipt.upload.status, receipt.upload.selected) == (UploadStatus.REJECTED, False)
    assert await post.uploads(home) == [receipt.upload]
    assert (await post.jobs(), post.hub.blobs.kept) == (0, {})


async def test_what_is_heard_too_badly_is_rejected_and_its_client_told(post: Post, near: Samples) -> None:
    hub = post.hub
    home = await hub.open_network(audio_quality_threshold=1.0)
    await hub.register(home)
    noisy = near + np.random.default_rng(3).normal(0, 0.05, len(near)).astype(np.float32)
    assert not (await post.send(home, KITCHEN, noisy)).upload.selected
    with hub.audience.join(home, KITCHEN) as inbox:
        await post.work()
        (told,) = [news.event for news in await waiting_in(inbox)]  # type: ignore[union-attr]
    assert isinstance(told, ErrorOccurred)
    assert told.code == "AUDIO_QUALITY_TOO_LOW"
    (upload,) = await post.uploads(home)
    assert (upload.status, upload.error_code) == (UploadStatus.REJECTED, "AUDIO_QUALITY_TOO_LOW")
    assert (await hub.interactions(home), hub.blobs.kept) == ([], {})


async def test_what_is_not_understood_is_a_turn_all_the_same(post: Post, near: Samples) -> None:
    home = await post.hub.home()
    post.transcriber.understood = False
    await post.send(home, KITCHEN, near)
    await post.work()
    assert await statuses(post, home) == [UploadStatus.NOT_UNDERSTOOD]


async def test_when_enough_wait_one_more_is_refused_and_leaves_nothing(post: Post, near: Samples) -> None:
    post.most_waiting = 2
    home, other = await post.hub.home(), await post.hub.home()
    await post.send(home, KITCHEN, near)
    await post.send(other, KITCHEN, near)
    with pytest.raises(Overloaded) as refused:
        await post.send(home, KITCHEN, near)
    assert refused.value.details["retry_after"]
    assert (len(await post.uploads(home)), len(post.hub.blobs.kept)) == (1, 2)
    await post.work()
    await post.send(home, KITCHEN, near)


async def test_what_cannot_be_sent_is_refused(post: Post, near: Samples) -> None:
    hub = post.hub
    home, other = await hub.home(), await hub.home()
    with pytest.raises(ClientNotFound):
        await post.send(home, KITCHEN, near, client_id=HALL)
    with pytest.raises(ClientNotFound):
        await post.send(home, HALL, near)
    status = GetAudioStatus(hub.transactions, hub.clock)
    with pytest.raises(NetworkNotFound):
        await status(owner(other), home, None, 10)
    with pytest.raises(InvalidValue):
        await post.send(home, KITCHEN, near[:0])
    with pytest.raises(TooLarge):
        await post.send(home, KITCHEN, np.zeros(121 * SAMPLE_RATE, np.float32))
    assert hub.blobs.kept == {}


# When things go wrong


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


# What is told of it


async def test_what_became_of_an_upload_is_told_for_a_day(post: Post, near: Samples, far: Samples) -> None:
    hub = post.hub
    home = await hub.home()
    await hub.register(home, HALL)
    one = (await post.send(home, KITCHEN, near)).upload
    await post.send(home, HALL, far)
    get = GetAudioStatus(hub.transactions, hub.clock)
    assert (await get(owner(home), home, None, 10)).queue_depth == 2
    await post.work()
    told = await get(owner(home), home, one.id, 10)
    assert (told.queue_depth, [upload.id for upload in told.recent]) == (0, [one.id])
    assert len((await get(owner(home), home, None, 10)).recent) == 2
    hub.clock.pass_by(hours=25)
    assert (await get(owner(home), home, one.id, 10)).recent == ()
    assert await TidyUp(hub.transactions, hub.blobs, hub.clock)() >= 2
    assert await post.uploads(home) == []


async def test_the_best_stream_is_that_of_live_streams_and_uploads_alike(
    post: Post, near: Samples, far: Samples
) -> None:
    hub = post.hub
    home = await hub.home()
    await hub.register(home, HALL)
    best = GetBestStream(hub.transactions, post.live, hub.clock)
    nobody = await best(owner(home), home)
    assert (nobody.selection.client_id, nobody.selection.reason) == (None, "no_active_streams")
    assert nobody.streams == ()
    await post.send(home, KITCHEN, near)
    await post.send(home, HALL, far)
    await post.work()
    found = await best(owner(home), home)
    assert (found.selection.client_id, found.selection.at) == (KITCHEN, hub.clock.now())
    assert [stream.report.client_id for stream in found.streams] == [KITCHEN, HALL]
    hub.clock.pass_by(seconds=1)
    attic = ClientId("attic")
    post.live.choice = AudioStreamSelected(
        client_id=attic, score=9.0, reason="only_stream", provisional=True, streams=(), at=hub.clock.now()
    )
    assert (await best(owner(home), home)).selection.client_id == KITCHEN, "attic is not heard any more"
    post.live.states = (live(attic, hub.clock.micros()),)
    assert (await best(owner(home), home)).selection.client_id == attic
    hub.clock.pass_by(minutes=1)
    assert (await best(owner(home), home)).selection.reason == "no_active_streams"


async def test_streams_of_which_none_was_selected_yet_are_weighed_by_what_they_hear(
    post: Post, near: Samples
) -> None:
    hub = post.hub
    home = await hub.home()
    best = GetBestStream(hub.transactions, post.live, hub.clock)
    post.live.states = (live(HALL, hub.clock.micros()),)
    quiet = await best(owner(home), home)
    assert (quiet.selection.client_id, quiet.selection.reason) == (None, "below_threshold")
    post.live.states += (live(KITCHEN, hub.clock.micros(), near),)
    found = await best(owner(home), home)
    assert (found.selection.client_id, found.selection.reason) == (KITCHEN, "highest_quality")
    assert found.streams[0].report.client_id == KITCHEN
