"""When is a turn over: Mira beside silence alone, on requests that nothing was fitted or written on.

What was said by a pause is told by the truth, or (--recognise) by the recogniser; either way it is known
only LATENCY after the pause was noticed. The same command gives the same figures.

Run: python -m benchmarks.turns [--recordings FOLDER] [--seen] [--recognise FOLDER [--every 5]] [--fit]
"""

import argparse
import asyncio
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Thread

from adapters.pocketsphinx.transcriber import PocketsphinxTranscriber
from benchmarks.turns.figures import Found, Way, by, row
from benchmarks.turns.fit import fit
from benchmarks.turns.listening import Words, by_mira, by_silence, said_before
from benchmarks.turns.requests import TESTED, TUNING, Request, requests
from domain.audio.decisions import UtterancePaused

SILENCES = (300, 400, 550, 700, 1000, 1250)
TOLD, RECOGNISED = "Mira, told words", "Mira, recognised"


@contextmanager
def _recogniser(cache: Path) -> Iterator[Words]:
    """What the recogniser makes out at a pause."""
    loop, opened, over = asyncio.new_event_loop(), Future[PocketsphinxTranscriber](), asyncio.Event()

    async def hold() -> None:
        async with PocketsphinxTranscriber.open(cache) as transcriber:
            await transcriber.ready()
            opened.set_result(transcriber)
            await over.wait()

    thread = Thread(target=loop.run_until_complete, args=(hold(),))
    thread.start()
    transcriber = opened.result()

    def words(_: Request, pause: UtterancePaused) -> tuple[str, float]:
        work = asyncio.run_coroutine_threadsafe(transcriber.transcribe(pause.recording), loop)
        transcript = work.result()
        return transcript.text, transcript.confidence

    try:
        yield words
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()


def _measure(told: Iterator[Request], cache: Path | None) -> tuple[list[Found], list[Found]]:
    """What voices and what people said, by every way of telling."""
    plain: dict[str, Way] = {f"silence {each} ms": partial(by_silence, silence_ms=each) for each in SILENCES}
    plain["Mira, by sound"] = partial(by_mira, words=None)
    worded: dict[str, Way] = {**plain, TOLD: partial(by_mira, words=said_before)}
    voices: list[Found] = []
    people: list[Found] = []

    def hear() -> None:
        for request in told:
            (voices if request.has_words else people).append(
                Found.of(request, worded if request.has_words else plain)
            )

    if cache is None:
        hear()
    else:
        with _recogniser(cache) as words:
            worded[RECOGNISED] = partial(by_mira, words=words)
            hear()
    return voices, people


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.turns", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--recordings", type=Path, help="a folder for each person: these speak, too")
    parser.add_argument("--seen", action="store_true", help="what rules were written and fitted with instead")
    parser.add_argument("--recognise", type=Path, help="the folder where the recogniser's models are kept")
    parser.add_argument("--every", type=int, default=1, help="hear only one in so many requests")
    parser.add_argument("--fit", action="store_true", help="fit on the other voices and sentences instead")
    options = parser.parse_args()
    if options.fit:
        fit(options.recordings, options.seed)
        return
    everything = requests(options.seed, TUNING if options.seen else TESTED, options.recordings)
    told = islice(everything, 0, None, options.every)
    for title, found in zip(("voices", "people"), _measure(told, options.recognise), strict=True):
        if not found:
            continue
        print(f"{title}, {len(found)} requests: false cut-offs and mean waiting, each with its 95 % interval")
        for way in found[0].ends:
            print(row(found, way))
        for way in (TOLD, RECOGNISED):
            if way in found[0].ends:
                print(f"  {way}, by kind, by noise in dB and by voice")
                print(by(found, way, lambda each: each.kind))
                print(by(found, way, lambda each: each.snr))
                print(by(found, way, lambda each: each.voice))


if __name__ == "__main__":
    main()
