"""Sound on the wire: base64 in JSON, and binary frames with the time of their first sample."""

import base64
import binascii
import struct
from typing import Final

from attrs import frozen

from domain.audio.pcm import Samples, from_s16le
from domain.errors import InvalidValue

HEADER: Final = struct.Struct("<Q")


@frozen(kw_only=True, eq=False)
class SoundFrame:
    """Samples at 16 kHz, and when the first was captured: microseconds by the client's clock."""

    captured_at: int
    samples: Samples


def read_frame(data: bytes) -> SoundFrame:
    """Read a binary frame: a little-endian uint64 of microseconds, then mono s16le samples of 16 kHz.

    Raises:
        InvalidValue: there is no header, no sound after it, or half a sample.
    """
    if len(data) <= HEADER.size:
        raise InvalidValue("frame", f"must be {HEADER.size} bytes of time and some sound after them")
    (captured_at,) = HEADER.unpack_from(data)
    return SoundFrame(captured_at=captured_at, samples=from_s16le(data[HEADER.size :]))


def read_base64(name: str, text: str) -> bytes:
    """Read base64, or raise InvalidValue in the name of the field; nothing at all is refused too."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidValue(name, "must be base64") from error
    if not data:
        raise InvalidValue(name, "must hold some sound")
    return data
