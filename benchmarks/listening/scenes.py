"""The arbiter over scenes of many devices with the truth about each: picks, switches, turns, talkers.

Each scene's noise is carried on before and after the sentence by pieces of its own lead, faded into
each other, since the scenes end half a second after the last word. Lively noise (television, babble,
music, clicks) becomes unnatural that way, so those scenes are counted apart.
"""

import io
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from domain.audio.agreement import compare_near
from domain.audio.arbitration import Arbiter, ArbitrationRules
from domain.audio.decisions import Decision, StreamSelected, UtteranceEnded
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.quality import StreamMeter
from domain.ids import ClientId

BEGIN = 1_700_000_000_000_000
FRAME = 320
FADE = 1_600
LIVELY = {"tv", "babble", "music", "clicks"}
THRESHOLD = 0.3
USABLE = 0.25


def load(folder: Path) -> list[tuple[dict[str, Any], list[Samples]]]:
    """Every scene's truth and streams."""
    packed = np.load(folder / "scenes_dev.npz")
    truths = json.loads((folder / "truth_dev.json").read_text())
    blob, offsets = packed["blob"], packed["off"]
    sounds = [
        soundfile.read(io.BytesIO(blob[first:last].tobytes()), dtype="float32")[0]
        for first, last in pairwise(offsets)
    ]
    whole, scenes, at = np.concatenate(sounds), [], 0
    for truth in truths:
        streams = [whole[at + k * truth["n"] : at + (k + 1) * truth["n"]] for k in range(len(truth["mics"]))]
        at += len(streams) * truth["n"]
        scenes.append((truth, streams))
    return scenes


def _noise_like(lead: Samples, length: int, random: np.random.Generator) -> Samples:
    """Pieces of a lead, faded into each other."""
    fade = np.sqrt(np.linspace(0.0, 1.0, FADE)).astype(np.float32)
    out = np.zeros(length + len(lead) + FADE, dtype=np.float32)
    at = 0
    while at < length:
        piece = lead[random.integers(0, max(1, len(lead) - 2 * FADE - 800)) :].copy()
        piece[:FADE] *= fade
        piece[-FADE:] *= fade[::-1]
        out[at : at + len(piece)] += piece
        at += len(piece) - FADE
    return out[:length]


def _carried_on(samples: Samples, lead: int, random: np.random.Generator) -> Samples:
    """A stream with a second of its noise before it and 1.4 s after it."""
    fade = np.sqrt(np.linspace(0.0, 1.0, FADE)).astype(np.float32)
    noise = samples[: max(3_200, lead - 800)]
    before, after = (_noise_like(noise, n + FADE, random) for n in (SAMPLE_RATE, 7 * SAMPLE_RATE // 5))
    out = np.zeros(len(before) + len(samples) + len(after) - 2 * FADE, dtype=np.float32)
    middle = samples.copy()
    middle[:FADE] *= fade
    middle[-FADE:] *= fade[::-1]
    before[-FADE:] *= fade[::-1]
    after[:FADE] *= fade
    out[: len(before)] += before
    out[len(before) - FADE :][: len(middle)] += middle
    out[-len(after) :] += after
    return out


def _played(streams: list[Samples]) -> list[Decision]:
    """What is decided, frame by frame, in real time."""
    arbiter, decisions = Arbiter(ArbitrationRules(threshold=THRESHOLD)), []
    moment = BEGIN
    for first in range(0, len(streams[0]), FRAME):
        moment = BEGIN + first * 1_000_000 // SAMPLE_RATE
        for index, samples in enumerate(streams):
            decisions += arbiter.hear(
                ClientId(str(index)), samples[first : first + FRAME], moment, moment + 40_000
            )
    for later in range(0, 3_000_000, 50_000):
        decisions += arbiter.advance(moment + later)
    return decisions


def print_scenes(folder: Path, every: int) -> None:
    """Accuracy of the first pick, at the first pause and at the end; switches; turns; waiting."""
    for lively in (False, True):
        picks: dict[str, list[tuple[bool, float]]] = {"first": [], "paused": [], "ended": []}
        switches, turns, waits = [], [], []
        chosen = [each for each in load(folder) if bool(LIVELY & set(each[0]["noise"])) == lively]
        for truth, streams in chosen[::every]:
            random = np.random.default_rng(truth["idx"])
            decisions = _played([_carried_on(samples, truth["lead"], random) for samples in streams])
            ends = [each for each in decisions if isinstance(each, UtteranceEnded)]
            turns.append(len(ends))
            if not ends:
                continue
            end = max(ends, key=lambda each: each.speech_ended_at - each.started_at)
            named = [
                each
                for each in decisions
                if isinstance(each, StreamSelected) and each.utterance == end.utterance
            ]
            good = np.array([device["estoi"] for device in truth["mics"]])
            last = [each for each in named if each.provisional][-1]
            for name, client in zip(picks, (named[0].client_id, last.client_id, end.client_id), strict=True):
                lost = good.max() - good[int(client)]
                picks[name].append((lost < 1e-6, lost))
            switches.append(sum(a.client_id != b.client_id for a, b in pairwise(named)))
            waits.append((end.ended_at - end.speech_ended_at) / 1000)
        print("lively noise" if lively else "steady noise", f"({len(turns)} scenes)")
        for name, rows in picks.items():
            top, lost = np.mean(np.array(rows, dtype=float), axis=0)
            print(f"  {name:7s} top-1 {top:.3f}  regret {lost:.4f}")
        print(f"  switches a sentence {np.mean(switches):.2f}; scenes by turns {np.bincount(turns).tolist()}")
        print(f"  decided {np.median(waits):.0f} ms after speech (95 %: {np.percentile(waits, 95):.0f})")


def print_talkers(folder: Path) -> None:
    """Likeness of streams of one sentence and of two that begin together, by how long both are heard."""
    scenes, random = load(folder), np.random.default_rng(0)
    for hops in (50, 100, 200):
        same, different = [], []
        for index, (truth, streams) in enumerate(scenes):
            other, others = scenes[(index + 7) % len(scenes)]
            good = [k for k, device in enumerate(truth["mics"]) if device["estoi"] > USABLE]
            theirs = [k for k, device in enumerate(other["mics"]) if device["estoi"] > USABLE]
            if len(good) < 2 or not theirs or other["text"] == truth["text"]:
                continue
            pair = random.choice(good, 2, replace=False)
            first, second = truth["lead"] // 160, other["lead"] // 160
            rows = [StreamMeter().hear(np.ascontiguousarray(streams[k]))[first:][:hops] for k in pair]
            foreign = StreamMeter().hear(np.ascontiguousarray(others[theirs[0]]))[second:][:hops]
            same.append(compare_near(rows[0], rows[1]).likeness)
            different.append(compare_near(rows[0], foreign).likeness)
        one = f"one sentence 5 % below {np.percentile(same, 5):.2f}, median {np.median(same):.2f}"
        two = f"two, 95 % below {np.percentile(different, 95):.2f}"
        print(f"{hops * 10} ms in common: {one}; {two} ({len(same)} pairs)")
