"""What a device is made of: something to hear with, to speak with, to press, and to shine."""

from collections.abc import AsyncIterator
from typing import Literal, Protocol

from attrs import frozen

from domain.audio.gate import HeardBlock
from domain.audio.pcm import Samples

Pattern = Literal["off", "solid", "pulse", "spin", "blink"]


class HardwareMissing(Exception):
    """There is no such hardware, or nothing to reach it by; the message is one line that says what to do."""


@frozen(kw_only=True)
class Touch:
    """A button, by its name, goes down or comes up again."""

    button: str
    down: bool


class Microphone(Protocol):
    """Hears: 16 kHz mono, in blocks of domain.audio.gate.BLOCK samples, as they are heard."""

    def blocks(self) -> AsyncIterator[HeardBlock]:
        """What is heard from now on; it ends when nothing more can be heard.

        Raises:
            HardwareMissing: there is no microphone, or it has gone.
        """
        ...


class Loudspeaker(Protocol):
    """Speaks; what is cancelled falls silent at once."""

    async def play(
        self, sound: AsyncIterator[Samples], sample_rate: int, *, starts_at: int | None = None
    ) -> None:
        """Play mono sound as it comes, and return when it has been heard.

        Args:
            sound: samples in -1..1, in pieces of any length.
            sample_rate: how many samples make a second.
            starts_at: when the first sample is to be heard, in microseconds since 1970 by the clock of this
                machine; at once where it is None or has passed.

        Raises:
            HardwareMissing: there is no loudspeaker, or it has gone.
        """
        ...


class Buttons(Protocol):
    """Can be pressed."""

    def touches(self) -> AsyncIterator[Touch]:
        """What is pressed and let go from now on.

        Raises:
            HardwareMissing: there are no such buttons.
        """
        ...


class Lights(Protocol):
    """Shine."""

    def show(self, color: str, pattern: Pattern) -> None:
        """Show a colour (#rrggbb) that moves so, until told otherwise."""
        ...
