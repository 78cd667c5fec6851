"""`python -m benchmarks.speech` has sentences spoken by flite and counts what is heard."""

import argparse
import asyncio
import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from adapters.pocketsphinx.transcriber import PocketsphinxTranscriber
from benchmarks.speech.requests import Request, foreign, meaning_of, requests
from benchmarks.speech.scores import Tally, Trial, taken_for_requests, tally, word_errors
from benchmarks.speech.sounds import VOICES, babble, hum, knocks, pink, say, with_noise
from domain.audio.pcm import SAMPLE_RATE, Recording, Samples

NOISES = ("pink", "babble")


def worker_seconds(transcriber: PocketsphinxTranscriber) -> float:
    """How long the workers have computed, as Linux counts it."""
    fields = [
        Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in transcriber.workers.pids
    ]
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")


async def hear(transcriber: PocketsphinxTranscriber, request: Request, voice: str, sound: Samples) -> Trial:
    """Have one sentence transcribed, and take the time."""
    began, computed = time.perf_counter(), worker_seconds(transcriber)
    heard = await transcriber.transcribe(Recording(samples=sound))
    return Trial(
        said=request.words,
        voice=voice,
        meaning=request.meaning,
        heard=heard,
        sound_seconds=len(sound) / SAMPLE_RATE,
        seconds=time.perf_counter() - began,
        computed_seconds=worker_seconds(transcriber) - computed,
    )


async def clean(transcriber: PocketsphinxTranscriber, listed: Sequence[Request]) -> list[Trial]:
    """Every sentence by every voice."""
    return [
        await hear(transcriber, request, voice, say(request.words, voice))
        for request in listed
        for voice in VOICES
    ]


async def noisy(
    transcriber: PocketsphinxTranscriber, listed: Sequence[Request], kind: str, snr: float
) -> list[Trial]:
    """Every sentence by one voice, the voices taking turns, in noise."""
    source = np.random.default_rng(10)
    talk = [say(words, voice) for words in foreign()[::4] for voice in VOICES]
    trials = []
    for number, request in enumerate(listed):
        voice = VOICES[number % len(VOICES)]
        speech = say(request.words, voice)
        noise = pink(len(speech), source) if kind == "pink" else babble(len(speech), talk, source)
        trials.append(await hear(transcriber, request, voice, with_noise(speech, noise, snr)))
    return trials


async def no_speech(transcriber: PocketsphinxTranscriber) -> tuple[int, int]:
    """How many of how many stretches of noise had words that would be acted on."""
    source = np.random.default_rng(11)
    count = 2 * SAMPLE_RATE
    sounds = [0.03 * make(count, source) for make in (pink, knocks, hum) for _ in range(8)]
    heard = [await transcriber.transcribe(Recording(samples=sound.astype(np.float32))) for sound in sounds]
    return sum(one.understood for one in heard), len(heard)


def show(title: str, rows: Sequence[tuple[str, Tally]]) -> None:
    """Print a table of tallies."""
    table = Table(title=title, title_justify="left")
    heads = ("", "n", "WER %", "intent", "time", "title", "all right", "shut", "RTF", "median s")
    for head in heads:
        table.add_column(head, justify="right" if head else "left")
    for name, one in rows:
        shares = (one.intent, one.time, one.title, one.all_right, one.gate_closed)
        table.add_row(
            name,
            str(one.trials),
            f"{100 * one.word_error_rate:.1f}",
            *(f"{share:.2f}" for share in shares),
            f"{one.real_time_factor:.2f}",
            f"{one.median_seconds:.2f}",
        )
    Console().print(table)


async def run(options: argparse.Namespace) -> None:
    """Measure what was asked for, and print it."""
    listed = requests()[:: options.every]
    ceiling = sum(meaning_of(one.words) == one.meaning for one in listed) / len(listed)
    print(f"{len(listed)} requests; understood from their written words: {ceiling:.2f}")
    async with PocketsphinxTranscriber.open(options.cache) as transcriber:
        await transcriber.ready()
        trials = await clean(transcriber, listed)
        by_voice = [(voice, tally([one for one in trials if one.voice == voice])) for voice in VOICES]
        show("clean", [*by_voice, ("all", tally(trials))])
        for snr in options.snr:
            rows = [(kind, tally(await noisy(transcriber, listed, kind, snr))) for kind in NOISES]
            show(f"at {snr:g} dB, each sentence by one voice", rows)
        if options.errors:
            for one in trials:
                if one.understood_as != one.meaning:
                    print(f"{one.voice} {one.heard.confidence:.2f} | {one.said} | {one.heard.text}")
        await gate(transcriber, options)


async def gate(transcriber: PocketsphinxTranscriber, options: argparse.Namespace) -> None:
    """Measure what is made of sentences that ask for nothing, and of noise."""
    listed = [Request(words, None) for words in foreign()[:: options.every]]
    trials = await clean(transcriber, listed)
    taken = taken_for_requests(trials)
    errors = [word_errors(one.said, one.heard.text) for one in trials]
    rate = 100 * sum(wrong for wrong, _ in errors) / sum(said for _, said in errors)
    print(f"{len(trials)} foreign sentences: {len(taken)} taken for requests, words in error {rate:.1f} %")
    for one in taken:
        print(f"  {one.voice} | {one.said} | {one.heard.text}")
    for kind in NOISES:
        for snr in options.snr:
            heard = await noisy(transcriber, listed, kind, snr)
            shut = sum(not one.heard.understood for one in heard)
            requests_made = len(taken_for_requests(heard))
            print(f"  in {kind} at {snr:g} dB: {requests_made} of {len(heard)} taken, gate shut on {shut}")
    understood, tried = await no_speech(transcriber)
    print(f"{tried} stretches of noise without speech: {understood} let through")


def main() -> None:
    """Read the command and run it."""
    parser = argparse.ArgumentParser(description="How well is speech heard? Spoken by flite's voices.")
    parser.add_argument("--every", type=int, default=1, help="take every so manieth sentence only")
    parser.add_argument("--snr", type=float, nargs="*", default=[20.0, 10.0], help="dB of the noisy runs")
    parser.add_argument("--errors", action="store_true", help="show what was not understood")
    parser.add_argument("--cache", type=Path, default=Path("~/.cache/mira").expanduser())
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
