"""The benchmark as it runs: scenes, every way of scoring, the tables and the pictures."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from attrs import frozen

from benchmarks.microphone.baselines import BASELINES, Scorer, dnsmos, voiced
from benchmarks.microphone.ladders import clean_streams, climb, in_order, not_speech
from benchmarks.microphone.plain import mq15_in_numpy
from benchmarks.microphone.plots import draw_calibration, draw_ladders, draw_over_time
from benchmarks.microphone.recipe import mq15
from benchmarks.microphone.scenes import Scene, scenes
from benchmarks.microphone.scoreboard import Row, Scores, figure, gain, measure
from benchmarks.microphone.voices import Voice
from domain.audio.arbitration import rank_streams
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.quality import assess, score_samples

Joint = Callable[[list[Samples]], Sequence[float]]
WINDOWS: Final = (0.5, 1.0)
MIRA: Final = "Mira"
MIRA_JOINT: Final = "Mira, all together"
RECIPE: Final = "MQ-15"


@frozen(kw_only=True)
class Outcome:
    """What one way of scoring said of every stream, and what it cost."""

    scores: Scores
    frame_microseconds: float
    """CPU time for 20 ms of one stream."""


def middle(scene: Scene, samples: Samples, seconds: float) -> Samples:
    """The middle of the sentence; all of it for 0."""
    if not seconds:
        return samples
    half = int(seconds * SAMPLE_RATE / 2)
    first = max(0, min((scene.begins + scene.ends) // 2 - half, len(samples) - 2 * half))
    return samples[first : first + 2 * half]


def each(scorer: Scorer) -> Joint:
    """A scorer of single streams, applied to each of several."""
    return lambda streams: [scorer(samples) for samples in streams]


def listen(joint: Joint, heard: list[Scene], seconds: float) -> Outcome:
    """Score every scene; what compiles at first is not counted."""
    joint([middle(heard[0], device.samples, seconds) for device in heard[0].devices])
    scores, spent, frames = [], 0.0, 0.0
    for scene in heard:
        streams = [middle(scene, device.samples, seconds) for device in scene.devices]
        begun = time.process_time()
        scores.append([float(score) for score in joint(streams)])
        spent += time.process_time() - begun
        frames += sum(map(len, streams)) / 320
    return Outcome(scores=scores, frame_microseconds=1e6 * spent / frames)


def ways(with_dnsmos: bool) -> dict[str, Joint]:
    """Every way of scoring that takes part."""
    found: dict[str, Joint] = {name: each(scorer) for name, scorer in BASELINES.items()}
    for name, scorer in (("WebRTC VAD", voiced()), ("DNSMOS", dnsmos() if with_dnsmos else None)):
        if scorer is not None:
            found[name] = each(scorer)
    found["MQ-15 in numpy"] = each(mq15_in_numpy)
    return found | {RECIPE: each(mq15), MIRA: each(score_samples), MIRA_JOINT: rank_streams}


def _print_rows(rows: dict[str, Row], outcomes: dict[str, Outcome]) -> None:
    print(
        f"{'':24}{'top-1':>22}{'within .02':>22}{'regret':>22}{'losing > .1':>22}  rho scene/all   us/20 ms"
    )
    for name, row in sorted(rows.items(), key=lambda item: item[1].top1.value):
        figures = "".join(f"{figure!s:>22}" for figure in (row.top1, row.close, row.regret, row.bad))
        correlations = f"{row.rho_scene:7.2f}/{row.rho_pooled:.2f}"
        print(f"{name:24}{figures}{correlations:>14}{outcomes[name].frame_microseconds:12.1f}")


def compare(heard: list[Scene], with_dnsmos: bool) -> dict[float, dict[str, Row]]:
    """Print the tables for whole sentences and for short stretches; return their rows."""
    truths = [scene.truths for scene in heard]
    by_window = {}
    for seconds in (0.0, *WINDOWS[::-1]):
        outcomes = {
            name: listen(joint, heard, seconds) for name, joint in ways(with_dnsmos and not seconds).items()
        }
        rows = {name: measure(outcome.scores, truths) for name, outcome in outcomes.items()}
        streams = sum(map(len, truths))
        print(
            f"\n{len(heard)} scenes, {streams} streams, {f'the middle {seconds} s' if seconds else 'whole'}"
        )
        _print_rows(rows, outcomes)
        for name in (MIRA, MIRA_JOINT):
            more, less = gain(outcomes[name].scores, outcomes[RECIPE].scores, truths)
            print(f"{name} against {RECIPE}, paired: top-1 {more}, regret saved {less}")
        by_window[seconds or round(float(np.mean([s.ends - s.begins for s in heard])) / SAMPLE_RATE, 1)] = (
            rows
        )
    return by_window


def print_errors(heard: list[Scene]) -> None:
    """Print how far the measures that people are shown are from what they stand for."""
    devices = [device for scene in heard for device in scene.devices]
    measures = [assess(device.samples).measures for device in devices]
    plain = [not device.impairments for device in devices]
    told = {
        "SNR": ([m.snr for m in measures], [d.snr for d in devices], -5.0, 40.0),
        "C50": ([0.17 * m.speech_clarity - 2.0 for m in measures], [d.c50 for d in devices], -2.0, 15.0),
    }
    for name, (said, true, low, high) in told.items():
        off = np.abs(np.clip(said, low, high) - np.clip(true, low, high))
        print(f"{name}: mean error {figure(off)} dB, {figure(off[plain])} where no device spoils the sound")


def print_ladders(heard: list[Scene]) -> dict[str, np.ndarray]:
    """Print in how many steps each scorer falls as sound gets worse; return Mira's scores 0..10."""
    streams = clean_streams(heard)
    ours, recipe = climb(score_samples, streams), climb(mq15, streams)
    print(f"\nladders on {len(streams)} clean streams: share of steps in the right order")
    for name in ours:
        print(f"{name:28}{MIRA} {in_order(ours[name]):.3f}   {RECIPE} {in_order(recipe[name]):.3f}")
    for name, samples in not_speech().items():
        print(f"{name:28}score {assess(samples).score:.2f} of 10")
    return climb(lambda samples: assess(samples).score, streams)


def run(voices: tuple[Voice, ...], seed: int, count: int, pictures: Path | None, with_dnsmos: bool) -> None:
    """Make the scenes, print what was measured, and draw it where asked to."""
    begun = time.monotonic()
    heard = list(scenes(seed, count, voices))
    took = time.monotonic() - begun
    print(f"{count} scenes of {', '.join(voice.name for voice in voices)} (seed {seed}, {took:.0f} s)")
    by_window, climbed = compare(heard, with_dnsmos), print_ladders(heard)
    print_errors(heard)
    if pictures is None:
        return
    judged = [(assess(d.samples).score, d.estoi) for s in heard for d in s.devices]
    scores, truths = np.array(judged).T
    draw_over_time(by_window, pictures / "microphone-over-time.svg")
    draw_ladders(climbed, pictures / "microphone-ladders.svg")
    draw_calibration(scores, truths, pictures / "microphone-calibration.svg")
