"""The hub hears itself: what its clients are told to say, whoever made the sound, its ears know."""

import asyncio
from typing import Final

import structlog
from attrs import define, field, frozen

from application.ports.blobs import Blob, Blobs
from application.ports.sounds import SoundCodec
from application.speech.answers_aloud import AnswersAloud
from application.speech.growing_sounds import whole_or_growing
from domain.audio.pcm import WAV_HEAD_BYTES, Recording, from_s16le
from domain.commands import Command, Perform, Say
from domain.errors import MiraError
from domain.events import CommandIssued, Fact, InteractionAnswered
from domain.ids import BlobId, ClientId, InteractionId, NetworkId

log = structlog.get_logger(__name__)

MOST_WAITING: Final = 64
AT_ONCE: Final = 8
RATE_AT: Final = slice(24, 28)
"""Where in the head of a WAV file its sample rate stands."""


@frozen(kw_only=True)
class Spoken:
    """Something that a client was told to say, and what it is part of."""

    network_id: NetworkId
    client_id: ClientId
    interaction_id: InteractionId
    sound: BlobId


@define(eq=False)
class HearOurselves:
    """Lets the ears of this instance know what clients are told to say: answers made elsewhere or told again,
    announcements, reminders, and what is said in activities."""

    aloud: AnswersAloud
    blobs: Blobs
    sounds: SoundCodec
    _waiting: "asyncio.Queue[Spoken]" = field(factory=lambda: asyncio.Queue(MOST_WAITING), init=False)

    def notice(self, fact: Fact) -> None:
        """A fact was handed to the sockets of this instance; the oldest that waits makes room for it."""
        spoken = _spoken(fact)
        if spoken is None or self.aloud.knows(spoken.interaction_id, spoken.client_id):
            return
        if self._waiting.full():
            self._waiting.get_nowait()
        self._waiting.put_nowait(spoken)

    async def run(self) -> None:
        """Take in what is noticed, a few sounds at once."""
        places = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as group:
            while True:
                spoken = await self._waiting.get()
                await places.acquire()
                task = group.create_task(self._take_in(spoken))
                task.add_done_callback(lambda _: places.release())

    async def _take_in(self, spoken: Spoken) -> None:
        let_know = self.aloud.of(
            spoken.network_id,
            spoken.client_id,
            spoken.interaction_id,
            asked_by=spoken.client_id,
        )
        try:
            sound = await whole_or_growing(self.blobs, spoken.network_id, spoken.sound)
            if isinstance(sound, Blob):
                await let_know(await self.sounds.decode(sound.content))
                return
            rate = 0
            async for chunk in sound.chunks:
                samples = chunk[WAV_HEAD_BYTES:] if rate == 0 else chunk
                rate = rate or int.from_bytes(chunk[RATE_AT], "little")
                if samples:
                    await let_know(Recording(samples=from_s16le(samples), sample_rate=rate))
        except MiraError as error:
            log.warning("the ears do not know what is said", code=error.code, network=spoken.network_id)


def _spoken(fact: Fact) -> Spoken | None:
    """What a client is told to say by a fact, if it is."""
    match fact.event:
        case InteractionAnswered() as answer if answer.speech:
            client_id, interaction_id, sound = answer.client_id, answer.interaction_id, answer.speech
        case CommandIssued(command=Command(order=Say() | Perform() as order) as command) if order.speech:
            client_id, interaction_id = command.client_id, InteractionId(command.id)
            sound = order.speech
        case _:
            return None
    return Spoken(
        network_id=fact.network_id,
        client_id=client_id,
        interaction_id=interaction_id,
        sound=sound,
    )
