"""The buttons of a device: to talk, to mute, and those that the hub knows what to do with."""

import asyncio
from typing import Final

from attrs import define, field

from adapters.hub.clocks import micros
from application.ports.hardware import Buttons, Touch
from entrypoints.device.hearing import Ear
from entrypoints.device.lights import LightShow
from entrypoints.device.outbox import Outbox, Pressed
from entrypoints.device.speaking import Mouth

HELD_SECONDS: Final = 1.0


@define(kw_only=True, eq=False)
class Fingers:
    """Does what a button is for: `talk` while it is held, `mute` at once, all others at the hub.

    A button of the hub's counts as pressed when it is let go, and as held after a second.
    """

    buttons: Buttons
    ear: Ear
    mouth: Mouth
    show: LightShow
    outbox: Outbox
    _held: dict[str, asyncio.TimerHandle] = field(factory=dict, init=False)

    async def run(self) -> None:
        """Mind the buttons for as long as there are any."""
        async for touch in self.buttons.touches():
            self._feel(touch)

    def _feel(self, touch: Touch) -> None:
        match touch.button:
            case "talk":
                if touch.down:
                    self.mouth.fall_silent()
                self.ear.talk(down=touch.down)
            case "mute":
                if touch.down:
                    self.ear.mute(muted=not self.ear.status.muted)
                    self.show.refresh()
            case button if touch.down:
                loop = asyncio.get_running_loop()
                self._held[button] = loop.call_later(HELD_SECONDS, self._hold, button)
            case button if button in self._held:
                self._held.pop(button).cancel()
                self._tell(button, held=False)
            case _:
                return

    def _hold(self, button: str) -> None:
        del self._held[button]
        self._tell(button, held=True)

    def _tell(self, button: str, *, held: bool) -> None:
        self.outbox.put(Pressed(button=button, held=held, at=micros()))
