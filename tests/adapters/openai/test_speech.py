"""Transcription and speech by a server: the real client against one that follows a script."""

import io
import wave

import numpy as np
import pytest
from attrs import evolve

from adapters.openai.speaker import OpenaiSpeaker
from adapters.openai.transcriber import OpenaiTranscriber
from domain.audio.pcm import Recording
from domain.errors import ProviderFailed
from domain.personas import Voice
from tests.adapters.openai.asking import Desk
from tests.fakes.model_server import breaks, refuses, sends, stalls

SECOND = Recording(samples=np.sin(np.arange(16_000) / 10).astype(np.float32) / 2)
SURE = b"""{"task": "transcribe", "language": "english", "duration": 1.0, "text": " Remind me of tea. ",
"segments": [{"id": 0, "seek": 0, "start": 0.0, "end": 1.0, "text": "Remind me of tea.", "tokens": [1],
"temperature": 0.0, "avg_logprob": -0.1, "compression_ratio": 1.0, "no_speech_prob": 0.01}],
"words": [{"word": "Remind", "start": 0.1, "end": 0.4}]}"""


def transcriber(desk: Desk, model: str = "whisper-1") -> OpenaiTranscriber:
    return OpenaiTranscriber(client=desk.client, server=desk.where, model=model)


def speaker(desk: Desk) -> OpenaiSpeaker:
    return OpenaiSpeaker(client=desk.client, server=desk.where, model="tts-1")


async def test_a_recording_is_sent_as_a_file_and_comes_back_as_words(desk: Desk) -> None:
    desk.server.then(sends(SURE))
    heard = await transcriber(desk).transcribe(SECOND, ["Siobhan", "Anna"])
    assert (heard.text, heard.understood) == ("Remind me of tea.", True)
    assert heard.confidence == pytest.approx(0.905, abs=0.001)
    assert (heard.words[0].text, heard.words[0].start) == ("Remind", 0.1)
    (asked,) = desk.server.asked
    assert asked.path == "/v1/audio/transcriptions"
    assert (asked.body["model"], asked.body["prompt"]) == ("whisper-1", "Siobhan, Anna")
    assert asked.body["response_format"] == "verbose_json"
    with wave.open(io.BytesIO(asked.body["file"])) as file:
        assert (file.getframerate(), file.getnframes(), file.getnchannels()) == (16_000, 16_000, 1)


@pytest.mark.parametrize(
    ("answer", "text", "understood"),
    [
        (SURE.replace(b"-0.1", b"-2.5"), "Remind me of tea.", False),
        (SURE.replace(b'"no_speech_prob": 0.01', b'"no_speech_prob": 0.9'), "", False),
        (b'{"text": ""}', "", False),
        (b'{"text": "hello"}', "hello", True),
    ],
)
async def test_what_is_unsure_is_not_understood(
    desk: Desk, answer: bytes, text: str, understood: bool
) -> None:
    desk.server.then(sends(answer))
    heard = await transcriber(desk).transcribe(SECOND)
    assert (heard.text, heard.understood) == (text, understood)


async def test_newer_models_are_asked_for_plain_json(desk: Desk) -> None:
    desk.server.then(sends(b'{"text": "hello"}'))
    await transcriber(desk, "gpt-4o-mini-transcribe").transcribe(SECOND)
    assert desk.server.asked[0].body["response_format"] == "json"
    assert "prompt" not in desk.server.asked[0].body


async def test_a_text_comes_back_as_sound(desk: Desk) -> None:
    sound = (np.arange(2400) % 100 * 100).astype("<i2").tobytes()
    desk.server.then(sends(sound + b"\x01", "application/octet-stream"))
    said = await speaker(desk).speak("Good evening.", Voice(name="openai:shimmer", rate=330))
    assert (said.sample_rate, len(said.samples)) == (24_000, 2400)
    body = desk.server.asked[0].body
    assert (body["model"], body["voice"], body["input"]) == ("tts-1", "shimmer", "Good evening.")
    assert (body["response_format"], body["speed"]) == ("pcm", 2.0)


@pytest.mark.parametrize(
    ("voice", "name"),
    [
        (Voice(name="f2"), "nova"),
        (Voice(name="m3"), "onyx"),
        (Voice(pitch=20), "onyx"),
        (Voice(), "nova"),
        (Voice(name="elsewhere:bob"), "nova"),
    ],
)
async def test_another_providers_voice_has_a_stand_in(desk: Desk, voice: Voice, name: str) -> None:
    desk.server.then(sends(b"\0\0" * 100, "application/octet-stream"))
    await speaker(desk).speak("Hello.", voice)
    assert desk.server.asked[0].body["voice"] == name


@pytest.mark.parametrize("act", [refuses(429, Retry_After="3"), refuses(401), breaks(), stalls()])
async def test_every_failure_is_one_that_we_know(desk: Desk, act: object) -> None:
    desk.server.then(act)  # type: ignore[arg-type]
    impatient = evolve(desk.where, patience=0.3)
    with pytest.raises(ProviderFailed):
        await evolve(speaker(desk), server=impatient).speak("Hi.", Voice())
    short = Recording(samples=SECOND.samples[:100])
    desk.server.then(act)  # type: ignore[arg-type]
    with pytest.raises(ProviderFailed):
        await evolve(transcriber(desk), server=impatient).transcribe(short)


@pytest.mark.parametrize("answer", [b"", b"\x01", b"[]", b'{"words": 5}', b"\xff\xfe"])
async def test_an_answer_that_makes_no_sense_is_a_failure(desk: Desk, answer: bytes) -> None:
    desk.server.then(sends(answer))
    with pytest.raises(ProviderFailed):
        await transcriber(desk).transcribe(SECOND)
    if len(answer) < 2:
        with pytest.raises(ProviderFailed):
            await speaker(desk).speak("Hi.", Voice())
