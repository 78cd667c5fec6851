"""The Transcriber by a server that speaks the OpenAI API."""

import asyncio
import io
import math
import wave
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from adapters.openai.server import Server, translated
from application.ports.speech import Transcript
from domain.audio.pcm import Recording, to_s16le
from domain.interactions import HeardWord

if TYPE_CHECKING:
    from openai import AsyncOpenAI

UNSURE: Final = 0.4
"""Below this mean probability of its words a transcript is a guess."""
SILENT: Final = 0.6
"""Above this probability that nothing was said, nothing was."""
MOST_NAMES: Final = 40


@frozen(kw_only=True)
class OpenaiTranscriber:
    """Has recordings written down by a model such as Whisper; names of the network are given as a hint."""

    client: "AsyncOpenAI"
    server: Server
    model: str

    async def prepare(self, names: Sequence[str], so_far: Recording | None = None) -> None:
        """Nothing: names go with each sentence, and a server takes it when it is whole."""

    async def transcribe(self, recording: Recording, names: Sequence[str] = ()) -> Transcript:
        """Write down what was said.

        Raises:
            ProviderFailed: the server is out of reach, refuses, or keeps silent.
        """
        hint = ", ".join(names[:MOST_NAMES])
        request: dict[str, Any] = {
            "model": self.model,
            "file": ("speech.wav", _wav(recording), "audio/wav"),
            "response_format": "verbose_json" if "whisper" in self.model else "json",
        }
        if hint:
            request["prompt"] = hint
        with translated():
            async with asyncio.timeout(self.server.patience + recording.seconds):
                answer = await self.client.audio.transcriptions.create(**request)
            return _transcript(answer)


def _wav(recording: Recording) -> bytes:
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(recording.sample_rate)
        file.writeframes(to_s16le(recording.samples))
    return content.getvalue()


def _transcript(answer: Any) -> Transcript:
    """What a server wrote down; where it says how sure it is, that counts."""
    text = str(answer.text).strip()
    segments = getattr(answer, "segments", None) or ()
    confidence = 1.0 if text else 0.0
    if segments:
        lengths = [max(float(part.end) - float(part.start), 0.01) for part in segments]
        logs = [float(part.avg_logprob) for part in segments]
        mean = sum(length * value for length, value in zip(lengths, logs, strict=True)) / sum(lengths)
        confidence = min(1.0, math.exp(mean))
        if all(float(part.no_speech_prob) > SILENT for part in segments):
            return Transcript(text="", confidence=0.0, understood=False)
    words = tuple(
        HeardWord(text=str(word.word), start=float(word.start), end=float(word.end), confidence=confidence)
        for word in getattr(answer, "words", None) or ()
    )
    understood = bool(text) and confidence >= UNSURE
    return Transcript(text=text, confidence=round(confidence, 3), understood=understood, words=words)
