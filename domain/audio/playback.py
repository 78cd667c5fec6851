"""What the hub itself lets be heard, and what of a microphone's sound that explains.

A client plays an answer some time after it was told to, and every microphone of the room hears it again,
through loudspeaker, room and radio. The hub knows the sound, so it looks for the delay at which what is
heard moves as the answer does (as streams are compared, see agreement.py). Once that is found, each band
is expected to be as loud as the answer there, plus what the way adds, dying away as in a lively room;
only what rises above that is somebody speaking.
"""

from typing import Final, NewType

import numpy as np
from attrs import define, field, frozen

from domain.audio.agreement import TIMING, envelope_of, likeness_of, togetherness_of
from domain.audio.compiling import compiled
from domain.audio.endpointing import BEGIN_DB
from domain.audio.kernels import ABOVE, HOP, HOPS_PER_SECOND, LEVEL, SHAPES
from domain.audio.pcm import SAMPLE_RATE, Samples
from domain.audio.quality import StreamMeter
from domain.audio.spectrum import BANDS
from domain.ids import ClientId

PlaybackId = NewType("PlaybackId", str)
"""Whatever the caller tells answers apart by."""

HOP_MICROS: Final = 1_000_000 * HOP // SAMPLE_RATE
LATEST_START: Final = 4 * HOPS_PER_SECOND
"""So many hops after it was told to, a client may begin to play."""
EARLIEST_START: Final = 30
"""So many hops before, by clocks that are not quite right."""
LONGEST: Final = 60
"""Seconds."""
LEAST: Final = 40
MOST: Final = 150
"""How many hops of a microphone are held against the answer."""
SEARCHED_EVERY: Final = 10
RECOGNISED: Final = ((150, 0.67), (100, 0.77), (70, 0.83), (50, 0.92), (LEAST, 1.0))
"""How alike and simultaneous sound must be to the answer to be it, by how many hops there are."""
FOREIGN: Final = ((150, 0.67), (100, 0.70), (70, 0.72), (LEAST, 0.60))
"""Below which it is somebody else, likewise; in between nothing is known yet."""
STOPPING: Final = 1_000_000
"""So many microseconds after a client was told to be silent, nothing more is expected of it."""
DECAY_DB: Final = 0.6
"""What is expected of an echo, a hop later: it takes a second to die away by 60 dB."""
BEFORE: Final = 10
JITTER: Final = 3
MARGIN_DB: Final = 6.0
"""By how much a band must be louder than the answer explains."""
AUDIBLE_DB: Final = 30.0
"""What of the answer lies further below its loudest is not used to learn how it is heard."""
STUMBLE: Final = 15
"""By so many hops an answer may come earlier or later than it did."""
WAY_HOPS: Final = 200
QUIETEST: Final = -120.0


def band_levels(rows: Samples) -> Samples:
    """The level of each mel band in dB (float32[hops, BANDS]), from what kernels tell of hops."""
    shapes = rows[:, SHAPES : SHAPES + BANDS].astype(np.float64)
    mean = rows[:, LEVEL] - 10.0 * np.log10(np.sum(10.0 ** (shapes / 10.0), axis=1))
    levels: Samples = np.maximum(shapes + mean[:, None], QUIETEST).astype(np.float32)
    return levels


@compiled
def _dying_away(levels: Samples) -> Samples:
    """The highest of each band's levels lately, each counting less the longer it is past."""
    out = np.empty_like(levels)
    for band in range(levels.shape[1]):
        lasting = levels[0, band]
        for hop in range(len(levels)):
            for near in range(max(0, hop - JITTER), min(len(levels), hop + JITTER + 1)):
                lasting = max(lasting, levels[near, band])
            out[hop, band] = lasting
            lasting -= np.float32(DECAY_DB)
    return out


@compiled
def _found_at(heard: Samples, answer: Samples, most: int) -> tuple[float, int]:
    """How well a stretch agrees with an answer at the best of the places 0..most, and that place."""
    heard_envelope, envelope = envelope_of(heard), envelope_of(answer)
    best, place = -1.0, 0
    for start in range(most + 1):
        hops = min(len(heard), len(answer) - start)
        if hops < len(heard):
            break
        alike = likeness_of(heard, answer, 0, start, hops)
        alike += TIMING * togetherness_of(heard_envelope, envelope, 0, start, hops)
        if alike > best:
            best, place = alike, start
    return best, place


