"""A turn that is typed or recorded as a whole and answered at once, as the dialog API wants it."""

import asyncio
from contextlib import aclosing
from typing import Final

from attrs import field, frozen

from application.networks.access import Principal, within
from application.ports.dialogue import Image
from application.ports.sounds import RawForm, SoundCodec
from application.ports.speech import Transcriber
from application.ports.storage import Transactions
from application.ports.world import Clock
from application.turns.conversing import Converse
from application.turns.reports import measures_by_name
from application.turns.turns import SpokenWords, Turn, TurnEnded, TypedWords
from application.turns.vocabulary import words_of
from domain.audio.pcm import Recording
from domain.audio.quality import Quality, assess
from domain.errors import ClientNotFound, DeviceNotFound, InvalidValue, ModelInferenceFailed, TooLarge
from domain.ids import ClientId, NetworkId, SessionId
from domain.interactions import Hearing, StreamReport

LONGEST_SECONDS: Final = 120.0
MOST_IMAGES: Final = 4
LARGEST_IMAGE: Final = 5 * 1024**2
PICTURES: Final = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
"""How files of pictures begin."""
SENT_WHOLE: Final = "sent_whole"
"""Why a recording is used that was sent for one client alone: nothing competes with it."""


@frozen(kw_only=True)
class Message:
    """What is said to a client: a text, or else a recording, a sound file or raw s16le samples of 16 kHz.

    Pictures may be shown along with it.
    """

    text: str = ""
    sound: bytes | None = field(default=None, repr=False)
    images: tuple[Image, ...] = field(default=(), repr=False)


def picture(name: str, content: bytes) -> Image:
    """Take a picture as models can see it: a PNG, JPEG, GIF or WebP file of at most 5 MiB.

    Raises:
        InvalidValue: it is none of these, or larger; under the name that it was sent with.
    """
    if len(content) > LARGEST_IMAGE:
        raise InvalidValue(name, f"must be at most {LARGEST_IMAGE // 1024**2} MiB")
    webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    known = (media_type for magic, media_type in PICTURES.items() if content.startswith(magic))
    media_type = "image/webp" if webp else next(known, None)
    if media_type is None:
        raise InvalidValue(name, "must be a PNG, JPEG, GIF or WebP file")
    return Image(content=content, media_type=media_type)


@frozen
class HearMessage:
    """Make the words of a turn out of a recording that was sent as a whole."""

    transactions: Transactions
    transcriber: Transcriber
    sounds: SoundCodec
    clock: Clock

    async def __call__(self, network_id: NetworkId, client_id: ClientId, sound: bytes) -> SpokenWords:
        """Judge it, and have it written down as part of the turn; any quality will do.

        Raises:
            InvalidValue: the bytes are no sound, or nobody speaks in it.
            TooLarge: it lasts longer than two minutes.
            Overloaded: as many sounds are being read as may be.
        """
        came_at = self.clock.micros()
        recording = await self._decoded(sound)
        quality = await asyncio.to_thread(assess, recording.samples)
        if not quality.is_speech:
            raise InvalidValue("audio_base64", "must hold speech; there is only silence or noise in it")
        async with self.transactions.snapshot() as tx:
            names = await words_of(tx, network_id)
        return SpokenWords(
            hearing=_hearing(client_id, recording, quality),
            speech_ended_at=came_at,
            decided_at=self.clock.micros(),
            transcript=lambda: self.transcriber.transcribe(recording, names),
            recording=recording,
        )

    async def _decoded(self, sound: bytes) -> Recording:
        if self.sounds.recognises(sound):
            recording = await self.sounds.decode(sound)
        else:
            recording = await self.sounds.decode_raw(sound, RawForm())
        if recording.seconds > LONGEST_SECONDS:
            raise TooLarge(
                f"A sentence may last {LONGEST_SECONDS:g} seconds at most.", longest_seconds=LONGEST_SECONDS
            )
        return recording


@frozen
class SendMessage:
    """Say something to the hub, and wait for the answer."""

    converse: Converse
    hear: HearMessage

    async def __call__(
        self,
        principal: Principal,
        network_id: NetworkId,
        client_id: ClientId,
        session_id: SessionId | None,
        message: Message,
    ) -> TurnEnded:
        """Hold the turn; a text goes before a sound, which may be sent along with it."""
        within(principal, network_id)
        if principal.client_id not in {None, client_id}:
            raise DeviceNotFound(client_id)
        words: TypedWords | SpokenWords = TypedWords(text=message.text)
        if message.sound is not None and not message.text.strip():
            words = await self.hear(network_id, client_id, message.sound)
        turn = Turn(
            network_id=network_id,
            client_id=client_id,
            session_id=session_id,
            words=words,
            images=message.images,
        )
        try:
            async with aclosing(self.converse(turn)) as events:
                async for event in events:
                    if isinstance(event, TurnEnded):
                        return event
        except ClientNotFound as error:
            raise DeviceNotFound(client_id) from error
        raise ModelInferenceFailed("The turn ended without an answer.")


def _hearing(client_id: ClientId, recording: Recording, quality: Quality) -> Hearing:
    """How the one recording was heard."""
    score = round(quality.score, 2)
    report = StreamReport(
        client_id=client_id,
        score=score,
        measures=measures_by_name(quality),
        selected=True,
        reason=SENT_WHOLE,
    )
    return Hearing(
        selected_client_id=client_id,
        score=score,
        reason=SENT_WHOLE,
        seconds=round(recording.seconds, 3),
        streams=(report,),
    )
