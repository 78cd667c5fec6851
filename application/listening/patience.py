"""How long to wait for more when a talker pauses, by what was said so far."""

import math
from datetime import datetime
from typing import Final

from domain.audio.finality import patience_ms
from domain.language.completeness import likely_all

AWAITED: Final = 1.45
"""Words that are being made out are waited for, up to so many usual silences: no answer comes before them."""


def patience_without_words(usual_ms: int, finality: float) -> int:
    """So many milliseconds of silence are to end a turn whose words are still being made out."""
    return max(round(AWAITED * usual_ms), patience_ms(finality, None, usual_ms))


def patience_for(text: str, confidence: float, now: datetime, usual_ms: int, finality: float) -> int:
    """So many milliseconds of silence are to end a turn, if usually it is so many.

    What sounds and reads as if more were to come is given time; what is all is answered sooner. `finality` is
    how likely it sounds like all, as log-odds; `confidence`, how sure the words are, 0..1.
    """
    words = _as_sure(likely_all(text, now), confidence) if text.strip(" .,!?") else None
    return patience_ms(finality, words, usual_ms)


def _as_sure(odds: float, confidence: float) -> float:
    """Log-odds that were read off words, if those may have been misheard.

    As of a symmetric binary channel: words are taken to tell right with (1 + confidence) / 2.
    """
    right = (1.0 + min(1.0, max(0.0, confidence))) / 2
    told = 1.0 / (1.0 + math.exp(-odds))
    return math.log(
        (right * told + (1.0 - right) * (1.0 - told)) / (right * (1.0 - told) + (1.0 - right) * told)
    )
