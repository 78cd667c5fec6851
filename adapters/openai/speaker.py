"""The Speaker by a server that speaks the OpenAI API."""

import asyncio
from typing import TYPE_CHECKING, Final

from attrs import frozen

from adapters.openai.server import Server, translated
from domain.audio.pcm import Recording, from_s16le
from domain.personas import Voice

if TYPE_CHECKING:
    from openai import AsyncOpenAI

SAMPLE_RATE: Final = 24_000
"""What "pcm" means in this API: 24 kHz mono, signed 16-bit little-endian."""
MOST_CHARACTERS: Final = 4096
USUAL_RATE: Final = 165
"""Words a minute at speed 1."""
SLOWEST: Final = 0.25
FASTEST: Final = 4.0
LOW: Final = "onyx"
HIGH: Final = "nova"


@frozen(kw_only=True)
class OpenaiSpeaker:
    """Has texts spoken by a model; the rate is obeyed as a speed, the pitch by a low or a high voice."""

    client: "AsyncOpenAI"
    server: Server
    model: str

    async def speak(self, text: str, voice: Voice) -> Recording:
        """Say the text at 24 kHz.

        Raises:
            ProviderFailed: the server is out of reach, refuses, or keeps silent.
        """
        with translated():
            async with asyncio.timeout(self.server.patience + len(text) / 100):
                answer = await self.client.audio.speech.create(
                    model=self.model,
                    voice=voice.name_for(self.server.name) or _usual(voice),
                    input=text[:MOST_CHARACTERS],
                    response_format="pcm",
                    speed=min(max(voice.rate / USUAL_RATE, SLOWEST), FASTEST),
                )
                sound = await answer.aread()
            if len(sound) < 2:
                raise ValueError("no sound")
            return Recording(samples=from_s16le(sound[: len(sound) // 2 * 2]), sample_rate=SAMPLE_RATE)


def _usual(voice: Voice) -> str:
    """The voice for a persona whose own belongs to somebody else: low for male variants and low pitches."""
    local = voice.local_name or ""
    return LOW if local.startswith("m") or (not local.startswith("f") and voice.pitch < 40) else HIGH
