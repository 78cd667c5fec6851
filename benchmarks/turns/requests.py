"""Requests with pauses inside them, in rooms and noise, with the truth about where their parts end.

A pause is put into a sentence that was said as a whole, at a comma or between two words, so what comes
before it sounds as if more were to come. People's recordings have no words to go by; they are cut where
they are softest.
"""

import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import soundfile
import soxr
from attrs import field, frozen
from scipy.signal import fftconvolve

from adapters.espeak.library import EspeakLibrary, load
from benchmarks.microphone.rooms import draw_room, near, responses
from benchmarks.microphone.voices import recorded_voices, trimmed
from benchmarks.turns.another_author import ANOTHER_AUTHOR
from benchmarks.turns.earlier import EARLIER
from benchmarks.turns.further import FURTHER
from benchmarks.turns.held_out import HELD_OUT
from benchmarks.turns.one_author import ONE_AUTHOR
from benchmarks.turns.seen import SEEN
from domain.audio.pcm import SAMPLE_RATE, Samples

SNRS: Final = (8, 18, 30)
PAUSES: Final = (0.3, 1.2)
LEAD, TRAIL = 2.0, 3.5
Said = tuple[str, int, tuple[str, ...], str]
"""The kind, the number, the clauses and the voice of what is said."""
IN_ROOM: Final = 0.5
"""The share that is said in a room by the image source method."""


@frozen(kw_only=True)
class Talkers:
    """Who says which sentences."""

    sentences: Mapping[str, Sequence[tuple[str, ...]]]
    """By kind."""
    flite: tuple[str, ...]
    espeak: tuple[str, ...]
    people: tuple[str, ...]
    """How the names of the folders with people's recordings begin."""


TUNING: Final = Talkers(
    sentences={
        "seen": SEEN,
        "further": FURTHER,
        "earlier": EARLIER,
        "one author": ONE_AUTHOR,
        "another": ANOTHER_AUTHOR,
    },
    flite=("slt", "awb"),
    espeak=("gmw/en-US+f2", "gmw/en+m3"),
    people=("ast_fr", "ktu_da", "ps_librivox"),
)
TESTED: Final = Talkers(
    sentences=HELD_OUT,
    flite=("rms", "kal16"),
    espeak=("gmw/en-GB-x-rp+f5", "gmw/en-US+m6"),
    people=("ast_it", "ktu_lt", "ps_cards"),
)


@frozen(kw_only=True)
class Request:
    """A request as a microphone hears it."""

    samples: Samples = field(eq=False, repr=False)
    kind: str
    number: int
    """The same sentence, or recording, has the same number whoever says it in whatever noise."""
    snr: int
    clauses: tuple[str, ...]
    """Empty strings where there are no words to go by."""
    voice: str
    ends: tuple[int, ...]
    """After which sample each clause is over."""

    @property
    def has_words(self) -> bool:
        """Whether it is known what is said."""
        return any(self.clauses)

    def said_by(self, sample: int) -> str:
        """The words of the clauses that are over by a sample."""
        done = [clause for clause, end in zip(self.clauses, self.ends, strict=True) if end <= sample]
        return " ".join(done)


def requests(seed: int, talkers: Talkers, recordings: Path | None = None) -> Iterator[Request]:
    """Every sentence by every voice in one noise, and people's recordings, if there are any, in each."""
    random, number = np.random.default_rng(seed), 0
    for kind, sentences in talkers.sentences.items():
        for clauses in sentences:
            number += 1
            for voice, say in _said(clauses, talkers, random):
                parts, snr = say(), int(random.choice(SNRS))
                if parts:
                    yield _request((kind, number, clauses, voice), parts, snr, random)
    if recordings is None:
        return
    for person in recorded_voices(recordings):
        if person.name.removeprefix("people-").startswith(talkers.people):
            usable = [each for each in person.recordings if 0.8 < len(each) / SAMPLE_RATE < 8.0]
            for index in random.permutation(len(usable))[:40]:
                number += 1
                parts = _cut(trimmed(usable[index]), random)
                for snr in SNRS:
                    yield _request(("people", number, ("",) * len(parts), person.name), parts, snr, random)


def _said(
    clauses: tuple[str, ...], talkers: Talkers, random: np.random.Generator
) -> Iterator[tuple[str, Callable[[], list[Samples]]]]:
    """Each voice, and one sentence by it."""
    for voice in talkers.flite:
        between = ", " if random.random() < 0.5 else " "
        yield voice, lambda v=voice, b=between: _by_flite(clauses, v, b, random)
    for voice in talkers.espeak:
        yield voice, lambda v=voice: _by_espeak(clauses, v, random)


