"""What a device can be told: on the command line, or in MIRA_DEVICE_ variables."""

import argparse
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from attrs import frozen

from entrypoints.device.refusals import CannotRun

PREFIX: Final = "MIRA_DEVICE_"
HERE: Final = "http://127.0.0.1:8080"
WAV: Final = "wav:"
DATA: Final = "~/.local/share/mira-device"
PURPOSE: Final = """\
Be a device of a hub: hear, speak, shine, and be pressed.

Every option can also be set in the environment, as in MIRA_DEVICE_URL=http://hub.local:8080."""
EXAMPLES: Final = """\
examples:
  mira device --url http://hub.local:8080 --pair ABCD2345    the first time, by the code from the operator
  mira device                                                from then on
  mira device --check                                        sound devices, microphone level, hub
  mira device --microphone wav:question.wav --loudspeaker wav:answer.wav
  mira device --button talk=17 --button persona=27 --leds 22,23,24 --push-to-talk
  mira device --status-file /run/mira-device/status.json     for supervisors

microphones and loudspeakers:
  default      what this machine uses            NAME, NUMBER   as --check lists them
  wav:FILE     a recording, or one to be made    none           there is none
  tone         (microphone) a second of 440 Hz in every four

buttons (GPIO numbers): talk while it is held, mute on and off; all others are told to the hub, where persona
lets the next persona answer, and a to h answer in games.

exit codes: 0 ended by SIGTERM or Ctrl-C, 2 called wrongly or not paired, 3 the hub does not want it,
4 hardware is missing
"""
YES: Final = frozenset({"1", "true", "yes", "on"})
DEVICE_TYPES: Final = ("raspberry_pi", "smart_speaker", "tablet", "custom")
LEVELS: Final = ("debug", "info", "warning", "error")


@frozen(kw_only=True)
class DeviceOptions:
    """What a device was told."""

    url: str | None
    data_folder: Path
    name: str
    device_type: str
    room: str | None
    microphone: str
    loudspeaker: str
    buttons: Mapping[str, int]
    leds: tuple[int, ...]
    push_to_talk: bool
    status_file: Path | None
    tracks: Path
    pair: str | None
    check: bool
    log_level: str
    log_json: bool

    @property
    def hub(self) -> str:
        """The hub to be paired with."""
        return self.url or HERE

    @property
    def wants_sound_devices(self) -> bool:
        """Whether it is to use sound devices of this machine, rather than stand-ins."""
        return any(
            which not in {"none", "tone"} and not which.startswith(WAV)
            for which in (self.microphone, self.loudspeaker)
        )

    @property
    def capabilities(self) -> tuple[str, ...]:
        """What it can do, as the hub is told."""
        has = {
            "audio_input": self.microphone != "none",
            "audio_output": self.loudspeaker != "none",
            "buttons": bool(self.buttons),
            "leds": bool(self.leds),
        }
        return tuple(name for name, there in has.items() if there)


def read_options(arguments: Sequence[str]) -> DeviceOptions:
    """Read what a device is told.

    Raises:
        CannotRun: something of it cannot be.
    """
    parser = _parser()
    parser.set_defaults(**_from_environment(parser))
    chosen = parser.parse_args(list(arguments))
    folder = Path(chosen.data_dir).expanduser()
    if chosen.url is not None and not chosen.url.startswith(("http://", "https://")):
        raise CannotRun(f"--url must begin with http:// or https://, unlike {chosen.url!r}")
    return DeviceOptions(
        url=None if chosen.url is None else chosen.url.rstrip("/"),
        data_folder=folder,
        name=chosen.name,
        device_type=chosen.type,
        room=chosen.room,
        microphone=chosen.microphone,
        loudspeaker=chosen.loudspeaker,
        buttons=_pins(chosen.button),
        leds=_leds(chosen.leds),
        push_to_talk=chosen.push_to_talk,
        status_file=Path(chosen.status_file).expanduser() if chosen.status_file else None,
        tracks=Path(chosen.tracks).expanduser() if chosen.tracks else folder / "tracks",
        pair=chosen.pair,
        check=chosen.check,
        log_level=chosen.log_level,
        log_json=chosen.log_json,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mira device",
        description=PURPOSE,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--url", metavar="URL", help=f"the hub [default: that it was paired with, or {HERE}]")
    add("--pair", metavar="CODE", help="come into a network by the code on its operator's screen")
    add("--check", action="store_true", help="say what works and what does not, and stop")
    add("--name", default=platform.node() or "device", help="what it is called [default: %(default)s]")
    add("--type", default="raspberry_pi", choices=DEVICE_TYPES, help="[default: %(default)s]")
    add("--room", help="the room that it stands in")
    add("--microphone", metavar="WHICH", default="default", help="[default: default]")
    add("--loudspeaker", metavar="WHICH", default="default", help="[default: default]")
    add(
        "--button",
        metavar="NAME=PIN",
        action="append",
        default=[],
        help="a button; more than one may be given",
    )
    add("--leds", metavar="PIN[,PIN,PIN]", default="", help="a light, or the red, green and blue of one")
    add("--push-to-talk", action="store_true", help="hear only while the button talk is held")
    add(
        "--tracks", metavar="DIR", help="folder of the music that it has [default: tracks in the data folder]"
    )
    add("--data-dir", metavar="DIR", default=DATA, help="where it keeps its token [default: %(default)s]")
    add("--status-file", metavar="FILE", help="JSON for supervisors, written once a second")
    add("--log-level", default="info", choices=LEVELS, help="[default: %(default)s]")
    add("--log-json", action="store_true", help="log JSON lines instead of text")
    return parser


def _from_environment(parser: argparse.ArgumentParser) -> Mapping[str, object]:
    """What the variables say.

    Raises:
        CannotRun: one of them is not known, or cannot be.
    """
    options = {PREFIX + action.dest.upper(): action for action in parser._actions if action.dest != "help"}
    told: dict[str, object] = {}
    for name in sorted(name for name in os.environ if name.startswith(PREFIX)):
        option, text = options.get(name), os.environ[name]
        if option is None:
            raise CannotRun(f"{name} is not an option of mira device (--help lists them)")
        if option.choices is not None and text not in option.choices:
            raise CannotRun(f"{name} must be one of {', '.join(option.choices)}; not {text!r}")
        if option.nargs == 0:
            told[option.dest] = text.lower() in YES
        else:
            told[option.dest] = text.split() if isinstance(option.default, list) else text
    return told


def _pins(texts: Sequence[str]) -> Mapping[str, int]:
    pins: dict[str, int] = {}
    for text in texts:
        name, equals, pin = text.partition("=")
        if not equals or not name or not pin.isdecimal():
            raise CannotRun(f"--button must be a name and a GPIO number, as in talk=17; not {text!r}")
        pins[name] = int(pin)
    return pins


def _leds(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",")] if text else []
    if len(parts) not in {0, 1, 3} or not all(part.isdecimal() for part in parts):
        raise CannotRun(f"--leds must be one GPIO number, or three as in 22,23,24; not {text!r}")
    return tuple(map(int, parts))
