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
EARLY, QUIET_END = 0.3, 0.2
"""An utterance is whole that began so soon (400 ms of sound before that are used) and ended so late."""
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


def _ended(streams: list[Samples], delay: float, rules: ArbitrationRules) -> list[UtteranceEnded]:
    """What became utterances; the last stream's radio is slower by so many seconds."""
    frames = [
        (BEGIN + first * 1_000_000 // SAMPLE_RATE, index, first)
        for index, samples in enumerate(streams)
        for first in range(0, len(samples), FRAME)
    ]
    late = int(1e6 * delay)
    arriving = sorted((at + 40_000 + late * (k == len(streams) - 1), at, k, first) for at, k, first in frames)
    arbiter, decisions, clock = Arbiter(rules), [], BEGIN
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


def _one(
    said: Samples, snr: int, delay: float, echo: float, random: np.random.Generator, rules: ArbitrationRules
) -> int:
    """How many utterances one talker becomes on three devices, the last of them in strong echo."""
    dry = _placed(said, LEAD)
    near = _noisy(in_room(dry, min(echo, 0.5), 4.0, random), snr + 6, random)
    far = _noisy(0.5 * in_room(dry, echo, -4.0, random), snr, random)
    farthest = _noisy(0.3 * in_room(dry, echo, -8.0, random), snr, random)
    return len(_ended([near, far, farthest], delay, rules))


def _two(
    pair: tuple[Samples, Samples],
    snr: int,
    delay: float,
    overlap: float,
    random: np.random.Generator,
    rules: ArbitrationRules,
) -> bool:
    """Whether two who talk in two rooms, the second over the first's end, are two utterances, each whole."""
    begins = (LEAD, LEAD + max(0.0, len(pair[0]) / SAMPLE_RATE - overlap))
    first, second = (_placed(said, at) for said, at in zip(pair, begins, strict=True))
    echo = float(random.uniform(0.3, 0.7))
    kitchen = in_room(first, echo, 2.0, random) + LEAK * in_room(second, 0.8, -9.0, random)
    living = in_room(second, echo, 2.0, random) + LEAK * in_room(first, 0.8, -9.0, random)
    ended = _ended([_noisy(kitchen, snr, random), _noisy(living, snr, random)], delay, rules)
    if sorted(each.client_id for each in ended) != ["0", "1"]:
        return False
    whole = []
    for each in ended:
        said, begun = pair[int(each.client_id)], begins[int(each.client_id)]
        from_, until = ((moment - BEGIN) / 1e6 for moment in (each.started_at, each.speech_ended_at))
        whole.append(from_ < begun + EARLY and until > begun + len(said) / SAMPLE_RATE - QUIET_END)
    return all(whole)


def _pairs(said: list[Samples]) -> Iterator[tuple[Samples, Samples]]:
    for index, one in enumerate(said):
        yield one, said[(index + 1) % len(said)]


def _share(right: list[bool]) -> str:
    """The share, with its 95 % interval (Wilson, 1927)."""
    n, share, z = len(right), float(np.mean(right)), 1.96
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return f"{share:.2f} ({middle - reach:.2f} to {middle + reach:.2f}) of {n}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sentences", type=int, default=2, help="how many of the six sentences")
    parser.add_argument("--threshold", type=float, default=0.15, help="the least score, a tenth of it, used")
    options = parser.parse_args()
    rules = ArbitrationRules(threshold=options.threshold)
    random = np.random.default_rng(options.seed)
    said = [spoken(text, voice) for voice, text in SENTENCES[: options.sentences]]
    print("one talker, three devices: share that are one utterance (and how many are 0, 1, 2 or more)")
    for snr, echo in product(SNRS, ECHOES):
        counts = [_one(each, snr, delay, echo, random, rules) for each in said for delay in DELAYS]
        times = np.bincount(np.minimum(counts, 2), minlength=3).tolist()
        print(f"  {snr:2d} dB, echo {echo} s: {_share([count == 1 for count in counts])}  {times}")
    print("two talkers, two rooms: share that are two utterances, each whole, on its own device")
    for snr, overlap in product(SNRS, OVERLAPS):
        right = [_two(pair, snr, delay, overlap, random, rules) for pair in _pairs(said) for delay in DELAYS]
        print(f"  {snr:2d} dB, overlap {overlap} s: {_share(right)}")


if __name__ == "__main__":
    main()
