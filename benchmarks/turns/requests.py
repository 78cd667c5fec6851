"""Requests with pauses inside them, in rooms and noise, with the truth about where their parts end.

A pause is put into a sentence that was said as a whole, at a comma or between two words, so what comes
before it sounds as if more were to come. People's recordings have no words to go by; they are cut where
they are softest.
"""

import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import soundfile
import soxr
from attrs import field, frozen
from scipy.signal import fftconvolve

from adapters.espeak.library import load
from benchmarks.microphone.rooms import draw_room, near, responses
from benchmarks.microphone.voices import recorded_voices, trimmed
from domain.audio.pcm import SAMPLE_RATE, Samples

SEEN: Final = (
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
"""With these in sight the words that lead on were written."""
FITTED: Final = (
    ("wake me up", "at half past six"),
    ("put milk and butter", "on the shopping list"),
    ("when does", "the pharmacy close today"),
    ("remind everybody", "that lunch is at noon"),
    ("move the meeting with paul", "to thursday afternoon"),
    ("how many people", "are coming tonight"),
    ("tell the kitchen", "that dinner is ready"),
    ("set a timer", "for fifteen minutes"),
    ("i need to take my tablets", "every morning at eight"),
    ("book the small room", "for monday at two"),
    ("what did i say", "about the garden"),
    ("play some quiet music", "in the bedroom"),
    ("who is coming", "to the party on saturday"),
    ("delete the appointment", "with the dentist"),
    ("how warm is it", "outside right now"),
    ("read me", "the list", "for next week"),
    ("remind me at seven", "to lock the back door"),
    ("is there anything", "i have forgotten"),
    ("call the supervisor",),
    ("thank you very much",),
    ("what is on my list for today",),
    ("stop the timer please",),
    ("i would like to hear a story",),
    ("remind me to buy bread tomorrow at nine",),
    ("tell me about the moon",),
    ("good night",),
    ("how are you today",),
    ("yes please do that",),
    ("no thanks",),
    ("remind me to call the plumber on monday",),
    ("what day is it today",),
    ("cancel the meeting on friday",),
    ("remind me to feed the dog", "at six this evening"),
    ("could you tell me", "when the bus leaves"),
    ("add a call with the bank", "on tuesday at eleven"),
    ("i want to know", "what happened yesterday"),
    ("remind my wife", "to bring the keys"),
    ("what should i", "cook for dinner"),
    ("set an alarm for seven", "every working day"),
    ("please say to everyone", "that we leave in ten minutes"),
    ("have i got", "any appointments on sunday"),
    ("tell me a short story", "about a dragon"),
    ("plan a visit to the doctor", "next wednesday at nine"),
    ("mark the second reminder", "as finished"),
    ("what time does the meeting start",),
    ("remind me to water the garden tonight at eight",),
    ("what have i got on tomorrow",),
    ("hello there",),
    ("do you know any jokes",),
    ("yes that is right",),
    ("remind me in ten minutes to check the soup",),
    ("who are you",),
)
HELD_OUT: Final = (
    ("turn down the music", "in the living room"),
    ("what is the capital", "of australia"),
    ("remind us", "to take the cake out at four"),
    ("is it going to rain", "on saturday"),
    ("add sugar and coffee", "to my shopping list"),
    ("please cancel my appointment", "with the hairdresser tomorrow"),
    ("can you find out", "when the shop opens"),
    ("let me know", "when grandma calls"),
    ("schedule a lunch with peter", "at half past twelve on thursday"),
    ("i have to pick up the children", "at three this afternoon"),
    ("change the time of the meeting", "to quarter past two"),
    ("what do we need", "for the camping trip"),
    ("did anybody", "ring the bell this morning"),
    ("remind me every sunday", "to call my brother"),
    ("where did i put", "my reading glasses"),
    ("how late is it",),
    ("please be quiet now",),
    ("i am going to bed",),
    ("remind me to pay the rent on monday at ten",),
    ("what is on tomorrow morning",),
    ("tell everybody that the pizza is here",),
    ("thanks a lot",),
    ("add a dentist appointment on thursday at nine",),
    ("do i have any reminders today",),
    ("can we play a quiz",),
)
"""Nothing was fitted or written with these in sight."""
SNRS: Final = (8, 18, 30)
PAUSES: Final = (0.3, 1.2)
LEAD, TRAIL = 2.0, 3.5
IN_ROOM: Final = 0.5
"""The share that is said in a room by the image source method."""


@frozen(kw_only=True)
class Talkers:
    """Who says which sentences."""

    sentences: Sequence[tuple[str, ...]]
    flite: tuple[str, ...]
    espeak: tuple[str, ...]
    people: tuple[str, ...]
    """How the names of the folders with people's recordings begin."""


TUNING: Final = Talkers(
    sentences=FITTED,
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
    snr: int
    clauses: tuple[str, ...]
    """Empty strings where there are no words to go by."""
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
    """Every sentence by every voice, and people's recordings if there are any, in each noise."""
    random = np.random.default_rng(seed)
    for clauses, say in _said(talkers, random):
        parts = say()
        if parts:
            yield from (_request(clauses, parts, snr, random) for snr in SNRS)
    if recordings is None:
        return
    for person in recorded_voices(recordings):
        if person.name.removeprefix("people-").startswith(talkers.people):
            usable = [each for each in person.recordings if 0.8 < len(each) / SAMPLE_RATE < 8.0]
            for index in random.permutation(len(usable))[:40]:
                parts = _cut(trimmed(usable[index]), random)
                for snr in SNRS:
                    yield _request(("",) * len(parts), parts, snr, random)


def _said(
    talkers: Talkers, random: np.random.Generator
) -> Iterator[tuple[tuple[str, ...], Callable[[], list[Samples]]]]:
    for clauses in talkers.sentences:
        for voice in talkers.flite:
            between = ", " if random.random() < 0.5 else " "
            yield clauses, lambda c=clauses, v=voice, b=between: _by_flite(c, v, b, random)
        for voice in talkers.espeak:
            yield clauses, lambda c=clauses, v=voice: _by_espeak(c, v, random)


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
    if random.random() < IN_ROOM:
        clean = _in_room(clean, random)
    level = np.sqrt(np.mean(np.concatenate(spoken) ** 2)) * 10 ** (-snr / 20)
    noisy = (clean + level * random.standard_normal(len(clean))).astype(np.float32)
    return Request(samples=noisy, snr=snr, clauses=clauses, ends=tuple(ends))


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


def _by_espeak(clauses: tuple[str, ...], voice: str, random: np.random.Generator) -> list[Samples]:
    """The sentence cut at its longest silences, where the commas are."""
    library, rate, pitch = load(), int(random.integers(140, 190)), int(random.integers(35, 65))
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
