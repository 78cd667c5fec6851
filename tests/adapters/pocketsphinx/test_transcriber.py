"""Real speech is written down by real processes, which may be killed, crowded and left alone."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import numpy as np
import pytest

from adapters.pocketsphinx.transcriber import PocketsphinxTranscriber
from domain.audio.pcm import Recording
from domain.errors import InvalidValue, Overloaded, TooLarge

Sound = Callable[[str], Recording]
ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.slow

PARENT = """
import asyncio, sys
from pathlib import Path
from adapters.pocketsphinx.transcriber import PocketsphinxTranscriber

async def main():
    async with PocketsphinxTranscriber.open(Path(sys.argv[1])) as transcriber:
        await transcriber.ready()
        print(*transcriber.workers.pids, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture
async def transcriber(cache: Path) -> AsyncIterator[PocketsphinxTranscriber]:
    async with PocketsphinxTranscriber.open(cache, most_waiting=4) as opened:
        await opened.ready()
        yield opened


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("reminder", "remind me to water the plants tomorrow at three p m"),
        ("calendar", "schedule a dinner with peter on friday at seven"),
        ("pills", "remind me to take my pills tomorrow at eight"),
        ("haircut", "book a haircut for saturday at eleven in the morning"),
        ("timer", "set a timer for ten minutes"),
        ("foreign_garden", "the children were playing football in the garden"),
    ],
)
async def test_speech_is_written_down(
    transcriber: PocketsphinxTranscriber, sound: Sound, name: str, words: str
) -> None:
    heard = await transcriber.transcribe(sound(name))
    assert heard.text == words
    assert heard.understood
    assert 0.4 < heard.confidence <= 1.0


async def test_words_have_their_places(transcriber: PocketsphinxTranscriber, sound: Sound) -> None:
    recording = sound("reminder")
    heard = await transcriber.transcribe(recording)
    assert " ".join(word.text for word in heard.words) == heard.text
    assert all(word.start < word.end for word in heard.words)
    assert all(
        one.end <= other.start + 0.02 for one, other in zip(heard.words, heard.words[1:], strict=False)
    )
    assert 0.0 < heard.words[0].start < heard.words[-1].end < recording.seconds
    quiet = np.concatenate([np.zeros(16_000, np.float32), recording.samples])
    later = await transcriber.transcribe(Recording(samples=quiet))
    assert later.text == heard.text
    assert later.words[-1].end - heard.words[-1].end == pytest.approx(1.0, abs=0.1)


async def test_what_is_heard_depends_on_nothing_heard_before(
    transcriber: PocketsphinxTranscriber, sound: Sound
) -> None:
    first = await transcriber.transcribe(sound("reminder"))
    for name in ("foreign_bread", "timer"):
        await transcriber.transcribe(sound(name))
    assert await transcriber.transcribe(sound("reminder")) == first


@pytest.mark.parametrize("gain", [0.003, 0.05, 1.4])
async def test_loud_and_faint_speech_are_heard_alike(
    transcriber: PocketsphinxTranscriber, sound: Sound, gain: float
) -> None:
    recording = sound("pills")
    heard = await transcriber.transcribe(Recording(samples=recording.samples * np.float32(gain)))
    assert heard.text == "remind me to take my pills tomorrow at eight"


async def test_noise_and_silence_are_not_understood(transcriber: PocketsphinxTranscriber) -> None:
    source = np.random.default_rng(7)
    moments = np.arange(32_000) / 16_000
    sounds = {
        "nothing": np.zeros(0),
        "a moment": np.full(100, 0.1),
        "silence": np.zeros(32_000),
        "hiss": 0.05 * source.standard_normal(32_000),
        "hum": 0.2 * np.sin(2 * np.pi * 100 * moments) + 0.001 * source.standard_normal(32_000),
        "no numbers": np.full(32_000, np.nan),
    }
    for name, samples in sounds.items():
        heard = await transcriber.transcribe(Recording(samples=samples.astype(np.float32)))
        assert not heard.understood, name


async def test_a_name_of_the_house_is_heard_where_it_was_said_and_in_no_other_house(
    transcriber: PocketsphinxTranscriber, sound: Sound
) -> None:
    named = await transcriber.transcribe(sound("name_siobhan"), ["Siobhan O'Hara", "roomba", "Ж", "plants"])
    assert named.text == "schedule a meeting with siobhan tomorrow at three"
    elsewhere = await transcriber.transcribe(sound("name_siobhan"))
    assert "siobhan" not in elsewhere.text
    other = await transcriber.transcribe(sound("name_siobhan"), ["zyxel"])
    assert "siobhan" not in other.text


async def test_who_got_ready_for_a_name_hears_it(transcriber: PocketsphinxTranscriber, sound: Sound) -> None:
    await transcriber.prepare(["Siobhan"])
    named = await transcriber.transcribe(sound("name_siobhan"), ["Siobhan"])
    assert named.text == "schedule a meeting with siobhan tomorrow at three"


async def test_nobody_gets_ready_before_sentences_that_wait(
    transcriber: PocketsphinxTranscriber, sound: Sound
) -> None:
    jobs = [asyncio.create_task(transcriber.transcribe(sound("timer"))) for _ in range(5)]
    await asyncio.sleep(0)
    await transcriber.prepare(["Siobhan"])
    assert transcriber.workers.waiting == 4
    await asyncio.gather(*jobs)


