"""How well the ends of turns are found, by silence alone."""

from collections import defaultdict

import numpy as np

from benchmarks.listening.rooms import in_room, said, voices
from domain.audio.endpointing import Endpointer, SpeechEnded
from domain.audio.pcm import SAMPLE_RATE

ROOMS = ((0.0, 0.0), (0.4, 0.0), (0.8, -6.0))
SNRS = (40, 20, 10, 5)
BEGINS, SECONDS = 2.0, 8.0


def print_turns() -> None:
    """Per room and noise: missed and split sentences, error of the start, waiting after the end."""
    random = np.random.default_rng(3)
    found: dict[tuple[float, int], list[tuple[int, float, float]]] = defaultdict(list)
    for spoken in voices().values():
        loud = np.flatnonzero(np.abs(spoken) > 0.02)
        for seconds, direct in ROOMS:
            heard = in_room(said(spoken, BEGINS, SECONDS), seconds, direct, random)
            level = np.sqrt(np.mean(heard[int(BEGINS * SAMPLE_RATE) :][: len(spoken)] ** 2))
            for snr in SNRS:
                noise = random.standard_normal(len(heard)) * level * 10 ** (-snr / 20)
                ends = [
                    each
                    for each in Endpointer().hear((heard + noise).astype(np.float32))
                    if isinstance(each, SpeechEnded)
                ]
                begun = 1000 * (ends[0].started / SAMPLE_RATE - BEGINS) - loud[0] / 16 if ends else np.nan
                waited = 1000 * (ends[-1].noticed / SAMPLE_RATE - BEGINS) - loud[-1] / 16 if ends else np.nan
                found[seconds, snr].append((len(ends), begun, waited))
    print("echo s  SNR dB  sentences  missed  split  start ms late  waited ms (median, most)")
    for (seconds, snr), rows in sorted(found.items()):
        counts, begun, waited = (np.array(column) for column in zip(*rows, strict=True))
        print(
            f"{seconds:6.1f}  {snr:6d}  {len(rows):9d}  {np.sum(counts == 0):6d}  {np.sum(counts > 1):5d}  "
            f"{np.nanmedian(begun):13.0f}  {np.nanmedian(waited):6.0f} {np.nanmax(waited):6.0f}"
        )
