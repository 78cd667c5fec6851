"""Speech that is hardly louder than the noise of its place: it is told by lasting.

Averaged over 100 ms, steady noise hardly rises above its own floors, and noise that wavers has done so
before. What lies above both is added up hop by hop, and what lies below is taken off, until the sum says
enough; where it left zero is where speech began (cumulative sums after Page, *Continuous inspection
schemes*, Biometrika 41, 1954).
"""

from collections import deque
from typing import Final

AVERAGED_HOPS: Final = 10
STEADY_DB: Final = 0.33
"""Averaged, steady noise rises by more in one hop of a hundred."""
WAVERING: Final = 1.1
BEYOND_DB: Final = 0.1
"""What wavers has to be exceeded by this share of how far it rose before, and by so much more."""
LOUDEST_DB: Final = 1.5
"""What is louder counts for no more than this: speech that is loud is told otherwise."""
BLOCK_HOPS: Final = 10
REMEMBERED: Final = 60
LATEST: Final = 5
"""How far noise rises is read off the last 6 s, in blocks of 100 ms, but for the last five of them."""
UNKNOWN_DB: Final = 0.33
"""So far noise may rise that has not been heard for as long as that."""
ENOUGH_DB: Final = 5.0
SOFT_DB: Final = 0.18
SOFT_SHARE: Final = 0.45
"""The soft end of a word rises by more than so much, and than this share of how far the noise rises."""
GOES_ON_DB: Final = 0.8
MOST_KEPT_DB: Final = 1.6
"""What lies above that is added up as well, up to the latter; speech goes on while it is above the former."""
BEHIND_HOPS: Final = 2
"""By so many hops the average is late to rise at the beginning of speech."""


class Faintness:
    """Follows how far sound rises above the noise, and says whether that must be speech by now."""

    def __init__(self) -> None:
        self._lately: Final[deque[float]] = deque([0.0] * AVERAGED_HOPS, maxlen=AVERAGED_HOPS)
        self._total = 0.0
        self._rises: Final[deque[float]] = deque([UNKNOWN_DB] * REMEMBERED, maxlen=REMEMBERED)
        self._highest = 0.0
        self._hops = 0
        self._exceeded = self._soft = 0.0
        self._know()
        self._kept = 0.0
        self._sum = 0.0
        self._trace = 0.0
        """The same sum of what exceeds what is usual, but not by so much more: it rises first."""
        self._lasted = 0
        """For how many hops the trace has been above zero."""
        self.learns = True
        """Whether what is heard now tells how far the noise rises."""
        self.average = 0.0
        """By how many dB the last hops rose above the noise."""
        self.risen = 0
        """In how many of the hops for which the sum has been above zero it grew."""

    @property
    def hops(self) -> int:
        """How many hops ago that began; 0 if it has not."""
        return self._lasted + BEHIND_HOPS if self._lasted else 0

    @property
    def goes_on(self) -> bool:
        """Whether speech that is under way goes on, however softly."""
        return self._kept > GOES_ON_DB

    @property
    def is_enough(self) -> bool:
        """Whether that is more, for longer, than noise ever does."""
        return self._sum >= ENOUGH_DB

    def hear(self, above: float) -> None:
        """Take in by how many dB a hop rises above the noise."""
        taken = above if above < LOUDEST_DB else LOUDEST_DB
        self._total += taken - self._lately[0]
        self._lately.append(taken)
        self.average = self._total / AVERAGED_HOPS
        self._kept = min(MOST_KEPT_DB, max(0.0, self._kept + taken - self._soft))

    def weigh(self) -> None:
        """Weigh the last hop while nobody is known to speak, and learn how far the noise rises."""
        more = self.average - self._exceeded
        if self._trace + more + BEYOND_DB > 0.0:
            self._trace += more + BEYOND_DB
            self._lasted += 1
        elif self._lasted:
            self._trace, self._lasted = 0.0, 0
        if self._sum + more > 0.0:
            self._sum += more
            self.risen += more > 0.0
        elif self.risen:
            self._sum, self.risen = 0.0, 0
        self._highest = max(self._highest, self.average)
        self._hops += 1
        if self._hops == BLOCK_HOPS:
            self._hops = 0
            if self.learns:
                self._learn()
            self._highest = 0.0

    def begin(self) -> None:
        """Somebody speaks: how far the last of it rose says nothing about noise."""
        self._sum, self._trace, self._highest = 0.0, 0.0, 0.0
        self._lasted, self.risen, self._hops = 0, 0, 0
        for place in range(-LATEST, 0):
            self._rises[place] = 0.0

    def _learn(self) -> None:
        """Remember the highest of a block."""
        self._rises.append(self._highest)
        self._know()

    def _know(self) -> None:
        """How far noise rises here; what came last may be speech, and is left out."""
        usual = max(STEADY_DB, WAVERING * max(list(self._rises)[:-LATEST]))
        self._exceeded, self._soft = usual + BEYOND_DB, max(SOFT_DB, SOFT_SHARE * usual)
