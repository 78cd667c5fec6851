"""What a device hears, and what of it comes to the hub."""

import asyncio
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from domain.audio.gate import BEFORE
from domain.audio.pcm import Samples
from tests.adapters.websocket.house import House
from tests.entrypoints.device.parts import BLOCK_MICROS, Fingertips, Trial, living, noise, silence
from tests.patience import eventually, settled

pytestmark = pytest.mark.slow
BELIEVED = 1_000_000
"""Microseconds by which a time may be off that went through an estimate of clocks."""


async def connected(trial: Trial) -> None:
    await eventually(lambda: trial.status.state == "connected" and trial.status.clock_offset_us is not None)


def lost(trial: Trial) -> int:
    """How many blocks were given up."""
    return round(trial.status.lost_seconds * 1_000_000 / BLOCK_MICROS)


def assert_same(trial: Trial, heard: dict[int, Samples]) -> None:
    """Each block came once, in order, with the time at which it was heard."""
    came = trial.heard()
    assert len(came) == len(heard)
    for (at, samples), (captured_at, wanted) in zip(came, heard.items(), strict=True):
        assert at is not None
        assert abs(at - captured_at) < BELIEVED
        assert np.allclose(samples, wanted, atol=1 / 32768)
    assert all(later[0] > earlier[0] for earlier, later in pairwise(came))


async def test_silence_is_not_sent_and_speech_is_with_what_was_before_it(
    house: House, tmp_path: Path
) -> None:
    async with living(house, tmp_path) as trial:
        await connected(trial)
        before = await trial.microphone.hear(silence(3))
        await eventually(lambda: trial.status.heard_seconds > 2.9)
        assert (trial.heard(), trial.status.sent_seconds) == ([], 0)
        said = await trial.microphone.hear(noise(1))
        await eventually(lambda: len(trial.heard()) == len(said) + BEFORE - 2)
        assert_same(trial, dict(list(before.items())[-(BEFORE - 2) :]) | said)
        await trial.microphone.hear(silence(4))
        await eventually(lambda: "finish" in trial.house.ears.calls(trial.device_id))
        assert not trial.status.talking


async def test_what_is_said_while_the_network_is_away_arrives_with_its_time_in_order_and_once(
    house: House, tmp_path: Path
) -> None:
    buttons = Fingertips()
    async with living(house, tmp_path, "--push-to-talk", buttons=buttons) as trial:
        await connected(trial)
        buttons.touch("talk", down=True)
        await settled()
        heard = await trial.microphone.hear(noise(1))
        await eventually(lambda: len(trial.heard()) == len(heard))
        await asyncio.sleep(1.6)
        heard |= await trial.microphone.hear(noise(0.04))
        await eventually(lambda: len(trial.heard()) == len(heard))
        await settled()
        trial.cable.cut()
        await eventually(lambda: trial.status.state == "connecting")
        for _ in range(3):
            heard |= await trial.microphone.hear(noise(0.48))
            await asyncio.sleep(0.5)
        assert len(trial.heard()) < len(heard)
        trial.cable.mend()
        await eventually(lambda: len(trial.heard()) == len(heard))
        heard |= await trial.microphone.hear(noise(0.2))
        await eventually(lambda: len(trial.heard()) == len(heard))
        assert_same(trial, heard)
        assert (trial.status.reconnects, trial.status.lost_seconds) == (1, 0)


async def test_what_was_on_its_way_when_the_network_broke_is_sent_again(house: House, tmp_path: Path) -> None:
    buttons = Fingertips()
    async with living(house, tmp_path, "--push-to-talk", buttons=buttons) as trial:
        await connected(trial)
        await asyncio.sleep(1.2)
        trial.cable.swallows = True
        buttons.touch("talk", down=True)
        await settled()
        said = await trial.microphone.hear(noise(1))
        await eventually(lambda: trial.status.sent_seconds > 0.9)
        buttons.touch("talk", down=False)
        await settled()
        assert trial.heard() == []
        trial.cable.cut()
        await eventually(lambda: trial.status.state == "connecting")
        trial.cable.mend()
        await eventually(lambda: trial.house.ears.calls(trial.device_id)[-1] == "finish")
        assert_same(trial, said)
        assert trial.status.lost_seconds == 0


async def test_sound_that_grows_too_old_is_given_up_and_counted(house: House, tmp_path: Path) -> None:
    buttons = Fingertips()
    async with living(house, tmp_path, buttons=buttons) as trial:
        await connected(trial)
        trial.cable.cut()
        await eventually(lambda: trial.status.state == "connecting")
        buttons.touch("talk", down=True)
        await settled()
        old = await trial.microphone.hear(noise(10))
        trial.cable.mend()
        await eventually(lambda: trial.status.lost_seconds > 0)
        await eventually(lambda: lost(trial) + len(trial.heard()) == len(old))
        assert lost(trial) > 0
        assert_same(trial, dict(list(old.items())[lost(trial) :]))


async def test_a_muted_device_hears_nothing(house: House, tmp_path: Path) -> None:
    buttons = Fingertips()
    async with living(house, tmp_path, buttons=buttons) as trial:
        await connected(trial)
        buttons.touch("mute", down=True)
        buttons.touch("mute", down=False)
        await eventually(lambda: trial.status.muted)
        await trial.microphone.hear(noise(1))
        await eventually(lambda: trial.status.heard_seconds > 0.9)
        assert trial.status.sent_seconds == 0
        buttons.touch("mute", down=True)
        await eventually(lambda: not trial.status.muted)
        said = await trial.microphone.hear(np.concatenate([silence(1), noise(1)]))
        await eventually(lambda: len(trial.heard()) >= len(said) // 2)
        assert all(abs(float(piece.std()) - 0.1) < 0.02 or piece.std() == 0 for _, piece in trial.heard())


async def test_push_to_talk_sends_what_is_said_while_the_button_is_held(house: House, tmp_path: Path) -> None:
    buttons = Fingertips()
    async with living(house, tmp_path, "--push-to-talk", buttons=buttons) as trial:
        await connected(trial)
        await trial.microphone.hear(noise(1))
        await eventually(lambda: trial.status.heard_seconds > 0.9)
        buttons.touch("talk", down=True)
        await settled()
        said = await trial.microphone.hear(noise(0.8, level=0.0005))
        await eventually(lambda: len(trial.heard()) == len(said))
        buttons.touch("talk", down=False)
        await eventually(lambda: trial.house.ears.calls(trial.device_id)[-1] == "finish")
        await trial.microphone.hear(noise(1))
        await eventually(lambda: trial.status.heard_seconds > 2.7)
        assert_same(trial, said)
        assert trial.status.sent_seconds == pytest.approx(0.8)
