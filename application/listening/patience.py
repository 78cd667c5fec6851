"""How long to wait for more when a talker pauses, by what was said so far."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from domain.audio.finality import Words, patience_ms
from domain.language.follow_ups import open_wish
from domain.language.intents import AskAgenda, AskReminders, Intent, NotUnderstood
from domain.language.understanding import understand
from domain.language.unfinished import leads_on, may_go_on

_ANYWHERE: Final = ZoneInfo("UTC")


def patience_for(text: str, now: datetime, usual_ms: int, finality: float) -> int:
    """So many milliseconds of silence are to end a turn, if usually it is so many.

    A wish that still lacks its time or title, or that breaks off at a word that leads on, is given time;
    one that is complete is answered sooner. `finality` is how likely it sounds like all, as log-odds.
    """
    return patience_ms(finality, what_is_known(text, now), usual_ms)


def what_is_known(text: str, now: datetime) -> Words:
    """What the words so far say of whether more will come."""
    words = " ".join(text.lower().strip(" .,!?").split())
    if not words:
        return Words.UNKNOWN
    intent = understand(text, now, _ANYWHERE)
    if _lacks_something(intent):
        return Words.INCOMPLETE
    if isinstance(intent, NotUnderstood):
        return Words.INCOMPLETE if leads_on(words) else Words.VAGUE
    return Words.VAGUE if may_go_on(words) else Words.COMPLETE


def _lacks_something(intent: Intent) -> bool:
    """Whether something is missing, or often follows: what do I have ... tomorrow?"""
    match intent:
        case AskAgenda(period=None) | AskReminders(period=None):
            return True
        case _:
            return open_wish(intent) is not None
