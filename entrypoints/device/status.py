"""How a device is doing: for supervisors, as a file and in the words of systemd."""

import asyncio
import os
import socket
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import attrs
import orjson
import structlog
from attrs import define, field

from entrypoints.version import VERSION

log = structlog.get_logger(__name__)

EVERY_SECONDS: Final = 1.0
DEAF_AFTER_SECONDS: Final = 10.0
"""A microphone that gave nothing for so long is broken, and the watchdog of systemd is not told otherwise."""
NOTIFY_VARIABLE: Final = "NOTIFY_SOCKET"
WATCHDOG_VARIABLE: Final = "WATCHDOG_USEC"
State = Literal["starting", "connecting", "connected", "stopped"]


@define(kw_only=True)
class Status:
    """How a device is doing just now; seconds are those of sound."""

    state: State = "starting"
    hub: str
    device_id: str
    version: str = VERSION
    pid: int = field(factory=os.getpid)
    started_at: datetime = field(factory=lambda: datetime.now(UTC))
    persona_id: str | None = None
    light: str = "idle"
    muted: bool = False
    talking: bool = False
    speaking: bool = False
    heard_seconds: float = 0.0
    sent_seconds: float = 0.0
    lost_seconds: float = 0.0
    microphone_dbfs: float | None = None
    answers: int = 0
    interrupted: int = 0
    reconnects: int = 0
    clock_offset_us: int | None = None
    round_trip_us: int | None = None
    playback_began_us: int | None = None
    trouble: str | None = None

    def told(self) -> dict[str, Any]:
        """The whole of it, as JSON has it."""
        whole = attrs.asdict(self)
        rounded = {name: round(value, 2) for name, value in whole.items() if isinstance(value, float)}
        return whole | rounded | {"updated_at": datetime.now(UTC)}


@define(kw_only=True, eq=False)
class Reporter:
    """Writes the status where supervisors look for it, once a second."""

    status: Status
    file: Path | None = None
    listens: bool = True
    """Whether there is a microphone that should be giving sound."""
    _said: str = field(default="", init=False)
    _heard: float = field(default=-1.0, init=False)
    _heard_at: float = field(factory=time.monotonic, init=False)

    async def run(self) -> None:
        """Report for as long as the device runs."""
        notify("READY=1")
        while True:
            self.write()
            self.pat_watchdog()
            await asyncio.sleep(min(EVERY_SECONDS, watchdog_seconds() or EVERY_SECONDS))

    def write(self) -> None:
        """Write the file as a whole, so that nobody reads half of it; and tell systemd in a line."""
        if self.file is not None:
            content = orjson.dumps(self.status.told(), option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z)
            try:
                write_atomically(self.file, content, mode=0o644, lasting=False)
            except OSError as error:
                log.warning("the status file cannot be written", problem=error.strerror)
        line = f"STATUS={self.status.state} to {self.status.hub}, light {self.status.light}"
        if line != self._said:
            self._said = line
            notify(line)

    def pat_watchdog(self) -> None:
        """Say that all is well, unless the microphone has gone deaf."""
        now = time.monotonic()
        if self.status.heard_seconds != self._heard or not self.listens:
            self._heard, self._heard_at = self.status.heard_seconds, now
        if watchdog_seconds() is not None and now - self._heard_at < DEAF_AFTER_SECONDS:
            notify("WATCHDOG=1")


def watchdog_seconds() -> float | None:
    """How often the watchdog of systemd is to be told that all is well, if there is one."""
    micros = os.environ.get(WATCHDOG_VARIABLE, "")
    return int(micros) / 2_000_000 if micros.isdecimal() and int(micros) > 0 else None


def notify(line: str) -> None:
    """Tell systemd, where it has started this process and wants to know (sd_notify); it is not waited for."""
    address = os.environ.get(NOTIFY_VARIABLE, "")
    if not address.startswith(("/", "@")):
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as there:
        there.setblocking(False)
        there.sendto(line.encode(), f"\0{address[1:]}" if address[0] == "@" else address)


def write_atomically(path: Path, content: bytes, *, mode: int, lasting: bool = True) -> None:
    """Put a file in its place at once, with these permissions; one that is to last is on the disk then."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(number, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
