"""Questions, answers that are heard again, and people who speak over them, in simulated rooms."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import soxr
from attrs import field, frozen
from scipy import signal

from adapters.espeak.library import load
from benchmarks.microphone.rooms import draw_room, near, responses
from benchmarks.microphone.voices import FliteVoice, Voice, recorded_voices
from benchmarks.turns.requests import spoken
from domain.audio.pcm import SAMPLE_RATE, Samples

ASKED_AT: Final = 1.5
SECONDS: Final = 22.0
ANSWERS: Final = (
    ("I will remind you to water the plants.", "That is tomorrow at nine in the morning."),
    ("You have three things today.", "A meeting with Anna at ten, the dentist at three, and a call at five."),
    ("There is nothing on the list for today.", "Tomorrow the technician comes to see the pump."),
    ("It is half past four.",),
    (
        "The heart pumps about five litres of blood a minute.",
        "When you run it may be twenty.",
        "Shall I tell you more about it, or would you rather hear something about the lungs?",
    ),
)
NATURAL: Final = ("rms", "slt", "kal16")
"""Answers are said by espeak, or by one of these."""


@frozen(kw_only=True)
class Case:
    """What happens over an answer."""

    name: str
    speaks_db: float | None
    """How loud the talker is against the answer; None where nobody speaks."""
    plays: bool = True
    """Whether the microphone hears the answer at all."""


CASES: Final = (
    Case(name="the answer alone", speaks_db=None),
    Case(name="nobody speaks, nothing is played", speaks_db=None, plays=False),
    Case(name="spoken over, 6 dB softer", speaks_db=-6.0),
    Case(name="spoken over, as loud", speaks_db=0.0),
    Case(name="spoken over, 6 dB louder", speaks_db=6.0),
    Case(name="spoken over, 12 dB louder", speaks_db=12.0),
    Case(name="spoken over, no echo or never played", speaks_db=6.0, plays=False),
)


@frozen(kw_only=True)
class Conversation:
    """What a microphone hears, and the truth about it; times in seconds."""

    people: Samples = field(eq=False, repr=False)
    """Who speaks, and the noise."""
    heard: Samples = field(eq=False, repr=False)
    """The answer as it is heard again."""
    sentences: tuple[Samples, ...] = field(eq=False, repr=False)
    """The answer as the hub makes it, sentence by sentence."""
    asked_until: float
    told: float
    """When the client was told to play."""
    sentence_takes: float
    """How long each further sentence of the answer takes to be made."""
    plays: float
    speaks: float | None
    speaks_until: float


@frozen
class Voices:
    """Who speaks, and all answers, made once."""

    people: Sequence[Voice]
    answers: list[tuple[Samples, ...]]

    @classmethod
    def made(cls, recordings: Path | None) -> "Voices":
        """Let flite ask, or people whose recordings there are; espeak and flite answer."""
        library = load()

        def said(text: str) -> Samples:
            sound = library.synthesize(
                text, voice="gmw/en-US", rate=165, pitch=50, most_samples=20 * SAMPLE_RATE
            )
            samples = np.frombuffer(sound, "<i2").astype(np.float32) / 32768
            return soxr.resample(samples, library.sample_rate, SAMPLE_RATE).astype(np.float32)

        people = recorded_voices(recordings) if recordings else ()
        answers = [tuple(said(text) for text in texts) for texts in ANSWERS]
        for voice in NATURAL:
            answers += [tuple(spoken(text, voice) for text in texts) for texts in ANSWERS]
        return cls(people or tuple(FliteVoice(voice=name) for name in ("slt", "rms", "awb")), answers)


def conversation(case: Case, voices: Voices, random: np.random.Generator) -> Conversation:
    """Ask, answer, and perhaps speak over it."""
    person = voices.people[random.integers(len(voices.people))]
    question, objection = person.say(random), person.say(random)
    sentences = voices.answers[random.integers(len(voices.answers))]
    answer = np.concatenate(sentences)
    asked_until = ASKED_AT + len(question) / SAMPLE_RATE
    told = asked_until + random.uniform(1.2, 1.9)
    plays = told + random.choice([0.05, random.uniform(0.1, 1.0), random.uniform(1.0, 2.5)])
    speaks = plays + random.uniform(0.3, max(0.5, len(answer) / SAMPLE_RATE - 1.0))
    to_person, to_loudspeaker = _ways(random)
    band = signal.butter(
        2, [random.uniform(120, 300), random.uniform(5000, 7500)], "bandpass", fs=SAMPLE_RATE
    )
    heard = _placed(signal.lfilter(*band, answer), plays, to_loudspeaker)
    level = 10.0 ** (random.uniform(-40.0, -16.0) / 20.0)
    heard *= level / _loudness(heard) * case.plays
    asked, over = _placed(question, ASKED_AT, to_person), _placed(objection, speaks, to_person)
    people = level / _loudness(asked) * 10.0 ** (random.uniform(0.0, 6.0) / 20.0) * asked
    if case.speaks_db is not None:
        people += level / _loudness(over) * 10.0 ** (case.speaks_db / 20.0) * over
    noise = level * 10.0 ** (-random.uniform(15.0, 35.0) / 20.0)
    people += noise * random.standard_normal(len(people))
    return Conversation(
        people=people.astype(np.float32),
        heard=heard.astype(np.float32),
        sentences=sentences,
        asked_until=asked_until,
        told=told,
        sentence_takes=random.uniform(0.05, 0.4),
        plays=plays,
        speaks=None if case.speaks_db is None else speaks,
        speaks_until=speaks + len(objection) / SAMPLE_RATE,
    )


def _ways(random: np.random.Generator) -> tuple[Samples, Samples]:
    """Responses of a room: from a person 0.6 to 3.5 m away, and from a loudspeaker 0.06 to 1 m away."""
    room = draw_room(random)
    microphone = near(random, room, 0.6, 3.5)
    distance, angle = np.exp(random.uniform(np.log(0.06), np.log(1.0))), random.uniform(0, 2 * np.pi)
    beside = microphone + distance * np.array([np.cos(angle), np.sin(angle), 0.2])
    loudspeaker = np.clip(beside, 0.05, np.array(room.size) - 0.05)
    from_person, from_loudspeaker = (
        responses(room, place, [microphone], random)[0] for place in (room.talker, loudspeaker)
    )
    return from_person, from_loudspeaker


def _placed(sound: Samples, begins: float, response: Samples) -> Samples:
    """A sound that begins at a time, in silence, as it arrives."""
    out = np.zeros(int(SECONDS * SAMPLE_RATE))
    first = int(begins * SAMPLE_RATE)
    out[first : first + len(sound)] = sound[: len(out) - first]
    return signal.fftconvolve(out, response)[: len(out)]


def _loudness(sound: Samples) -> float:
    """The level of the loud part."""
    return float(np.sqrt(np.mean(sound[np.abs(sound) > 0.1 * np.abs(sound).max()] ** 2)))
