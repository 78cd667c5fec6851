"""Speech: sound to words, and words to sound."""

from collections.abc import Sequence
from typing import Protocol

from attrs import frozen

from domain.audio.pcm import Recording
from domain.interactions import HeardWord
from domain.personas import Voice


@frozen(kw_only=True)
class Transcript:
    """What was heard: the words, how sure that is (0..1), and whether it is good enough to act on."""

    text: str
    confidence: float
    understood: bool
    words: tuple[HeardWord, ...] = ()


class Transcriber(Protocol):
    """Turns a recording of one utterance into words."""

    async def prepare(self, names: Sequence[str], so_far: Recording | None = None) -> None:
        """Get ready for a sentence with these names in it: somebody of their network has begun to speak.

        `so_far` is what they have said until now, a recording that grows from call to call. Who can work on
        it before it is whole may do so; it is known again by its beginning when it is to be transcribed.

        Raises:
            AudioProcessingFailed: the recogniser broke.
            Overloaded: as much is being transcribed as may be.
        """
        ...

    async def transcribe(self, recording: Recording, names: Sequence[str] = ()) -> Transcript:
        """Write down what was said; names are words of this network that a vocabulary may not know.

        Raises:
            AudioProcessingFailed: the recogniser broke; the recording may be tried again.
            Overloaded: as much is being transcribed as may be.
        """
        ...


class Speaker(Protocol):
    """Turns words into sound."""

    async def speak(self, text: str, voice: Voice) -> Recording:
        """Say the text in a voice; the recording has the synthesizer's own sample rate.

        Raises:
            InvalidValue: the voice's language is not one the speaker has.
            AudioProcessingFailed: the synthesizer broke.
        """
        ...
