"""Requests said by flite with pauses inside them, in noise, with the truth about where their parts end."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import soundfile
import soxr
from attrs import field, frozen

from domain.audio.pcm import SAMPLE_RATE, Samples

REQUESTS: Final = (
    ("remind me to call mum", "tomorrow at five"),
    ("remind me", "to water the plants", "on friday at nine"),
    ("remind me in twenty minutes", "to check the oven"),
    ("set a reminder for tomorrow at eight", "to feed the cat"),
    ("add a meeting with anna", "on friday at ten"),
    ("schedule a dentist appointment", "tomorrow at three"),
    ("what do i have", "to do today"),
    ("what's on my calendar", "tomorrow"),
    ("cancel my reminder", "to call mum"),
    ("mark", "call mum as done"),
    ("tell me", "what time it is"),
    ("tell me something nice", "about the sea"),
    ("um", "what is the weather like", "in the mountains"),
    ("what time is it",),
    ("good morning",),
    ("what do i have to do today",),
    ("remind me to call mum tomorrow at five",),
    ("tell me a joke",),
)
VOICES: Final = ("slt", "rms")
SNRS: Final = (5, 10, 20, 30)
PAUSES: Final = (0.3, 1.2)
LEAD, TRAIL = 2.0, 3.5


@frozen(kw_only=True)
class Request:
    """A request as a microphone hears it."""

    samples: Samples = field(eq=False, repr=False)
    snr: int
    clauses: tuple[str, ...]
    ends: tuple[int, ...]
    """After which sample each clause is over."""

    def said_by(self, sample: int) -> str:
        """The words of the clauses that are over by a sample."""
        done = [clause for clause, end in zip(self.clauses, self.ends, strict=True) if end <= sample]
        return " ".join(done)


def requests(seed: int) -> Iterator[Request]:
    """Every request by every voice at every signal-to-noise ratio, with other pauses each time."""
    random = np.random.default_rng(seed)
    for clauses in REQUESTS:
        for voice in VOICES:
            voiced = [spoken(clause, voice) for clause in clauses]
            for snr in SNRS:
                yield _request(clauses, voiced, snr, random)


def _request(
    clauses: tuple[str, ...], spoken: list[Samples], snr: int, random: np.random.Generator
) -> Request:
    at, parts, ends = int(LEAD * SAMPLE_RATE), [np.zeros(int(LEAD * SAMPLE_RATE), np.float32)], []
    for index, clause in enumerate(spoken):
        if index:
            parts.append(np.zeros(int(random.uniform(*PAUSES) * SAMPLE_RATE), np.float32))
            at += len(parts[-1])
        parts.append(clause)
        at += len(clause)
        ends.append(at)
    clean = np.concatenate([*parts, np.zeros(int(TRAIL * SAMPLE_RATE), np.float32)])
    level = np.sqrt(np.mean(np.concatenate(spoken) ** 2)) * 10 ** (-snr / 20)
    noisy = (clean + level * random.standard_normal(len(clean))).astype(np.float32)
    return Request(samples=noisy, snr=snr, clauses=clauses, ends=tuple(ends))


def spoken(clause: str, voice: str) -> Samples:
    """A clause without the silence around it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "said.wav")
        subprocess.run(["flite", "-voice", voice, "-t", clause, "-o", str(path)], check=True)
        samples, rate = soundfile.read(path, dtype="float32")
    said: Samples = soxr.resample(samples, rate, SAMPLE_RATE).astype(np.float32)
    loud = np.flatnonzero(np.abs(said) > 0.02 * np.abs(said).max())
    return 0.3 * said[loud[0] : loud[-1] + 1] / np.abs(said).max()
