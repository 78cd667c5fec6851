"""What the networks learn from: measures of streams and the truth about them, gathered into one file.

Scenes of which all that is heard is measured, and stretches as short as what is known early in a sentence;
and ladders, on which clean speech gets worse step by step and must be told so. Kept are not sounds but
measures, in 255 steps each, so `fit` can be run anywhere, without voices or rooms.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from benchmarks.listening.rooms import in_room
from benchmarks.microphone.ladders import LADDERS
from benchmarks.microphone.network import Numbers
from benchmarks.microphone.noises import pink, white
from benchmarks.microphone.scenes import Scene, intelligibility, scenes
from benchmarks.microphone.voices import Voice
from domain.audio import comparison
from domain.audio.features import NAMES, read
from domain.audio.kernels import HOP
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.pulses import NAMES as PULSES
from domain.audio.quality import StreamMeter
from domain.audio.sixths import NAMES as SIXTHS

FILE: Final = Path(__file__).with_name("examples.npz")
LEFT_OUT: Final = {"active_power", "active_hops", "seconds", "peaked", "slow_shape"}
"""What tells of level, length or kind of sound, not of quality."""
PLAIN: Final = tuple(name for name in NAMES if name not in {*LEFT_OUT, *SIXTHS, *PULSES})
"""What all estimates take."""
STEPS: Final = ("fall_2", "skew_1", "skew_2", "rise_0", "rise_2", "busy_1", "busy_2", "idle_0", "idle_1")
"""How levels step up and down, where PLAIN does not tell of that group of bands."""
COLOURS: Final = tuple(name for name in SIXTHS if name.startswith(("speech_", "noise_")))
"""In which parts of the spectrum speech lies, and in which noise."""
MEASURES: Final = (*PLAIN, *PULSES, *STEPS, *COLOURS)
"""What intelligibility is estimated from."""
TOLD_BY: Final = (*PLAIN, *SIXTHS)
"""What the SNR that people are told takes."""
CLEAR_BY: Final = (*PLAIN, *(name for name in PULSES if "60_" in name and "attack" not in name))
"""What the C50 that people are told takes."""
BEFORE: Final = 3 * SAMPLE_RATE // 10
"""A live judgement begins 300 ms before the sentence."""
WHOLE: Final = "whole"
STRETCHES: Final[dict[str, Callable[[Scene], tuple[int, int]]]] = {
    WHOLE: lambda scene: (0, len(scene.devices[0].samples)),
    "middle second": lambda scene: _middle(scene, SAMPLE_RATE),
    "first half second": lambda scene: (_lead(scene), scene.begins + SAMPLE_RATE // 2),
    "first fifth of a second": lambda scene: (_lead(scene), scene.begins + SAMPLE_RATE // 5),
}
STEP: Final = 0.025
"""By how much ESTOI is to fall at least with every step of a ladder."""
STREAMS_IN_NOISE: Final = 3
LEVELS: Final = 254
"""Steps in which a measure is kept; 255 stands for one that there is not."""


@frozen(kw_only=True)
class Gathered:
    """Streams with what is true of them, grouped into scenes; those in noise, then ladders, come last.

    Of these two kinds streams are not told of together, nor their rooms.
    """

    measures: dict[str, Numbers] = field(eq=False, repr=False)
    """By stretch, float64[streams, MEASURES]."""
    differences: dict[str, Numbers] = field(eq=False, repr=False)
    """By stretch, float64[streams of scenes, comparison.NAMES]; NaN where nothing could be compared."""
    sixths: Numbers = field(eq=False, repr=False)
    """float64[streams of scenes, sixths.NAMES], of whole sentences."""
    truths: Numbers = field(eq=False, repr=False)
    """float64[streams, 3]: ESTOI, SNR and C50 in dB, NaN where there is no room."""
    scenes: NDArray[np.int64] = field(eq=False, repr=False)
    """Of each stream, which scene or ladder it is in: 0, 1, 2 .. in order."""
    formant: NDArray[np.bool_] = field(eq=False, repr=False)
    """Of each scene, whether a formant voice speaks in it."""
    ladders: int
    """How many of the last are ladders."""

    def save(self, path: Path) -> None:
        """Write a file that `load` reads."""
        kept = {"truths": self.truths, "scenes": self.scenes.astype(np.int32), "formant": self.formant}
        for kind, tables in (("measures", self.measures), ("differences", self.differences)):
            for name, values in tables.items():
                kept[f"{kind}/{name}"], kept[f"{kind}/{name}/ends"] = _in_steps(values)
        kept["sixths"], kept["sixths/ends"] = _in_steps(self.sixths)
        np.savez_compressed(path, **kept, ladders=np.array(self.ladders))

    @classmethod
    def load(cls, path: Path) -> "Gathered":
        """Read what was saved."""
        with np.load(path) as kept:
            tables: dict[str, dict[str, Numbers]] = {"measures": {}, "differences": {}}
            for key in kept.files:
                kind, _, name = key.partition("/")
                if kind in tables and not name.endswith("/ends"):
                    tables[kind][name] = _from_steps(kept[key], kept[f"{key}/ends"])
            return cls(
                **tables,
                sixths=_from_steps(kept["sixths"], kept["sixths/ends"]),
                truths=kept["truths"],
                scenes=kept["scenes"].astype(np.int64),
                formant=kept["formant"],
                ladders=int(kept["ladders"]),
            )


def _in_steps(values: Numbers) -> tuple[NDArray[np.uint8], Numbers]:
    """Each column in LEVELS steps between its 0.2 and 99.8 percent points, and these."""
    low, high = np.nanpercentile(values, [0.2, 99.8], axis=0)
    wide = np.maximum(high - low, 1e-9)
    steps = np.rint(np.clip((values - low) / wide, 0.0, 1.0) * LEVELS)
    return np.where(np.isnan(steps), 255, steps).astype(np.uint8), np.stack([low, wide])


def _from_steps(steps: NDArray[np.uint8], ends: Numbers) -> Numbers:
    values: Numbers = np.where(steps == 255, np.nan, ends[0] + steps / LEVELS * ends[1])
    return values


def _lead(scene: Scene) -> int:
    return max(0, scene.begins - BEFORE)


def _middle(scene: Scene, length: int) -> tuple[int, int]:
    first = max(0, min((scene.begins + scene.ends - length) // 2, len(scene.devices[0].samples) - length))
    return first, first + length


def measured(samples: Samples, names: Sequence[str] = MEASURES) -> Numbers:
    """The measures of a stretch that networks take (float64[names])."""
    meter = StreamMeter(forgetting=False)
    meter.hear(samples)
    values = dict(zip(NAMES, read(meter._state).tolist(), strict=True))
    return np.array([values[name] for name in names])


def compared(rows: Sequence[Samples]) -> Numbers:
    """What lies between streams (float64[streams, comparison.NAMES])."""
    between = np.full((len(rows), len(comparison.NAMES)), np.nan)
    usable, told = comparison.compare_streams(rows)
    if usable:
        between[usable] = told
    return between


def of_scene(scene: Scene) -> tuple[dict[str, list[Numbers]], dict[str, Numbers]]:
    """Measures of every stream and what lies between them, by stretch."""
    rows = [StreamMeter().hear(device.samples) for device in scene.devices]
    measures, between = {}, {}
    for name, stretch in STRETCHES.items():
        first, last = stretch(scene)
        measures[name] = [measured(device.samples[first:last]) for device in scene.devices]
        between[name] = compared([row[first // HOP : last // HOP] for row in rows])
    return measures, between


def _ladder(
    voice: Voice, name: str, rng: np.random.Generator
) -> tuple[list[Numbers], list[Numbers], list[float]]:
    """Measures with the silence around speech and without, and truths, along one ladder from clean speech."""
    said = voice.say(rng).astype(np.float64)
    silence = np.zeros(int(rng.uniform(0.2, 0.6) * SAMPLE_RATE))
    dry = rng.uniform(0.1, 0.9) * np.concatenate([silence, said, silence])
    floor = np.sqrt(np.mean(dry**2)) * 10 ** (-rng.uniform(35, 60) / 20)
    step, amounts = LADDERS[name]
    measures: list[Numbers] = []
    bare: list[Numbers] = []
    truths: list[float] = []
    for amount in amounts:
        worse = step(dry + floor * rng.standard_normal(len(dry)), amount * rng.uniform(0.85, 1.15), rng)
        samples = np.clip(worse, -1, 1).astype(np.float32)
        truth = intelligibility(dry, samples)
        truths.append(min(truth, truths[-1] - STEP) if truths else truth)
        measures.append(measured(samples))
        bare.append(measured(samples[len(silence) : -len(silence)]))
    return measures, bare, truths


def in_noise(voice: Voice, rng: np.random.Generator) -> tuple[dict[str, list[Numbers]], list[float]]:
    """Measures by stretch, and truths, of a sentence at three places in steady noise as loud as it is."""
    said = voice.say(rng).astype(np.float64)
    lead, trail = (int(rng.uniform(0.3, 0.6) * SAMPLE_RATE) for _ in range(2))
    dry = np.concatenate([np.zeros(lead), 0.05 * said / np.sqrt(np.mean(said**2)), np.zeros(trail)])
    first, middle = max(0, lead - BEFORE), lead + len(said) // 2
    stretches = (
        (0, len(dry)),
        (max(0, middle - SAMPLE_RATE // 2), middle + SAMPLE_RATE // 2),
        (first, lead + SAMPLE_RATE // 2),
        (first, lead + SAMPLE_RATE // 5),
    )
    measures: dict[str, list[Numbers]] = {name: [] for name in STRETCHES}
    truths: list[float] = []
    for _ in range(STREAMS_IN_NOISE):
        echo, direct = float(rng.choice([0, 0.3, 0.5, 0.8])), float(rng.uniform(-4, 8))
        wet = in_room(dry.astype(np.float32), echo, direct, rng).astype(np.float64)
        noise = (white if rng.random() < 0.5 else pink)(rng, len(dry), ())
        loud = np.sqrt(np.mean(wet[np.abs(wet) > 0.1 * np.abs(wet).max()] ** 2))
        heard = wet + noise / noise.std() * loud * 10 ** (-rng.uniform(-5, 14) / 20)
        samples = (heard * rng.uniform(0.05, 0.9) / np.abs(heard).max()).astype(np.float32)
        for name, (start, end) in zip(STRETCHES, stretches, strict=True):
            measures[name].append(measured(samples[start:end]))
        truths.append(intelligibility(dry, samples))
    return measures, truths


def gather(seed: int, count: int, voices: tuple[Voice, ...]) -> Gathered:
    """Draw scenes, one in noise for every 25 of them, and a third as many ladders, and measure them."""
    measures: dict[str, list[Numbers]] = {name: [] for name in STRETCHES}
    between: dict[str, list[Numbers]] = {name: [] for name in STRETCHES}
    sixths: list[Numbers] = []
    truths: list[tuple[float, float, float]] = []
    places: list[int] = []
    formant: list[bool] = []
    for scene in scenes(seed, count, voices):
        of_streams, differences = of_scene(scene)
        for name in STRETCHES:
            measures[name] += of_streams[name]
            between[name].append(differences[name])
        sixths += [measured(device.samples, SIXTHS) for device in scene.devices]
        truths += [(device.estoi, device.snr, device.c50) for device in scene.devices]
        places += [len(formant)] * len(scene.devices)
        formant.append(scene.voice.startswith("espeak"))
    rng = np.random.default_rng([seed, count])
    for index in range(count // 25):
        voice = voices[index % len(voices)]
        heard, true = in_noise(voice, rng)
        for name in STRETCHES:
            measures[name] += heard[name]
        truths += [(truth, float("nan"), float("nan")) for truth in true]
        places += [len(formant)] * len(true)
        formant.append(voice.name.startswith("espeak"))
    for index in range(count // 3):
        voice = voices[index % len(voices)]
        along, bare, fallen = _ladder(voice, list(LADDERS)[index % len(LADDERS)], rng)
        for name in STRETCHES:
            measures[name] += along if name == WHOLE else bare
        truths += [(truth, float("nan"), float("nan")) for truth in fallen]
        places += [len(formant)] * len(along)
        formant.append(voice.name.startswith("espeak"))
    return Gathered(
        measures={name: np.array(rows) for name, rows in measures.items()},
        differences={name: np.concatenate(tables) for name, tables in between.items()},
        sixths=np.array(sixths),
        truths=np.array(truths),
        scenes=np.array(places, dtype=np.int64),
        formant=np.array(formant),
        ladders=count // 3,
    )
