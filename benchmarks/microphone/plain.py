"""MQ-15 in numpy and scipy alone, without compiled kernels: what compiling saves, and a check on it."""

from typing import Final

import numpy as np
from scipy.signal import butter, lfilter

from benchmarks.microphone.network import Numbers
from benchmarks.microphone.recipe import add_up
from domain.audio.histograms import BIN_DB, BINS, LOWEST_DB
from domain.audio.kernels import GROUP_STARTS, HOP
from domain.audio.modulations import MODULATIONS
from domain.audio.pcm import Samples
from domain.audio.spectrum import BANDS, HOPS_PER_SECOND, MEL, TRANSFORM, WINDOW, WINDOW_LENGTH

GROUPS: Final = [slice(GROUP_STARTS[group], GROUP_STARTS[group + 1]) for group in range(3)]
BACK: Final = 2
"""A packet of 20 ms that is played again is a repetition of so many hops before."""


def _heard(frames: Numbers) -> Numbers:
    """Which hops can be analysed: four in a row that are neither constant nor repeated."""
    check = frames[:, ::7] @ (1.0 + np.arange(0, HOP, 7))
    repeated = np.zeros(len(frames), dtype=bool)
    repeated[BACK:] = (check[BACK:] != 0) & (check[BACK:] == check[:-BACK])
    lost = (np.ptp(frames, axis=1) == 0) | repeated
    since = np.arange(len(lost)) - np.maximum.accumulate(np.where(lost, np.arange(len(lost)), -1))
    heard: Numbers = since >= 4
    return heard


def _energies(centred: Numbers, heard: Numbers) -> tuple[Numbers, Numbers]:
    """Band energies and the total level in dB of the hops that can be analysed."""
    padded = np.concatenate([np.zeros(WINDOW_LENGTH - HOP), centred])
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW_LENGTH)[::HOP][: len(heard)][heard]
    power = np.abs(np.fft.rfft(windows * WINDOW, TRANSFORM)) ** 2
    totals = power[:, 4:224].sum(axis=1)
    references, reference = np.empty(len(totals)), totals[0]
    for index, total in enumerate(totals):
        reference = reference + 0.3 * (total - reference) if total > reference else 0.999 * reference
        references[index] = reference
    floors = 1e-6 * references / BANDS + 1e-9
    return power @ MEL.T + floors[:, None], 10 * np.log10(totals + floors)


def _active(levels: Numbers) -> Numbers:
    """Hops in the upper half of the range of levels heard so far."""
    bins = np.clip((levels - LOWEST_DB) // BIN_DB, 0, BINS - 1).astype(int)
    counts = np.cumsum(np.eye(BINS)[bins], axis=0).cumsum(axis=1)
    low, high = ((counts >= share * counts[:, -1:]).argmax(axis=1) for share in (0.10, 0.95))
    active: Numbers = bins > (low + high) / 2
    return active


def mq15_in_numpy(samples: Samples) -> float:
    """The recipe's estimate of ESTOI (float32[n], 16 kHz); percentiles are exact, not of histograms."""
    x = samples.astype(np.float64)[: len(samples) // HOP * HOP]
    centred = x - lfilter([0.0005], [1.0, -0.9995], x)
    heard = _heard(x.reshape(-1, HOP))
    if not heard.any():
        return 0.0
    energies, totals = _energies(centred, heard)
    levels, roots, active = 10 * np.log10(energies), np.cbrt(energies), _active(totals)
    values = {"drop": 1.0 - _heard_share(heard)}
    for rate, edges in enumerate(MODULATIONS):
        b, a = butter(1, edges, btype="bandpass", fs=HOPS_PER_SECOND)
        squares = (lfilter(b, a, roots - roots[0], axis=0) ** 2).mean(axis=0)
        bent = np.log(squares / roots.mean(axis=0) ** 2 + 1e-7)
        for group, bands in enumerate(GROUPS):
            values[f"mc{group}_{rate}"] = bent[bands].mean()
    b, a = butter(1, MODULATIONS[0], btype="bandpass", fs=HOPS_PER_SECOND)
    slow = lfilter(b, a, levels - levels[0], axis=0)
    values["ml1_0"] = np.log((slow**2).mean(axis=0) + 1e-4)[GROUPS[1]].mean()
    slopes = np.diff(levels, axis=0, prepend=levels[:1])
    values["neg0"], values["neg1"] = ((slopes < 0).mean(axis=0)[bands].mean() for bands in GROUPS[:2])
    skewness = (slopes**3).mean(axis=0) / ((slopes**2).mean(axis=0) + 1e-6) ** 1.5
    values["skw0"] = skewness[GROUPS[0]].mean()
    values["spi2"] = np.abs(slopes[~active][:, GROUPS[2]]).mean() if not active.all() else 0.0
    values["spa0"] = np.abs(slopes[active][:, GROUPS[0]]).mean() if active.any() else 0.0
    low, upper, high, top = np.percentile(levels, [10, 75, 95, 99], axis=0)
    values["sii"] = np.clip((high - low - 5) / 30, 0, 1)[:15].mean()
    values["p99_75_0"] = (top - upper)[GROUPS[0]].mean()
    steps = np.diff(x, prepend=0.0)
    values["kurt"] = np.log(len(x) * (steps**4).sum() / ((steps**2).sum() ** 2 + 1e-300) + 1e-9)
    return add_up({name: float(value) for name, value in values.items()})


def _heard_share(heard: Numbers) -> float:
    """The share of hops that were not lost; each loss costs the three hops after it, which are none."""
    begun = np.flatnonzero(heard)[0]
    lost = ~heard[begun:]
    costs = 3 * np.count_nonzero(np.diff(lost.astype(int)) == 1)
    return float(1.0 - max(0, np.count_nonzero(lost) - costs) / len(heard))
