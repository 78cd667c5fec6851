"""Where on the scale sentences begin to be recognised: what the score's points stand on."""

import re
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from attrs import frozen
from pocketsphinx import Decoder

from benchmarks.listening.scenes import load
from benchmarks.microphone.scenes import draw_scene
from benchmarks.microphone.voices import FliteVoice
from domain.audio.pcm import Samples, to_s16le
from domain.audio.quality import score_samples

EDGES = (-1.0, 0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 2.0)
RECORDED = ("flite", "fest")
"""Voices made of people's recordings; formant voices are no stand-in for people."""
OWN_VOICES: Final = ("slt", "awb", "rms", "kal16")
OWN_SEED: Final = 5
OWN_SCENES: Final = 160


def _words(text: str) -> str:
    return re.sub(r"[^a-z' ]", "", text.lower().replace("-", " ")).strip()


@frozen(kw_only=True)
class Reader:
    """A voice of flite that says what it is given."""

    voice: FliteVoice
    text: str

    @property
    def name(self) -> str:
        return self.voice.name

    def say(self, rng: np.random.Generator) -> Samples:
        return self.voice.read(self.text, rng.uniform(0.85, 1.2))


def _of_our_own(texts: list[str]) -> Iterator[tuple[str, list[Samples]]]:
    """Scenes of ours in which somebody says one of these texts, with what each device heard of it."""
    for index in range(OWN_SCENES):
        voice = FliteVoice(voice=OWN_VOICES[index % len(OWN_VOICES)])
        text = texts[index * 7 % len(texts)]
        scene = draw_scene(OWN_SEED, index, (Reader(voice=voice, text=text),))
        yield text, [device.samples for device in scene.devices]


def print_calibration(folder: Path) -> None:
    """Share of sentences recognised whole, within a grammar of all of them, by q; there and in our scenes."""
    given = load(folder)
    texts = sorted({_words(truth["text"]) for truth, _ in given if _is_english(truth)})
    theirs = [(_words(truth["text"]), streams) for truth, streams in given if truth["voice"][0] in RECORDED]
    with tempfile.NamedTemporaryFile("w", suffix=".gram") as file:
        file.write(f"#JSGF V1.0;\ngrammar scenes;\npublic <sentence> = {' | '.join(texts)} ;\n")
        file.flush()
        there = [row for text, streams in theirs for row in _recognised(text, streams, file.name)]
        ours = [row for text, streams in _of_our_own(texts) for row in _recognised(text, streams, file.name)]
    for name, rows in (("design bench", there), ("our scenes", ours), ("both", there + ours)):
        _print_shares(name, rows)


def _print_shares(name: str, rows: list[tuple[float, bool]]) -> None:
    estimates, right = (np.array(column) for column in zip(*rows, strict=True))
    print(name)
    for low, high in pairwise(EDGES):
        within = (estimates >= low) & (estimates < high)
        print(f"  q {low:5.2f} to {high:4.2f}: {within.sum():4d} streams, {right[within].mean():.2f} right")


def _recognised(text: str, streams: list[Samples], grammar: str) -> list[tuple[float, bool]]:
    """The estimate of each stream, and whether its words were recognised; each scene by a fresh decoder."""
    decoder, rows = Decoder(jsgf=grammar, lm=None, loglevel="FATAL"), []
    for samples in streams:
        decoder.start_utt()
        decoder.process_raw(to_s16le(samples), full_utt=True)
        decoder.end_utt()
        said = decoder.hyp()
        right = said is not None and said.hypstr == text
        rows.append((score_samples(np.ascontiguousarray(samples)), right))
    return rows


def _is_english(truth: dict[str, Any]) -> bool:
    return not truth["voice"][1].startswith(("de", "es"))
