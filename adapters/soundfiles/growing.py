"""Sound files that are read while they still come."""

import struct
from collections.abc import AsyncIterator
from typing import Final

from attrs import frozen

from adapters.soundfiles.files import decode
from domain.audio.pcm import SAMPLE_RATE, Samples, from_s16le

CHUNK: Final = struct.Struct("<4sI")
FORM: Final = struct.Struct("<HHI")
LARGEST_HEAD: Final = 4096
PCM: Final = 1


@frozen(kw_only=True, eq=False)
class GrowingRecording:
    """Mono sound that still comes: its rate in Hz, and its samples, piece by piece."""

    sample_rate: int
    pieces: AsyncIterator[Samples]


async def decode_growing(content: AsyncIterator[bytes]) -> GrowingRecording:
    """Read a WAV file of mono 16-bit samples as it comes; any other sound file when it is whole.

    Raises:
        InvalidValue: it is no sound file.
        TooLarge: it is another sound file, and too long.
    """
    head = b""
    async for piece in content:
        head += piece
        found = _wav_data(head)
        if found is not None:
            rate, begins = found
            return GrowingRecording(sample_rate=rate, pieces=_samples(head[begins:], content))
        if len(head) >= LARGEST_HEAD:
            break
    rest = [piece async for piece in content]
    samples = decode(head + b"".join(rest)).samples
    return GrowingRecording(sample_rate=SAMPLE_RATE, pieces=_once(samples))


def _wav_data(head: bytes) -> tuple[int, int] | None:
    """The rate of a mono 16-bit WAV file and where its samples begin, if that is known by now."""
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return None
    at, rate = 12, None
    while at + CHUNK.size <= len(head):
        name, size = CHUNK.unpack_from(head, at)
        at += CHUNK.size
        if name == b"data":
            return None if rate is None else (rate, at)
        if name == b"fmt ":
            if at + 16 > len(head):
                return None
            form, channels, rate = FORM.unpack_from(head, at)
            (bits,) = struct.unpack_from("<H", head, at + 14)
            if (form, channels, bits) != (PCM, 1, 16) or not rate:
                return None
        at += size + size % 2
    return None


async def _samples(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[Samples]:
    half = first
    while True:
        whole = len(half) // 2 * 2
        if whole:
            yield from_s16le(half[:whole])
        half = half[whole:]
        try:
            half += await anext(rest)
        except StopAsyncIteration:
            return


async def _once(samples: Samples) -> AsyncIterator[Samples]:
    yield samples
