"""What a frame of 20 ms costs on one thread."""

import time

import numpy as np

from benchmarks.listening.rooms import in_room, said, voices
from domain.audio.arbitration import Arbiter
from domain.audio.pcm import Samples
from domain.audio.quality import StreamMeter
from domain.ids import ClientId

FRAME = 320
REPEATS = 5


def _live(streams: dict[str, Samples]) -> np.ndarray:
    """CPU microseconds of each frame of a household, in the order of capture."""
    arbiter, spent = Arbiter(), []
    for first in range(0, len(next(iter(streams.values()))), FRAME):
        moment = 1_700_000_000_000_000 + first * 1_000_000 // 16_000
        for name, samples in streams.items():
            begun = time.thread_time()
            arbiter.hear(ClientId(name), samples[first : first + FRAME], moment, moment + 30_000)
            spent.append(time.thread_time() - begun)
    return 1e6 * np.array(spent)


def print_costs() -> None:
    """Kernels alone, then whole households, quiet and talking."""
    random = np.random.default_rng(1)
    sentence = np.concatenate([said(voice, 1.0, 5.0) for voice in voices().values()])
    noise = (0.002 * random.standard_normal((3, len(sentence)))).astype(np.float32)
    meter = StreamMeter()
    meter.hear(noise[0])
    begun = time.thread_time()
    for _ in range(REPEATS):
        for first in range(0, len(sentence), FRAME):
            meter.hear(sentence[first : first + FRAME])
    frames = REPEATS * len(sentence) / FRAME
    print(f"measuring alone: {1e6 * (time.thread_time() - begun) / frames:.1f} us a frame")
    near, far = (
        in_room(sentence, 0.3, 6.0, random) + noise[0],
        in_room(sentence, 0.7, -6.0, random) + noise[1],
    )
    households = {
        "three quiet streams": {str(index): noise[index] for index in range(3)},
        "one sentence on three streams": {"near": near, "far": 0.4 * far, "noisy": near + 15 * noise[2]},
    }
    for name, streams in households.items():
        _live(streams)
        spent = _live(streams)
        figures = f"mean {spent.mean():.0f}, median {np.median(spent):.0f}, most {spent.max():.0f}"
        print(f"{name}: {figures} us a frame")