@frozen(kw_only=True, eq=False)
class Playback:
    """An answer that a client was told to play."""

    id: PlaybackId
    client_id: ClientId
    told_at: int
    """When it was told to, in microseconds since the Unix epoch."""
    sound: Samples = field(repr=False)
    rows: Samples = field(repr=False)
    """What the kernels tell of its sound, with silence before and after."""
    expected: Samples = field(repr=False)
    """How loud each band may be, hop by hop, wherever the way adds nothing."""

    @classmethod
    def of(cls, id_: PlaybackId, client_id: ClientId, told_at: int, samples: Samples) -> "Playback":
        """The answer with this sound (float32[n], 16 kHz); of a very long one the beginning."""
        samples = samples[: LONGEST * SAMPLE_RATE]
        silence = np.zeros(HOP * LATEST_START, dtype=np.float32)
        noise = 1e-4 * np.random.default_rng(0).standard_normal(len(samples) + 2 * len(silence))
        rows = StreamMeter().hear(np.concatenate([silence, samples, silence]) + noise.astype(np.float32))
        return cls(
            id=id_,
            client_id=client_id,
            told_at=told_at,
            sound=samples,
            rows=rows,
            expected=_dying_away(band_levels(rows)),
        )

    def longer(self, more: Samples) -> "Playback":
        """The same answer, now that more of it is said."""
        return Playback.of(self.id, self.client_id, self.told_at, np.concatenate([self.sound, more]))

    @property
    def over_at(self) -> int:
        """When it is over, however late it was begun."""
        return self.told_at + HOP_MICROS * (len(self.rows) - LATEST_START)

    def row_at(self, moment: int) -> int:
        """Which of its rows would be heard at a moment, were it begun when it was told to."""
        return (moment - self.told_at) // HOP_MICROS + LATEST_START


@define(eq=False)
class Echo:
    """One answer, as one microphone hears it, if it does."""

    playback: Playback
    ahead: int | None = field(default=None, init=False)
    """Which row of the answer the microphone's hop 0 would be; None while it has not been recognised.

    Counted in hops of the microphone, which come in a row however late some of them arrive.
    """
    foreign: bool = field(default=False, init=False)
    """Whether what was heard lately is surely something else."""
    stopped_at: int | None = field(default=None, init=False)
    _ways: list[Samples] = field(factory=list, init=False)

    def is_over(self, moment: int) -> bool:
        """Whether nothing of it can be heard any more."""
        stopped = self.stopped_at is not None and moment > self.stopped_at + STOPPING
        return stopped or moment > self.playback.over_at

    def search(self, rows: Samples, hop: int, began: int) -> bool:
        """Look for the answer in the last hops, of which the first has this number and capture time.

        True once it is found.
        """
        self.foreign = False
        active = np.flatnonzero(rows[:, ABOVE] > BEGIN_DB)
        onset = max(0, int(active[0]) - BEFORE) if len(active) else 0
        heard = rows[onset:]
        place = self.playback.row_at(began + HOP_MICROS * onset)
        first, last = max(0, place - LATEST_START), place + EARLIEST_START
        if len(heard) < LEAST or len(active) < LEAST // 2 or last <= first:
            return False
        alike, start = _found_at(heard, self.playback.rows[first : last + len(heard)], last - first)
        self.foreign = alike < next(most for hops, most in FOREIGN if len(heard) >= hops)
        if alike < next(least for hops, least in RECOGNISED if len(heard) >= hops):
            return False
        self.ahead = first + start - (hop + onset)
        self._learn(heard, first + start)
        return True

    def follow(self, rows: Samples, hop: int) -> None:
        """Find the answer again a little earlier or later: frames get lost, and players stumble."""
        place = hop + (self.ahead or 0) - STUMBLE
        if place < 0 or len(rows) < MOST:
            return
        alike, start = _found_at(
            rows, self.playback.rows[place : place + len(rows) + 2 * STUMBLE], 2 * STUMBLE
        )
        if alike >= RECOGNISED[0][1]:
            self.ahead = place + start - hop

    def unexplained(self, rows: Samples, hop: int, floors: Samples) -> Samples:
        """By how many dB the bands rise above what answer and noise explain, on average (float32[hops])."""
        place = hop + (self.ahead or 0)
        hops = np.clip(np.arange(place, place + len(rows)), 0, len(self.playback.expected) - 1)
        way = np.median(np.concatenate(self._ways), axis=0)
        over = band_levels(rows) - np.maximum(self.playback.expected[hops] + way, floors)
        rest: Samples = np.maximum(over - MARGIN_DB, 0.0).mean(axis=1).astype(np.float32)
        if float(rest.mean()) < BEGIN_DB:
            self._learn(rows, place)
        return rest

    def _learn(self, rows: Samples, place: int) -> None:
        """Learn how much louder or softer each band arrives."""
        hops = np.arange(place, place + len(rows))
        within = (hops >= 0) & (hops < len(self.playback.expected))
        told = self.playback.expected[hops[within]]
        way = band_levels(rows[within]) - told
        loud = told.max(axis=1) > self.playback.expected.max() - AUDIBLE_DB if len(told) else within[:0]
        if loud.any() or not self._ways:
            self._ways.append(way[loud] if loud.any() else way)
        while sum(map(len, self._ways)) > WAY_HOPS and len(self._ways) > 1:
            self._ways.pop(0)


