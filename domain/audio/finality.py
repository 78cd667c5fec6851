"""How much what was said before a pause sounds like all of it, and how long to wait for more.

Who has finished lets the voice fall; who only pauses holds it up. And a first pause after a second of
speech is less often the end than one after three. Both are read off the sound once a pause, and what
the words say is added when they are known (domain/language/completeness.py): a logistic regression, whose
numbers are in finality_weights.py. Pitch is the lag at which a frame of 40 ms is most like itself (normalised
autocorrelation, as in Boersma, 1993, without his refinements), at 4 kHz.
"""

import math
from typing import Final

import numpy as np

from domain.audio import finality_weights as weights
from domain.audio.compiling import compiled
from domain.audio.pcm import SAMPLE_RATE, Floats, Samples

LOOKED_AT: Final = 2 * SAMPLE_RATE
"""The last two seconds tell."""
DECIMATION: Final = 4
RATE: Final = SAMPLE_RATE // DECIMATION
STEP: Final = RATE // 100
WINDOW: Final = RATE // 25
SHORTEST: Final = RATE // 400
LONGEST: Final = RATE // 70 + 1
"""Voices lie between 70 and 400 Hz."""
VOICED: Final = 0.6
BETTER: Final = 0.03
"""By how much a longer lag must be better than a shorter one: two periods are as alike as one."""
LEAST_FRAMES: Final = 8
LAST_FRAMES: Final = 6
AUDIBLE_DB: Final = 25.0
WITHIN: Final = 9.0
"""Semitones from the middle; what lies further off is a mistake of the tracker."""


@compiled
def _follow_pitch(sound: Floats, pitches: Floats, levels: Floats) -> None:
    """Fill in the pitch in Hz (0 where there is no voice) and the level in dB, frame by frame."""
    scores = np.zeros(LONGEST + 2)
    for frame in range(len(pitches)):
        first = frame * STEP
        energy = 1e-12
        for index in range(first, first + WINDOW):
            energy += sound[index] * sound[index]
        levels[frame] = 10.0 * math.log10(energy / WINDOW + 1e-10)
        delayed = 1e-12
        for index in range(first + SHORTEST - 1, first + SHORTEST - 1 + WINDOW):
            delayed += sound[index] * sound[index]
        for lag in range(SHORTEST - 1, LONGEST + 2):
            product = 0.0
            for index in range(first, first + WINDOW):
                product += sound[index] * sound[index + lag]
            scores[lag] = product / math.sqrt(energy * max(delayed, 1e-12))
            delayed += sound[first + lag + WINDOW] ** 2 - sound[first + lag] ** 2
        best, place = 0.0, 0
        for lag in range(SHORTEST, LONGEST + 1):
            peak = scores[lag] > scores[lag - 1] and scores[lag] >= scores[lag + 1]
            if peak and scores[lag] > best + BETTER:
                best, place = scores[lag], lag
        if best > VOICED:
            before, here, after = scores[place - 1], scores[place], scores[place + 1]
            pitches[frame] = RATE / (place + 0.5 * (before - after) / (before - 2.0 * here + after - 1e-12))


def fall_of(samples: Samples) -> float:
    """By how many semitones the voice (float32[n], 16 kHz) ends higher than it was; 0 if unknown."""
    if len(samples) < DECIMATION * (WINDOW + LONGEST + 2 + LEAST_FRAMES * STEP):
        return 0.0
    taps = np.hanning(2 * DECIMATION + 3)[1:-1]
    smooth = np.convolve(samples[-LOOKED_AT:].astype(np.float64), taps / taps.sum(), "same")
    sound = np.ascontiguousarray(smooth[::DECIMATION])
    frames = (len(sound) - WINDOW - LONGEST - 2) // STEP
    pitches, levels = np.zeros(frames), np.full(frames, -100.0)
    _follow_pitch(sound, pitches, levels)
    voiced = pitches[(pitches > 0.0) & (levels > np.percentile(levels, 90) - AUDIBLE_DB)]
    if len(voiced) < LEAST_FRAMES:
        return 0.0
    return rise_among(12.0 * np.log2(voiced))


def rise_among(tones: Floats) -> float:
    """By how many semitones the last of some tones (float64[n]) lie above their middle; 0 without one."""
    tones = tones[np.abs(tones - np.median(tones)) < WITHIN]
    if len(tones) == 0:
        return 0.0
    return float(np.mean(tones[-LAST_FRAMES:]) - np.median(tones))


def measures(samples: Samples, spoken_seconds: float) -> Floats:
    """What tells of the end, from the sound up to a pause and how much was said: float64[2]."""
    return np.array([fall_of(samples), math.log(max(0.1, spoken_seconds))])


def by_sound(samples: Samples, spoken_seconds: float) -> float:
    """How likely what was said is all, by its sound alone, as log-odds."""
    standard = (measures(samples, spoken_seconds) - weights.MEANS) / weights.DEVIATIONS
    return float(np.clip(standard, -3.0, 3.0) @ weights.SOUND + weights.SOUND_CONSTANT)


def patience_ms(finality: float, words: float | None, usual_ms: int) -> int:
    """So many milliseconds of silence are to end a turn, if usually it is so many.

    `finality` is what `by_sound` tells; `words`, how likely the words are all, as log-odds, None while they
    are not known.
    """
    if words is None:
        seconds = weights.SOUND_SECONDS * math.exp(min(9.0, -weights.SOUND_SLOPE * finality))
        bounded = min(weights.SOUND_MOST, max(weights.SOUND_LEAST, seconds))
    else:
        odds = weights.FINALITY * finality + words
        seconds = weights.SECONDS * math.exp(min(9.0, -weights.SLOPE * odds))
        bounded = min(weights.MOST, max(weights.LEAST, seconds))
    return round(usual_ms / weights.USUAL * bounded)
