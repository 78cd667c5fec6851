"""The machine's own microphone and loudspeaker, by PortAudio."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib import import_module
from typing import Any, Final

import numpy as np
from attrs import frozen

from adapters.hardware.moments import until
from application.ports.hardware import HardwareMissing
from domain.audio.gate import BLOCK, HeardBlock
from domain.audio.pcm import SAMPLE_RATE, Samples

MOST_WAITING: Final = 250
"""Ten seconds of blocks that nobody has taken yet; then the oldest are lost."""
LATENCY: Final = 0.1
_OPENING: Final = threading.Lock()
"""PortAudio opens one stream at a time."""
LISTS_THEM: Final = "`mira device --check` lists what there is"


def portaudio() -> Any:
    """The library of sound devices; it is loaded only where it is needed.

    Raises:
        HardwareMissing: PortAudio is not installed.
    """
    try:
        return import_module("sounddevice")
    except OSError as error:
        raise HardwareMissing(
            f"no sound devices: {error}; install PortAudio (apt install libportaudio2)"
        ) from error


def sound_devices() -> tuple[str, ...]:
    """What there is, a line each: number, name, and how many channels go in and out; > < are the defaults.

    Raises:
        HardwareMissing: PortAudio is not installed.
    """
    listed = str(portaudio().query_devices()).strip()
    return tuple(listed.splitlines())


@frozen
class PortAudioMicrophone:
    """A microphone of this machine: the default one, or that with this name or number."""

    device: str | None = None

    async def blocks(self) -> AsyncIterator[HeardBlock]:
        """What is heard from now on."""
        sounddevice, loop = portaudio(), asyncio.get_running_loop()
        waiting: asyncio.Queue[HeardBlock] = asyncio.Queue(MOST_WAITING)

        def put(block: HeardBlock) -> None:
            if waiting.full():
                waiting.get_nowait()
            waiting.put_nowait(block)

        def heard(data: Samples, count: int, times: Any, _: object) -> None:
            age = max(0.0, times.currentTime - times.inputBufferAdcTime)
            captured_at = time.time_ns() // 1000 - int(age * 1_000_000)
            samples = np.clip(np.nan_to_num(data[:, 0]), -1.0, 1.0)
            block = HeardBlock(captured_at=captured_at, samples=samples)
            loop.call_soon_threadsafe(put, block)

        def opened() -> Any:
            return sounddevice.InputStream(
                SAMPLE_RATE, BLOCK, named(self.device), channels=1, dtype="float32", callback=heard
            )

        with _troubles(sounddevice, "microphone"):
            async with _running(opened):
                while True:
                    yield await waiting.get()


@frozen
class PortAudioLoudspeaker:
    """A loudspeaker of this machine: the default one, or that with this name or number."""

    device: str | None = None

    async def play(
        self, sound: AsyncIterator[Samples], sample_rate: int, *, starts_at: int | None = None
    ) -> None:
        """Play as it comes; writing waits in a thread, so that everything else goes on."""
        sounddevice = portaudio()

        def opened() -> Any:
            return sounddevice.OutputStream(
                sample_rate, device=named(self.device), channels=1, dtype="float32", latency=LATENCY
            )

        with _troubles(sounddevice, "loudspeaker"):
            async with _running(opened) as stream:
                if starts_at is not None:
                    await until(starts_at - int(stream.latency * 1_000_000))
                async for piece in sound:
                    for start in range(0, len(piece), BLOCK):
                        await _to_the_end(stream.write, piece[start : start + BLOCK].reshape(-1, 1))
                await _to_the_end(stream.stop)


async def _to_the_end(work: Callable[..., object], *arguments: object) -> None:
    """Do something in a thread; who is cancelled waits, for a stream must not be closed under a thread."""
    doing = asyncio.get_running_loop().run_in_executor(None, work, *arguments)
    try:
        await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait({doing})
        raise


@asynccontextmanager
async def _running(make: Callable[[], Any]) -> AsyncIterator[Any]:
    """A stream that runs while the block lasts; opening takes up to a second, so a thread does it."""
    streams: list[Any] = []

    def open_it() -> None:
        with _OPENING:
            streams.append(make())
            streams[0].start()

    try:
        await _to_the_end(open_it)
        yield streams[0]
    finally:
        for stream in streams:
            stream.abort()
            stream.close()


@contextmanager
def _troubles(sounddevice: Any, what: str) -> Iterator[None]:
    try:
        yield
    except (sounddevice.PortAudioError, ValueError) as error:
        raise HardwareMissing(f"no {what}: {error}; {LISTS_THEM}") from error


def named(device: str | None) -> str | int | None:
    """A sound device as PortAudio takes it: by number, by a part of its name, or the default."""
    return int(device) if device is not None and device.isdecimal() else device
