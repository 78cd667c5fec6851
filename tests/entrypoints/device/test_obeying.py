"""What a device does when the hub tells it to, and what it says came of it."""

import asyncio
from pathlib import Path

import numpy as np
import pytest
import soundfile
from aiohttp import web
from aiohttp.test_utils import TestServer

from domain.events import AnswerInterrupted, InteractionAnswered
from domain.ids import InteractionId
from entrypoints.device.identity import read_identity
from entrypoints.device.refusals import SENT_AWAY, CannotRun
from tests.adapters.websocket.house import House
from tests.entrypoints.device.parts import Trial, living
from tests.entrypoints.device.test_hearing import connected
from tests.patience import PATIENCE, eventually

pytestmark = pytest.mark.slow


async def unfinished(trial: Trial) -> bool:
    """Whether the hub believes that the device is saying an answer."""
    async with trial.house.store.snapshot() as tx:
        session = await tx.sessions.live_of(trial.network.id, trial.device.client.id, trial.house.clock.now())
    assert session is not None
    return session.reply is not None


async def acknowledged(trial: Trial, broadcast_id: str) -> None:
    """Wait until the hub knows that the device has got a broadcast."""
    async with asyncio.timeout(PATIENCE):
        while not (await trial.owner.broadcast_receipt(broadcast_id)).acknowledged:  # noqa: ASYNC110 - over REST
            await asyncio.sleep(0.05)


async def test_an_answer_is_spoken_and_the_hub_is_told_when_it_is_over(house: House, tmp_path: Path) -> None:
    async with living(house, tmp_path) as trial:
        await connected(trial)
        answer = await trial.owner.send_message(trial.device_id, "what a day")
        await eventually(lambda: trial.status.answers == 1)
        (played,) = trial.loudspeaker.played
        assert (played.cut, played.seconds > 0.05) == (False, True)
        assert answer.response_text == "You said what a day."
        async with asyncio.timeout(PATIENCE):
            while await unfinished(trial):  # noqa: ASYNC110 - in the hub's store
                await asyncio.sleep(0.02)


async def test_an_answer_that_somebody_speaks_over_is_cut_short(house: House, tmp_path: Path) -> None:
    async with living(house, tmp_path) as trial:
        await connected(trial)
        long = " ".join(["so many words to be said"] * 30)
        await trial.owner.send_message(trial.device_id, long)
        await eventually(lambda: trial.status.speaking)
        (turn,) = (await trial.owner.interactions(trial.network.id)).items
        over = AnswerInterrupted(
            interaction_id=InteractionId(turn.interaction_id),
            client_id=trial.device.client.id,
            at=house.clock.now(),
        )
        house.tell(trial.network, over, trial.device.client.id)
        await eventually(lambda: not trial.status.speaking)
        (played,) = trial.loudspeaker.played
        assert played.cut
        assert trial.status.interrupted == 1


async def test_answers_wait_for_each_other(house: House, tmp_path: Path) -> None:
    async with living(house, tmp_path) as trial:
        await connected(trial)
        for words in ("first of all", "and then"):
            await trial.owner.send_message(trial.device_id, words)
        await eventually(lambda: trial.status.answers == 2)
        first, second = trial.loudspeaker.played
        assert second.began >= first.began + first.seconds * 1_000_000


async def test_a_switch_of_the_persona_is_acknowledged(house: House, tmp_path: Path) -> None:
    async with living(house, tmp_path) as trial:
        await connected(trial)
        told = await trial.owner.switch_persona(trial.device_id, "entertainer")
        assert (told.success, told.acknowledged) == (True, True)
        assert told.switch_latency_ms >= 0
        assert trial.status.persona_id == "entertainer"


async def test_two_devices_begin_to_play_at_one_moment(house: House, tmp_path: Path) -> None:
    tracks = tmp_path / "tracks"
    tracks.mkdir()
    at = np.arange(3 * 16_000) / 16_000
    soundfile.write(tracks / "waltz.wav", 0.2 * np.sin(2 * np.pi * 330 * at), 16_000)
    async with living(house, tmp_path) as trial:
        await connected(trial)
        unsure = trial.status.round_trip_us or 0
        begun = await trial.owner.start_activity(
            "sync_playback", [trial.device_id], "entertainer", config={"track": "waltz", "lead_ms": 800}
        )
        await eventually(lambda: trial.loudspeaker.played)
        (played,) = trial.loudspeaker.played
        activity = await trial.owner.activity(begun.activity_id)
        starts_at = activity.state["start_at_us"]
        offset = trial.status.clock_offset_us or 0
        assert played.starts_at is not None
        assert abs(played.starts_at + offset - starts_at) <= unsure
        assert played.began >= played.starts_at
        await eventually(lambda: played.seconds > 0.9)
        await trial.owner.stop_activity(begun.activity_id)
        await eventually(lambda: played.cut)


