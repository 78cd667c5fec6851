"""Voices, rooms and households made of arrays."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pytest
import soundfile
from attrs import define, field
from scipy import signal

from domain.audio.arbitration import Arbiter
from domain.audio.decisions import Decision
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.ids import ClientId

SOUNDS = Path(__file__).parents[2] / "sounds"
BEGIN = 1_700_000_000_000_000
"""When every scenario begins, in microseconds since the Unix epoch."""


@define
class Studio:
    """Puts voices into rooms, near and far, with noise; the same every time."""

    voices: Mapping[str, Samples]
    random: np.random.Generator = field(factory=lambda: np.random.default_rng(11))

    def say(self, voice: str, *, at: float = 1.0, seconds: float = 5.0) -> Samples:
        """A voice that speaks at a time, in silence of so many seconds."""
        out = np.zeros(int(seconds * SAMPLE_RATE), dtype=np.float32)
        first, spoken = int(at * SAMPLE_RATE), self.voices[voice]
        out[first : first + len(spoken)] += spoken[: len(out) - first]
        return out

    def room(self, dry: Samples, *, reverberation: float, direct_db: float) -> Samples:
        """Sound in a room: how long its echo takes to die away by 60 dB, and direct sound against it."""
        length = int(1.2 * reverberation * SAMPLE_RATE) + 400
        decay = 10.0 ** (-3.0 * np.arange(length) / SAMPLE_RATE / reverberation)
        response = self.random.standard_normal(length) * decay
        response[:80] = 0.0
        response /= np.sqrt(np.sum(response**2))
        response[0] = 10.0 ** (direct_db / 20.0)
        return signal.fftconvolve(dry, response)[: len(dry)].astype(np.float32)

    def noise(self, length: int, level: float) -> Samples:
        """White noise."""
        return (level * self.random.standard_normal(length)).astype(np.float32)

    def near(self, dry: Samples) -> Samples:
        """As a microphone within reach hears it."""
        return 0.7 * self.room(dry, reverberation=0.3, direct_db=6.0) + self.noise(len(dry), 0.001)

    def far(self, dry: Samples) -> Samples:
        """As one across a live room hears it."""
        return 0.3 * self.room(dry, reverberation=0.7, direct_db=-6.0) + self.noise(len(dry), 0.001)

    def noisy(self, dry: Samples) -> Samples:
        """As one beside an extractor hood hears it."""
        return 0.4 * self.room(dry, reverberation=0.4, direct_db=3.0) + self.noise(len(dry), 0.03)


@define
class Household:
    """Plays streams to an arbiter in the order of their arrival, and lets time pass in between."""

    arbiter: Arbiter = field(factory=Arbiter)
    chunk: int = 320
    clocks: bool = True

    def play(
        self,
        streams: Mapping[str, Samples],
        *,
        delays: Mapping[str, float] | None = None,
        starts: Mapping[str, float] | None = None,
        wait: float = 4.0,
    ) -> list[Decision]:
        """Everything that is decided; `delays` are radios', `starts` when in the scene a client connects."""
        frames = sorted(self._frames(streams, delays or {}, starts or {}), key=lambda frame: frame[0])
        decisions: list[Decision] = []
        clock = frames[0][0]
        for arrived, client_id, samples, captured in frames:
            while clock < arrived:
                decisions += self.arbiter.advance(clock)
                clock += 50_000
            decisions += self.arbiter.hear(client_id, samples, captured, arrived)
        for moment in range(clock, clock + int(wait * 1e6), 50_000):
            decisions += self.arbiter.advance(moment)
        return decisions

    def _frames(
        self, streams: Mapping[str, Samples], delays: Mapping[str, float], starts: Mapping[str, float]
    ) -> Iterable[tuple[int, ClientId, Samples, int | None]]:
        for name, samples in streams.items():
            for first in range(int(starts.get(name, 0.0) * SAMPLE_RATE), len(samples), self.chunk):
                piece = samples[first : first + self.chunk]
                captured = BEGIN + first * 1_000_000 // SAMPLE_RATE
                lasted = len(piece) * 1_000_000 // SAMPLE_RATE
                arrived = captured + lasted + int(delays.get(name, 0.01) * 1e6)
                yield arrived, ClientId(name), piece, captured if self.clocks else None


@pytest.fixture(scope="session")
def voices() -> Mapping[str, Samples]:
    """Sentences by name of voice."""
    return {path.stem: soundfile.read(path, dtype="float32")[0] for path in sorted(SOUNDS.glob("*.flac"))}


@pytest.fixture
def studio(voices: Mapping[str, Samples]) -> Studio:
    return Studio(voices)


@pytest.fixture
def household() -> Household:
    return Household()


@pytest.fixture
def make_household() -> type[Household]:
    return Household
