"""Sound files that are read while they still come."""

import io
from collections.abc import AsyncIterator

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from adapters.soundfiles.growing import decode_growing
from domain.audio.pcm import Samples, from_s16le, wav_head
from domain.errors import InvalidValue


async def pieces_of(content: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def decoded(content: bytes, size: int) -> tuple[int, Samples]:
    recording = await decode_growing(pieces_of(content, size))
    pieces = [piece async for piece in recording.pieces]
    return recording.sample_rate, np.concatenate(pieces) if pieces else np.zeros(0, np.float32)


@given(
    data=st.binary(max_size=400).map(lambda data: data[: len(data) // 2 * 2]),
    size=st.integers(1, 500),
    rate=st.sampled_from([8000, 16_000, 22_050, 48_000]),
    known=st.booleans(),
)
async def test_a_growing_wav_is_read_in_whatever_pieces_it_comes(
    data: bytes, size: int, rate: int, known: bool
) -> None:
    head = wav_head(rate, len(data) // 2 if known else None)
    assert_same(await decoded(head + data, size), rate, from_s16le(data))


def assert_same(found: tuple[int, Samples], rate: int, samples: Samples) -> None:
    assert found[0] == rate
    assert np.array_equal(found[1], samples)


async def test_its_first_samples_are_there_before_the_last_bytes() -> None:
    told: list[str] = []

    async def slow() -> AsyncIterator[bytes]:
        yield wav_head(16_000, None) + bytes(640)
        told.append("more")
        yield bytes(640)

    recording = await decode_growing(slow())
    assert len(await anext(recording.pieces)) == 320
    assert told == []


@pytest.mark.parametrize(("kind", "channels"), [("FLAC", 1), ("OGG", 1), ("WAV", 2)])
async def test_other_files_are_read_when_they_are_whole(kind: str, channels: int) -> None:
    at = np.arange(8000) / 8000
    tone = 0.3 * np.sin(2 * np.pi * 200 * at)
    file = io.BytesIO()
    soundfile.write(file, np.column_stack([tone] * channels), 8000, format=kind)
    rate, samples = await decoded(file.getvalue(), 1000)
    assert rate == 16_000
    assert abs(len(samples) - 16_000) < 50
    assert 0.15 < float(samples.std()) < 0.3


@pytest.mark.parametrize("content", [b"", b"RIFF", b"nonsense" * 1000, wav_head(16_000, 1)[:30]])
async def test_what_is_no_sound_file_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidValue):
        await decoded(content, 100)
