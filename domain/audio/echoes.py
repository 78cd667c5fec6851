"""What of a microphone's sound is the hub's own answer, heard again.

A client plays an answer some time after it was told to, and every microphone of the room hears it again,
through loudspeaker, room and radio. The hub knows the sound, so it looks for the delay at which what is
heard is the answer (see waveforms.py). Once that is found, each band is expected to be as loud as the
answer there, plus what the way adds (see ways.py); only what rises above that is somebody speaking. Until
then, what has just begun is the answer unless it is surely not.
"""

from typing import Final

import numpy as np
from attrs import define, field

from domain.audio.endpointing import BEGIN_DB
from domain.audio.kernels import ABOVE, HOP
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
from domain.audio.waveforms import place_in
from domain.audio.ways import Way

MOST: Final = 150
"""So many hops of a microphone are held against the answer."""
SEARCHED_EVERY: Final = 10
LEAST: Final = 10
RECOGNISED: Final = ((15, 14.0), (LEAST, 16.0))
"""How surely the answer must be in a sound to be it, by how many hops of that are active."""
FOREIGN: Final = ((60, 12.0), (35, 10.0), (25, 8.0))
"""Below which it is somebody else, likewise; in between nothing is known yet."""
STOPPING: Final = 1_000_000
"""So many microseconds after a client was told to be silent, nothing more is expected of it."""
BEFORE: Final = 10
"""So many hops from before something begins are looked at as well."""
STUMBLE: Final = 15
"""By so many hops an answer may come earlier or later than it did."""


def _by_hops(table: tuple[tuple[int, float], ...], hops: int, otherwise: float) -> float:
    """The figure of a table for so many hops."""
    return next((figure for least, figure in table if hops >= least), otherwise)


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

    def search(self, heard: Samples, active: int, hop: int, began: int) -> bool:
        """Look for the answer in sound whose first hop has this number and capture time, and so many active.

        True once it is found.
        """
        place = self.playback.row_at(began) - LATEST_START
        last = place + EARLIEST_START + len(heard) // HOP
        surely, start = self._place_in(heard, place - LATEST_START, last)
        self._foreign_from = hop if surely < _by_hops(FOREIGN, active, 0.0) else None
        if surely < _by_hops(RECOGNISED, active, np.inf):
            return False
        self.ahead = LATEST_START + start - hop
        return True

    def follow(self, heard: Samples, hop: int) -> None:
        """Find the answer again a little earlier or later: frames get lost, and players stumble."""
        self._way.settle()
        place, hops = hop + (self.ahead or 0) - LATEST_START, len(heard) // HOP
        if hops < MOST:
            return
        surely, start = self._place_in(heard, place - STUMBLE, place + STUMBLE + hops)
        if surely >= RECOGNISED[0][1]:
            self.ahead = LATEST_START + start - hop

    def _place_in(self, heard: Samples, first: int, last: int) -> tuple[float, int]:
        """How surely the answer's hops from `first` to `last` are in a sound, and with which it begins."""
        known = self.playback.sound[max(0, first) * HOP : max(0, last) * HOP]
        surely, start = place_in(known, heard)
        return surely, max(0, first) + round(start / HOP)

    def learn(self, rows: Samples, hop: int) -> None:
        """Learn its way to the microphone from where it was found just now."""
        self._way.learn(band_levels(rows), self.playback, hop + (self.ahead or 0))
        self._way.settle()

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
    def expected(self) -> bool:
        """Whether any answer may be heard now."""
        return bool(self._echoes)

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

    def search(self, rows: Samples, sound: Samples, hop: int, began: int) -> bool:
        """Learn the noise of the last hops, and look for answers in them; True if one was found just now."""
        self._floors = np.percentile(band_levels(rows), 10, axis=0).astype(np.float32)
        waiting = [echo for echo in self._echoes if echo.ahead is None]
        for echo in self._echoes:
            if echo.ahead is not None:
                echo.follow(sound, hop)
        active = np.flatnonzero(rows[:, ABOVE] > BEGIN_DB)
        if len(active) < LEAST:
            return False
        onset = max(0, int(active[0]) - BEFORE)
        heard, moment = sound[onset * HOP :], began + HOP_MICROS * onset
        found = [echo for echo in waiting if echo.search(heard, len(active), hop + onset, moment)]
        for echo in found:
            echo.learn(rows[onset:], hop + onset)
        return bool(found)

    def may_be(self, hop: int) -> bool:
        """Whether what began at a hop may yet turn out to be an answer."""
        return any(echo.may_be(hop) for echo in self._echoes)
