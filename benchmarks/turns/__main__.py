"""When is a turn over: Mira beside silence alone, on the same requests, by voices nothing was fitted on.

What was said by a pause is told by the truth, or (--recognise) by the recogniser; either way it is known
only 200 ms after the pause was noticed.

Run: python -m benchmarks.turns [--recordings FOLDER] [--seen] [--recognise FOLDER] [--fit]
"""

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from attrs import evolve

from adapters.pocketsphinx.transcriber import PocketsphinxTranscriber
from benchmarks.turns.fit import fit
from benchmarks.turns.listening import by_mira, by_silence, said_before
from benchmarks.turns.requests import SEEN, SNRS, TESTED, Request, requests
from domain.audio.decisions import UtterancePaused
from domain.audio.pcm import SAMPLE_RATE

SILENCES = (300, 400, 550, 700, 1000, 1250)


def _row(title: str, told: Sequence[Request], found: Sequence[list[float]]) -> None:
    """Print the share of false cut-offs, and the waiting where there was none."""
    cells, waits = [], []
    for snr in (*SNRS, None):
        mine = [
            (ends, request.ends[-1] / SAMPLE_RATE)
            for request, ends in zip(told, found, strict=True)
            if ends and snr in (None, request.snr)
        ]
        cut = [ends[0] < last for ends, last in mine]
        waits = [1000 * (ends[-1] - last) for (ends, last), early in zip(mine, cut, strict=True) if not early]
        cells.append(f"{100 * np.mean(cut):3.0f} % {np.mean(waits):5.0f} ms" if mine and waits else "-")
    missed = sum(not ends for ends in found)
    waiting = f"95 % of waits below {np.percentile(waits, 95):.0f}" if waits else "-"
    print(f"{title:18s} " + " | ".join(cells) + f"   ({waiting}, missed {missed})", flush=True)


async def _heard(told: Sequence[Request], cache: Path) -> list[list[float]]:
    """The same with the words that the recogniser makes out at each pause."""
    async with PocketsphinxTranscriber.open(cache) as transcriber:
        await transcriber.ready()
        loop = asyncio.get_running_loop()

        def words(_: Request, pause: UtterancePaused) -> str:
            work = asyncio.run_coroutine_threadsafe(transcriber.transcribe(pause.recording), loop)
            transcript = work.result()
            return transcript.text if transcript.understood else ""

        return [await asyncio.to_thread(by_mira, each, words) for each in told]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.turns", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--recordings", type=Path, help="a folder for each person: these speak, too")
    parser.add_argument("--seen", action="store_true", help="the sentences the word lists were written with")
    parser.add_argument("--recognise", type=Path, help="the folder where the recogniser's models are kept")
    parser.add_argument("--fit", action="store_true", help="fit on the other voices and sentences instead")
    options = parser.parse_args()
    if options.fit:
        fit(options.recordings, options.seed)
        return
    talkers = evolve(TESTED, sentences=SEEN) if options.seen else TESTED
    everything = list(requests(options.seed, talkers, options.recordings))
    heads = ", ".join(f"{snr} dB" for snr in SNRS)
    for title, told in (
        ("voices", [each for each in everything if each.has_words]),
        ("people", [each for each in everything if not each.has_words]),
    ):
        if not told:
            continue
        print(f"{title}: {len(told)} requests; false cut-offs and mean waiting at {heads}, all")
        for silence in SILENCES:
            _row(f"silence {silence} ms", told, [by_silence(each, silence) for each in told])
        _row("Mira, by sound", told, [by_mira(each, None) for each in told])
        if title == "voices":
            _row("Mira, told words", told, [by_mira(each, said_before) for each in told])
            if options.recognise is not None:
                _row("Mira, recognised", told, asyncio.run(_heard(told, options.recognise)))


if __name__ == "__main__":
    main()
