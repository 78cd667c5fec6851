"""Sound files are read and written in threads, a few at a time, so that the hub goes on hearing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import Final, TypeVar

from attrs import define, field

from adapters.soundfiles import files
from application.ports.sounds import RawForm, SoundForm
from domain.audio.pcm import Recording
from domain.errors import Overloaded

T = TypeVar("T")

MOST_AT_ONCE: Final = 32


@define(eq=False)
class SndfileCodec:
    """A SoundCodec by libsndfile and soxr; open it with `async with SndfileCodec.open()`."""

    _threads: ThreadPoolExecutor
    _longest_seconds: float
    _most_at_once: int
    _under_way: int = field(default=0, init=False)

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        *,
        longest_seconds: float = files.LONGEST_SECONDS,
        threads: int = 2,
        most_at_once: int = MOST_AT_ONCE,
    ) -> AsyncIterator["SndfileCodec"]:
        """Have a codec for as long as the block lasts."""
        pool = ThreadPoolExecutor(threads, thread_name_prefix="sound-files")
        try:
            yield cls(pool, longest_seconds, most_at_once)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    @property
    def under_way(self) -> int:
        """How many files are being read or written, or wait for that."""
        return self._under_way

    def recognises(self, data: bytes) -> bool:
        """Whether the first bytes are those of a sound file that can be read, and not raw samples."""
        return files.recognises(data)

    async def decode(self, data: bytes) -> Recording:
        """Read a file of any rate and number of channels into 16 kHz mono."""
        return await self._run(partial(files.decode, data, self._longest_seconds))

    async def decode_raw(self, data: bytes, form: RawForm) -> Recording:
        """Read samples of any rate and number of channels into 16 kHz mono."""
        return await self._run(partial(files.decode_raw, data, form, self._longest_seconds))

    async def at_rate(self, recording: Recording, sample_rate: int) -> Recording:
        """The same sound at another rate."""
        return await self._run(partial(files.at_rate, recording, sample_rate))

    async def encode(self, recording: Recording, form: SoundForm = "wav") -> bytes:
        """Write a file of 16-bit samples at the recording's own rate."""
        return await self._run(partial(files.encode, recording, form))

    async def _run(self, work: Callable[[], T]) -> T:
        if self._under_way >= self._most_at_once:
            raise Overloaded("The hub is reading as many sound files as it can; try again in a moment.")
        self._under_way += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._under_way -= 1
