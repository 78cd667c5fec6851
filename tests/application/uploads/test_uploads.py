"""Sentences that are sent as a whole: each is processed once, and the best of each becomes a turn."""

import numpy as np
import pytest

from adapters.memory.nowhere import Nobody
from application.listening.best_stream import GetBestStream
from application.listening.who_hears import WhoHears
from application.operating.tidying import TidyUp
from application.uploads.uploading import GetAudioStatus
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.errors import (
    ClientNotFound,
    InvalidValue,
    NetworkNotFound,
    Overloaded,
    TooLarge,
)
from domain.events import AudioStreamSelected, ErrorOccurred, InteractionCreated
from domain.ids import ONLY_INSTANCE, ClientId
from domain.interactions import ProcessingStatus
from domain.uploads import UploadStatus
from tests.application.household import HALL, KITCHEN, owner, waiting_in
from tests.application.uploads.posting import Post, live, recorded, statuses


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
    await post.send(home, HALL, recorded("rms"))
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
    await post.send(home, HALL, recorded("rms"))
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


def best_stream(post: Post) -> GetBestStream:
    """Asks an instance that has no neighbours."""
    hub = post.hub
    return GetBestStream(
        hub.transactions, WhoHears(post.live, Nobody(), hub.transactions, ONLY_INSTANCE), hub.clock
    )


async def test_the_best_stream_is_that_of_live_streams_and_uploads_alike(
    post: Post, near: Samples, far: Samples
) -> None:
    hub = post.hub
    home = await hub.home()
    await hub.register(home, HALL)
    best = best_stream(post)
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
    best = best_stream(post)
    post.live.states = (live(HALL, hub.clock.micros()),)
    quiet = await best(owner(home), home)
    assert (quiet.selection.client_id, quiet.selection.reason) == (None, "below_threshold")
    post.live.states += (live(KITCHEN, hub.clock.micros(), near),)
    found = await best(owner(home), home)
    assert (found.selection.client_id, found.selection.reason) == (KITCHEN, "highest_quality")
    assert found.streams[0].report.client_id == KITCHEN
