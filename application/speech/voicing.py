"""Saying an answer sentence by sentence, while the rest of it is still being thought of."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

import structlog
from attrs import define, field

from application.ports.sounds import SoundCodec
from application.ports.speech import Speaker
from application.speech.growing_sounds import GrowingSound
from domain.audio.pcm import Recording, silence, softened
from domain.errors import MiraError
from domain.ids import BlobId
from domain.personas import Voice

log = structlog.get_logger(__name__)

BREATH: Final = 0.15
"""Seconds of silence between two sentences."""
QUIET: Final = 0.25
"""What is left of the amplitude in quiet hours: 12 dB less."""
Announce = Callable[[BlobId], Awaitable[None]]


async def to_nobody(said: Recording) -> None:
    """Let nobody know."""


@define(eq=False, kw_only=True)
class Voicing:
    """The voice of one turn: sentences go in, and their sound grows in the background.

    announce is called once, when the first sentence can be heard. An answer is never lost for want of its
    sound: where it cannot be made, there is none, or no more of it.
    """

    speaker: Speaker
    codec: SoundCodec
    voice: Voice
    sound: GrowingSound
    announce: Announce
    quiet: bool = False
    let_know: Callable[[Recording], Awaitable[None]] = to_nobody
    """Told of every piece of sound, before it can be heard."""
    _waiting: "asyncio.Queue[str | None]" = field(factory=asyncio.Queue, init=False)
    _task: "asyncio.Task[None] | None" = field(default=None, init=False)
    _sounds: bool = field(default=False, init=False)
    _whole: bool = field(default=False, init=False)

    def say(self, sentence: str) -> None:
        """Say a sentence after those before it."""
        if self._task is None:
            self._task = asyncio.create_task(self._work())
        self._waiting.put_nowait(sentence)

    async def finish(self) -> BlobId | None:
        """Wait until everything is said; the sound, or None where nothing sounds."""
        if self._task is not None:
            self._waiting.put_nowait(None)
            await self._task
        return self.sound.id if await self._completed() else None

    async def stop(self) -> None:
        """Say no more; what sounds so far stays, and is over."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._completed()

    async def _completed(self) -> bool:
        """Let whoever listens know that it is over, once; whether there is something to hear."""
        if self._sounds and not self._whole:
            self._whole = True
            try:
                await self.sound.finish()
            except MiraError as error:
                log.warning("an answer was not kept as a whole", code=error.code)
                return False
        return self._sounds

    async def _work(self) -> None:
        while (sentence := await self._waiting.get()) is not None:
            try:
                await self._add(await self.speaker.speak(sentence, self.voice))
            except MiraError as error:
                log.warning("an answer stayed silent", code=error.code, network=self.sound.network_id)
                return
            if not self._sounds:
                self._sounds = True
                with suppress(MiraError):
                    await self.announce(self.sound.id)

    async def _add(self, said: Recording) -> None:
        rate = self.sound.sample_rate
        if rate and rate != said.sample_rate:
            said = await self.codec.at_rate(said, rate)
        if self.quiet:
            said = softened(said, QUIET)
        for piece in (silence(BREATH, said.sample_rate), said) if self._sounds else (said,):
            await self.let_know(piece)
            await self.sound.add(piece)
