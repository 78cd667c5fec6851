"""Speech that two devices hear: watched while it is said, and heard and processed again afterwards."""

import asyncio
import io
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile
from textual.pilot import Pilot

from adapters.hub import Hub, NetworkSocket
from domain.audio.pcm import Samples
from tests.tui.conftest import RealHub, opened
from tests.tui.seeing import answer, fill_in, go, grid, refused, shown, toasts, until
from tests.tui.test_journeys import fresh
from tui.dialogs.details import Details
from tui.dialogs.form import Form

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dashboard")]
FRAME = 800
SPEECH = Path(__file__).parents[1] / "sounds" / "speech_pills.flac"


@asynccontextmanager
async def watching_two(real_hub: RealHub) -> AsyncIterator[tuple[Pilot[None], NetworkSocket, NetworkSocket]]:
    """The live page of a network with two microphones, near and far."""
    async with Hub(real_hub.url, real_hub.token) as hub:
        home = await hub.create_network(fresh("Hall of mirrors"))
        owner = hub.bearing(home.network_token)
        near = await owner.register_client(home.network_id, "near", "tablet", capabilities=["audio"])
        far = await owner.register_client(home.network_id, "far", "tablet", capabilities=["audio"])
        async with (
            opened(real_hub, "live", network_id=home.network_id) as pilot,
            hub.socket(home.network_id, "near", near.client_token) as close,
            hub.socket(home.network_id, "far", far.client_token) as distant,
        ):
            yield pilot, close, distant


async def test_see_why_a_stream_lost_then_hear_and_process_the_turn_again(
    real_hub: RealHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    speech, _ = soundfile.read(SPEECH, dtype="float32")
    async with watching_two(real_hub) as (pilot, close, distant):
        speaking = asyncio.gather(_say(close, speech), _say(distant, _muffled(speech)))
        await until(pilot, lambda: "▶ near" in shown(pilot))
        await until(pilot, lambda: "far" in shown(pilot) and "SNR" in shown(pilot))
        await speaking
        await until(pilot, lambda: pilot.app.picture.over)
        await until(pilot, lambda: "✓ near" in shown(pilot) or "? near" in shown(pilot))
        await go(pilot, "6", "interactions")
        await until(pilot, lambda: grid(pilot).items and grid(pilot).items[0].audio)
        await _see_why_one_lost(pilot)
        await _hear(pilot, tmp_path, monkeypatch)
        await _save(pilot, tmp_path / "turn.flac")
        await _process_again(pilot)


async def _see_why_one_lost(pilot: Pilot[None]) -> None:
    await pilot.press("v")
    await until(pilot, lambda: isinstance(pilot.app.screen, Details))
    await until(pilot, lambda: "Heard by 2" in shown(pilot))
    lost = next(one for one in grid(pilot).items[0].audio.streams if not one.selected)
    assert lost.client_id == "far"
    assert lost.reason
    assert lost.reason in shown(pilot)
    assert "sound kept" in shown(pilot)
    await answer(pilot, Details, "escape")


async def _hear(pilot: Pilot[None], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A player of ours is given the sound; without any, or with one that fails, a toast says so."""
    programs, played = folder / "programs", folder / "played.flac"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    await pilot.press("a")
    await until(pilot, lambda: "there is no player here" in toasts(pilot))
    player = programs / "pw-play"
    player.write_text(f'#!/bin/sh\n/bin/cp "$1" {played}.part && /bin/mv {played}.part {played}\n')
    player.chmod(0o700)
    await pilot.press("a")
    await until(pilot, lambda: played.exists() and _seconds(played.read_bytes()) > 1)
    player.write_text("#!/bin/sh\nexit 1\n")
    await pilot.press("a")
    await until(pilot, lambda: "pw-play cannot play here" in toasts(pilot))


async def _save(pilot: Pilot[None], file: Path) -> None:
    await pilot.press("w")
    await fill_in(pilot, file=str(file))
    await until(pilot, lambda: f"saved as {file}" in toasts(pilot))
    assert _seconds(_read(file)) > 1
    await pilot.press("w")
    await fill_in(pilot, file=str(file))
    await refused(pilot, "File exists", file=str(file))
    await answer(pilot, Form, "escape")


async def _process_again(pilot: Pilot[None]) -> None:
    await pilot.press("e")
    await until(pilot, lambda: "processed only once" in toasts(pilot))
    await pilot.press("p")
    await answer(pilot, Form, "escape")
    assert grid(pilot).current.revision == 1
    await pilot.press("p")
    await fill_in(pilot, context="it was about tablets")
    await until(pilot, lambda: "processed again" in toasts(pilot))
    await until(pilot, lambda: grid(pilot).current.revision == 2)
    assert grid(pilot).current.context == "it was about tablets"
    assert "it was about tablets" not in shown(pilot), "what is told beside is hidden, too"
    await pilot.press("e")
    await until(pilot, lambda: isinstance(pilot.app.screen, Details))
    await until(pilot, lambda: "Earlier results" in shown(pilot) and "Heard by 2" in shown(pilot))


def _read(file: Path) -> bytes:
    """What is in a file that nobody else can read."""
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    return file.read_bytes()


def _seconds(sound: bytes) -> float:
    return float(soundfile.info(io.BytesIO(sound)).duration) if sound else 0.0


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
