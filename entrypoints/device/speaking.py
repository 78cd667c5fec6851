"""The mouth of a device: says what it is told, one after the other, and plays music in between."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import numpy as np
import structlog
from attrs import define, field, frozen

from adapters.hub import HubError, HubUnreachable
from adapters.hub.clocks import micros
from adapters.soundfiles.files import decode
from adapters.soundfiles.growing import decode_growing
from application.ports.hardware import HardwareMissing, Loudspeaker
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.errors import MiraError
from entrypoints.device.outbox import Outbox, Outcome
from entrypoints.device.status import Status

log = structlog.get_logger(__name__)

MOST_WAITING: Final = 16
TROUBLES: Final = (HubError, HubUnreachable, HardwareMissing, MiraError)
Fetch = Callable[[str], AsyncIterator[bytes]]
"""A sound file, piece by piece, by its address."""


@frozen(kw_only=True)
class Saying:
    """Something to say: where its sound is, and whom to tell that it was said."""

    audio_url: str = field(repr=False)
    interaction_id: str | None = None
    command_id: str | None = None

    def outcome(self, *, said: bool, trouble: str | None = None) -> dict[str, Any]:
        """What the hub is told when it is over."""
        told: dict[str, Any] = {"finished": True, "said": said}
        if self.interaction_id is not None:
            told["interaction_id"] = self.interaction_id
        if self.command_id is not None:
            told["command_id"] = self.command_id
        return told if trouble is None else told | {"trouble": trouble}


@frozen(kw_only=True, eq=False)
class Music:
    """Something that is played from one moment on (microseconds since 1970, by the device's own clock)."""

    activity_id: str
    samples: Samples
    starts_at: int

    def rest(self, now: int) -> Samples:
        """What of it is still to be played: others go on playing while this device says something."""
        return self.samples[max(0, now - self.starts_at) * SAMPLE_RATE // 1_000_000 :]


@define(kw_only=True, eq=False)
class Mouth:
    """Says one thing after the other; music goes on in between, where it would be by now."""

    loudspeaker: Loudspeaker
    fetch: Fetch
    outbox: Outbox
    status: Status
    _waiting: deque[Saying] = field(factory=deque, init=False)
    _music: Music | None = field(default=None, init=False)
    _saying: Saying | None = field(default=None, init=False)
    _playing: "asyncio.Task[None] | None" = field(default=None, init=False)
    _news: asyncio.Event = field(factory=asyncio.Event, init=False)

    async def run(self) -> None:
        """Play what there is to be played, for as long as the device runs."""
        try:
            while True:
                self._news.clear()
                if self._waiting:
                    await self._say(self._waiting.popleft())
                elif self._music is not None:
                    await self._play_on(self._music)
                else:
                    await self._news.wait()
        finally:
            await self._hush()

    def say(self, saying: Saying) -> None:
        """Say this, after what waits already; music falls silent meanwhile."""
        if len(self._waiting) == MOST_WAITING:
            self._over(self._waiting.popleft(), trouble="too much waited to be said")
        self._waiting.append(saying)
        self._interrupt(music=True)

    def play(self, music: Music) -> None:
        """Play this in place of what was played."""
        self._music = music
        self._interrupt(music=True)

    def stop_music(self, activity_id: str) -> None:
        """Stop what was played for an activity."""
        if self._music is not None and self._music.activity_id == activity_id:
            self._music = None
            self._interrupt(music=True)

    def stop(self, interaction_id: str) -> None:
        """Stop saying the answer of an interaction: somebody speaks over it."""
        for saying in [one for one in self._waiting if one.interaction_id == interaction_id]:
            self._waiting.remove(saying)
            self._over(saying)
        if self._saying is not None and self._saying.interaction_id == interaction_id:
            self._interrupt()

    def fall_silent(self) -> None:
        """Say nothing more of all that was to be said."""
        while self._waiting:
            self._over(self._waiting.popleft())
        if self._saying is not None:
            self._interrupt()

    def _interrupt(self, *, music: bool = False) -> None:
        self._news.set()
        if self._playing is not None and (self._saying is None or not music):
            self._playing.cancel()

    async def _say(self, saying: Saying) -> None:
        self._saying, self.status.speaking = saying, True
        try:
            trouble = await self._until_over(self._speak(saying.audio_url))
        finally:
            self._saying, self.status.speaking = None, False
        self.status.answers += 1
        self._over(saying, said=trouble is None, trouble=trouble)

    async def _play_on(self, music: Music) -> None:
        """Play what is left of it; when that is over, or fails, it is done with."""
        now = micros()
        rest = music.rest(now)
        moment = music.starts_at if music.starts_at > now else None
        playing = self.loudspeaker.play(self._noted(rest), SAMPLE_RATE, starts_at=moment)
        trouble = await self._until_over(playing)
        if self._music is music and (trouble != INTERRUPTED or not len(rest)):
            self._music = None

    async def _speak(self, url: str) -> None:
        recording = await decode_growing(self.fetch(url))
        await self.loudspeaker.play(recording.pieces, recording.sample_rate)

    async def _until_over(self, work: Any) -> str | None:
        """Do it until it is done, or somebody interrupts it; why it was not done, if it was not."""
        self._playing = asyncio.ensure_future(work)
        try:
            await asyncio.wait({self._playing})
        except asyncio.CancelledError:
            await self._hush()
            raise
        playing, self._playing = self._playing, None
        if playing.cancelled():
            return INTERRUPTED
        error = playing.exception()
        if error is None:
            return None
        if not isinstance(error, TROUBLES):
            raise error
        self.status.trouble = f"could not play: {error}"
        log.warning("a sound could not be played", problem=str(error))
        return str(error)

    async def _hush(self) -> None:
        if self._playing is not None:
            self._playing.cancel()
            await asyncio.gather(self._playing, return_exceptions=True)

    async def _noted(self, samples: Samples) -> AsyncIterator[Samples]:
        self.status.playback_began_us = micros()
        for start in range(0, len(samples), SAMPLE_RATE):
            yield samples[start : start + SAMPLE_RATE]

    def _over(self, saying: Saying, *, said: bool = False, trouble: str | None = None) -> None:
        self.outbox.put(Outcome(told=saying.outcome(said=said, trouble=trouble)))


INTERRUPTED: Final = "interrupted"


async def music_from(content: AsyncIterator[bytes], volume: float) -> Samples:
    """A whole sound file as samples, so loud (0..1).

    Raises:
        InvalidValue: it is no sound file.
        TooLarge: it lasts too long.
    """
    whole = b"".join([piece async for piece in content])
    samples = await asyncio.to_thread(lambda: decode(whole).samples)
    return np.asarray(samples * np.float32(volume), np.float32)
