"""Where in a known sound a stretch that was heard begins, told from the waveforms themselves.

Loudspeaker, room and microphone change the phase and the loudness of a sound smoothly, so the correlation
of the two is a sharp peak at one delay if the one holds the other, however soft and reverberant, and has
none if they are unlike, even if one voice says both: the generalized cross-correlation of Knapp and Carter,
The generalized correlation method for estimation of time delay, IEEE TASSP 24 (1976), whitened in part.
"""

from typing import Final

import numpy as np

from domain.audio.kernels import HOP
from domain.audio.pcm import SAMPLE_RATE, Samples

WHITENED: Final = 0.7
"""By this power of its magnitude each frequency is divided: 1 would count noise as much as voice."""
LOWEST_HZ: Final = 200
ROUNDED: Final = 4096
"""Transforms are a multiple of this long, which makes them fast."""
HIGHEST_HZ: Final = SAMPLE_RATE // 4
"""Only what lies between these is compared, and places are found to two samples."""


def place_in(known: Samples, heard: Samples) -> tuple[float, int]:
    """How surely a known sound (float32[m], 16 kHz) is in what was heard (float32[n]), and from where on.

    Surely is the highest peak of the correlation against its root mean square: 4 to 11 for sounds that are
    unlike, and more for the same, up to 190. The place is the sample of the known sound with which what was
    heard begins, -n..m; negative if that begins before it. Less than a hop of either is in nothing.
    """
    if min(len(known), len(heard)) < HOP:
        return 0.0, 0
    size = -(-(len(known) + len(heard)) // ROUNDED) * ROUNDED
    spectra = [np.fft.rfft(sound.astype(np.float32, copy=False), size) for sound in (heard, known)]
    lowest, highest = (size * hertz // SAMPLE_RATE for hertz in (LOWEST_HZ, HIGHEST_HZ))
    one, other = (spectrum[lowest:highest] for spectrum in spectra)
    product = np.conj(one) * other
    power = product.real**2 + product.imag**2
    whitened = np.zeros(size // 4 + 1, dtype=product.dtype)
    whitened[lowest:highest] = product * (power + np.float32(1e-24)) ** np.float32(-WHITENED / 2)
    every_other = np.abs(np.fft.irfft(whitened))
    lags = np.concatenate([every_other[-(len(heard) // 2) :], every_other[: len(known) // 2]])
    place = int(np.argmax(lags))
    return float(lags[place] / (np.sqrt(np.mean(lags**2)) + 1e-12)), 2 * (place - len(heard) // 2)
