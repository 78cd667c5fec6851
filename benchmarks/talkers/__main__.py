"""python -m benchmarks.talkers: how often one talker is one utterance, and two are two, both answered."""

import argparse
from collections.abc import Iterator
from itertools import product

import numpy as np

from benchmarks.listening.rooms import in_room
from benchmarks.turns.requests import spoken
from domain.audio.arbitration import Arbiter, ArbitrationRules
from domain.audio.decisions import UtteranceEnded
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.ids import ClientId

BEGIN = 1_700_000_000_000_000
FRAME = 320
SNRS = (0, 10, 20, 30)
DELAYS = (0.0, 0.5, 2.0)
OVERLAPS = (0.5, 1.0, 2.0)
ECHOES = (0.3, 0.7, 1.2)
LEAK = 0.06
"""What of a voice comes through to the other room: -24 dB."""
LEAD, SECONDS = 1.5, 10.0
SENTENCES = (
    ("slt", "remind me to water the plants on friday at nine"),
    ("rms", "what do we still need from the market for dinner"),
    ("awb", "the technician is coming to look at the second pump"),
    ("slt", "please tell everybody that the bus leaves at seven"),
    ("rms", "add a meeting with anna on monday morning at ten"),
    ("awb", "who has seen my glasses and the blue umbrella"),
)


def _placed(said: Samples, begins: float) -> Samples:
    out = np.zeros(int(SECONDS * SAMPLE_RATE), dtype=np.float32)
    first = int(begins * SAMPLE_RATE)
    out[first : first + len(said)] = said[: len(out) - first]
    return out


def _noisy(sound: Samples, snr: int, random: np.random.Generator) -> Samples:
    """With white noise so far below the loud part of the speech, in dB."""
    level = np.sqrt(np.mean(sound[np.abs(sound) > 0.1 * np.abs(sound).max()] ** 2)) * 10 ** (-snr / 20)
    return (sound + level * random.standard_normal(len(sound))).astype(np.float32)


def _ended(streams: list[Samples], delay: float) -> list[UtteranceEnded]:
    """What became utterances; the last stream's radio is slower by so many seconds."""
    frames = [
        (BEGIN + first * 1_000_000 // SAMPLE_RATE, index, first)
        for index, samples in enumerate(streams)
        for first in range(0, len(samples), FRAME)
    ]
    late = int(1e6 * delay)
    arriving = sorted((at + 40_000 + late * (k == len(streams) - 1), at, k, first) for at, k, first in frames)
    arbiter, decisions, clock = Arbiter(ArbitrationRules(threshold=0.15)), [], BEGIN
    for arrived, captured, index, first in arriving:
        while clock < arrived:
            decisions += arbiter.advance(clock)
            clock += 50_000
        decisions += arbiter.hear(
            ClientId(str(index)), streams[index][first : first + FRAME], captured, arrived
        )
    for moment in range(clock, clock + 4_000_000, 50_000):
        decisions += arbiter.advance(moment)
    return [each for each in decisions if isinstance(each, UtteranceEnded)]


def _one(said: Samples, snr: int, delay: float, echo: float, random: np.random.Generator) -> int:
    """How many utterances one talker becomes on three devices, the last of them in strong echo."""
    dry = _placed(said, LEAD)
    near = _noisy(in_room(dry, min(echo, 0.5), 4.0, random), snr + 6, random)
    far = _noisy(0.5 * in_room(dry, echo, -4.0, random), snr, random)
    farthest = _noisy(0.3 * in_room(dry, echo, -8.0, random), snr, random)
    return len(_ended([near, far, farthest], delay))


def _two(
    pair: tuple[Samples, Samples], snr: int, delay: float, overlap: float, random: np.random.Generator
) -> set[str]:
    """Which devices' utterances were used when two talk in two rooms, the second over the first's end."""
    first = _placed(pair[0], LEAD)
    second = _placed(pair[1], LEAD + max(0.0, len(pair[0]) / SAMPLE_RATE - overlap))
    echo = float(random.uniform(0.3, 0.7))
    kitchen = in_room(first, echo, 2.0, random) + LEAK * in_room(second, 0.8, -9.0, random)
    living = in_room(second, echo, 2.0, random) + LEAK * in_room(first, 0.8, -9.0, random)
    ended = _ended([_noisy(kitchen, snr, random), _noisy(living, snr, random)], delay)
    return {each.client_id for each in ended} if len(ended) == 2 else {str(len(ended))}


def _pairs(said: list[Samples]) -> Iterator[tuple[Samples, Samples]]:
    for index, one in enumerate(said):
        yield one, said[(index + 1) % len(said)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sentences", type=int, default=2, help="how many of the six sentences")
    options = parser.parse_args()
    random = np.random.default_rng(options.seed)
    said = [spoken(text, voice) for voice, text in SENTENCES[: options.sentences]]
    print("one talker, three devices: share that are one utterance (and how many are 0, 1, 2)")
    for snr, echo in product(SNRS, ECHOES):
        counts = [_one(each, snr, delay, echo, random) for each in said for delay in DELAYS]
        times = [sum(count == n for count in counts) for n in (0, 1, 2)]
        print(f"  {snr:2d} dB, echo {echo} s: {times[1] / len(counts):.2f}  {times} of {len(counts)}")
    print("two talkers, two rooms: share that are two utterances, each on its own device")
    for snr, overlap in product(SNRS, OVERLAPS):
        found = [_two(pair, snr, delay, overlap, random) for pair in _pairs(said) for delay in DELAYS]
        right = [used == {"0", "1"} for used in found]
        print(f"  {snr:2d} dB, overlap {overlap} s: {np.mean(right):.2f} of {len(right)}")


if __name__ == "__main__":
    main()
