"""What the lights of a device show: what the hub says, or what only the device can know."""

import asyncio
from collections.abc import Mapping
from typing import Final, get_args

from attrs import define, field

from adapters.hub.commands import LedControl
from application.ports.hardware import Lights, Pattern
from entrypoints.device.status import Status

DARK: Final[tuple[str, Pattern]] = ("#000000", "off")
OFFLINE: Final[tuple[str, Pattern]] = ("#ff6600", "pulse")
MUTED: Final[tuple[str, Pattern]] = ("#ff0033", "solid")
IDLE: Final = "idle"
PATTERNS: Final[Mapping[str, Pattern]] = {pattern: pattern for pattern in get_args(Pattern)}


@define(kw_only=True, eq=False)
class LightShow:
    """Shows the hub's states; without a hub that it is alone, and when nothing happens that it is deaf."""

    lights: Lights
    status: Status
    _shown: tuple[str, Pattern] | None = field(default=None, init=False)
    _told: tuple[str, Pattern] = field(default=DARK, init=False)
    _ends: asyncio.TimerHandle | None = field(default=None, init=False)

    def obey(self, command: LedControl) -> None:
        """Show a state, for as long as it lasts."""
        self._tell(command.state, command.color, PATTERNS.get(command.pattern, "solid"))
        if command.duration_ms is not None:
            loop = asyncio.get_running_loop()
            self._ends = loop.call_later(command.duration_ms / 1000, self._tell, IDLE, *DARK)

    def refresh(self) -> None:
        """Show what is right now, after something has changed."""
        wanted = self._told
        if self.status.state != "connected":
            self.status.light, wanted = "offline", OFFLINE
        elif self.status.light in {IDLE, "muted", "offline"}:
            self.status.light, wanted = ("muted", MUTED) if self.status.muted else (IDLE, DARK)
        if wanted != self._shown:
            self._shown = wanted
            self.lights.show(*wanted)

    def _tell(self, state: str, color: str, pattern: Pattern) -> None:
        if self._ends is not None:
            self._ends.cancel()
            self._ends = None
        self.status.light, self._told = state, (color, pattern)
        self.refresh()
