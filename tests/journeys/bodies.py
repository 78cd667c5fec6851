"""Devices as people run them: `mira device` in a process of its own."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import soundfile
from attrs import frozen

from domain.audio.pcm import SAMPLE_RATE, Samples
from tests.patience import PATIENCE


@frozen(kw_only=True)
class Body:
    """A running device: its folder, and its process."""

    folder: Path
    process: asyncio.subprocess.Process

    @property
    def spoken(self) -> Path:
        """What its loudspeaker has said."""
        return self.folder / "spoken.wav"

    def status(self) -> dict[str, Any]:
        """What it says of itself; nothing before it has begun."""
        path = self.folder / "status.json"
        told: dict[str, Any] = orjson.loads(path.read_bytes()) if path.exists() else {}
        return told

    async def until(self, true: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """Wait until something is so by its status."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not ((told := self.status()) and true(told)):
                    assert self.process.returncode is None, "the device has ended"
                    await asyncio.sleep(0.1)
        except TimeoutError as error:
            raise AssertionError(f"the device says {self.status()}") from error
        return told

    async def end(self) -> int:
        """Ask it to end, and say how it ended."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()


@asynccontextmanager
async def body(folder: Path, *options: str) -> AsyncIterator[Body]:
    """A device that lasts as long as the block does, if it does not end before."""
    files = ("--data-dir", str(folder), "--status-file", str(folder / "status.json"))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "entrypoints.main", "device", *files),
        *("--loudspeaker", f"wav:{folder / 'spoken.wav'}", *options),
        env={name: value for name, value in os.environ.items() if not name.startswith("MIRA_")},
        stdin=asyncio.subprocess.DEVNULL,
    )
    try:
        yield Body(folder=folder, process=process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def recorded(path: Path, samples: Samples) -> str:
    """A microphone that hears a recording."""
    soundfile.write(path, samples, SAMPLE_RATE)
    return f"wav:{path}"
