"""Buttons and lights at the pins of a small computer, by gpiozero."""

import asyncio
import warnings
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import Any, Final

from attrs import frozen

from application.ports.hardware import HardwareMissing, Pattern, Touch

INSTALL: Final = "install it with pip install 'mira-hub[device]'"
SLOW: Final = 0.5
FAST: Final = 0.12


@contextmanager
def _gpiozero() -> Iterator[Any]:
    """The library; what it cannot do is said in a line.

    Raises:
        HardwareMissing: it is not installed, or there are no such pins.
    """
    try:
        library = import_module("gpiozero")
    except ImportError as error:
        raise HardwareMissing(f"no buttons and lights without gpiozero: {INSTALL}") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", library.exc.PinFactoryFallback)
            yield library
    except (library.GPIOZeroError, OSError) as error:
        raise HardwareMissing(f"the pins cannot be used: {error}; {INSTALL}, on a Raspberry Pi") from error


@frozen
class GpioButtons:
    """Buttons between pins (GPIO numbers, by the buttons' names) and ground."""

    pins: Mapping[str, int]

    async def touches(self) -> AsyncIterator[Touch]:
        """What is pressed and let go from now on."""
        loop = asyncio.get_running_loop()
        waiting: asyncio.Queue[Touch] = asyncio.Queue()

        def told(name: str, *, down: bool) -> Callable[[], object]:
            touch = Touch(button=name, down=down)
            return lambda: loop.call_soon_threadsafe(waiting.put_nowait, touch)

        with _gpiozero() as library, ExitStack() as stack:
            for name, pin in self.pins.items():
                button = stack.enter_context(library.Button(pin))
                button.when_pressed = told(name, down=True)
                button.when_released = told(name, down=False)
            while True:
                yield await waiting.get()


@frozen
class GpioLights:
    """A light at one pin, or a coloured one at three."""

    led: Any

    @classmethod
    def on(cls, pins: Sequence[int]) -> "GpioLights":
        """The light at a pin, or at those of its red, green and blue.

        Raises:
            HardwareMissing: gpiozero is not installed, or there are no such pins.
        """
        with _gpiozero() as library:
            return cls(library.PWMLED(*pins) if len(pins) == 1 else library.RGBLED(*pins))

    def show(self, color: str, pattern: Pattern) -> None:
        """Show a colour; a light of one colour shows how it moves."""
        parts = tuple(int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
        is_colored = not isinstance(self.led.value, float | int)
        colors = {"on_color": parts} if is_colored else {}
        match pattern:
            case "off":
                self.led.off()
            case "solid" if is_colored:
                self.led.value = parts
            case "solid":
                self.led.on()
            case "pulse":
                self.led.pulse(**colors)
            case "blink":
                self.led.blink(SLOW, SLOW, **colors)
            case "spin":
                self.led.blink(FAST, FAST, **colors)
