"""The numbers of finality.py: `python -m benchmarks.turns --fit` writes them."""

from typing import Final

MEANS: Final = (-1.6665, 0.1989)
DEVIATIONS: Final = (2.0774, 0.6023)
SOUND: Final = (-0.7991, 1.1033)
SOUND_CONSTANT: Final = -0.0015
"""Of how far the voice has risen (semitones) and how much was said (logarithm of seconds)."""
FINALITY: Final = 0.8280
"""Of the log-odds by sound, beside those by the words."""
USUAL: Final = 0.55
SOUND_SECONDS, SOUND_SLOPE, SOUND_LEAST, SOUND_MOST = 0.55, 0.8, 0.4, 1.0
SECONDS, SLOPE, LEAST, MOST = 3.5, 1.5, 0.2, 1.3
"""So many seconds are waited at even odds, falling by this power of e with the odds, within these bounds."""
