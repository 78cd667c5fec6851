"""Who lives in a hub under test, and does as it is told: a clock, a parrot, a writer, a shelf."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import numpy as np
from attrs import define, field, frozen

from adapters.soundfiles import files
from application.ports.blobs import Blob
from application.ports.dialogue import Capabilities, Prompt, ReplyDone, ReplyPart, Sentence, Toolbox
from application.ports.sounds import RawForm, SoundForm
from domain.audio.decisions import StreamState
from domain.audio.pcm import Recording
from domain.errors import ModelInferenceFailed, NotFound, PersonaNotFound
from domain.events import AudioStreamSelected
from domain.ids import BlobId, NetworkId, PersonaId
from domain.interactions import Usage
from domain.personas import Persona, Voice
from tests.samples import NOON


@define
class MovableClock:
    """A clock that moves only when it is told to."""

    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment

    def micros(self) -> int:
        return int(self.moment.timestamp() * 1_000_000)

    def pass_by(self, **lapse: float) -> None:
        """Let some time pass."""
        self.moment += timedelta(**lapse)


@frozen
class Parrot:
    """Answers with what was said; sets a reminder when asked for tea; fails or breaks when told to."""

    clock: MovableClock

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(invention=False)

    async def answer(self, prompt: Prompt, tools: Toolbox) -> AsyncIterator[ReplyPart]:
        if prompt.text == "fail":
            raise ModelInferenceFailed("Nobody could think of an answer.")
        if prompt.text == "break":
            raise ZeroDivisionError("a secret detail of the inside")
        if "tea" in prompt.text:
            await tools.create_reminder(title="tea", due_time=prompt.now + timedelta(hours=1))
        self.clock.pass_by(milliseconds=250)
        yield Sentence(text=f"You said {prompt.text}.")
        yield ReplyDone(usage=Usage(model="test:parrot", prompt_tokens=3, completion_tokens=4))


@frozen
class Hummer:
    """Says everything as a tenth of a second of silence."""

    async def speak(self, text: str, voice: Voice) -> Recording:
        return Recording(samples=np.zeros(1600, dtype=np.float32))


@frozen
class Writer:
    """Reads and writes sound files at once."""

    def recognises(self, data: bytes) -> bool:
        return files.recognises(data)

    async def decode(self, data: bytes) -> Recording:
        return files.decode(data)

    async def decode_raw(self, data: bytes, form: RawForm) -> Recording:
        return files.decode_raw(data, form)

    async def encode(self, recording: Recording, form: SoundForm = "wav") -> bytes:
        return files.encode(recording, form)


@define
class Silence:
    """The live streams of a hub, as a test wants them: none."""

    states: tuple[StreamState, ...] = ()
    choice: AudioStreamSelected | None = None

    def streams(self, network_id: NetworkId) -> tuple[StreamState, ...]:
        return self.states

    def last_choice(self, network_id: NetworkId) -> AudioStreamSelected | None:
        return self.choice


@frozen
class Shelf:
    """Blobs in memory."""

    kept: dict[tuple[str, str], Blob] = field(factory=dict, repr=False)

    async def put(self, network_id: NetworkId, blob_id: BlobId, blob: Blob, expires_at: datetime) -> None:
        self.kept[network_id, blob_id] = blob

    async def get(self, network_id: NetworkId, blob_id: BlobId) -> Blob:
        try:
            return self.kept[network_id, blob_id]
        except KeyError:
            raise NotFound("There is nothing under this id.") from None

    async def remove(self, network_id: NetworkId, blob_id: BlobId) -> None:
        self.kept.pop((network_id, blob_id), None)

    async def remove_network(self, network_id: NetworkId) -> None:
        for key in [key for key in self.kept if key[0] == network_id]:
            del self.kept[key]

    async def remove_expired(self, now: datetime) -> int:
        return 0


@frozen
class OnePersona:
    """A library with Mira in it."""

    def get(self, persona_id: PersonaId) -> Persona:
        if persona_id != "mira":
            raise PersonaNotFound(persona_id)
        return Persona(
            id=PersonaId("mira"),
            name="Mira",
            description="",
            version="1",
            created_at=NOON,
            updated_at=NOON,
        )

    def list(self) -> tuple[Persona, ...]:
        return (self.get(PersonaId("mira")),)


@define
class Seal:
    """Says which operator's token is good."""

    version: int = 1

    def __call__(self) -> int:
        return self.version