async def test_music_that_is_slow_to_come_holds_nothing_up_and_may_be_stopped(
    house: House, tmp_path: Path
) -> None:
    asked, gone = asyncio.Event(), asyncio.Event()

    async def serve(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        asked.set()
        try:
            while True:
                await answer.write(bytes(100))
                await asyncio.sleep(0.01)
        finally:
            gone.set()

    there = web.Application()
    there.router.add_get("/endless.wav", serve)
    async with TestServer(there) as server, living(house, tmp_path) as trial:
        await connected(trial)
        begun = await trial.owner.start_activity(
            "sync_playback",
            [trial.device_id],
            "entertainer",
            config={"media_url": str(server.make_url("/endless.wav"))},
        )
        await asyncio.wait_for(asked.wait(), PATIENCE)
        told = await trial.owner.broadcast("dinner", {})
        await acknowledged(trial, told.broadcast_id)
        await trial.owner.stop_activity(begun.activity_id)
        await asyncio.wait_for(gone.wait(), PATIENCE)
        assert trial.loudspeaker.played == []


async def test_a_track_that_is_not_there_is_told(house: House, tmp_path: Path) -> None:
    async with living(house, tmp_path) as trial:
        await connected(trial)
        await trial.owner.start_activity(
            "sync_playback", [trial.device_id], "entertainer", config={"track": "../device"}
        )
        await eventually(lambda: trial.status.trouble is not None)
        assert "there is no track" in str(trial.status.trouble)
        assert trial.status.state == "connected"


async def test_a_broadcast_is_acknowledged(house: House, tmp_path: Path) -> None:
    async with living(house, tmp_path) as trial:
        await connected(trial)
        told = await trial.owner.broadcast("dinner", {"where": "kitchen"})
        await acknowledged(trial, told.broadcast_id)


async def test_an_acknowledgement_that_the_network_swallowed_is_told_again(
    house: House, tmp_path: Path
) -> None:
    async with living(house, tmp_path) as trial:
        await connected(trial)
        told = await trial.owner.broadcast("dinner", {})
        trial.cable.cut()
        await eventually(lambda: trial.status.state == "connecting")
        trial.cable.mend()
        await acknowledged(trial, told.broadcast_id)


async def test_a_new_token_is_kept_for_the_next_start(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with living(house, folder) as trial:
        await connected(trial)
        made = await trial.owner.rotate_token(trial.network.id, "client", client_id=trial.device_id)
        await eventually((folder / "device.json").exists)
        kept = read_identity(folder)
        assert kept is not None
        assert kept.token != trial.device.token
        assert made.kind == "client"
        trial.cable.cut()
        await eventually(lambda: trial.status.state == "connecting")
        trial.cable.mend()
        await eventually(lambda: trial.status.state == "connected")


async def test_a_device_that_the_hub_wants_no_more_says_so(house: House, tmp_path: Path) -> None:
    async with living(house, tmp_path) as trial:
        await connected(trial)
        await trial.owner.deregister_client(trial.device_id)
        with pytest.raises(CannotRun, match="pair it anew") as refused:
            await asyncio.wait_for(trial.life, PATIENCE)
        assert refused.value.code == SENT_AWAY


async def test_what_cannot_be_fetched_is_told_and_forgotten(house: House, tmp_path: Path) -> None:
    async with living(house, tmp_path) as trial:
        await connected(trial)
        nowhere = InteractionAnswered(
            interaction_id=InteractionId("int_nothing"),
            client_id=trial.device.client.id,
            text="Nobody made a sound of this.",
            speech="blob_nothing",
            at=house.clock.now(),
        )
        await house.happen(trial.network, nowhere, trial.device.client.id)
        await eventually(lambda: trial.status.trouble is not None)
        assert "could not play" in str(trial.status.trouble)
        await trial.owner.send_message(trial.device_id, "still there")
        await eventually(lambda: len(trial.loudspeaker.played) == 1)
