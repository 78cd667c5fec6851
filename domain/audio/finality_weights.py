"""The numbers of finality.py: `python -m benchmarks.turns --fit` writes them."""

from typing import Final

MEANS: Final = (-1.5987, 0.0946)
DEVIATIONS: Final = (3.1638, 0.6270)
SOUND: Final = (-1.0723, 1.1180)
SOUND_CONSTANT: Final = 0.0538
"""Of how far the voice has risen (semitones) and how much was said (logarithm of seconds)."""
FINALITY: Final = 0.9576
COMPLETE: Final = 1.6881
CONSTANT: Final = -0.4702
"""Of the log-odds by sound, and of words that ask for something that can be done."""
USUAL: Final = 0.55
SOUND_SECONDS, SOUND_SLOPE, SOUND_LEAST, SOUND_MOST = 0.55, 0.8, 0.4, 1.0
SECONDS, SLOPE, LEAST, COMPLETE_MOST, MOST = 0.8, 1.0, 0.35, 0.55, 1.3
"""So many seconds are waited at even odds, falling by this power of e with the odds, within these bounds."""
INCOMPLETE_SECONDS: Final = 1.43
"""Words that lack something are given time, however they sound."""
