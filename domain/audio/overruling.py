"""Whether one stream may say that a sentence is over which a better one still hears."""

from typing import Final

import numpy as np

from domain.audio.kernels import LEVEL
from domain.audio.spectrum import HOPS_PER_SECOND
from domain.audio.streams import SECOND
from domain.audio.stretches import hops_between
from domain.audio.weighing import LATE_MARGIN, Weighed, own

OVERRULED_AFTER: Final = SECOND
"""So long after another that hears the same has noticed the end, a winner that hears on is overruled."""
BELIEVED_FOR: Final = 2 * SECOND
"""And no longer after that: what has been said since then would be lost."""
FALLEN_DB: Final = 6.0
"""When a talker falls silent, what goes on beside them is softer than they were by at least so much."""
JUDGED_HOPS: Final = HOPS_PER_SECOND
"""That is read off the second after the end; an end that was not believed then is none later."""


def overrules(other: Weighed, over: int | None, winner: Weighed, heard_until: int) -> bool:
    """Whether the end that another heard at a moment, if it heard one, overrules a winner that hears on.

    `heard_until` is up to when the winner heard, less what silence is waited out longer than usual.
    """
    latest = heard_until - OVERRULED_AFTER
    if over is None or not latest - BELIEVED_FOR < over < latest:
        return False
    return knows_the_end(other, over, winner)


def knows_the_end(other: Weighed, over: int, winner: Weighed) -> bool:
    """Whether the end that another heard at a moment is the end of what the winner hears, too.

    Who hears a sentence worse than the winner loses it in the middle, where it becomes soft. That is an
    end only if the winner's sound has fallen since: then it is television, say, to which it still listens.
    """
    if own(other) > own(winner) - LATE_MARGIN:
        return True
    began, rows = winner.rows_since(winner.started_at)
    silent_since = hops_between(began, over)
    before, after = rows[:silent_since, LEVEL], rows[silent_since:, LEVEL][:JUDGED_HOPS]
    if not len(before) or not len(after):
        return False
    return bool(np.percentile(after, 90) < np.percentile(before, 90) - FALLEN_DB)
