"""A sentence, as three microphones of a household hear it, to what everybody is told of it."""

import asyncio

import pytest

from adapters.hub.client import Hub
from adapters.hub.events import ErrorReported
from adapters.soundfiles.files import decode
from entrypoints.demo.command import SOUNDS
from entrypoints.demo.household import open_household
from entrypoints.demo.requests import say
from entrypoints.demo.rooms import MICROPHONES, heard_at
from entrypoints.demo.timeline import Timeline
from tests.journeys.conftest import StartHub
from tests.patience import PATIENCE

pytestmark = pytest.mark.slow
NEAR, FAR, NOISY = (one.client_id for one in MICROPHONES)


async def ready(hub: Hub) -> None:
    """Wait until kernels and speech models are loaded."""
    async with asyncio.timeout(PATIENCE):
        while (await hub.health()).status != "healthy":  # noqa: ASYNC110 - the hub is another process
            await asyncio.sleep(0.2)


async def test_the_nearest_microphone_is_used_and_everybody_is_told(start_hub: StartHub) -> None:
    speech = decode((SOUNDS / "reminder.flac").read_bytes()).samples
    async with start_hub() as process, Hub(process.url) as hub:
        await ready(hub)
        async with open_household(hub, Timeline()) as household:
            outcome = await say(Timeline(), household, "a reminder", speech)
            (reminder,) = (await household.owner.reminders(household.network_id)).items
            (kept,) = (await household.owner.interactions(household.network_id)).items
            sound = decode(await hub.fetch_audio(str(outcome.audio_url)))
    assert outcome.complete
    assert {client: told["interaction_response"] for client, told in outcome.told.items()} == {
        NEAR: 1,
        FAR: 0,
        NOISY: 0,
    }
    for told in outcome.told.values():
        assert told["audio_stream_selected"] >= 1
        assert (told["action_executed"], told["interaction_created"], told["context_updated"]) == (1, 1, 1)
        assert told["error_reported"] == 0
    assert kept.audio is not None
    assert kept.client_id == kept.audio.selected_client_id == outcome.selected == NEAR
    assert {stream.client_id for stream in kept.audio.streams} >= {NEAR, FAR}
    assert outcome.results == {reminder.reminder_id}
    assert "plants" in reminder.title
    assert sound.seconds > 2.5, "the whole answer is there"


async def test_what_no_microphone_hears_well_enough_is_refused_by_name(start_hub: StartHub) -> None:
    far = next(one for one in MICROPHONES if one.client_id == FAR)
    heard = heard_at(far, decode((SOUNDS / "reminder.flac").read_bytes()).samples, seed=1)
    async with start_hub() as process, Hub(process.url) as hub:
        await ready(hub)
        made = await hub.create_network("Strict", settings={"audio_quality_threshold": 0.95})
        owner = hub.bearing(made.network_token)
        phone = await owner.register_client(made.network_id, "phone", "mobile")
        async with hub.socket(made.network_id, "phone", phone.client_token) as socket:
            for first in range(0, len(heard), 1600):
                await socket.send_audio(heard[first : first + 1600])
                await asyncio.sleep(0.05)
            await socket.finish()
            refused = await socket.expect(ErrorReported)
        kept = await owner.interactions(made.network_id)
    assert refused.error_code == "AUDIO_QUALITY_TOO_LOW"
    assert refused.details["threshold"] == 0.95
    assert kept.total == 0
