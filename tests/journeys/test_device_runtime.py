"""`mira device` against a real hub: what is said to it comes back as sound."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from attrs import field, frozen

from adapters.hardware.standins import NoButtons, RecordedMicrophone, WavLoudspeaker
from adapters.hub.client import Hub
from adapters.soundfiles.files import decode
from application.ports.hardware import Pattern
from domain.audio.pcm import SAMPLE_RATE
from entrypoints.configuration import read_settings
from entrypoints.demo.command import SOUNDS
from entrypoints.demo.hub_process import HubProcess, hub_process
from entrypoints.device.identity import FILE
from entrypoints.device.options import read_options
from entrypoints.device.pairing import pair
from entrypoints.device.parts import Parts
from entrypoints.device.runtime import Device
from entrypoints.device.status import Status
from tests.adapters.hub.cable import cable_to
from tests.journeys.bodies import body, recorded
from tests.journeys.conftest import Home, NewStore, home_on
from tests.journeys.test_sentences import ready
from tests.patience import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]
SENTENCES = Path(__file__).parents[1] / "sounds"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hub(tmp_path_factory: pytest.TempPathFactory, new_store: NewStore) -> AsyncIterator[HubProcess]:
    """One hub for all of this module."""
    cache = str(read_settings([]).settings.cache_folder)
    folder = tmp_path_factory.mktemp("hub")
    options = ("--cache-dir", cache, "--transcribers", "1", *new_store())
    async with hub_process(folder, *options) as process:
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


async def test_silence_costs_next_to_nothing(hub: HubProcess, home: Home, tmp_path: Path) -> None:
    code = (await home.owner.pairing_code()).code
    still = np.random.default_rng(0).standard_normal(8 * SAMPLE_RATE) * 0.0004
    microphone = recorded(tmp_path / "still.wav", still.astype(np.float32))
    async with cable_to(hub.url) as cable:
        options = ("--url", cable.url, "--pair", code, "--microphone", microphone)
        async with body(tmp_path / "device", *options) as device:
            await device.until(lambda status: status["heard_seconds"] > 1.5)
            before = cable.sent
            told = await device.until(lambda status: status["heard_seconds"] > 8)
            heartbeats = cable.sent - before
    assert told["sent_seconds"] == 0
    assert heartbeats < 2_000, "six seconds of sound are 208,000 bytes"


async def test_what_is_asked_while_the_network_is_away_is_answered_afterwards(
    hub: HubProcess, home: Home, tmp_path: Path
) -> None:
    code = (await home.owner.pairing_code()).code
    asked = decode((SOUNDS / "reminder.flac").read_bytes()).samples
    later = np.concatenate([np.zeros(4 * SAMPLE_RATE, np.float32), asked])
    async with cable_to(hub.url) as cable:
        options = (
            "--url",
            cable.url,
            "--pair",
            code,
            "--microphone",
            recorded(tmp_path / "later.wav", later),
        )
        async with body(tmp_path / "device", *options) as device:
            await device.until(lambda status: status["state"] == "connected")
            await device.until(lambda status: status["heard_seconds"] > 3)
            cable.cut()
            most = 4 + 0.6 * len(asked) / SAMPLE_RATE
            await device.until(lambda status: status["heard_seconds"] > most)
            assert (await home.owner.interactions(home.network.network_id)).items == ()
            cable.mend()
            told = await device.until(lambda status: status["answers"] == 1)
            assert await device.end() == 0
    assert (told["reconnects"], told["lost_seconds"], told["trouble"]) == (1, 0, None)
    (turn,) = (await home.owner.interactions(home.network.network_id)).items
    assert "water the plants" in turn.text
    assert turn.audio is not None
    assert abs(turn.audio.seconds - len(asked) / SAMPLE_RATE) < 1.5


async def test_what_does_not_work_is_said_with_what_to_do(
    hub: HubProcess, home: Home, tmp_path: Path
) -> None:
    code = (await home.owner.pairing_code()).code
    tone = recorded(tmp_path / "tone.wav", 0.1 * np.ones(5 * SAMPLE_RATE, np.float32))
    said, status = await check(tmp_path, "--url", hub.url, "--pair", code, "--microphone", tone)
    assert [line.split()[:2] for line in said] == [
        ["ok", "microphone"],
        ["ok", "loudspeaker"],
        ["ok", "hub"],
        ["ok", "pairing"],
    ]
    assert status == 0
    said, status = await check(tmp_path / "other", "--url", "http://127.0.0.1:9", "--microphone", "none")
    assert [line.split()[:2] for line in said] == [
        ["ok", "loudspeaker"],
        ["FAIL", "hub"],
        ["FAIL", "pairing"],
    ]
    assert "--host 0.0.0.0" in said[1]
    assert "mira device --pair CODE" in said[2]
    assert status == 1


async def check(folder: Path, *options: str) -> tuple[list[str], int]:
    """What `mira device --check` says, and its exit code."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "entrypoints.main", "device", "--check", "--data-dir", str(folder)),
        *("--loudspeaker", f"wav:{folder}.wav", *options),
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    return said.decode().splitlines(), process.returncode or 0


