"""The local Transcriber: pocketsphinx in worker processes, because its decoder holds the interpreter."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import numpy as np
import structlog
from attrs import frozen

from adapters.pocketsphinx import gate
from adapters.pocketsphinx.model import built
from adapters.workers.pool import WorkerPool
from adapters.workers.process import Work
from application.ports.speech import Transcript
from domain.audio.pcm import SAMPLE_RATE, Recording, Samples
from domain.errors import InvalidValue, TooLarge
from domain.interactions import HeardWord

WORKER: Final = "adapters.pocketsphinx.worker:prepare"
LONGEST_SECONDS: Final = 60.0
SHORTEST_SECONDS: Final = 0.1
FAINTEST: Final = 1e-4
MAY_FOLLOW: Final = 1.5
"""A sentence that has lasted for fewer seconds is not followed: too little is known of noise and channel."""
MOST_NAMES: Final = 500
NOTHING: Final = Transcript(text="", confidence=0.0, understood=False)

_log = structlog.get_logger(__name__)


@frozen
class PocketsphinxTranscriber:
    """A Transcriber of English by pocketsphinx; open it with `async with PocketsphinxTranscriber.open(...)`.

    A caller that is cancelled leaves at once; a worker that is at its sentence finishes that for nobody.
    """

    workers: WorkerPool

    @classmethod
    @asynccontextmanager
    async def open(
        cls, cache: Path, *, workers: int = 1, most_waiting: int = 16
    ) -> AsyncIterator["PocketsphinxTranscriber"]:
        """Have a transcriber for as long as the block lasts.

        Its workers start in the background; where the cache folder has no language model yet, the first
        worker builds it, which takes some seconds, and the first sentences wait for that.
        """
        if built(cache) is None:
            _log.info("speech model is not built yet: building it in the background")
        work = Work(target=WORKER, arguments=(str(cache),))
        async with WorkerPool.open(work, count=workers, most_waiting=most_waiting) as pool:
            yield cls(pool)

    async def ready(self) -> None:
        """Wait until a worker can take a sentence."""
        await self.workers.ready()

    async def prepare(self, names: Sequence[str], so_far: Recording | None = None) -> None:
        """Have a free worker load the vocabulary with these names, and begin with what was said so far.

        Where sentences wait for a worker, nothing is put before them.

        Raises:
            AudioProcessingFailed: the recogniser broke.
        """
        if self.workers.waiting:
            return
        if so_far is None:
            await self.workers.do(_head(names))
        elif MAY_FOLLOW <= so_far.seconds <= LONGEST_SECONDS and _is_audible(so_far.samples):
            await self.workers.do(_head(names, goes_on=True) + _body(so_far), _beginning(so_far))

    async def transcribe(self, recording: Recording, names: Sequence[str] = ()) -> Transcript:
        """Write down what was said in at most a minute at 16 kHz; words come in lower case.

        Names are words that may be said and that a dictionary may not know; up to 48 such are listened for.

        Raises:
            InvalidValue: the recording is not at 16 kHz.
            TooLarge: the recording lasts longer than a minute.
            AudioProcessingFailed: the recogniser broke; the recording may be tried again.
            Overloaded: as much is being transcribed as may be.
        """
        if recording.sample_rate != SAMPLE_RATE:
            raise InvalidValue("audio", f"must have {SAMPLE_RATE} samples a second")
        if recording.seconds > LONGEST_SECONDS:
            raise TooLarge(f"A sentence may last {LONGEST_SECONDS:g} seconds.", seconds=recording.seconds)
        if recording.seconds < SHORTEST_SECONDS:
            return NOTHING
        if not _is_audible(recording.samples):
            return NOTHING
        return _transcript(await self.workers.do(_head(names) + _body(recording), _beginning(recording)))


def _is_audible(samples: Samples) -> bool:
    """Whether there is any sound, and nothing else, in the samples."""
    loudest = float(np.abs(samples).max(initial=0.0))
    return bool(np.isfinite(loudest)) and loudest >= FAINTEST


def _head(names: Sequence[str], *, goes_on: bool = False) -> bytes:
    """The first line of a job."""
    return json.dumps({"names": _words(names), "goes_on": goes_on}).encode() + b"\n"


def _body(recording: Recording) -> bytes:
    """The rest of a job."""
    return recording.samples.astype("<f4").tobytes()


def _beginning(recording: Recording) -> bytes:
    """What a sentence is known by while it grows: its first half second."""
    return recording.samples[: SAMPLE_RATE // 2].tobytes()


def _words(names: Sequence[str]) -> list[str]:
    """The single words of the names, in lower case."""
    return sorted({word for name in names for word in name.lower().split()})[:MOST_NAMES]


def _transcript(answer: bytes) -> Transcript:
    heard = json.loads(answer)["words"]
    words = tuple(
        HeardWord(text=word["text"], start=word["start"], end=word["end"], confidence=word["probability"])
        for word in heard
    )
    return Transcript(
        text=" ".join(word.text for word in words),
        confidence=gate.confidence(words),
        understood=gate.understood(words),
        words=words,
    )
