"""Households over several sentences: devices that stay, and a talker who moves now and then."""

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
)
from benchmarks.microphone.voices import Voice
from domain.audio.pcm import SAMPLE_RATE, Samples

SPEECH_LEVEL: Final = 0.05
SENTENCES: Final = 7
PLACES: Final = 3
STAYS: Final = 0.7
"""How likely the talker has not moved since the last sentence."""
LEAD_SECONDS: Final = 2.5
TRAIL_SECONDS: Final = 1.5


@frozen(kw_only=True)
class Sentence:
    """One sentence of a household, and how intelligible it was on each device (ESTOI)."""

    begins: int
    ends: int
    place: int
    truths: tuple[float, ...]


@frozen(kw_only=True)
class Household:
    """What every device heard, without a break, and the truth about each sentence."""

    index: int
    streams: tuple[Samples, ...] = field(eq=False, repr=False)
    sentences: tuple[Sentence, ...]
    noises: tuple[str, ...]


def households(
    seed: int, count: int, voices: tuple[Voice, ...], *, stays: float = STAYS
) -> Iterator[Household]:
    """As many households as asked for; each depends on the seed, its index and the voices alone."""
    for index in range(count):
        yield _draw(np.random.default_rng([seed, index]), index, voices, stays)


def _draw(rng: np.random.Generator, index: int, voices: tuple[Voice, ...], stays: float) -> Household:
    room = draw_room(rng)
    count = int(rng.integers(3, 6))
    places = [
        near(rng, room, low, low * 3.5) for low in rng.choice([0.25, 0.6, 1.5], count, p=[0.25, 0.4, 0.35])
    ]
    kinds = [str(kind) for kind in rng.choice(["open", "next_door"], count, p=[0.8, 0.2])]
    paths = _paths(rng, room, places, kinds)
    dry, spans, walk = _spoken(rng, voices[index % len(voices)], stays)
    around, names = _noise(rng, room, places, len(dry[0]), voices)
    streams, truths = [], []
    for device in range(count):
        samples = _device(rng, dry, [paths[place][device] for place in range(PLACES)], around[device])
        streams.append(samples)
        truths.append(
            [
                _truth(dry[place], paths[place][device], samples, span)
                for place, span in zip(walk, spans, strict=True)
            ]
        )
    sentences = tuple(
        Sentence(begins=span[0], ends=span[1], place=place, truths=tuple(row[k] for row in truths))
        for k, (place, span) in enumerate(zip(walk, spans, strict=True))
    )
    return Household(index=index, streams=tuple(streams), sentences=sentences, noises=names)


def _paths(rng: np.random.Generator, room: Room, places: list[Signal], kinds: list[str]) -> list[list[Path]]:
    """The ways from each place of the talker to each device."""
    talkers = [room.talker, *(inside(rng, room.size, (1.0, 1.8)) for _ in range(PLACES - 1))]
    paths = []
    for talker in talkers:
        row = []
        for rir, place, kind in zip(responses(room, talker, places, rng), places, kinds, strict=True):
            distance = float(np.linalg.norm(place - talker))
            path = heard(rir, arrival_of(distance), distance)
            if kind == "next_door":
                path = next_door(path, room, rng)
            elif rng.random() < 0.15:
                path = occluded(path, rng)
            row.append(path)
        paths.append(row)
    return paths


def _spoken(
    rng: np.random.Generator, voice: Voice, stays: float
) -> tuple[list[Signal], list[tuple[int, int]], list[int]]:
    """What is said at each place (float64[n] each), where in time the sentences lie, and at which places."""
    said = [voice.say(rng).astype(np.float64) for _ in range(SENTENCES)]
    gaps = [int(rng.uniform(LEAD_SECONDS, LEAD_SECONDS + 1.0) * SAMPLE_RATE) for _ in said]
    length = sum(map(len, said)) + sum(gaps) + int(TRAIL_SECONDS * SAMPLE_RATE)
    dry = [np.zeros(length) for _ in range(PLACES)]
    at, place, spans, walk = 0, 0, [], []
    for sentence, gap in zip(said, gaps, strict=True):
        if walk and rng.random() > stays:
            place = int(rng.choice([each for each in range(PLACES) if each != place]))
        at += gap
        loudness = SPEECH_LEVEL * 10 ** (rng.uniform(-3, 3) / 20) / np.sqrt(np.mean(sentence**2))
        dry[place][at : at + len(sentence)] = loudness * sentence
        spans.append((at, at + len(sentence)))
        walk.append(place)
        at += len(sentence)
    return dry, spans, walk


def _noise(
    rng: np.random.Generator, room: Room, places: list[Signal], length: int, voices: tuple[Voice, ...]
) -> tuple[list[Signal], tuple[str, ...]]:
    around, names = [np.zeros(length) for _ in places], []
    for _ in range(int(rng.choice([0, 1, 2], p=[0.2, 0.6, 0.2]))):
        name = str(rng.choice(list(NOISES)))
        noise = draw_noise(rng, name, length, voices) * SPEECH_LEVEL * 10 ** (rng.uniform(-32, -4) / 20)
        for index, rir in enumerate(responses(room, inside(rng, room.size, (0.3, 1.8)), places, rng)):
            around[index] += fftconvolve(noise, rir)[:length]
        names.append(name)
    return around, tuple(names)


def _device(rng: np.random.Generator, dry: list[Signal], paths: list[Path], around: Signal) -> Samples:
    """What a device makes of all that arrives, with one gain for good."""
    arrived = sum((fftconvolve(d, p.response)[: len(d)] for d, p in zip(dry, paths, strict=True)), around)
    arrived = arrived + rng.standard_normal(len(arrived)) * SPEECH_LEVEL * 10 ** (-rng.uniform(25, 55) / 20)
    arrived = colour(arrived, rng)
    arrived *= 10 ** (-rng.uniform(1, 30) / 20) / (np.max(np.abs(arrived)) + 1e-9)
    if rng.random() < 0.35:
        arrived = IMPAIRMENTS[str(rng.choice(list(IMPAIRMENTS)))](arrived, rng)
    return (np.round(np.clip(arrived, -1, 1) * 32767) / 32768).astype(np.float32)


def _truth(dry: Signal, path: Path, samples: Samples, span: tuple[int, int]) -> float:
    """Extended short-time objective intelligibility (Jensen and Taal, 2016) of one sentence."""
    first, last = span[0] - SAMPLE_RATE // 4, span[1] + SAMPLE_RATE // 4
    reference = np.concatenate([np.zeros(path.arrival), dry])[first:last]
    noisy = samples[first:last].astype(np.float64) + 1e-9 * np.cos(np.arange(last - first))
    return float(stoi(reference, noisy, SAMPLE_RATE, extended=True))
