"""Who talks in the scenes: flite's and espeak-ng's voices, or recordings of people in folders."""

import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import soundfile
import soxr
from attrs import field, frozen

from adapters.espeak.library import EspeakLibrary, load
from domain.audio.pcm import SAMPLE_RATE, Samples

SENTENCES: Final = (
    "turn on the kitchen lights",
    "what is the weather like tomorrow morning",
    "remind me to call the clinic on thursday",
    "set a timer for twenty five minutes",
    "could you close the blinds in the bedroom please",
    "play something quiet while we have dinner",
    "where did I leave my grey jacket",
    "how many patients are still waiting",
    "stop the conveyor and call the supervisor",
    "add milk, bread and six eggs to the list",
    "when does the next train leave",
    "tell everyone that we are going out",
    "make it a little warmer in here",
    "who was at the door this afternoon",
    "read me the second message again",
    "is the garage still open",
    "lock the back door at eleven",
    "what did the doctor say about the tablets",
    "cancel the meeting with mister Jones",
    "just between you and me, the yellow one is better",
    "we should measure the pressure in both tanks",
    "she had your dark suit in greasy wash water all year",
    "the quick brown fox jumps over the lazy dog",
    "put the radio on, but not too loud",
)
LONGEST_SECONDS: Final = 4.5


class Voice(Protocol):
    """Somebody who can say something."""

    @property
    def name(self) -> str: ...

    def say(self, rng: np.random.Generator) -> Samples:
        """A sentence (float32[n], 16 kHz, clean, without silence around it)."""
        ...


def trimmed(samples: Samples) -> Samples:
    """Without the silence before and after, the peak at one half, no longer than LONGEST_SECONDS."""
    power = np.convolve(samples.astype(np.float64) ** 2, np.ones(400) / 400, "same")
    loud = np.flatnonzero(power > power.max() * 1e-4)
    kept = samples[loud[0] : loud[-1] + 1] if len(loud) else samples
    kept = kept[: int(LONGEST_SECONDS * SAMPLE_RATE)]
    return (0.5 * kept / max(float(np.abs(kept).max()), 1e-9)).astype(np.float32)


@frozen(kw_only=True)
class FliteVoice:
    """A voice of the command flite; slt, rms and awb are cut from people's recordings."""

    voice: str

    @property
    def name(self) -> str:
        return f"flite-{self.voice}"

    def say(self, rng: np.random.Generator) -> Samples:
        return self.read(str(rng.choice(SENTENCES)), rng.uniform(0.85, 1.2))

    def read(self, text: str, stretch: float) -> Samples:
        """A text, drawn out by `stretch`."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "said.wav")
            setting = ["-voice", self.voice, "--setf", f"duration_stretch={stretch:.2f}"]
            subprocess.run(["flite", *setting, "-t", text, "-o", str(path)], check=True)
            samples, rate = soundfile.read(path, dtype="float32")
        return trimmed(soxr.resample(samples, rate, SAMPLE_RATE))


@cache
def _espeak() -> EspeakLibrary:
    return load()


@frozen(kw_only=True)
class EspeakVoice:
    """A formant voice of espeak-ng, such as `gmw/en-US+f3`."""

    voice: str

    @property
    def name(self) -> str:
        return f"espeak-{self.voice}"

    def say(self, rng: np.random.Generator) -> Samples:
        text, rate, pitch = str(rng.choice(SENTENCES)), int(rng.integers(140, 190)), int(rng.integers(35, 65))
        library = _espeak()
        spoken = library.synthesize(text, voice=self.voice, rate=rate, pitch=pitch, most_samples=10**6)
        samples = np.frombuffer(spoken, dtype="<i2").astype(np.float32) / 32768.0
        return trimmed(soxr.resample(samples, library.sample_rate, SAMPLE_RATE))


@frozen(kw_only=True)
class RecordedVoice:
    """A person's recordings: short ones are joined until there is a sentence of 1.5 to 4.5 s."""

    speaker: str
    recordings: tuple[Samples, ...] = field(repr=False, eq=False)

    @property
    def name(self) -> str:
        return f"people-{self.speaker}"

    def say(self, rng: np.random.Generator) -> Samples:
        wanted, said = rng.uniform(1.5, 3.2) * SAMPLE_RATE, [trimmed(self._any(rng))]
        while sum(map(len, said)) < wanted:
            pause = np.zeros(int(rng.uniform(0.05, 0.25) * SAMPLE_RATE), dtype=np.float32)
            said += [pause, trimmed(self._any(rng))]
        return trimmed(np.concatenate(said))

    def _any(self, rng: np.random.Generator) -> Samples:
        return self.recordings[int(rng.integers(len(self.recordings)))]


def recorded_voices(folder: Path) -> tuple[Voice, ...]:
    """A voice for each folder of WAV, FLAC or OGG files, which should be clean and of one person."""
    voices: list[Voice] = []
    for speaker in sorted(path for path in folder.iterdir() if path.is_dir()):
        found = sorted(path for path in speaker.rglob("*") if path.suffix in {".wav", ".flac", ".ogg"})
        recordings = []
        for path in found:
            samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
            recordings.append(soxr.resample(samples.mean(axis=1), rate, SAMPLE_RATE))
        if recordings:
            voices.append(RecordedVoice(speaker=speaker.name, recordings=tuple(recordings)))
    return tuple(voices)


TUNING_VOICES: Final[tuple[Voice, ...]] = (
    FliteVoice(voice="awb"),
    FliteVoice(voice="slt"),
    EspeakVoice(voice="gmw/en-US+f2"),
    EspeakVoice(voice="gmw/en+m3"),
)
HELD_OUT_VOICES: Final[tuple[Voice, ...]] = (
    FliteVoice(voice="rms"),
    FliteVoice(voice="kal16"),
    EspeakVoice(voice="gmw/en-GB-x-rp+f5"),
    EspeakVoice(voice="gmw/en-US+m6"),
)
"""No voice is in both: whoever tunes on one split does not know the talkers of the other."""
