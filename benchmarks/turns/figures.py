"""What a run found, as figures: the share of requests cut off, and how long the others were waited for."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from attrs import frozen

from benchmarks.turns.requests import Request
from domain.audio.pcm import SAMPLE_RATE, Floats

Way = Callable[[Request], list[float]]
DRAWS: Final = 2000


@frozen(kw_only=True)
class Found:
    """When a turn ended by each way of telling, in seconds."""

    kind: str
    number: int
    snr: int
    voice: str
    last: float
    """When the talker had finished."""
    ends: Mapping[str, list[float]]

    @classmethod
    def of(cls, request: Request, ways: Mapping[str, Way]) -> "Found":
        """Let each way hear a request."""
        return cls(
            kind=request.kind,
            number=request.number,
            snr=request.snr,
            voice=request.voice,
            last=request.ends[-1] / SAMPLE_RATE,
            ends={name: way(request) for name, way in ways.items()},
        )

    def was_heard(self, way: str) -> bool:
        """Whether any turn came of it."""
        return bool(self.ends[way])

    def was_cut(self, way: str) -> bool:
        """Whether the turn was ended before the talker had finished."""
        return self.ends[way][0] < self.last

    def waited(self, way: str) -> float:
        """How many milliseconds after the talker the turn ended."""
        return 1000 * (self.ends[way][-1] - self.last)


def share_and_waiting(found: Sequence[Found], way: str) -> str:
    """False cut-offs and mean waiting, each with its 95 % interval by a bootstrap over sentences."""
    heard = [each for each in found if each.was_heard(way)]
    if all(each.was_cut(way) for each in heard):
        return "-"
    numbers = np.unique([each.number for each in heard], return_inverse=True)[1]
    cut = np.array([each.was_cut(way) for each in heard], float)
    waits = np.array([0.0 if each.was_cut(way) else each.waited(way) for each in heard])
    sums = np.column_stack(
        [np.bincount(numbers, values) for values in (np.ones(len(heard)), cut, 1.0 - cut, waits)]
    )
    drawn = np.random.default_rng(0).integers(len(sums), size=(DRAWS, len(sums)))
    share, waiting = _rates(sums.sum(axis=0))
    shares, waitings = _rates(sums[drawn].sum(axis=1).T)
    low, high = np.nanpercentile(shares, (2.5, 97.5))
    least, most = np.nanpercentile(waitings, (2.5, 97.5))
    return f"{share:4.1f} % ({low:.1f} to {high:.1f}), {waiting:.0f} ms ({least:.0f} to {most:.0f})"


def _rates(sums: Floats) -> tuple[Floats, Floats]:
    count, cut, whole, waits = sums
    return 100 * cut / count, waits / np.maximum(whole, 1)


def row(found: Sequence[Found], way: str) -> str:
    """All that is told of one way of telling, on a line."""
    missed = sum(not each.was_heard(way) for each in found)
    waits = [each.waited(way) for each in found if each.was_heard(way) and not each.was_cut(way)]
    slow = f"{np.percentile(waits, 95):.0f}" if waits else "-"
    return f"{way:17s} {share_and_waiting(found, way)}; 95 % of waits below {slow} ms, missed {missed}"


def by(found: Sequence[Found], way: str, of: Callable[[Found], object]) -> str:
    """The shares cut off and the waiting, by what tells requests apart, on a line each."""
    lines = []
    for name in dict.fromkeys(of(each) for each in found):
        some = [each for each in found if of(each) == name]
        lines.append(f"    {name!s:20s} {len(some):4d}  {share_and_waiting(some, way)}")
    return "\n".join(lines)
