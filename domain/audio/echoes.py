"""What of a microphone's sound is the hub's own answer, heard again.

A client plays an answer some time after it was told to, and every microphone of the room hears it again,
through loudspeaker, room and radio. The hub knows the sound, so it looks for the delay at which what is
heard moves as the answer does (as streams are compared, see agreement.py). Once that is found, each band
is expected to be as loud as the answer there, plus what the way adds (see ways.py); only what rises
above that is somebody speaking. Until then, what has just begun is the answer unless it is surely not.
"""

from typing import Final

import numpy as np
from attrs import define, field

from domain.audio.agreement import TIMING, envelope_of, likeness_of, togetherness_of
from domain.audio.compiling import compiled
from domain.audio.endpointing import BEGIN_DB
from domain.audio.kernels import ABOVE
from domain.audio.pcm import Samples
from domain.audio.playback import (
    EARLIEST_START,
    HOP_MICROS,
    LATEST_START,
    QUIETEST,
    Playback,
    PlaybackId,
    band_levels,
)
from domain.audio.spectrum import BANDS
from domain.audio.ways import Way

LEAST: Final = 40
MOST: Final = 150
"""How many hops of a microphone are held against the answer."""
SEARCHED_EVERY: Final = 10
RECOGNISED: Final = ((150, 0.88), (125, 0.92), (100, 0.95), (85, 0.98), (60, 1.05), (50, 1.12), (LEAST, 1.2))
"""How alike and simultaneous sound must be to the answer to be it, by how many hops there are."""
FOREIGN: Final = ((150, 0.75), (100, 0.78), (60, 0.80), (LEAST, 0.75))
"""Below which it is somebody else, likewise; in between nothing is known yet."""
STOPPING: Final = 1_000_000
"""So many microseconds after a client was told to be silent, nothing more is expected of it."""
BEFORE: Final = 10
"""So many hops from before something begins are looked at as well."""
STUMBLE: Final = 15
"""By so many hops an answer may come earlier or later than it did."""


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


@define(eq=False)
class Echo:
    """One answer, as one microphone hears it, if it does."""

    playback: Playback
    ahead: int | None = field(default=None, init=False)
    """Which row of the answer the microphone's hop 0 would be; None while it has not been recognised.

    Counted in hops of the microphone, which come in a row however late some of them arrive.
    """
    stopped_at: int | None = field(default=None, init=False)
    spoken_over: bool = field(default=False, init=False)
    """Whether somebody spoke when its client was told to be silent: then nothing is taken out."""
    _foreign_from: int | None = field(default=None, init=False)
    """The hop since which what was heard lately is surely something else."""
    _way: Way = field(factory=Way, init=False)

    def is_over(self, moment: int) -> bool:
        """Whether nothing of it can be heard any more."""
        stopped = self.stopped_at is not None and moment > self.stopped_at + STOPPING
        return stopped or moment > self.playback.over_at

    def may_be(self, hop: int) -> bool:
        """Whether what began at a hop may yet turn out to be it; what was held against it may not."""
        foreign = self._foreign_from is not None and self._foreign_from >= hop - 2 * BEFORE
        return self.ahead is None and not foreign

    def search(self, rows: Samples, hop: int, began: int) -> bool:
        """Look for the answer in the last hops, of which the first has this number and capture time.

        True once it is found.
        """
        self._foreign_from = None
        active = np.flatnonzero(rows[:, ABOVE] > BEGIN_DB)
        onset = max(0, int(active[0]) - BEFORE) if len(active) else 0
        heard = rows[onset:]
        place = self.playback.row_at(began + HOP_MICROS * onset)
        first, last = max(0, place - LATEST_START), place + EARLIEST_START
        if len(heard) < LEAST or len(active) < LEAST // 2 or last <= first:
            return False
        alike, start = _found_at(heard, self.playback.rows[first : last + len(heard)], last - first)
        if alike < next(most for hops, most in FOREIGN if len(heard) >= hops):
            self._foreign_from = hop + onset
        if alike < next(least for hops, least in RECOGNISED if len(heard) >= hops):
            return False
        self.ahead = first + start - (hop + onset)
        self._way.learn(band_levels(heard), self.playback, first + start)
        self._way.settle()
        return True

    def follow(self, rows: Samples, hop: int) -> None:
        """Find the answer again a little earlier or later: frames get lost, and players stumble."""
        self._way.settle()
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
        levels, place = band_levels(rows), hop + (self.ahead or 0)
        rest = self._way.unexplained(levels, self.playback, place, floors)
        if float(rest.mean()) < BEGIN_DB:
            self._way.learn(levels, self.playback, place)
        return rest


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

    def stop(self, id_: PlaybackId, moment: int, *, spoken_over: bool) -> None:
        """The client of an answer was told to be silent; here somebody speaks just now, or nobody does."""
        for echo in self._echoes:
            if echo.playback.id == id_:
                echo.stopped_at, echo.spoken_over = moment, spoken_over

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
            if echo.ahead is not None and len(rows) and not echo.spoken_over:
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

    def may_be(self, hop: int) -> bool:
        """Whether what began at a hop may yet turn out to be an answer."""
        return any(echo.may_be(hop) for echo in self._echoes)
