"""What a device can be told, who it is, and what it loads."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

import domain
from entrypoints.device.command import device
from entrypoints.device.identity import FILE, Identity, keep_identity, read_identity
from entrypoints.device.options import read_options
from entrypoints.device.refusals import BROKEN, WRONG, CannotRun

ROOT = Path(domain.__file__).parents[1]
HEAVY = (
    "numba",
    "sqlalchemy",
    "quart",
    "openai",
    "textual",
    "nats",
    "pocketsphinx",
    "hypercorn",
    "typed_settings",
)


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """What a command sets up for its logs ends with it, as does the stream that they go to."""
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    yield
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)


def test_nothing_heavy_is_loaded_for_a_device() -> None:
    code = (
        "import sys, entrypoints.device.command, adapters.hardware.portaudio; "
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"


def test_it_can_do_what_it_has_parts_for() -> None:
    assert read_options([]).capabilities == ("audio_input", "audio_output")
    told = read_options(["--microphone", "none", "--button", "talk=17", "--button", "a=4", "--leds", "1,2,3"])
    assert told.capabilities == ("audio_output", "buttons", "leds")
    assert (told.buttons, told.leds) == ({"talk": 17, "a": 4}, (1, 2, 3))


def test_every_option_is_a_variable_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIRA_DEVICE_URL", "http://hub.local:8080/")
    monkeypatch.setenv("MIRA_DEVICE_BUTTON", "talk=17 mute=5")
    monkeypatch.setenv("MIRA_DEVICE_PUSH_TO_TALK", "yes")
    told = read_options(["--room", "Kitchen"])
    assert (told.url, told.room, told.push_to_talk) == ("http://hub.local:8080", "Kitchen", True)
    assert told.buttons == {"talk": 17, "mute": 5}
    assert read_options(["--url", "http://other"]).url == "http://other"


@pytest.mark.parametrize(
    ("name", "value"),
    [("MIRA_DEVICE_SPEED", "fast"), ("MIRA_DEVICE_TYPE", "toaster"), ("MIRA_DEVICE_URL", "x")],
)
def test_a_variable_that_cannot_be_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(CannotRun, match=f"{name}|--url"):
        read_options([])


@pytest.mark.parametrize(
    "arguments",
    [
        ["--url", "hub.local"],
        ["--button", "talk"],
        ["--button", "=4"],
        ["--button", "talk=x"],
        ["--leds", "1,2"],
        ["--leds", "red"],
    ],
)
def test_what_cannot_be_is_refused_in_a_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert device(arguments) == WRONG
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_device_is_remembered_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert read_identity(folder) is None
    identity = Identity(hub="http://hub", device_id="dev_a", token="a secret")
    keep_identity(folder, identity)
    assert read_identity(folder) == identity
    assert "a secret" not in repr(identity)
    assert ((folder / FILE).stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    (folder / FILE).chmod(0o644)
    with pytest.raises(CannotRun, match="chmod 600"):
        read_identity(folder)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"hub": "x"}', b"\xff"])
def test_a_broken_memory_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    (tmp_path / FILE).chmod(0o600)
    with pytest.raises(CannotRun, match="pair this device anew"):
        read_identity(tmp_path)


def test_who_was_never_paired_is_told_how(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert device(["--data-dir", str(tmp_path)]) == WRONG
    assert "mira device --pair CODE" in capsys.readouterr().err


@pytest.mark.parametrize("which", ["wav:/nowhere/at/all.wav", f"wav:{__file__}"])
def test_a_recording_that_is_none_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], which: str
) -> None:
    keep_identity(tmp_path, Identity(hub="http://127.0.0.1:9", device_id="dev_a", token="a secret"))
    assert device(["--data-dir", str(tmp_path), "--microphone", which, "--loudspeaker", "none"]) == BROKEN
    assert which.removeprefix("wav:") in capsys.readouterr().err
