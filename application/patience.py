"""How long to wait for more when a talker pauses, by what was said so far."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from domain.language.follow_ups import open_wish
from domain.language.intents import AskAgenda, AskReminders, Intent, NotUnderstood
from domain.language.understanding import understand

COMPLETE: Final = 0.6
UNKNOWN: Final = 1.5
INCOMPLETE: Final = 2.6
"""Shares of the usual silence: for what can be done at once, what is not understood, what lacks something."""
_ANYWHERE: Final = ZoneInfo("UTC")
_LEADING_ON: Final = frozenset(
    """
    a about add an and at because before but by can could every for from i in into is it's mark me my of on
    or our please remind schedule set so some tell that the then this to um uh until what when which who
    will with would your
    """.split()  # noqa: SIM905 - a list of forty words is a page
)
"""Words that hardly ever are the last of a request."""


def patience_for(text: str, now: datetime, usual_ms: int) -> int:
    """So many milliseconds of silence are to end a turn, if usually it is so many.

    A wish that still lacks its time or title, or that breaks off at a word that leads on, is given time;
    one that is complete is answered sooner.
    """
    words = text.lower().strip(" .,!?").split()
    if not words:
        return usual_ms
    intent = understand(text, now, _ANYWHERE)
    if words[-1] in _LEADING_ON or _may_go_on(intent):
        return round(INCOMPLETE * usual_ms)
    return round((UNKNOWN if isinstance(intent, NotUnderstood) else COMPLETE) * usual_ms)


def _may_go_on(intent: Intent) -> bool:
    """Whether something is missing, or often follows: what do I have ... tomorrow?"""
    match intent:
        case AskAgenda(period=None) | AskReminders(period=None):
            return True
        case _:
            return open_wish(intent) is not None
