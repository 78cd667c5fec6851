"""Speech without a recogniser or a synthesizer: words written into samples, and read back out of them."""

import asyncio
import io
import wave
from collections.abc import Sequence

import numpy as np
from attrs import define, field, frozen

from application.ports.sounds import RawForm, SoundForm
from application.ports.speech import Transcript
from domain.audio.pcm import Recording, from_s16le, to_s16le
from domain.errors import InvalidValue
from domain.personas import Voice

STEP = 1 / 32768


def written(text: str) -> Recording:
    """A recording whose samples are the characters of a text, very softly."""
    return Recording(samples=np.array([ord(letter) * STEP for letter in text], dtype=np.float32))


def _read(recording: Recording) -> str:
    return "".join(chr(round(float(sample) / STEP)) for sample in recording.samples)


@define
class Reading:
    """A transcriber that reads what written() wrote; a text that begins with a ? was not understood.

    While it is held nothing is read to its end; errors are raised by the next readings, in turn.
    """

    errors: list[Exception] = field(factory=list)
    begun: list[str] = field(factory=list, init=False)
    given_up: list[str] = field(factory=list, init=False)
    followed: list[str] = field(factory=list, init=False)
    free: asyncio.Event = field(factory=asyncio.Event, init=False)

    def __attrs_post_init__(self) -> None:
        self.free.set()

    async def prepare(self, names: Sequence[str], so_far: Recording | None = None) -> None:
        if so_far is not None:
            await self.free.wait()
            self.followed.append(_read(so_far))

    async def transcribe(self, recording: Recording, names: Sequence[str] = ()) -> Transcript:
        text = _read(recording)
        self.begun.append(text)
        try:
            await self.free.wait()
        except asyncio.CancelledError:
            self.given_up.append(text)
            raise
        if self.errors:
            raise self.errors.pop(0)
        return Transcript(text=text.lstrip("?"), confidence=0.9, understood=not text.startswith("?"))


@frozen
class Beeping:
    """A speaker that says a text as a tone of a hundredth of a second for each character."""

    said: list[str] = field(factory=list, init=False)
    error: Exception | None = None

    async def speak(self, text: str, voice: Voice) -> Recording:
        if self.error is not None:
            raise self.error
        self.said.append(text)
        seconds = np.arange(len(text) * 160) / 16_000
        return Recording(samples=np.sin(2 * np.pi * 440 * seconds).astype(np.float32) / 2)


@frozen
class PlainWave:
    """Reads and writes WAV files of 16-bit mono at 16 kHz, and no others, whatever form is wanted."""

    def recognises(self, data: bytes) -> bool:
        return data[:4] == b"RIFF" and data[8:12] == b"WAVE"

    async def decode(self, data: bytes) -> Recording:
        if not self.recognises(data):
            raise InvalidValue("audio", "must be a WAV file")
        with wave.open(io.BytesIO(data)) as file:
            return Recording(samples=from_s16le(file.readframes(file.getnframes())))

    async def decode_raw(self, data: bytes, form: RawForm) -> Recording:
        return Recording(samples=from_s16le(data))

    async def encode(self, recording: Recording, form: SoundForm = "wav") -> bytes:
        content = io.BytesIO()
        with wave.open(content, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(recording.sample_rate)
            file.writeframes(to_s16le(recording.samples))
        return content.getvalue()


@define
class Dictated:
    """A transcriber that hears the same words in whatever it is given; errors are raised first, in turn."""

    text: str = "hello"
    understood: bool = True
    errors: list[Exception] = field(factory=list)
    heard: list[Recording] = field(factory=list, init=False)
    known: list[Sequence[str]] = field(factory=list, init=False)
    prepared: list[Sequence[str]] = field(factory=list, init=False)

    async def prepare(self, names: Sequence[str], so_far: Recording | None = None) -> None:
        self.prepared.append(names)

    async def transcribe(self, recording: Recording, names: Sequence[str] = ()) -> Transcript:
        self.heard.append(recording)
        self.known.append(names)
        await asyncio.sleep(0)
        if self.errors:
            raise self.errors.pop(0)
        return Transcript(text=self.text, confidence=0.9, understood=self.understood)
