"""Somebody speaks over an answer, on real sockets with real speech; the answer itself is no speech."""

import asyncio
import time
from typing import Any

import numpy as np
import pytest

from adapters.hub.client import Hub
from adapters.hub.commands import AudioResponse, StopAudio
from adapters.hub.device_socket import DeviceSocket
from adapters.hub.events import InteractionInterrupted, InteractionResponse
from adapters.hub.network_socket import NetworkSocket
from adapters.soundfiles.files import decode
from domain.audio.pcm import SAMPLE_RATE, Samples
from entrypoints.demo.command import SOUNDS
from tests.journeys.conftest import StartHub
from tests.journeys.test_sentences import ready

pytestmark = pytest.mark.slow
CHUNK = SAMPLE_RATE // 20
Socket = NetworkSocket | DeviceSocket


class Room:
    """A microphone that hears without a pause, whatever is said or played in its room."""

    def __init__(self, socket: Socket) -> None:
        self.socket = socket
        self.random = np.random.default_rng(1)
        self._sounds = np.zeros(0, dtype=np.float32)

    def sound(self, samples: Samples, seconds: float = 0.0) -> None:
        """Let something be heard from so many seconds from now on."""
        silence = np.zeros(int(seconds * SAMPLE_RATE), dtype=np.float32)
        coming = np.concatenate([silence, samples])
        both = np.zeros(max(len(coming), len(self._sounds)), dtype=np.float32)
        both[: len(self._sounds)] += self._sounds
        both[: len(coming)] += coming
        self._sounds = both

    @property
    def quiet(self) -> bool:
        """Whether all was heard."""
        return not len(self._sounds)

    async def hear(self) -> None:
        """Send what sounds, in real time, until cancelled."""
        begun, sent = time.monotonic(), 0
        while True:
            piece = 0.0005 * self.random.standard_normal(CHUNK).astype(np.float32)
            now, self._sounds = self._sounds[:CHUNK], self._sounds[CHUNK:]
            piece[: len(now)] += now
            await self.socket.send_audio(piece.astype(np.float32))
            sent += CHUNK
            await asyncio.sleep(max(0.0, begun + sent / SAMPLE_RATE - time.monotonic()))


async def quietly(room: Room) -> None:
    """Wait until nothing sounds any more."""
    while not room.quiet:  # noqa: ASYNC110 - a room has nothing to wait on
        await asyncio.sleep(0.05)


async def spoken_over(room: Room, owner: Hub, home: str, answered: type[Any], stopped: type[Any]) -> None:
    """Ask, let the answer be played to its end, ask again, and speak over the second answer."""
    question = 0.7 * decode((SOUNDS / "reminder.flac").read_bytes()).samples
    room.sound(question, 1.0)
    answer = await room.socket.expect(answered)
    sound = await heard_in_room(owner, answer.audio_url)
    room.sound(sound, 0.3)
    await quietly(room)
    await asyncio.sleep(1.5)
    assert (await owner.interactions(home)).total == 1, "the answer itself is no turn"
    room.sound(question)
    answer = await room.socket.expect(answered)
    room.sound(await heard_in_room(owner, answer.audio_url), 0.3)
    room.sound(question, 1.5)
    stop = await room.socket.expect(stopped)
    assert stop.interaction_id == answer.interaction_id
    assert not room.quiet
    third = await room.socket.expect(answered)
    assert third.interaction_id != answer.interaction_id
    assert (await owner.interactions(home)).total == 3


async def heard_in_room(hub: Hub, url: str | None) -> Samples:
    """An answer, as the loudspeaker of its client lets the microphone hear it."""
    sound = decode(await hub.fetch_audio(str(url))).samples
    echo = 10.0 ** (-3.0 * np.arange(4800) / 4800) * np.random.default_rng(2).standard_normal(4800)
    heard: Samples = 0.3 * np.convolve(sound, np.concatenate([[1.0], 0.02 * echo])).astype(np.float32)
    return heard


async def over_a_network(hub: Hub) -> None:
    """A client of the mira dialect."""
    made = await hub.create_network("Home", settings={"audio_quality_threshold": 0.2})
    owner = hub.bearing(made.network_token)
    phone = await owner.register_client(made.network_id, "phone", "mobile")
    async with hub.socket(made.network_id, "phone", phone.client_token) as socket:
        room = Room(socket)
        async with asyncio.TaskGroup() as tasks:
            hearing = tasks.create_task(room.hear())
            await spoken_over(room, owner, made.network_id, InteractionResponse, InteractionInterrupted)
            hearing.cancel()


async def over_a_device(hub: Hub) -> None:
    """A device of the companion dialect."""
    made = await hub.create_network("Home", settings={"audio_quality_threshold": 0.2})
    owner = hub.bearing(made.network_token)
    device = await owner.register_device("speaker", "smart_speaker")
    async with hub.device_socket(device.device_id, device.auth_token) as socket:
        room = Room(socket)
        async with asyncio.TaskGroup() as tasks:
            hearing = tasks.create_task(room.hear())
            await spoken_over(room, owner, made.network_id, AudioResponse, StopAudio)
            hearing.cancel()


async def test_an_answer_is_no_speech_and_who_speaks_over_it_stops_it(start_hub: StartHub) -> None:
    async with start_hub() as process, Hub(process.url) as hub:
        await ready(hub)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(over_a_network(hub))
            tasks.create_task(over_a_device(hub))
