"""Transcribers and speakers, tried in order."""

from collections.abc import Sequence
from typing import Final

from attrs import frozen

from adapters.fallback.providers import Asking, Provider, first_answer
from application.ports.speech import Speaker, Transcriber, Transcript
from domain.audio.pcm import Recording
from domain.errors import AudioProcessingFailed, ProviderFailed
from domain.personas import Voice

LONGEST_TRANSCRIPTION: Final = 300.0
"""Seconds; the local one may have to build its model first, and servers have time-outs of their own."""


@frozen(kw_only=True)
class FallbackTranscriber:
    """A Transcriber that asks several, in order."""

    providers: tuple[Provider[Transcriber], ...]
    asking: Asking = Asking(limit=LONGEST_TRANSCRIPTION)

    async def prepare(self, names: Sequence[str], so_far: Recording | None = None) -> None:
        """Let whoever is asked first get ready; how the others are is found out when they are needed."""
        await self.providers[0].role.prepare(names, so_far)

    async def transcribe(self, recording: Recording, names: Sequence[str] = ()) -> Transcript:
        """Write down what was said, by the first who can.

        Raises:
            AudioProcessingFailed: none of them could.
        """
        try:
            return await first_answer(
                self.providers, self.asking, lambda transcriber: transcriber.transcribe(recording, names)
            )
        except ProviderFailed as error:
            raise AudioProcessingFailed("No transcriber could make out what was said.") from error


@frozen(kw_only=True)
class FallbackSpeaker:
    """A Speaker that asks several, in order; who has another's voice not, speaks with one of its own."""

    providers: tuple[Provider[Speaker], ...]
    asking: Asking = Asking(limit=60.0)

    async def speak(self, text: str, voice: Voice) -> Recording:
        """Say the text, by the first who can.

        Raises:
            InvalidValue: the voice is one that nobody has.
            AudioProcessingFailed: none of them could.
        """
        try:
            return await first_answer(self.providers, self.asking, lambda speaker: speaker.speak(text, voice))
        except ProviderFailed as error:
            raise AudioProcessingFailed("No synthesizer could say it.") from error
