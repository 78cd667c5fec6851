"""Buttons and lights of a device, at gpiozero's mock pins."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gpiozero
import pytest
from gpiozero.pins.mock import MockFactory, MockPWMPin

from adapters.hardware.gpio import GpioButtons, GpioLights
from domain.events import Attention, AttentionChanged
from tests.adapters.websocket.house import House
from tests.entrypoints.device.parts import Trial, living, noise
from tests.entrypoints.device.test_hearing import connected
from tests.patience import eventually

pytestmark = pytest.mark.slow
RED, GREEN, BLUE = 22, 23, 24
PINS = {"talk": 17, "persona": 27, "mute": 5}


@pytest.fixture
def pins(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Pins that a test presses and reads."""
    factory = MockFactory(pin_class=MockPWMPin)
    monkeypatch.setattr(gpiozero.Device, "pin_factory", factory)
    yield factory
    factory.close()


def color(pins: Any) -> tuple[float, ...]:
    """What the light shows, red, green and blue."""
    return tuple(round(pins.pin(number).state, 2) for number in (RED, GREEN, BLUE))


async def press(pins: Any, name: str) -> None:
    pins.pin(PINS[name]).drive_low()


async def let_go(pins: Any, name: str) -> None:
    pins.pin(PINS[name]).drive_high()


def attend(trial: Trial, attention: Attention) -> None:
    """Let the hub turn its attention to the device, or away from it."""
    client_id = trial.device.client.id
    news = AttentionChanged(client_id=client_id, attention=attention, at=trial.house.clock.now())
    trial.house.tell(trial.network, news, client_id)


async def test_lights_show_what_the_hub_does_and_that_it_is_away(
    house: House, tmp_path: Path, pins: Any
) -> None:
    async with living(house, tmp_path, lights=GpioLights.on((RED, GREEN, BLUE))) as trial:
        await connected(trial)
        await eventually(lambda: color(pins) == (0, 0, 0))
        attend(trial, Attention.LISTENING)
        await eventually(lambda: color(pins) == (0, 0.47, 1))
        attend(trial, Attention.IDLE)
        await eventually(lambda: color(pins) == (0, 0, 0))
        trial.cable.cut()
        await eventually(lambda: trial.status.light == "offline")
        await eventually(lambda: color(pins)[0] > 0.2)
        trial.cable.mend()
        await eventually(lambda: trial.status.light == "idle")
        await eventually(lambda: color(pins) == (0, 0, 0))


async def test_a_light_goes_out_when_its_time_is_over(house: House, tmp_path: Path, pins: Any) -> None:
    async with living(house, tmp_path, lights=GpioLights.on((RED,))) as trial:
        await connected(trial)
        attend(trial, Attention.ERROR)
        await eventually(lambda: trial.status.light == "error")
        await eventually(lambda: trial.status.light == "idle")
        await eventually(lambda: pins.pin(RED).state == 0)


async def test_the_persona_button_lets_the_next_persona_answer_and_held_the_usual_one(
    house: House, tmp_path: Path, pins: Any
) -> None:
    async with living(house, tmp_path, buttons=GpioButtons(PINS)) as trial:
        await connected(trial)
        await press(pins, "persona")
        await let_go(pins, "persona")
        await eventually(lambda: trial.status.persona_id is not None)
        first = trial.status.persona_id
        await press(pins, "persona")
        await eventually(lambda: trial.status.persona_id != first)
        await let_go(pins, "persona")
        usual = (await trial.owner.device_state(trial.device_id)).active_persona_id
        assert trial.status.persona_id == usual


async def test_the_mute_button_makes_it_deaf_and_shows_it(house: House, tmp_path: Path, pins: Any) -> None:
    lights = GpioLights.on((RED, GREEN, BLUE))
    async with living(house, tmp_path, buttons=GpioButtons(PINS), lights=lights) as trial:
        await connected(trial)
        await press(pins, "mute")
        await eventually(lambda: trial.status.light == "muted")
        await eventually(lambda: color(pins) == (1, 0, 0.2))
        await let_go(pins, "mute")
        await trial.microphone.hear(noise(0.5))
        await eventually(lambda: trial.status.heard_seconds > 0.4)
        assert trial.heard() == []
        await press(pins, "mute")
        await eventually(lambda: trial.status.light == "idle")


async def test_the_talk_button_opens_the_ear_and_silences_the_mouth(
    house: House, tmp_path: Path, pins: Any
) -> None:
    async with living(house, tmp_path, "--push-to-talk", buttons=GpioButtons(PINS)) as trial:
        await connected(trial)
        await trial.owner.send_message(trial.device_id, " ".join(["a long story"] * 30))
        await eventually(lambda: trial.status.speaking)
        await press(pins, "talk")
        await eventually(lambda: not trial.status.speaking)
        said = await trial.microphone.hear(noise(0.4))
        await eventually(lambda: len(trial.heard()) == len(said))
        await let_go(pins, "talk")
        await eventually(lambda: trial.house.ears.calls(trial.device_id)[-1] == "finish")
