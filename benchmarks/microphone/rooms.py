"""Rooms and what becomes of a sound on its way to a microphone in them.

A shoebox by the image source method (Allen and Berkley, 1979; pyroomacoustics), with a diffuse tail
where the images end, highs that die sooner than lows, and talkers who face somewhere.
"""

from typing import Final

import numpy as np
import pyroomacoustics
from attrs import field, frozen
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, sosfilt, sosfiltfilt

from domain.audio.pcm import SAMPLE_RATE

Signal = NDArray[np.float64]
SPEED: Final = 343.0
MOST_ORDER: Final = 17
EARLY: Final = int(0.050 * SAMPLE_RATE)
DIRECT: Final = int(0.0025 * SAMPLE_RATE)


@frozen(kw_only=True)
class Room:
    """A room, its reverberation time, where the talker stands and whither they face."""

    size: tuple[float, float, float]
    rt60: float
    rt60_high: float
    talker: Signal = field(eq=False)
    facing: Signal = field(eq=False)


@frozen(kw_only=True)
class Path:
    """The way from the talker to a microphone."""

    response: Signal = field(eq=False, repr=False)
    arrival: int
    """The sample at which the direct sound arrives."""
    distance: float
    c50: float
    drr: float


def draw_room(rng: np.random.Generator) -> Room:
    """A room between a bathroom and a hall, 0.15 to 1.0 s."""
    size = (rng.uniform(2.4, 9.0), rng.uniform(2.2, 7.0), rng.uniform(2.2, 3.6))
    rt60 = float(np.exp(rng.uniform(np.log(0.15), np.log(1.0))))
    angle = rng.uniform(0, 2 * np.pi)
    return Room(
        size=size,
        rt60=rt60,
        rt60_high=rt60 * rng.uniform(0.45, 1.0),
        talker=inside(rng, size, (1.0, 1.8)),
        facing=np.array([np.cos(angle), np.sin(angle), 0.0]),
    )


def inside(rng: np.random.Generator, size: tuple[float, ...], height: tuple[float, float]) -> Signal:
    """A place at least 0.35 m from every wall."""
    top = min(height[1], size[2] - 0.35)
    low, high = np.array([0.35, 0.35, height[0]]), np.array([size[0] - 0.35, size[1] - 0.35, top])
    place: Signal = rng.uniform(low, high)
    return place


def near(rng: np.random.Generator, room: Room, low: float, high: float) -> Signal:
    """A place between `low` and `high` metres from the talker, as far as the walls allow."""
    for _ in range(60):
        distance, angle = np.exp(rng.uniform(np.log(low), np.log(high))), rng.uniform(0, 2 * np.pi)
        height = rng.uniform(-0.7, 0.4) * min(1.0, distance)
        flat = np.sqrt(max(distance**2 - height**2, 0.0))
        place: Signal = room.talker + np.array([flat * np.cos(angle), flat * np.sin(angle), height])
        if np.all(place > 0.1) and np.all(place < np.array(room.size) - 0.1):
            return place
    return inside(rng, room.size, (0.5, 1.9))


def responses(room: Room, source: Signal, places: list[Signal], rng: np.random.Generator) -> list[Signal]:
    """Impulse responses from a source to each place, about rt60 long."""
    try:
        absorption, order = pyroomacoustics.inverse_sabine(room.rt60, room.size)
    except ValueError:
        absorption, order = 0.98, 4
    order = min(order, MOST_ORDER)
    shoebox = pyroomacoustics.ShoeBox(
        room.size, fs=SAMPLE_RATE, materials=pyroomacoustics.Material(absorption), max_order=order
    )
    shoebox.add_source(source)
    shoebox.add_microphone_array(np.array(places).T)
    shoebox.compute_rir()
    complete = int(order * min(room.size) / SPEED * SAMPLE_RATE)
    return [_finished(np.asarray(rir[0], dtype=np.float64), complete, room, rng) for rir in shoebox.rir]


