"""Voices, and the plainest of rooms: direct sound and a dying echo of noise."""

from pathlib import Path

import numpy as np
import soundfile
from scipy import signal

from domain.audio.pcm import SAMPLE_RATE, Samples

SOUNDS = Path(__file__).parents[2] / "tests" / "sounds"


def voices() -> dict[str, Samples]:
    """The recordings that the tests are shipped with."""
    return {path.stem: soundfile.read(path, dtype="float32")[0] for path in sorted(SOUNDS.glob("*.flac"))}


def in_room(dry: Samples, seconds: float, direct_db: float, random: np.random.Generator) -> Samples:
    """Sound in a room with an echo that takes so many seconds to die away; 0 for no room."""
    if not seconds:
        return dry
    length = int(1.2 * seconds * SAMPLE_RATE) + 400
    response = random.standard_normal(length) * 10.0 ** (-3.0 * np.arange(length) / SAMPLE_RATE / seconds)
    response[:80] = 0.0
    response /= np.sqrt(np.sum(response**2))
    response[0] = 10.0 ** (direct_db / 20.0)
    return signal.fftconvolve(dry, response)[: len(dry)].astype(np.float32)


def said(spoken: Samples, begins: float, seconds: float) -> Samples:
    """A voice that begins to speak at a time, in silence of so many seconds."""
    out = np.zeros(int(seconds * SAMPLE_RATE), dtype=np.float32)
    first = int(begins * SAMPLE_RATE)
    out[first : first + len(spoken)] = spoken[: len(out) - first]
    return out
