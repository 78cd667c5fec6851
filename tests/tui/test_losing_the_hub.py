"""A hub that goes away and comes back, and speech that is heard by two."""

import asyncio
import os
import signal
import socket
from pathlib import Path

import numpy as np
import pytest
import soundfile

from adapters.hub import Hub, NetworkSocket
from domain.audio.pcm import Samples
from entrypoints.configuration import read_settings
from entrypoints.demo.hub_process import HubProcess, hub_process
from tests.tui.conftest import RealHub, opened
from tests.tui.seeing import go, grid, shown, until
from tui.dialogs.details import Details
from tui.picture import LinkState

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dashboard")]
FRAME = 800
SPEECH = Path(__file__).parents[1] / "sounds" / "speech_pills.flac"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


async def test_a_lost_hub_is_said_plainly_and_healed_by_itself(tmp_path: Path) -> None:
    options = ["--port", str(free_port()), "--cache-dir", str(read_settings([]).settings.cache_folder)]
    async with hub_process(tmp_path / "data", *options, "--transcribers", "1") as first:
        token = (tmp_path / "data" / "operator.token").read_text()
        async with Hub(first.url, token) as hub:
            await hub.create_network("Before")
        async with opened(RealHub(url=first.url, token=token), "networks") as pilot:
            await until(pilot, lambda: "Before" in shown(pilot))
            picture = pilot.app.picture
            await _ended(first)
            await until(pilot, lambda: picture.link is LinkState.LOST)
            await until(pilot, lambda: "CONNECTION LOST" in shown(pilot))
            assert "Before" in shown(pilot), "what is known stays to be seen"
            async with hub_process(tmp_path / "data", *options, "--transcribers", "1") as second:
                async with Hub(second.url, token) as hub:
                    await hub.create_network("After")
                await until(pilot, lambda: picture.link is LinkState.CONNECTED)
                await until(pilot, lambda: "After" in shown(pilot))
                assert "CONNECTION LOST" not in shown(pilot)


async def _ended(hub: HubProcess) -> None:
    os.kill(hub.pid, signal.SIGINT)
    await hub.ended()


async def test_streams_move_and_one_sees_why_one_lost(real_hub: RealHub) -> None:
    speech, _ = soundfile.read(SPEECH, dtype="float32")
    async with Hub(real_hub.url, real_hub.token) as hub:
        home = await hub.create_network("Hall of mirrors")
        owner = hub.bearing(home.network_token)
        near = await owner.register_client(home.network_id, "near", "tablet", capabilities=["audio"])
        far = await owner.register_client(home.network_id, "far", "tablet", capabilities=["audio"])
        async with (
            opened(real_hub, "live", network_id=home.network_id) as pilot,
            hub.socket(home.network_id, "near", near.client_token) as close,
            hub.socket(home.network_id, "far", far.client_token) as distant,
        ):
            speaking = asyncio.gather(_say(close, speech), _say(distant, _muffled(speech)))
            await until(pilot, lambda: "▶ near" in shown(pilot))
            await until(pilot, lambda: "far" in shown(pilot) and "SNR" in shown(pilot))
            await speaking
            await until(pilot, lambda: pilot.app.picture.over)
            await until(pilot, lambda: "✓ near" in shown(pilot) or "? near" in shown(pilot))
            await go(pilot, "6", "interactions")
            await until(pilot, lambda: grid(pilot).items and grid(pilot).items[0].audio)
            await pilot.press("v")
            await until(pilot, lambda: isinstance(pilot.app.screen, Details))
            await until(pilot, lambda: "Heard by 2" in shown(pilot))
            lost = next(one for one in grid(pilot).items[0].audio.streams if not one.selected)
            assert lost.client_id == "far"
            assert lost.reason


async def _say(place: NetworkSocket, speech: Samples) -> None:
    """Send speech as it is spoken, with silence around it."""
    sound = np.pad(speech, (8000, 24000)).astype(np.float32)
    for start in range(0, len(sound), FRAME):
        await place.send_audio(sound[start : start + FRAME])
        await asyncio.sleep(FRAME / 16000)


def _muffled(speech: Samples) -> Samples:
    """The same speech from afar: quiet, and with noise."""
    noise = np.random.default_rng(1).standard_normal(len(speech)) * 0.02
    return (speech * 0.1 + noise).astype(np.float32)
