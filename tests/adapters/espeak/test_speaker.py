"""The local speaker says whatever it is given, in the voice that it is given, and the hub survives it."""

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.espeak.speaker import WORKER, EspeakSpeaker
from adapters.espeak.worker import MOST_CHARACTERS, speakable
from adapters.workers.pool import WorkerPool
from adapters.workers.process import Work
from domain.audio.pcm import Recording
from domain.errors import AudioProcessingFailed, InvalidValue
from domain.personas import Voice

SENTENCE = "I will remind you to water the plants tomorrow at three."


@pytest.fixture
async def speaker() -> AsyncIterator[EspeakSpeaker]:
    async with WorkerPool.open(Work(target=WORKER)) as workers:
        yield EspeakSpeaker(workers)


def pitch_hz(recording: Recording) -> float:
    """The most common lag of self-likeness between 60 and 400 Hz, over the loud frames."""
    rate, found = recording.sample_rate, []
    for start in range(0, len(recording.samples) - 2048, 1024):
        frame = recording.samples[start : start + 2048]
        if float(np.sqrt(np.mean(frame**2))) < 0.03:
            continue
        likeness = np.correlate(frame, frame, "full")[2047:]
        lags = np.arange(rate // 400, rate // 60)
        found.append(rate / lags[np.argmax(likeness[lags])])
    return float(np.median(found))


def alike(one: Recording, other: Recording) -> bool:
    """Whether two recordings are by one voice: as long and as high, but for the library's random flutter."""
    same_length = one.seconds == pytest.approx(other.seconds, rel=0.02)
    return same_length and pitch_hz(one) == pytest.approx(pitch_hz(other), rel=0.05)


async def test_a_sentence_is_spoken(speaker: EspeakSpeaker) -> None:
    said = await speaker.speak(SENTENCE, Voice())
    assert said.sample_rate == 22_050
    assert 2.0 < said.seconds < 6.0
    assert said.samples.dtype == np.float32
    assert 0.1 < float(np.abs(said.samples).max()) <= 1.0


async def test_rate_and_pitch_are_the_voices_own(speaker: EspeakSpeaker) -> None:
    slow = await speaker.speak(SENTENCE, Voice(rate=100))
    fast = await speaker.speak(SENTENCE, Voice(rate=300))
    assert slow.seconds > 1.8 * fast.seconds
    low = await speaker.speak(SENTENCE, Voice(pitch=10))
    high = await speaker.speak(SENTENCE, Voice(pitch=90))
    assert pitch_hz(high) > 1.3 * pitch_hz(low)


async def test_a_voice_does_not_stay_for_the_next(speaker: EspeakSpeaker) -> None:
    before = await speaker.speak(SENTENCE, Voice())
    await speaker.speak(SENTENCE, Voice(language="de", name="f3", rate=300, pitch=90))
    after = await speaker.speak(SENTENCE, Voice())
    assert alike(before, after)


async def test_a_variant_changes_the_sound(speaker: EspeakSpeaker) -> None:
    plain = await speaker.speak(SENTENCE, Voice())
    varied = await speaker.speak(SENTENCE, Voice(name="f3"))
    assert pitch_hz(varied) > 1.1 * pitch_hz(plain)


@pytest.mark.parametrize("language", ["en-gb", "fr-fr", "zh", "de-AT", "ja", "no"])
async def test_a_language_that_the_library_does_not_know_by_name_is_spoken(
    speaker: EspeakSpeaker, language: str
) -> None:
    assert (await speaker.speak("1 2 3", Voice(language=language))).seconds > 0.3


@pytest.mark.parametrize(
    "voice",
    [
        Voice(language="xx"),
        Voice(language="../en"),
        Voice(name="nobody"),
    ],
)
async def test_a_voice_that_is_not_there_is_refused(speaker: EspeakSpeaker, voice: Voice) -> None:
    with pytest.raises(InvalidValue):
        await speaker.speak(SENTENCE, voice)


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00\x01", "\U0001f600", "\ud800"])
async def test_nothing_to_say_is_a_short_silence(speaker: EspeakSpeaker, text: str) -> None:
    said = await speaker.speak(text, Voice())
    assert said.seconds == pytest.approx(0.1)
    assert not said.samples.any()


async def test_commands_inside_a_text_are_not_obeyed(speaker: EspeakSpeaker) -> None:
    plain = await speaker.speak("hello there", Voice())
    sneaky = await speaker.speak("\x01400S\x01hello\x00 there", Voice())
    assert sneaky.seconds > plain.seconds


@pytest.mark.slow
async def test_a_very_long_text_is_cut(speaker: EspeakSpeaker) -> None:
    said = await speaker.speak("one more word and " * 20_000, Voice(rate=450))
    assert 30 < said.seconds < 600


async def test_many_speak_at_once_without_mixing(speaker: EspeakSpeaker) -> None:
    voices = [Voice(pitch=10), Voice(pitch=90, name="f3"), Voice(language="de", rate=300)]
    alone = [await speaker.speak(SENTENCE, voice) for voice in voices]
    together = await asyncio.gather(*(speaker.speak(SENTENCE, voice) for voice in voices * 3))
    for one, other in zip(alone * 3, together, strict=True):
        assert alike(one, other)


ANY_TEXT = st.one_of(
    st.text(max_size=200),
    st.text(st.characters(categories=["Lo", "Mn", "Nd", "Po"]), max_size=80),
    st.builds(lambda piece, times: piece * times, st.text(min_size=1, max_size=3), st.integers(1, 3000)),
    st.just("a." * 2_000),
)


@given(ANY_TEXT)
def test_what_is_left_of_a_text_is_short_and_without_commands(text: str) -> None:
    left = speakable(text)
    assert len(left) <= MOST_CHARACTERS
    assert left == left.strip()
    left.encode()
    assert all(sign.isprintable() or sign == " " for sign in left)


@pytest.mark.slow
async def test_the_hub_survives_any_text(speaker: EspeakSpeaker) -> None:
    texts: list[str] = []

    @given(ANY_TEXT)
    def gather(text: str) -> None:
        texts.append(text)

    gather()
    for number, text in enumerate(texts):
        language = ("en-us", "ar", "zh", "hi", "ru", "ja")[number % 6]
        try:
            said = await speaker.speak(text, Voice(language=language, rate=450))
        except AudioProcessingFailed:
            continue
        assert said.seconds >= 0.0
    assert (await speaker.speak(SENTENCE, Voice())).seconds > 2.0


async def test_each_part_of_a_voice_is_heard(speaker: EspeakSpeaker) -> None:
    """What an owner sets for a persona changes the sound: pace, pitch, voice, language."""
    usual = await speaker.speak(SENTENCE, Voice(rate=160, pitch=50))
    slow = await speaker.speak(SENTENCE, Voice(rate=80, pitch=50))
    assert slow.seconds > 1.5 * usual.seconds
    assert _pitch(await speaker.speak(SENTENCE, Voice(pitch=95))) > 1.2 * _pitch(
        await speaker.speak(SENTENCE, Voice(pitch=5))
    )
    assert _pitch(await speaker.speak(SENTENCE, Voice(rate=160, name="f2"))) > 1.1 * _pitch(usual)
    elsewhere = await speaker.speak(SENTENCE, Voice(rate=160, name="openai:nova"))
    assert elsewhere.seconds == pytest.approx(usual.seconds, rel=0.02)


def _pitch(said: Recording) -> float:
    """The median fundamental of the loud stretches, in Hz, by autocorrelation."""
    frame, found = said.sample_rate // 20, []
    for start in range(0, len(said.samples) - frame, frame):
        part = said.samples[start : start + frame]
        if np.sqrt(np.mean(part**2)) < 0.03:
            continue
        correlation = np.correlate(part, part, "full")[frame - 1 :]
        shortest, longest = said.sample_rate // 400, said.sample_rate // 60
        found.append(said.sample_rate / (shortest + int(np.argmax(correlation[shortest:longest]))))
    return float(np.median(found))
