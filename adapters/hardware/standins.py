"""Stand-ins for hardware that is not there: recordings, a tone, a file that is written, and nothing."""

import asyncio
import time
from collections.abc import AsyncIterator
from os import SEEK_END
from pathlib import Path
from typing import Final

import numpy as np
import soxr
from attrs import field, frozen

from adapters.hardware.moments import until
from application.ports.hardware import HardwareMissing, Pattern, Touch
from domain.audio.gate import BLOCK, HeardBlock
from domain.audio.pcm import SAMPLE_RATE, Samples, to_s16le, wav_head

TONE_HZ: Final = 440.0
TONE_LOUDNESS: Final = 0.1
BLOCK_SECONDS: Final = BLOCK / SAMPLE_RATE


@frozen(kw_only=True, eq=False)
class RecordedMicrophone:
    """Hears a recording (float32 at 16 kHz) in its own time, once, and then silence for ever."""

    samples: Samples
    quiet_first: float = 1.0
    """Seconds of silence before it."""

    async def blocks(self) -> AsyncIterator[HeardBlock]:
        """The recording."""
        quiet = np.zeros(int(self.quiet_first * SAMPLE_RATE), np.float32)
        samples = np.concatenate([quiet, self.samples])
        nothing = np.zeros(BLOCK, np.float32)
        async for number, captured_at in _ticks():
            piece = samples[number * BLOCK : (number + 1) * BLOCK]
            block = nothing.copy()
            block[: len(piece)] = piece
            yield HeardBlock(captured_at=captured_at, samples=block)


@frozen
class ToneMicrophone:
    """Hears a tone of 440 Hz, a second of it in every four."""

    async def blocks(self) -> AsyncIterator[HeardBlock]:
        """The tone."""
        async for number, captured_at in _ticks():
            at = (np.arange(BLOCK) + number * BLOCK) / SAMPLE_RATE
            tone = TONE_LOUDNESS * np.sin(2 * np.pi * TONE_HZ * at) * (at % 4.0 >= 3.0)
            yield HeardBlock(captured_at=captured_at, samples=tone.astype(np.float32))


@frozen
class NoMicrophone:
    """Hears nothing, for a device that has no microphone."""

    async def blocks(self) -> AsyncIterator[HeardBlock]:
        """Nothing, at once."""
        return
        yield


@frozen
class WavLoudspeaker:
    """Writes what is played to the end of a WAV file of 16 kHz, as slowly as it would be heard."""

    path: Path

    async def play(
        self, sound: AsyncIterator[Samples], sample_rate: int, *, starts_at: int | None = None
    ) -> None:
        """Write as it comes; what was written before stays."""
        await until(starts_at or 0)
        resampler = soxr.ResampleStream(sample_rate, SAMPLE_RATE, 1)
        async for piece in sound:
            for start in range(0, len(piece), BLOCK):
                part = piece[start : start + BLOCK]
                self._append(resampler.resample_chunk(part))
                await asyncio.sleep(len(part) / sample_rate)
        self._append(resampler.resample_chunk(np.zeros(0, np.float32), last=True))

    def _append(self, samples: Samples) -> None:
        """Lengthen the file in place: its end, and the two sizes in its head."""
        try:
            with self.path.open("r+b" if self.path.exists() else "w+b") as file:
                head = len(wav_head(SAMPLE_RATE, 0))
                before = max(0, file.seek(0, SEEK_END) - head)
                file.seek(0)
                file.write(wav_head(SAMPLE_RATE, before // 2 + len(samples)))
                file.seek(head + before)
                file.write(to_s16le(samples))
        except OSError as error:
            raise HardwareMissing(f"{self.path} cannot be written: {error.strerror}") from error


@frozen
class MuteLoudspeaker:
    """Lets nothing be heard, for as long as it would take."""

    async def play(
        self, sound: AsyncIterator[Samples], sample_rate: int, *, starts_at: int | None = None
    ) -> None:
        """Wait as long as it would take."""
        await until(starts_at or 0)
        async for piece in sound:
            await asyncio.sleep(len(piece) / sample_rate)


@frozen
class NoButtons:
    """No buttons."""

    async def touches(self) -> AsyncIterator[Touch]:
        """Nothing, at once."""
        return
        yield


@frozen
class NoLights:
    """Remembers what would be shown, and no more."""

    shown: dict[str, str] = field(factory=dict)

    def show(self, color: str, pattern: Pattern) -> None:
        """Remember it."""
        self.shown.update(color=color, pattern=pattern)


async def _ticks() -> AsyncIterator[tuple[int, int]]:
    """The blocks of sound by number, each when it is over, with the time of its first sample."""
    loop = asyncio.get_running_loop()
    began, began_at, number = loop.time(), time.time_ns() // 1000, 0
    while True:
        await asyncio.sleep(max(0.0, began + (number + 1) * BLOCK_SECONDS - loop.time()))
        yield number, began_at + int(number * BLOCK_SECONDS * 1_000_000)
        number += 1