def _request(said: Said, spoken: list[Samples], snr: int, random: np.random.Generator) -> Request:
    at, parts, ends = int(LEAD * SAMPLE_RATE), [np.zeros(int(LEAD * SAMPLE_RATE), np.float32)], []
    for index, clause in enumerate(spoken):
        if index:
            parts.append(np.zeros(int(random.uniform(*PAUSES) * SAMPLE_RATE), np.float32))
            at += len(parts[-1])
        parts.append(clause)
        at += len(clause)
        ends.append(at)
    clean = np.concatenate([*parts, np.zeros(int(TRAIL * SAMPLE_RATE), np.float32)])
    if random.random() < IN_ROOM:
        clean = _in_room(clean, random)
    level = np.sqrt(np.mean(np.concatenate(spoken) ** 2)) * 10 ** (-snr / 20)
    noisy = (clean + level * random.standard_normal(len(clean))).astype(np.float32)
    kind, number, clauses, voice = said
    return Request(
        samples=noisy,
        kind=kind,
        number=number,
        snr=snr,
        clauses=clauses,
        voice=voice,
        ends=tuple(ends),
    )


def _in_room(clean: Samples, random: np.random.Generator) -> Samples:
    room = draw_room(random)
    (response,) = responses(room, room.talker, [near(random, room, 0.5, 3.0)], random)
    arrival = int(np.argmax(np.abs(response)))
    early = response[max(0, arrival - 40) : arrival + SAMPLE_RATE // 20]
    heard: Samples = fftconvolve(clean, response / np.sqrt(np.sum(early**2)))[arrival:][: len(clean)]
    return heard


def _by_flite(
    clauses: tuple[str, ...], voice: str, between: str, random: np.random.Generator
) -> list[Samples]:
    """The sentence cut at its commas, or after as many sounds as its clauses have alone."""
    stretch = random.uniform(0.85, 1.2)
    samples, sounds = _flite(between.join(clauses), voice, stretch)
    if between == ", ":
        cuts = [(before[1], here[1]) for before, here in pairwise(sounds) if here[0] == "pau"][:-1]
    else:
        count, cuts = 1, []
        for clause in clauses[:-1]:
            count += sum(name != "pau" for name, _ in _flite(clause, voice, stretch)[1])
            cuts.append((sounds[count - 1][1],) * 2)
    if len(cuts) != len(clauses) - 1:
        return []
    return _parts(samples, [(int(a * SAMPLE_RATE), int(b * SAMPLE_RATE)) for a, b in cuts])


def _flite(text: str, voice: str, stretch: float) -> tuple[Samples, list[tuple[str, float]]]:
    """What flite says, and each sound of it with its end in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "said.wav")
        setting = ["-voice", voice, "--setf", f"duration_stretch={stretch:.2f}", "-psdur"]
        command = ["flite", *setting, "-t", text, "-o", str(path)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        samples, rate = soundfile.read(path, dtype="float32")
    pairs = [each.rsplit(":", 1) for each in told.split()]
    return soxr.resample(samples, rate, SAMPLE_RATE).astype(np.float32), [(n, float(t)) for n, t in pairs]


@cache
def _espeak() -> EspeakLibrary:
    return load(seed=1)


def _by_espeak(clauses: tuple[str, ...], voice: str, random: np.random.Generator) -> list[Samples]:
    """The sentence cut at its longest silences, where the commas are."""
    library, rate, pitch = _espeak(), int(random.integers(140, 190)), int(random.integers(35, 65))
    sound = library.synthesize(", ".join(clauses), voice=voice, rate=rate, pitch=pitch, most_samples=10**6)
    samples = np.frombuffer(sound, "<i2").astype(np.float32) / 32768
    samples = soxr.resample(samples, library.sample_rate, SAMPLE_RATE).astype(np.float32)
    loud = np.flatnonzero(np.abs(samples) > 0.01 * np.abs(samples).max())
    gaps = sorted(zip(loud[:-1].tolist(), loud[1:].tolist(), strict=True), key=lambda gap: gap[0] - gap[1])
    return _parts(samples, sorted(gaps[: len(clauses) - 1]))


def _parts(samples: Samples, cuts: list[tuple[int, int]]) -> list[Samples]:
    """What lies between cuts, without silence around; nothing if a part is too short to be one."""
    begins, ends = [0, *(end for _, end in cuts)], [*(begin for begin, _ in cuts), len(samples)]
    highest, parts = float(np.abs(samples).max()), []
    for begin, end in zip(begins, ends, strict=True):
        part = samples[begin:end]
        loud = np.flatnonzero(np.abs(part) > 0.02 * highest)
        if len(loud) < 2 or loud[-1] - loud[0] < SAMPLE_RATE // 10:
            return []
        parts.append(0.3 * part[loud[0] : loud[-1] + 1] / highest)
    return parts


def _cut(samples: Samples, random: np.random.Generator) -> list[Samples]:
    """A recording in two where it is softest, or whole."""
    power = np.convolve(samples**2, np.ones(320) / 320, "same")
    places = range(SAMPLE_RATE // 2, len(samples) - 2 * SAMPLE_RATE // 5, SAMPLE_RATE // 100)
    soft = [place for place in places if power[place] < 1e-3 * np.percentile(power, 90)]
    if len(samples) < 1.3 * SAMPLE_RATE or not soft or random.random() < 0.35:
        return _parts(samples, [])
    place = int(random.choice(soft))
    return _parts(samples, [(place, place)]) or _parts(samples, [])


def spoken(clause: str, voice: str) -> Samples:
    """A clause without the silence around it."""
    (said,) = _parts(_flite(clause, voice, 1.0)[0], [])
    return said