@define(eq=False)
class Echoes:
    """All that the hub lets be heard, as one microphone hears it."""

    _echoes: list[Echo] = field(factory=list, init=False)
    _hops: int = field(default=0, init=False)
    _floors: Samples = field(factory=lambda: np.full(BANDS, QUIETEST, np.float32), init=False)

    def expect(self, playback: Playback) -> None:
        """An answer is about to be heard, or more of one."""
        known = next((echo for echo in self._echoes if echo.playback.id == playback.id), None)
        if known is None:
            self._echoes.append(Echo(playback))
        else:
            known.playback = playback

    def stop(self, id_: PlaybackId, moment: int) -> None:
        """The client of an answer was told to be silent."""
        for echo in self._echoes:
            if echo.playback.id == id_:
                echo.stopped_at = moment

    @property
    def recognised(self) -> bool:
        """Whether this microphone hears any answer now."""
        return any(echo.ahead is not None for echo in self._echoes)

    def hears(self, playback: Playback) -> bool:
        """Whether this microphone hears an answer."""
        return any(echo.playback is playback and echo.ahead is not None for echo in self._echoes)

    def mask(self, rows: Samples, hop: int, began: int) -> None:
        """Take out of the rows of new hops, in place, what recognised answers explain.

        `hop` is the number of the first, and `began` when it was captured.
        """
        self._echoes = [echo for echo in self._echoes if not echo.is_over(began)]
        for echo in self._echoes:
            if echo.ahead is not None and len(rows):
                rest = echo.unexplained(rows, hop, self._floors)
                np.minimum(rows[:, ABOVE], rest, out=rows[:, ABOVE])

    def due(self, hops: int) -> bool:
        """Whether it is time to listen again, after so many more hops: every 100 ms while answers play."""
        self._hops += hops
        if self._hops < SEARCHED_EVERY or not self._echoes:
            return False
        self._hops = 0
        return True

    def search(self, rows: Samples, hop: int, began: int) -> bool:
        """Learn the noise of the last hops, and look for answers in them; True if one was found just now."""
        self._floors = np.percentile(band_levels(rows), 10, axis=0).astype(np.float32)
        waiting = [echo for echo in self._echoes if echo.ahead is None]
        for echo in self._echoes:
            if echo.ahead is not None:
                echo.follow(rows, hop)
        return True in [echo.search(rows, hop, began) for echo in waiting]

    @property
    def doubtful(self) -> bool:
        """Whether what is heard may yet turn out to be an answer."""
        return any(echo.ahead is None and not echo.foreign for echo in self._echoes)
