"""The hardware that a device was told to use."""

from pathlib import Path

from attrs import frozen

from adapters.hardware.gpio import GpioButtons, GpioLights
from adapters.hardware.portaudio import PortAudioLoudspeaker, PortAudioMicrophone
from adapters.hardware.standins import (
    MuteLoudspeaker,
    NoButtons,
    NoLights,
    NoMicrophone,
    RecordedMicrophone,
    ToneMicrophone,
    WavLoudspeaker,
)
from adapters.soundfiles.files import decode
from application.ports.hardware import Buttons, HardwareMissing, Lights, Loudspeaker, Microphone
from domain.errors import MiraError
from entrypoints.device.options import WAV, DeviceOptions


@frozen(kw_only=True)
class Parts:
    """What a device is made of."""

    microphone: Microphone
    loudspeaker: Loudspeaker
    buttons: Buttons
    lights: Lights


def parts_of(options: DeviceOptions) -> Parts:
    """The hardware that was asked for.

    Raises:
        HardwareMissing: something of it is not there.
    """
    return Parts(
        microphone=microphone(options.microphone),
        loudspeaker=loudspeaker(options.loudspeaker),
        buttons=buttons_of(options),
        lights=lights_of(options),
    )


def buttons_of(options: DeviceOptions) -> Buttons:
    """The buttons at the pins that were named."""
    return GpioButtons(options.buttons) if options.buttons else NoButtons()


def lights_of(options: DeviceOptions) -> Lights:
    """The light at the pins that were named.

    Raises:
        HardwareMissing: there are no such pins.
    """
    return GpioLights.on(options.leds) if options.leds else NoLights()


def microphone(which: str) -> Microphone:
    """The microphone of a name."""
    match which:
        case "none":
            return NoMicrophone()
        case "tone":
            return ToneMicrophone()
        case "default":
            return PortAudioMicrophone()
        case _ if which.startswith(WAV):
            return _recorded(Path(which.removeprefix(WAV)))
        case _:
            return PortAudioMicrophone(which)


def loudspeaker(which: str) -> Loudspeaker:
    """The loudspeaker of a name."""
    match which:
        case "none":
            return MuteLoudspeaker()
        case "default":
            return PortAudioLoudspeaker()
        case _ if which.startswith(WAV):
            return WavLoudspeaker(Path(which.removeprefix(WAV)))
        case _:
            return PortAudioLoudspeaker(which)


def _recorded(path: Path) -> RecordedMicrophone:
    try:
        return RecordedMicrophone(samples=decode(path.read_bytes()).samples)
    except OSError as error:
        raise HardwareMissing(f"{path} cannot be read ({error.strerror})") from error
    except MiraError as error:
        raise HardwareMissing(f"{path} is no sound file that can be read") from error
