"""Scenes: one sentence in a room, as several devices hear it, and how well each really heard it."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from attrs import field, frozen
from pystoi import stoi
from scipy.signal import fftconvolve

from benchmarks.microphone.impairments import IMPAIRMENTS, colour
from benchmarks.microphone.noises import NOISES, Signal, draw_noise
from benchmarks.microphone.rooms import (
    Path,
    Room,
    arrival_of,
    draw_room,
    heard,
    inside,
    near,
    next_door,
    occluded,
    responses,
    turned,
)
from benchmarks.microphone.voices import Voice
from domain.audio.pcm import SAMPLE_RATE, Samples

SPEECH_LEVEL: Final = 0.05
"""Root mean square of the direct sound at 1 m."""
INAUDIBLE: Final = 1e-5


@frozen(kw_only=True)
class Device:
    """What one device heard, and the truth about it."""

    samples: Samples = field(eq=False, repr=False)
    estoi: float
    snr: float
    c50: float
    drr: float
    distance: float
    other_room: bool
    occluded: bool
    impairments: tuple[str, ...]


@frozen(kw_only=True)
class Scene:
    """One sentence and the devices that heard it."""

    index: int
    voice: str
    rt60: float
    noises: tuple[tuple[str, float], ...]
    begins: int
    ends: int
    """Where the sentence lies, in samples."""
    devices: tuple[Device, ...]

    @property
    def truths(self) -> list[float]:
        """ESTOI of each device."""
        return [device.estoi for device in self.devices]


def scenes(seed: int, count: int, voices: tuple[Voice, ...], first: int = 0) -> Iterator[Scene]:
    """As many scenes as asked for; each depends on the seed, its index and the voices alone."""
    for index in range(first, first + count):
        yield draw_scene(seed, index, voices)


def draw_scene(seed: int, index: int, voices: tuple[Voice, ...]) -> Scene:
    """One scene."""
    rng = np.random.default_rng([seed, index])
    voice = voices[index % len(voices)]
    said = voice.say(rng).astype(np.float64)
    said *= SPEECH_LEVEL / np.sqrt(np.mean(said**2))
    lead, trail = (int(rng.uniform(0.3, 0.6) * SAMPLE_RATE) for _ in range(2))
    clean = np.concatenate([np.zeros(lead), said, np.zeros(trail)])
    room = draw_room(rng)
    places, kinds = _draw_places(rng, room)
    paths = _draw_paths(rng, room, places, kinds)
    around, described = _draw_surroundings(rng, room, places, kinds, len(clean), voices)
    devices = [
        _device(clean, path, noise, kind, rng) for path, noise, kind in zip(paths, around, kinds, strict=True)
    ]
    return Scene(
        index=index,
        voice=voice.name,
        rt60=room.rt60,
        noises=described,
        begins=lead,
        ends=lead + len(said),
        devices=tuple(devices),
    )


def _draw_places(rng: np.random.Generator, room: Room) -> tuple[list[Signal], list[str]]:
    """Three to six devices: mostly at various distances, some behind things or in the next room."""
    count = int(rng.integers(3, 7))
    places, kinds = [], []
    for _ in range(count):
        low = float(rng.choice([0.25, 0.6, 1.5], p=[0.25, 0.4, 0.35]))
        places.append(near(rng, room, low, low * 3.5))
        kinds.append(str(rng.choice(["open", "occluded", "next_door"], p=[0.7, 0.13, 0.17])))
    return places, kinds


def _draw_paths(rng: np.random.Generator, room: Room, places: list[Signal], kinds: list[str]) -> list[Path]:
    paths = []
    for rir, place, kind in zip(responses(room, room.talker, places, rng), places, kinds, strict=True):
        distance = float(np.linalg.norm(place - room.talker))
        path = turned(heard(rir, arrival_of(distance), distance), room, place)
        if kind == "occluded":
            path = occluded(path, rng)
        elif kind == "next_door":
            path = next_door(path, room, rng)
        paths.append(path)
    return paths


def _draw_surroundings(
    rng: np.random.Generator,
    room: Room,
    places: list[Signal],
    kinds: list[str],
    length: int,
    voices: tuple[Voice, ...],
) -> tuple[list[Signal], tuple[tuple[str, float], ...]]:
    """The noise at each device, and which noises at which level against the speech at 1 m, in dB."""
    around = [np.zeros(length) for _ in places]
    described = []
    for _ in range(int(rng.choice([0, 1, 2], p=[0.2, 0.6, 0.2]))):
        name, level = str(rng.choice(list(NOISES))), float(rng.uniform(-32, 0))
        noise = draw_noise(rng, name, length, voices) * SPEECH_LEVEL * 10 ** (level / 20)
        rirs = responses(room, inside(rng, room.size, (0.3, 1.8)), places, rng)
        for index, rir in enumerate(rirs):
            softened = 0.3 if kinds[index] == "next_door" else 1.0
            around[index] += softened * fftconvolve(noise, rir)[:length]
        described.append((name, level))
    return around, tuple(described)


def _device(clean: Signal, path: Path, around: Signal, kind: str, rng: np.random.Generator) -> Device:
    """What a device makes of the sound that arrives, quantised to 16 bits."""
    speech = fftconvolve(clean, path.response)[: len(clean)]
    own = rng.standard_normal(len(clean)) * SPEECH_LEVEL * 10 ** (-rng.uniform(25, 55) / 20)
    noise = around + own
    arrived = colour(speech + noise, rng)
    arrived *= _gain(arrived, rng)
    count = int(rng.choice([0, 1, 2], p=[0.57, 0.35, 0.08]))
    names = [str(name) for name in rng.choice(list(IMPAIRMENTS), count, replace=False)]
    for name in names:
        arrived = IMPAIRMENTS[name](arrived, rng)
    samples = (np.round(np.clip(arrived, -1, 1) * 32767) / 32768).astype(np.float32)
    reference = np.concatenate([np.zeros(path.arrival), clean])[: len(clean)]
    present = reference**2 > INAUDIBLE * np.max(reference**2)
    snr = 10 * np.log10(np.mean(speech[present] ** 2) / np.mean(noise[present] ** 2))
    return Device(
        samples=samples,
        estoi=intelligibility(reference, samples),
        snr=float(snr),
        c50=path.c50,
        drr=path.drr,
        distance=path.distance,
        other_room=kind == "next_door",
        occluded=kind == "occluded",
        impairments=tuple(names),
    )


def _gain(arrived: Signal, rng: np.random.Generator) -> float:
    """A device's own gain: any level without clipping."""
    return float(10 ** (-rng.uniform(1, 30) / 20) / (np.max(np.abs(arrived)) + 1e-9))


def intelligibility(reference: Signal, samples: Samples) -> float:
    """Extended short-time objective intelligibility (Jensen and Taal, 2016) against the clean speech."""
    heard_noise = samples.astype(np.float64) + 1e-9 * np.cos(np.arange(len(samples)))
    return float(stoi(reference, heard_noise, SAMPLE_RATE, extended=True))
