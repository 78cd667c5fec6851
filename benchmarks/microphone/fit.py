"""Fits the networks that estimate intelligibility and clarity, and writes their weights.

What they learn from: scenes, of which whole sentences and their middle second and half second are
measured; and ladders, on which clean speech gets worse step by step and must be told so.
"""

from pathlib import Path
from typing import Final

import numpy as np

import domain.audio
from benchmarks.microphone.ladders import LADDERS
from benchmarks.microphone.network import Examples, Numbers, fit
from benchmarks.microphone.run import WINDOWS, middle
from benchmarks.microphone.scenes import Scene, intelligibility, scenes
from benchmarks.microphone.voices import Voice
from benchmarks.microphone.writing import module, table
from domain.audio.features import NAMES, read
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.quality import StreamMeter

STATISTICS: Final = "ml1_0 neg0 neg1 skw0 p99_75_0 spi2 spa0 sii drop kurt dyn10 wada asy1 act shape clipping"
MEASURES: Final = (
    *STATISTICS.split(),
    *(f"mc{group}_{rate}" for group in range(3) for rate in range(4)),
)
FAR: Final = {"drop": 12.0, "clipping": 12.0}
"""How many deviations count upwards, where it is not 3."""
UNITS: Final = 12
CLARITY_UNITS: Final = 4
LADDERS_WEIGH: Final = 2.0
STEP: Final = 0.025
"""By how much ESTOI is to fall at least with every step of a ladder."""
C50_SCALE: Final = 10.0
GAPPED: Final = {"stall", "bursts", "lose", "repeat", "suppress", "clip", "overdrive"}
"""Nobody can hear the room through these."""


def measured(samples: Samples) -> Numbers:
    """The measures that the networks take (float64[measures])."""
    meter = StreamMeter(forgetting=False)
    meter.hear(samples)
    values = dict(zip(NAMES, read(meter._state).tolist(), strict=True))
    return np.array([values[name] for name in MEASURES])


def _of_scene(scene: Scene) -> dict[str, list[Numbers]]:
    """Measures of every stream, by stretch."""
    return {
        str(seconds): [measured(middle(scene, device.samples, seconds)) for device in scene.devices]
        for seconds in (0.0, *WINDOWS[::-1])
    }


def _ladder(voice: Voice, name: str, rng: np.random.Generator) -> tuple[list[Numbers], list[float]]:
    """Measures and truths along one ladder, from clean speech in a little noise."""
    said = voice.say(rng).astype(np.float64)
    silence = np.zeros(int(rng.uniform(0.2, 0.6) * SAMPLE_RATE))
    dry = rng.uniform(0.1, 0.9) * np.concatenate([silence, said, silence])
    floor = np.sqrt(np.mean(dry**2)) * 10 ** (-rng.uniform(35, 60) / 20)
    step, amounts = LADDERS[name]
    measures, truths = [], []
    for amount in amounts:
        worse = step(dry + floor * rng.standard_normal(len(dry)), amount * rng.uniform(0.85, 1.15), rng)
        samples = np.clip(worse, -1, 1).astype(np.float32)
        truth = intelligibility(dry, samples)
        truths.append(min(truth, truths[-1] - STEP) if truths else truth)
        measures.append(measured(samples))
    return measures, truths


def gather(seed: int, count: int, voices: tuple[Voice, ...]) -> tuple[Examples, Examples]:
    """Examples of intelligibility, and of C50 where the room can be heard."""
    rows: dict[str, list[Numbers]] = {str(seconds): [] for seconds in (0.0, *WINDOWS[::-1])}
    truths, clarity, heard, places, weights = [], [], [], [], []
    for scene in scenes(seed, count, voices):
        for stretch, measures in _of_scene(scene).items():
            rows[stretch] += measures
        truths += scene.truths
        clarity += [min(25.0, max(-10.0, device.c50)) / C50_SCALE for device in scene.devices]
        heard += [not GAPPED & set(device.impairments) for device in scene.devices]
        places += [len(weights)] * len(scene.devices)
        weights.append(1.0)
    room = {stretch: np.array(values)[heard] for stretch, values in rows.items()}
    _, of_room = np.unique(np.array(places)[heard], return_inverse=True)
    rooms = _examples(room, np.array(clarity)[heard], of_room, np.ones(of_room.max() + 1))
    rng = np.random.default_rng([seed, count])
    for index in range(count // 3):
        measures, along = _ladder(voices[index % len(voices)], list(LADDERS)[index % len(LADDERS)], rng)
        for stretch in rows:
            rows[stretch] += measures
        truths += along
        places += [len(weights)] * len(along)
        weights.append(LADDERS_WEIGH)
    ladders = {stretch: np.array(values) for stretch, values in rows.items()}
    return _examples(ladders, np.array(truths), np.array(places), np.array(weights)), rooms


def _examples(
    measures: dict[str, Numbers], truths: Numbers, places: np.ndarray, weights: Numbers
) -> Examples:
    return Examples(measures=measures, truths=truths, scenes=places.astype(np.int64), weights=weights)


def write(voices: tuple[Voice, ...], seed: int, count: int) -> Path:
    """Fit to scenes made for it, and write domain.audio.weights anew; return its path."""
    speech, rooms = gather(seed, count, voices)
    highest = np.array([FAR.get(name, 3.0) for name in MEASURES])
    estimate = fit(speech, highest, UNITS, 100, seed=0)
    clarity = fit(rooms, highest, CLARITY_UNITS, 60, seed=0, regret=0.0)
    path = Path(domain.audio.__file__).with_name("weights.py")
    text = {"INTELLIGIBILITY": table(estimate, MEASURES), "C50": table(clarity, MEASURES, C50_SCALE)}
    path.write_text(module(text), encoding="utf-8")
    return path
