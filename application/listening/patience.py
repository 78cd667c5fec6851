"""How long to wait for more when a talker pauses, by what was said so far."""

from datetime import datetime

from domain.audio.finality import patience_ms
from domain.language.completeness import likely_all


def patience_for(text: str, now: datetime, usual_ms: int, finality: float) -> int:
    """So many milliseconds of silence are to end a turn, if usually it is so many.

    What sounds and reads as if more were to come is given time; what is all is answered sooner. `finality` is
    how likely it sounds like all, as log-odds.
    """
    words = likely_all(text, now) if text.strip(" .,!?") else None
    return patience_ms(finality, words, usual_ms)
