"""Sentences sent as a whole to a real hub: the best is answered, once, even if the hub is killed."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from adapters.hub.answers import NewNetwork, Upload
from adapters.hub.client import Hub
from adapters.hub.events import AudioStreamSelected, InteractionCreated
from adapters.soundfiles.files import decode, encode
from domain.audio.pcm import Recording
from entrypoints.demo.rooms import MICROPHONES, heard_at
from tests.journeys.conftest import StartHub
from tests.journeys.test_sentences import ready
from tests.patience import PATIENCE

pytestmark = pytest.mark.slow
SOUNDS = Path(__file__).parents[1] / "sounds"
PILLS = SOUNDS / "speech_pills.flac"


async def all_over(owner: Hub, network_id: str) -> list[Upload]:
    """The uploads of a network, oldest first, when nothing more becomes of any."""
    async with asyncio.timeout(PATIENCE):
        while True:
            recent = (await owner.audio_status(network_id)).recent
            if recent and all(upload.over for upload in recent):
                return list(reversed(recent))
            await asyncio.sleep(0.2)


async def joined(owner: Hub, home: NewNetwork, client_id: str) -> Hub:
    """A new client of a network, as whom one speaks to the hub."""
    made = await owner.register_client(home.network_id, client_id, "mobile")
    return owner.bearing(made.client_token)


async def test_the_better_of_two_is_answered_kept_heard_again_and_held_again(start_hub: StartHub) -> None:
    speech = decode(PILLS.read_bytes()).samples
    near, far = (
        encode(Recording(samples=heard_at(one, speech, seed=3))) for one in (MICROPHONES[0], MICROPHONES[1])
    )
    async with start_hub("--keep-audio") as process, Hub(process.url) as hub:
        await ready(hub)
        home = await hub.create_network("Home")
        owner = hub.bearing(home.network_token)
        phone, hall = await joined(owner, home, "phone"), await joined(owner, home, "hall")
        witness = await owner.register_client(home.network_id, "witness", "mobile")
        async with hub.socket(home.network_id, "witness", witness.client_token) as socket:
            hint = {"snr": 25.5, "speech_clarity": 85.2, "volume_level": 0.7}
            receipts = await asyncio.gather(
                hall.upload_audio(home.network_id, far),
                phone.upload_audio(home.network_id, near, quality_metrics=hint),
            )
            selected = await socket.expect(AudioStreamSelected)
            told = await socket.expect(InteractionCreated)
        uploads = {upload.client_id: upload for upload in await all_over(owner, home.network_id)}
        best = await owner.best_stream(home.network_id)
        turn = await owner.interaction(home.network_id, told.interaction_id)
        (reminder,) = (await owner.reminders(home.network_id)).items

        sound = await owner.interaction_audio(home.network_id, turn.interaction_id)
        part = await owner.interaction_audio(home.network_id, turn.interaction_id, first=4, last=99)
        same = await owner.process_interaction(home.network_id, turn.interaction_id)
        again = await owner.process_interaction(
            home.network_id, turn.interaction_id, context="he takes them every day", force=True
        )
        before = await owner.interaction_history(home.network_id, turn.interaction_id)
        reminders = await owner.reminders(home.network_id)

    assert {receipt.status for receipt in receipts} == {"processing"}
    assert selected.selected_client_id == best.selected_client_id == "phone"
    assert (uploads["phone"].status, uploads["hall"].status) == ("completed", "not_selected")
    assert {upload.interaction_id for upload in uploads.values()} == {turn.interaction_id}
    assert turn.audio is not None
    heard = {stream.client_id: stream for stream in turn.audio.streams}
    assert heard["phone"].selected
    assert not heard["hall"].selected
    assert heard["phone"].reported_metrics == hint
    assert "pills" in turn.text
    assert "pills" in reminder.title
    assert {"arbitration", "transcription", "reply", "total"} <= set(turn.timings)
    assert decode(sound).seconds == pytest.approx(turn.audio.seconds, abs=0.5)
    assert part == sound[4:100]
    assert same == turn
    assert (again.revision, again.context, again.text) == (2, "he takes them every day", turn.text)
    assert before == (turn,)
    assert reminders.total == 1, "what was done is not done twice"


async def test_what_was_accepted_is_processed_once_though_the_hub_is_killed(start_hub: StartHub) -> None:
    names = ("speech_pills", "speech_haircut", "speech_timer")
    async with start_hub() as first, Hub(first.url) as hub:
        await ready(hub)
        home = await hub.create_network("Home")
        owner = hub.bearing(home.network_token)
        clients = [await joined(owner, home, name) for name in names]
        sounds = [(SOUNDS / f"{name}.flac").read_bytes() for name in names]
        receipts = []
        for client, sound in zip(clients, sounds, strict=True):
            receipts.append(await client.upload_audio(home.network_id, sound))
            await asyncio.sleep(0 if client is clients[-1] else 0.8)
        os.kill(first.pid, signal.SIGKILL)
    async with start_hub() as second, Hub(second.url, home.network_token) as owner:
        uploads = await all_over(owner, home.network_id)
        turns = (await owner.interactions(home.network_id)).items
        reminders = (await owner.reminders(home.network_id)).items
        events = (await owner.calendar(home.network_id)).items
    assert {upload.processing_id for upload in uploads} == {receipt.processing_id for receipt in receipts}
    assert all(upload.status in {"completed", "not_understood"} for upload in uploads), uploads
    assert {turn.interaction_id for turn in turns} == {upload.interaction_id for upload in uploads}
    assert len(turns) == len(uploads) == 3
    done = [action.result for turn in turns for action in turn.actions]
    assert len(done) == len(reminders) + len(events) >= 1