async def test_any_number_of_odd_names_does_no_harm(
    transcriber: PocketsphinxTranscriber, sound: Sound
) -> None:
    odd = [
        "",
        " ",
        "\n",
        "ab\x00cd",
        "~01",
        "<s>",
        "a(2)",
        "x" * 500,
        "é",
        "anna",
        *(f"q{n}" for n in range(900)),
    ]
    odd += [f"zz{chr(97 + n % 26)}{chr(97 + n // 26)}op" for n in range(300)]
    heard = await transcriber.transcribe(sound("timer"), odd)
    assert heard.text == "set a timer for ten minutes"


async def test_another_rate_and_more_than_a_minute_are_refused(transcriber: PocketsphinxTranscriber) -> None:
    with pytest.raises(InvalidValue):
        await transcriber.transcribe(Recording(samples=np.zeros(8_000, np.float32), sample_rate=8_000))
    with pytest.raises(TooLarge):
        await transcriber.transcribe(Recording(samples=np.zeros(16_000 * 61, np.float32)))


async def test_a_worker_killed_in_the_middle_of_a_sentence_costs_only_time(
    transcriber: PocketsphinxTranscriber, sound: Sound
) -> None:
    (pid,) = transcriber.workers.pids
    job = asyncio.create_task(transcriber.transcribe(sound("reminder")))
    await asyncio.sleep(0.02)
    os.kill(pid, signal.SIGKILL)
    assert (await job).text == "remind me to water the plants tomorrow at three p m"
    assert pid not in transcriber.workers.pids


async def test_more_sentences_than_may_wait_are_refused(
    transcriber: PocketsphinxTranscriber, sound: Sound
) -> None:
    jobs = [asyncio.create_task(transcriber.transcribe(sound("timer"))) for _ in range(5)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await transcriber.transcribe(sound("timer"))
    assert {heard.text for heard in await asyncio.gather(*jobs)} == {"set a timer for ten minutes"}


async def test_a_sentence_that_goes_on_is_begun_anew(
    transcriber: PocketsphinxTranscriber, sound: Sound
) -> None:
    whole = sound("reminder")
    early = Recording(samples=whole.samples[: len(whole.samples) // 2])
    first = asyncio.create_task(transcriber.transcribe(early))
    await asyncio.sleep(0.01)
    first.cancel()
    heard = await transcriber.transcribe(whole)
    assert heard.text == "remind me to water the plants tomorrow at three p m"
    with pytest.raises(asyncio.CancelledError):
        await first


def begun(whole: Recording, seconds: float) -> Recording:
    return Recording(samples=whole.samples[: round(seconds * 16_000)])


@pytest.mark.parametrize("step", [0.13, 0.5])
async def test_a_sentence_that_was_followed_is_heard_the_same_whatever_was_told_of_it(
    transcriber: PocketsphinxTranscriber, sound: Sound, step: float
) -> None:
    whole = sound("reminder")
    await transcriber.prepare([], begun(whole, 1.6))
    once = await transcriber.transcribe(whole)
    for moment in np.arange(step, whole.seconds, step):
        await transcriber.prepare([], begun(whole, float(moment)))
    assert await transcriber.transcribe(whole) == once
    assert once.text == "remind me to water the plants tomorrow at three p m"


async def test_who_is_followed_goes_on_after_a_pause_and_others_are_heard_meanwhile(
    transcriber: PocketsphinxTranscriber, sound: Sound
) -> None:
    whole = sound("calendar")
    await transcriber.prepare([], begun(whole, 1.7))
    await transcriber.transcribe(begun(whole, 1.9))
    await transcriber.prepare([], begun(whole, 2.1))
    await transcriber.prepare([], sound("reminder"))
    assert (await transcriber.transcribe(sound("timer"))).text == "set a timer for ten minutes"
    heard = await transcriber.transcribe(whole)
    assert heard.text == "schedule a dinner with peter on friday at seven"


async def test_what_is_no_sound_is_not_followed(transcriber: PocketsphinxTranscriber, sound: Sound) -> None:
    for samples in (np.zeros(32_000), np.full(32_000, np.nan), np.zeros(16_000 * 61)):
        await transcriber.prepare([], Recording(samples=samples.astype(np.float32)))
    assert (await transcriber.transcribe(sound("timer"))).text == "set a timer for ten minutes"


async def test_two_workers_hear_two_sentences(cache: Path, sound: Sound) -> None:
    async with PocketsphinxTranscriber.open(cache, workers=2) as transcriber:
        names = ["timer", "pills"] * 3
        heard = await asyncio.gather(*(transcriber.transcribe(sound(name)) for name in names))
        assert [one.text.split()[0] for one in heard] == ["set", "remind"] * 3
        assert len(transcriber.workers.pids) == 2


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")
async def test_the_recogniser_ends_with_the_hub(cache: Path) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, str(cache), stdout=PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert parent.stdout is not None
    pid = int((await parent.stdout.readline()).split()[-1])
    assert running(pid)
    parent.kill()
    await parent.wait()
    for _ in range(200):
        if not running(pid):
            break
        await asyncio.sleep(0.05)
    assert not running(pid)
