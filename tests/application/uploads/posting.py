"""Uploads to test with: sent by clients, and worked on when a test says so."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from attrs import define, field

from application.facts.wakeup import Wakeup
from application.ports.uploads import UploadFilter
from application.uploads.answering_uploads import AnswerUploads
from application.uploads.hearing_uploads import HearUploads
from application.uploads.uploading import Receipt, SentSound, SubmitAudio
from domain.audio.decisions import StreamState
from domain.audio.pcm import SAMPLE_RATE, Recording, Samples
from domain.audio.quality import assess
from domain.audio.rules import ArbitrationRules
from domain.events import AudioStreamSelected
from domain.ids import ClientId, NetworkId
from domain.uploads import Upload, UploadStatus
from tests.application.household import Household, as_client
from tests.fakes.speech import Dictated, PlainWave

SOUNDS = Path(__file__).parents[2] / "sounds"
WINDOW = timedelta(milliseconds=300)


def recorded(name: str) -> Samples:
    spoken, _ = soundfile.read(SOUNDS / f"{name}.flac", dtype="float32")
    return np.pad(spoken, SAMPLE_RATE // 2).astype(np.float32)


def live(client_id: ClientId, at: int, samples: Samples | None = None) -> StreamState:
    """A live stream that was last heard at a moment."""
    heard = np.zeros(SAMPLE_RATE, np.float32) if samples is None else samples
    return StreamState(
        client_id=client_id,
        quality=assess(heard),
        last_frame_at=at,
        speaking=False,
        selected=False,
        may_win=True,
    )


@define
class NoStreams:
    """Nobody is heard live."""

    states: tuple[StreamState, ...] = ()
    choice: AudioStreamSelected | None = None

    def streams(self, network_id: NetworkId) -> tuple[StreamState, ...]:
        return self.states

    def last_choice(self, network_id: NetworkId) -> AudioStreamSelected | None:
        return self.choice


@define
class Post:
    """Takes uploads in, and works on them when a test says so."""

    hub: Household
    transcriber: Dictated = field(factory=Dictated)
    most_waiting: int = 8
    live: NoStreams = field(factory=NoStreams)

    async def send(self, home: NetworkId, sender: ClientId, samples: Samples, **others: Any) -> Receipt:
        sounds = PlainWave()
        submit = SubmitAudio(
            transactions=self.hub.transactions,
            sounds=sounds,
            blobs=self.hub.blobs,
            ids=self.hub.ids,
            clock=self.hub.clock,
            wakeup=Wakeup(),
            window=WINDOW,
            most_waiting=self.most_waiting,
        )
        sent = SentSound(content=await sounds.encode(Recording(samples=samples)))
        return await submit(as_client(home, sender), home, sent, **others)

    def hearing(self) -> HearUploads:
        return HearUploads(
            transactions=self.hub.transactions,
            sounds=PlainWave(),
            blobs=self.hub.blobs,
            announcer=self.hub.audience,
            ids=self.hub.ids,
            clock=self.hub.clock,
            rules=ArbitrationRules(window_ms=300),
            wakeup=Wakeup(),
            to_answer=Wakeup(),
        )

    def answering(self) -> AnswerUploads:
        return AnswerUploads(
            transactions=self.hub.transactions,
            converse=self.hub.converse(),
            transcriber=self.transcriber,
            sounds=PlainWave(),
            blobs=self.hub.blobs,
            ids=self.hub.ids,
            clock=self.hub.clock,
            wakeup=Wakeup(),
        )

    async def hear(self) -> None:
        """Let the window pass, and decide."""
        self.hub.clock.pass_by(milliseconds=300)
        while await self.hearing()():
            pass

    async def answer(self) -> None:
        """Hold all turns that are due, to their ends."""
        answering = self.answering()
        while await answering.begin_next():
            await asyncio.gather(*answering._turns)

    async def work(self) -> None:
        await self.hear()
        await self.answer()

    async def uploads(self, home: NetworkId) -> list[Upload]:
        """The uploads of a network, oldest first."""
        async with self.hub.store.snapshot() as tx:
            return list(reversed(await tx.uploads.latest(home, UploadFilter(), 100)))

    def sounds_kept(self) -> int:
        """How many sounds of uploads are kept; answers have sounds too."""
        return sum(blob.media_type == "audio/flac" for blob, _ in self.hub.blobs.kept.values())

    async def jobs(self) -> int:
        async with self.hub.store.snapshot() as tx:
            return await tx.jobs.count()


async def statuses(post: Post, home: NetworkId) -> list[UploadStatus]:
    return [upload.status for upload in await post.uploads(home)]
