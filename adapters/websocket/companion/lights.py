"""What the lights of a device show for what the hub does."""

from collections.abc import Mapping
from typing import Final

from adapters.websocket.companion.outgoing import LedControl, Light
from domain.events import Attention

ERROR_SHOWS_MS: Final = 3000
LIGHTS: Final[Mapping[Attention, Light]] = {
    Attention.IDLE: Light(state="idle", color="#000000", pattern="off"),
    Attention.LISTENING: Light(state="listening", color="#0077ff", pattern="solid"),
    Attention.THINKING: Light(state="thinking", color="#ffaa00", pattern="spin"),
    Attention.SPEAKING: Light(state="speaking", color="#00cc66", pattern="pulse"),
    Attention.ERROR: Light(state="error", color="#ff0033", pattern="blink", duration_ms=ERROR_SHOWS_MS),
}


def light(attention: Attention, lasts_ms: int | None = None) -> LedControl:
    """The command that shows it, for so long where that is known."""
    shown = LIGHTS[attention]
    if lasts_ms is None:
        return LedControl(payload=shown)
    return LedControl(
        payload=Light(state=shown.state, color=shown.color, pattern=shown.pattern, duration_ms=lasts_ms)
    )
