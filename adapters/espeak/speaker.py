"""The local Speaker: words to sound in a few milliseconds, with no network."""

import json
from typing import Final, Protocol

import numpy as np
from attrs import frozen

from adapters.espeak.worker import SAID, UNKNOWN
from domain.audio.pcm import Recording, from_s16le
from domain.errors import AudioProcessingFailed, InvalidValue
from domain.personas import Voice

WORKER: Final = "adapters.espeak.worker:prepare"
"""What a worker process must run to serve a speaker."""

SILENCE_SECONDS: Final = 0.1


class Workers(Protocol):
    """Whatever has jobs done in processes that run WORKER."""

    async def do(self, job: bytes) -> bytes:
        """Have a job done; raises AudioProcessingFailed or Overloaded."""
        ...


@frozen
class EspeakSpeaker:
    """A Speaker by espeak-ng; one worker is enough, since it speaks some 300 times faster than people."""

    workers: Workers

    async def speak(self, text: str, voice: Voice) -> Recording:
        """Say the text at 22,050 Hz; where there is nothing to say, a tenth of a second of silence.

        Raises:
            InvalidValue: the voice's language or name is not one that there is.
            AudioProcessingFailed: the synthesizer broke.
            Overloaded: too many texts are waiting to be said.
        """
        request = {
            "text": text,
            "language": voice.language,
            "name": voice.local_name,
            "rate": voice.rate,
            "pitch": voice.pitch,
        }
        answer = await self.workers.do(json.dumps(request).encode())
        kind, content = answer[:1], answer[1:]
        if kind == UNKNOWN:
            raise InvalidValue(f"voice_config.{content.decode()}", "is not one that the synthesizer has")
        if kind != SAID:
            raise AudioProcessingFailed("The speech synthesizer gave no sound.")
        return _recording(int.from_bytes(content[:4], "little"), content[4:])


def _recording(rate: int, sound: bytes) -> Recording:
    samples = from_s16le(sound) if sound else np.zeros(int(SILENCE_SECONDS * rate), np.float32)
    return Recording(samples=samples, sample_rate=rate)
