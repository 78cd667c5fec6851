"""What supervisors are told of a device."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from entrypoints.device.status import DEAF_AFTER_SECONDS, Reporter, Status, watchdog_seconds, write_atomically
from tests.patience import eventually


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """Where systemd would listen."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "60000")
        yield listener


def told(systemd: socket.socket) -> list[str]:
    """What it was told by now."""
    lines = []
    while True:
        try:
            lines.append(systemd.recv(1024).decode())
        except BlockingIOError:
            return lines


def status() -> Status:
    return Status(hub="http://hub:8080", device_id="dev_a")


async def test_systemd_is_told_that_all_is_well_while_the_microphone_gives_sound(
    systemd: socket.socket,
) -> None:
    reporter = Reporter(status=status())
    running = asyncio.create_task(reporter.run())
    lines: list[str] = []
    await eventually(lambda: lines.extend(told(systemd)) or lines.count("WATCHDOG=1") > 3)
    running.cancel()
    assert lines[0] == "READY=1"
    assert lines[1].startswith("STATUS=starting to http://hub:8080")
    assert sum(line.startswith("STATUS=") for line in lines) == 1


async def test_the_watchdog_is_not_told_of_a_microphone_that_is_deaf(
    systemd: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("entrypoints.device.status.time.monotonic", lambda: now[0])
    deaf, without = Reporter(status=status()), Reporter(status=status(), listens=False)
    for reporter, well in ((deaf, False), (without, True)):
        reporter.pat_watchdog()
        assert told(systemd) == ["WATCHDOG=1"]
        now[0] += DEAF_AFTER_SECONDS + 1
        reporter.pat_watchdog()
        assert told(systemd) == ["WATCHDOG=1"] * well
    deaf.status.heard_seconds += 0.04
    deaf.pat_watchdog()
    assert told(systemd) == ["WATCHDOG=1"]


async def test_nobody_is_told_where_nobody_listens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    assert watchdog_seconds() is None
    Reporter(status=status()).write()


def test_the_status_is_a_whole_file_at_any_moment(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    path = folder / "status.json"
    Reporter(status=status(), file=path).write()
    kept = orjson.loads(path.read_bytes())
    assert (kept["state"], kept["device_id"], kept["lost_seconds"]) == ("starting", "dev_a", 0)
    assert "token" not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o644
    assert list(folder.iterdir()) == [path]


def test_a_status_that_cannot_be_written_ends_nothing(tmp_path: Path) -> None:
    Reporter(status=status(), file=tmp_path / "nowhere" / "status.json").write()


def test_a_file_is_replaced_and_nothing_is_left_of_a_try_that_failed(tmp_path: Path) -> None:
    around = tmp_path / "data"
    around.mkdir()
    path = around / "secret"
    write_atomically(path, b"one", mode=0o600)
    write_atomically(path, b"two", mode=0o600)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"two", 0o600)
    folder = around / "folder"
    folder.mkdir()
    with pytest.raises(OSError, match="folder"):
        write_atomically(folder, b"three", mode=0o600)
    assert {one.name for one in around.iterdir()} == {"secret", "folder"}
