"""python -m benchmarks.turns [--recognise FOLDER]: Mira beside silence alone, on the same requests.

What was said by a pause is told by the truth, or (--recognise) by the recogniser; either way it is known
only LATENCY after the pause was noticed.
"""

import argparse
import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from adapters.pocketsphinx.transcriber import PocketsphinxTranscriber
from application.patience import patience_for
from benchmarks.turns.requests import SNRS, Request, requests
from domain.audio.arbitration import Arbiter, ArbitrationRules
from domain.audio.decisions import UtteranceEnded, UtterancePaused
from domain.audio.endpointing import TurnRules
from domain.audio.pcm import SAMPLE_RATE
from domain.ids import ClientId

BEGIN = 1_700_000_000_000_000
FRAME = 320
LATENCY = 200_000
SILENCES = (300, 400, 550, 700, 1000, 1250)
NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
Words = Callable[[Request, UtterancePaused], str]


def _told(request: Request, pause: UtterancePaused) -> str:
    """The truth: a clause of which the last 150 ms were too quiet to be heard counts as said."""
    ended = (pause.speech_ended_at - BEGIN) * SAMPLE_RATE // 1_000_000
    return request.said_by(ended + 3 * SAMPLE_RATE // 20)


def _ends(request: Request, silence_ms: int, words: Words | None) -> list[UtteranceEnded]:
    """Where turns ended; with words, the arbiter is told what to expect at each pause."""
    arbiter = Arbiter(ArbitrationRules(threshold=0.0, turns=TurnRules(end_silence_ms=silence_ms)))
    ends, due = [], []
    for first in range(0, len(request.samples), FRAME):
        now = BEGIN + (first + FRAME) * 1_000_000 // SAMPLE_RATE
        for at, pause, patience in [each for each in due if each[0] <= now]:
            arbiter.expect(pause.utterance, pause.speech_ended_at, patience)
            due.remove((at, pause, patience))
        captured = BEGIN + first * 1_000_000 // SAMPLE_RATE
        for each in arbiter.hear(ClientId("it"), request.samples[first : first + FRAME], captured, now):
            if isinstance(each, UtteranceEnded):
                ends.append(each)
            elif isinstance(each, UtterancePaused) and words is not None:
                due.append((now + LATENCY, each, patience_for(words(request, each), NOW, silence_ms)))
    return ends


def _row(title: str, found: list[tuple[Request, list[UtteranceEnded]]]) -> None:
    """Print the share of false cut-offs, and the waiting where there was none."""
    cells, waits = [], []
    for snr in (*SNRS, None):
        mine = [(request, ends) for request, ends in found if ends and snr in (None, request.snr)]
        late = [BEGIN + request.ends[-1] * 1_000_000 // SAMPLE_RATE for request, _ in mine]
        cut = [ends[0].ended_at < last for (_, ends), last in zip(mine, late, strict=True)]
        waits = [
            (ends[-1].ended_at - last) / 1000
            for (_, ends), last, early in zip(mine, late, cut, strict=True)
            if not early
        ]
        cells.append(f"{100 * np.mean(cut):3.0f} % {np.mean(waits):5.0f} ms")
    missed = sum(not ends for _, ends in found)
    print(
        f"{title:18s} "
        + " | ".join(cells)
        + f"   (95 % of waits below {np.percentile(waits, 95):.0f}, missed {missed})"
    )


async def _heard(told: list[Request], cache: Path) -> list[tuple[Request, list[UtteranceEnded]]]:
    """The same with the words that the recogniser makes out at each pause."""
    async with PocketsphinxTranscriber.open(cache) as transcriber:
        await transcriber.ready()
        loop = asyncio.get_running_loop()

        def words(_: Request, pause: UtterancePaused) -> str:
            work = asyncio.run_coroutine_threadsafe(transcriber.transcribe(pause.recording), loop)
            transcript = work.result()
            return transcript.text if transcript.understood else ""

        return [(each, await asyncio.to_thread(_ends, each, 550, words)) for each in told]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--recognise", type=Path, help="the folder where the recogniser's models are kept")
    options = parser.parse_args()
    told = list(requests(options.seed))
    print(
        f"{len(told)} requests; false cut-offs and mean waiting at "
        + ", ".join(f"{s} dB" for s in SNRS)
        + ", all"
    )
    for silence in SILENCES:
        _row(f"silence {silence} ms", [(each, _ends(each, silence, None)) for each in told])
    _row("Mira, told words", [(each, _ends(each, 550, _told)) for each in told])
    if options.recognise is not None:
        _row("Mira, recognised", asyncio.run(_heard(told, options.recognise)))


if __name__ == "__main__":
    main()