def _finished(images: Signal, complete: int, room: Room, rng: np.random.Generator) -> Signal:
    """Images as far as they are complete, then noise that decays at the same pace; highs die sooner."""
    length = max(int(1.1 * room.rt60 * SAMPLE_RATE), 1600)
    out = np.zeros(length + DIRECT)
    kept = min(complete, len(images), len(out))
    out[:kept] = images[:kept]
    reach = int(0.02 * SAMPLE_RATE)
    if kept < len(out) and kept > reach:
        level = np.sqrt(np.mean(out[kept - reach : kept] ** 2) + 1e-20)
        tail = np.arange(len(out) - kept) / SAMPLE_RATE
        out[kept:] = level * rng.standard_normal(len(tail)) * 10 ** (-3 * tail / room.rt60)
    seconds = np.arange(len(out)) / SAMPLE_RATE
    lows = sosfiltfilt(butter(1, 2000, fs=SAMPLE_RATE, output="sos"), out)
    sooner = 10 ** (-3 * seconds * (1 / room.rt60_high - 1 / room.rt60))
    finished: Signal = lows + (out - lows) * sooner
    return finished


def heard(response: Signal, arrival: int, distance: float) -> Path:
    """A path with its C50 and direct-to-reverberant ratio (ISO 3382-1), in dB."""
    power = response**2
    early = power[max(0, arrival - 40) : arrival + EARLY].sum()
    direct = power[max(0, arrival - 40) : arrival + DIRECT].sum()
    return Path(
        response=response,
        arrival=arrival,
        distance=distance,
        c50=float(10 * np.log10((early + 1e-20) / (power[arrival + EARLY :].sum() + 1e-20))),
        drr=float(10 * np.log10((direct + 1e-20) / (power[arrival + DIRECT :].sum() + 1e-20))),
    )


def arrival_of(distance: float) -> int:
    """When sound arrives over a distance; the image source method delays by 40 samples more."""
    return round(distance / SPEED * SAMPLE_RATE) + 40


def turned(path: Path, room: Room, place: Signal) -> Path:
    """The path with its direct sound duller and weaker as the talker faces away."""
    way = (place - room.talker) / max(float(np.linalg.norm(place - room.talker)), 1e-6)
    behind = (1.0 - float(way @ room.facing)) / 2.0
    return _with_direct(path, 10 ** (-6 * behind / 20), 16_000 * 0.49 * (1 - behind) + 1200 * behind)


def occluded(path: Path, rng: np.random.Generator) -> Path:
    """The path with something in between."""
    return _with_direct(path, 10 ** (-rng.uniform(6, 20) / 20), rng.uniform(600, 2000))


def _with_direct(path: Path, gain: float, highest: float) -> Path:
    start, end = max(0, path.arrival - 40), path.arrival + DIRECT
    response = path.response.copy()
    low_pass = butter(1, min(highest, 7800), fs=SAMPLE_RATE, output="sos")
    response[start:end] = gain * sosfilt(low_pass, response[start:end])
    return heard(response, path.arrival, path.distance)


def next_door(path: Path, room: Room, rng: np.random.Generator) -> Path:
    """The path through a doorway: no direct sound, softened, and a second room's decay on top."""
    length = int(rng.uniform(0.2, 0.7) * SAMPLE_RATE)
    seconds = np.arange(length) / SAMPLE_RATE
    second = rng.standard_normal(length) * 10 ** (-3 * seconds / rng.uniform(0.2, 0.7))
    second[0] += rng.uniform(0.5, 5.0)
    muffled = sosfilt(butter(1, rng.uniform(700, 3500), fs=SAMPLE_RATE, output="sos"), path.response)
    response = fftconvolve(muffled, second / np.sqrt((second**2).sum()))
    return heard(10 ** (-rng.uniform(3, 15) / 20) * response, path.arrival, path.distance)