@frozen
class Shown:
    """Lights that remember all that they have shown."""

    colors: list[str] = field(factory=list)

    def show(self, color: str, pattern: Pattern) -> None:
        self.colors.append(color)


async def test_lights_follow_a_spoken_turn(hub: HubProcess, home: Home, tmp_path: Path) -> None:
    asked = decode((SOUNDS / "calendar.flac").read_bytes()).samples
    options = read_options(["--url", hub.url, "--data-dir", str(tmp_path), "--leds", "1", "--type", "tablet"])
    identity = await pair(options, (await home.owner.pairing_code()).code)
    lights, stop = Shown(), asyncio.Event()
    parts = Parts(
        microphone=RecordedMicrophone(samples=asked),
        loudspeaker=WavLoudspeaker(tmp_path / "spoken.wav"),
        buttons=NoButtons(),
        lights=lights,
    )
    status = Status(hub=hub.url, device_id=identity.device_id)
    device = Device(options=options, identity=identity, parts=parts, status=status)
    life = asyncio.create_task(device.run(stop))
    async with asyncio.timeout(PATIENCE):
        while status.answers == 0 or lights.colors[-1] != "#000000":  # noqa: ASYNC110 - the device lives
            await asyncio.sleep(0.05)
    stop.set()
    await life
    listening, thinking, speaking, idle = "#0077ff", "#ffaa00", "#00cc66", "#000000"
    assert [one for one in lights.colors if one in {listening, thinking, speaking}] == [
        listening,
        thinking,
        speaking,
    ]
    assert lights.colors[-1] == idle


async def test_continue_in_the_kitchen_by_speech(hub: HubProcess, home: Home, tmp_path: Path) -> None:
    calendar = decode((SOUNDS / "calendar.flac").read_bytes()).samples
    wish = decode((SENTENCES / "speech_continue.flac").read_bytes()).samples
    pause = np.zeros(9 * SAMPLE_RATE, np.float32)
    microphone = recorded(
        tmp_path / "asked.wav", np.concatenate([pause[: 3 * SAMPLE_RATE], calendar, pause, wish])
    )
    place = [("--url", hub.url, "--pair", (await home.owner.pairing_code()).code) for _ in range(2)]
    async with (
        body(tmp_path / "kitchen", *place[0], "--room", "Kitchen", "--microphone", "none") as kitchen,
        body(tmp_path / "bedroom", *place[1], "--room", "Bedroom", "--microphone", microphone) as bedroom,
    ):
        here = (await bedroom.until(lambda status: status["state"] == "connected"))["device_id"]
        there = (await kitchen.until(lambda status: status["state"] == "connected"))["device_id"]
        await bedroom.until(lambda status: status["answers"] == 1)
        session = (await home.owner.device_state(here)).active_session_id
        assert session is not None
        await kitchen.until(lambda status: status["answers"] == 1)
        assert (await home.owner.device_state(there)).active_session_id == session
        assert (await home.owner.device_state(here)).active_session_id is None
        assert decode(kitchen.spoken.read_bytes()).seconds > 0.5
