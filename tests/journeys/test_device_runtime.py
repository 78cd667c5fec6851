"""`mira device` against a real hub: what is said to it comes back as sound."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from adapters.hub.client import Hub
from adapters.soundfiles.files import decode
from domain.audio.pcm import SAMPLE_RATE
from entrypoints.configuration import read_settings
from entrypoints.demo.command import SOUNDS
from entrypoints.demo.hub_process import HubProcess, hub_process
from entrypoints.device.identity import FILE
from tests.journeys.bodies import body, recorded
from tests.journeys.conftest import Home, home_on
from tests.journeys.test_sentences import ready

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hub(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[HubProcess]:
    """One hub for all of this module."""
    cache = str(read_settings([]).settings.cache_folder)
    folder = tmp_path_factory.mktemp("hub")
    async with hub_process(folder, "--cache-dir", cache, "--transcribers", "1") as process:
        async with Hub(process.url) as asking:
            await ready(asking)
        yield process


@pytest_asyncio.fixture(loop_scope="module")
async def home(hub: HubProcess) -> AsyncIterator[Home]:
    """A network of the test's own."""
    async with home_on(hub.url) as opened:
        yield opened


async def test_a_spoken_request_is_answered_aloud(hub: HubProcess, home: Home, tmp_path: Path) -> None:
    asked = decode((SOUNDS / "reminder.flac").read_bytes()).samples
    code = (await home.owner.pairing_code()).code
    options = ("--url", hub.url, "--pair", code, "--room", "Kitchen")
    microphone = recorded(tmp_path / "asked.wav", asked)
    async with body(tmp_path / "device", *options, "--microphone", microphone) as device:
        told = await device.until(lambda status: status["answers"] == 1)
        assert (device.folder / FILE).stat().st_mode & 0o777 == 0o600
        assert await device.end() == 0
    assert device.status()["state"] == "stopped"
    (reminder,) = (await home.owner.reminders(home.network.network_id)).items
    assert "plants" in reminder.title
    spoken = decode(device.spoken.read_bytes())
    assert spoken.seconds > 2
    assert float(np.sqrt(np.mean(spoken.samples**2))) > 0.01
    assert len(asked) / SAMPLE_RATE < told["sent_seconds"] < len(asked) / SAMPLE_RATE + 5
    assert (told["trouble"], told["lost_seconds"]) == (None, 0)
    (turn,) = (await home.owner.interactions(home.network.network_id)).items
    assert turn.client_id == told["device_id"]


async def test_a_code_is_good_for_one_device(hub: HubProcess, home: Home, tmp_path: Path) -> None:
    code = (await home.owner.pairing_code()).code
    first = ("--url", hub.url, "--pair", code, "--microphone", "none")
    async with body(tmp_path / "one", *first) as one, body(tmp_path / "two", *first) as two:
        waits = {asyncio.create_task(device.process.wait()): device for device in (one, two)}
        done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        (refused,) = (waits[task] for task in done)
        living = two if refused is one else one
        await living.until(lambda status: status["state"] == "connected")
        assert await living.end() == 0
        await asyncio.wait(waits)
    assert refused.process.returncode == 3
    async with body(living.folder, "--microphone", "none") as again:
        await again.until(lambda status: status["state"] == "connected")
