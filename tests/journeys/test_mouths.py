"""Voice here, mouth there: the hub's own speech, played into its room's ears, is nobody who speaks."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import numpy as np
import pytest
from attrs import define, field, frozen

from adapters.hub.client import Hub
from adapters.hub.commands import AudioResponse, StopAudio
from adapters.hub.device_socket import DeviceSocket
from adapters.hub.events import AnswerSpokenElsewhere, AudioStreamSelected, InteractionResponse
from adapters.hub.network_socket import NetworkSocket
from adapters.soundfiles.files import decode
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.quality import at_16k
from entrypoints.demo.command import SOUNDS
from entrypoints.demo.rooms import LEAD_SECONDS, MICROPHONES, TAIL_SECONDS, Microphone, heard_at
from tests.journeys.conftest import StartHub
from tests.journeys.test_sentences import ready

pytestmark = pytest.mark.slow
FRAME: Final = SAMPLE_RATE // 50
NEAR, FAR, _ = MICROPHONES
LISTENS, SPEAKS = ["audio_input"], ["audio_output"]


@define(eq=False)
class Ear:
    """A microphone that streams all the time: the noise of its room, and what is played there."""

    socket: NetworkSocket
    microphone: Microphone
    told: Counter[str] = field(factory=Counter)
    events: list[object] = field(factory=list)
    _waiting: list[Samples] = field(factory=list)

    def hear(self, sound: Samples) -> None:
        """Let a sound come to this microphone from now on, through its room."""
        heard = heard_at(self.microphone, sound, seed=1)[int(LEAD_SECONDS * SAMPLE_RATE) :]
        self._waiting = [heard[first : first + FRAME] for first in range(0, len(heard) - FRAME, FRAME)]

    async def stream(self) -> None:
        """Send sound as a microphone does: 20 ms at a time, each when it has been heard."""
        began, frames, source = time.time(), 0, np.random.default_rng(2)
        while True:
            hiss = 1e-3 * source.standard_normal(FRAME).astype(np.float32)
            frame = self._waiting.pop(0) if self._waiting else hiss
            captured = began + frames * FRAME / SAMPLE_RATE
            frames += 1
            await asyncio.sleep(max(0.0, captured + FRAME / SAMPLE_RATE - time.time()))
            await self.socket.send_audio(frame, int(captured * 1_000_000))

    async def read(self) -> None:
        """Note what its client is told."""
        async for event in self.socket:
            self.told[type(event).__name__] += 1
            self.events.append(event)


@frozen(kw_only=True)
class Room:
    """A network whose kitchen has ears without a mouth, and perhaps a loudspeaker on the shelf."""

    owner: Hub
    network_id: str
    ears: Mapping[str, Ear]
    shelf: DeviceSocket | None
    shelf_id: str | None

    def hear(self, sound: Samples) -> None:
        """Play a sound in the kitchen."""
        for ear in self.ears.values():
            ear.hear(sound)

    def selections(self) -> int:
        """How often a stream was chosen because somebody seemed to speak."""
        return sum(ear.told[AudioStreamSelected.__name__] for ear in self.ears.values())


@asynccontextmanager
async def kitchen(hub: Hub, *, with_loudspeaker: bool) -> AsyncIterator[Room]:
    """Open a network with a kitchen, everybody connected and every microphone streaming."""
    made = await hub.create_network("Kitchen", settings={"audio_quality_threshold": 0.2})
    owner = hub.bearing(made.network_token)
    async with AsyncExitStack() as stack:
        ears, tasks = {}, []
        for name, microphone in (("panel", NEAR), ("fridge", FAR)):
            client = await owner.register_client(
                made.network_id, name, "panel", capabilities=LISTENS, room="Kitchen"
            )
            socket = hub.socket(made.network_id, name, client.client_token)
            ear = ears[name] = Ear(await stack.enter_async_context(socket), microphone)
            tasks += [asyncio.create_task(ear.stream()), asyncio.create_task(ear.read())]
        shelf = None
        if with_loudspeaker:
            device = await owner.register_device(
                "shelf", "smart_speaker", location="kitchen", capabilities=SPEAKS
            )
            shelf = await stack.enter_async_context(hub.device_socket(device.device_id, device.auth_token))
        try:
            yield Room(
                owner=owner,
                network_id=made.network_id,
                ears=ears,
                shelf=shelf,
                shelf_id=device.device_id if with_loudspeaker else None,
            )
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def test_what_the_mouth_of_a_room_says_is_said_once_and_no_ear_takes_it_for_a_person(
    start_hub: StartHub,
) -> None:
    question = decode((SOUNDS / "reminder.flac").read_bytes()).samples
    async with start_hub() as process, Hub(process.url) as hub:
        await ready(hub)
        async with (
            kitchen(hub, with_loudspeaker=True) as home,
            kitchen(hub, with_loudspeaker=False) as stranger,
        ):
            await asyncio.sleep(1.0)
            home.hear(question)
            assert home.shelf is not None
            answer = await home.shelf.expect(AudioResponse)
            sound = decode(await hub.fetch_audio(answer.audio_url))
            spoken = at_16k(sound.samples, sound.sample_rate)
            before = home.selections()
            home.hear(spoken)
            stranger.hear(spoken)
            await asyncio.sleep(len(spoken) / SAMPLE_RATE + TAIL_SECONDS + 2.0)
            with pytest.raises(TimeoutError):
                await home.shelf.expect(AudioResponse, StopAudio, seconds=0.1)
            turns = await home.owner.interactions(home.network_id)
            told = [each for ear in home.ears.values() for each in ear.events]
    assert len(spoken) > 2.5 * SAMPLE_RATE, "a whole sentence was played"
    assert stranger.selections() > 0, "whoever does not know the answer takes it for a person"
    assert home.selections() == before
    assert [turn.response for turn in turns.items] == [answer.text]
    assert turns.items[0].client_id in home.ears
    assert not [each for each in told if isinstance(each, InteractionResponse)]
    (elsewhere,) = [each for each in told if isinstance(each, AnswerSpokenElsewhere)]
    assert (elsewhere.client_id, elsewhere.spoken_by) == (turns.items[0].client_id, home.shelf_id)
