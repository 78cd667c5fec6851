"""The sound of answers: said by the speaker, and kept for a while so that clients can fetch it."""

from datetime import timedelta
from typing import Final

import structlog
from attrs import frozen

from application.ports.blobs import Blob, Blobs
from application.ports.sounds import SoundCodec
from application.ports.speech import Speaker
from application.ports.world import Clock, IdSource
from application.speech.growing_sounds import GrowingSound
from application.speech.voicing import Announce, Voicing
from domain.clients import Client
from domain.errors import MiraError
from domain.ids import BlobId, NetworkId
from domain.personas import Voice

log = structlog.get_logger(__name__)

SPEECH_KEPT_FOR: Final = timedelta(hours=1)


@frozen
class AnswerSounds:
    """Makes the sound of an answer, where somebody can be heard."""

    speaker: Speaker
    sounds: SoundCodec
    blobs: Blobs
    ids: IdSource
    clock: Clock

    def voicing(self, network_id: NetworkId, voice: Voice, announce: Announce, *, quiet: bool) -> Voicing:
        """The voice that says an answer as it grows."""
        sound = GrowingSound(
            blobs=self.blobs,
            clock=self.clock,
            network_id=network_id,
            id=self.ids.blob(),
            kept_for=SPEECH_KEPT_FOR,
        )
        return Voicing(
            speaker=self.speaker,
            codec=self.sounds,
            voice=voice,
            sound=sound,
            announce=announce,
            quiet=quiet,
        )

    async def say_at(self, client: Client, text: str, voice: Voice) -> BlobId | None:
        """Keep the sound of something else that a client is to say; None where it has no loudspeaker."""
        return await self.keep(client.network_id, text, voice) if client.can_speak else None

    async def keep(self, network_id: NetworkId, text: str, voice: Voice) -> BlobId | None:
        """Keep the sound of a text for whoever plays it; None where it could not be said."""
        try:
            recording = await self.speaker.speak(text, voice)
            blob = Blob(content=await self.sounds.encode(recording), media_type="audio/wav")
            speech = self.ids.blob()
            await self.blobs.put(network_id, speech, blob, self.clock.now() + SPEECH_KEPT_FOR)
        except MiraError as error:
            log.warning("an answer stayed silent", code=error.code, network=network_id)
            return None
        return speech
