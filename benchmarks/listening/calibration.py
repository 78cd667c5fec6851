"""Where on the scale sentences begin to be recognised: what the score's points stand on."""

import re
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from pocketsphinx import Decoder

from benchmarks.listening.scenes import load
from domain.audio.pcm import Samples, to_s16le
from domain.audio.quality import score_samples

EDGES = (-1.0, 0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.7, 2.0)
RECORDED = ("flite", "fest")
"""Voices made of people's recordings; formant voices are no stand-in for people."""


def _words(text: str) -> str:
    return re.sub(r"[^a-z' ]", "", text.lower().replace("-", " ")).strip()


def print_calibration(folder: Path) -> None:
    """Share of sentences recognised whole, within a grammar of all of them, by q."""
    scenes = [each for each in load(folder) if each[0]["voice"][0] in RECORDED]
    grammar = " | ".join(sorted({_words(truth["text"]) for truth, _ in load(folder) if _is_english(truth)}))
    with tempfile.NamedTemporaryFile("w", suffix=".gram") as file:
        file.write(f"#JSGF V1.0;\ngrammar scenes;\npublic <sentence> = {grammar} ;\n")
        file.flush()
        rows = [row for truth, streams in scenes for row in _recognised(truth, streams, file.name)]
    estimates, right = (np.array(column) for column in zip(*rows, strict=True))
    for low, high in pairwise(EDGES):
        within = (estimates >= low) & (estimates < high)
        print(f"q {low:5.2f} to {high:4.2f}: {within.sum():4d} streams, {right[within].mean():.2f} right")


def _recognised(truth: dict[str, Any], streams: list[Samples], grammar: str) -> list[tuple[float, bool]]:
    """The estimate of each stream, and whether its words were recognised; each scene by a fresh decoder."""
    decoder, rows = Decoder(jsgf=grammar, lm=None, loglevel="FATAL"), []
    for samples in streams:
        decoder.start_utt()
        decoder.process_raw(to_s16le(samples), full_utt=True)
        decoder.end_utt()
        said = decoder.hyp()
        right = said is not None and said.hypstr == _words(truth["text"])
        rows.append((score_samples(np.ascontiguousarray(samples)), right))
    return rows


def _is_english(truth: dict[str, Any]) -> bool:
    return not truth["voice"][1].startswith(("de", "es"))
