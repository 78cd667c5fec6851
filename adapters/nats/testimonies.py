"""Testimonies and rulings as they cross from instance to instance: msgpack, rows in half precision."""

from collections.abc import Sequence
from typing import Any, Final, TypeVar

import msgspec
import numpy as np

from domain.audio.kernels import TOLD
from domain.audio.testimony import Ruling, Testimony
from domain.errors import InvalidValue, MiraError

T = TypeVar("T")
WIRE: Final = np.dtype("<f2")
"""A row's numbers are decibels of -100 to 60; half precision keeps them to a sixteenth of one."""


def write_testimony(told: Testimony) -> bytes:
    """A testimony as it crosses."""
    return _ENCODER.encode(told)


def read_testimony(content: bytes) -> Testimony:
    """A testimony that crossed.

    Raises:
        InvalidValue: it is none.
    """
    return _read(_TESTIMONIES, content)


def write_testimonies(used: Sequence[Testimony]) -> bytes:
    """Several testimonies as they are kept."""
    return _ENCODER.encode(used)


def read_testimonies(content: bytes) -> tuple[Testimony, ...]:
    """Several testimonies that were kept.

    Raises:
        InvalidValue: they are none.
    """
    return _read(_SEVERAL, content)


def write_ruling(ruling: Ruling) -> bytes:
    """A ruling as it crosses."""
    return _ENCODER.encode(ruling)


def read_ruling(content: bytes) -> Ruling:
    """A ruling that crossed.

    Raises:
        InvalidValue: it is none.
    """
    return _read(_RULINGS, content)


def _read(decoder: "msgspec.msgpack.Decoder[T]", content: bytes) -> T:
    try:
        return decoder.decode(content)
    except (msgspec.DecodeError, ValueError, MiraError) as error:
        raise InvalidValue("arbitration", "must be what an instance of this hub tells") from error


def _written(value: object) -> object:
    if isinstance(value, np.ndarray):
        return value.astype(WIRE).tobytes()
    raise TypeError(type(value).__name__)


def _read_rows(_: type, value: Any) -> object:
    """Rows out of bytes; what is no number counts as silence."""
    rows = np.frombuffer(value, dtype=WIRE).astype(np.float32).reshape(-1, TOLD)
    return np.nan_to_num(rows, nan=-100.0, posinf=60.0, neginf=-100.0)


_ENCODER: Final = msgspec.msgpack.Encoder(enc_hook=_written)
_TESTIMONIES: Final = msgspec.msgpack.Decoder(Testimony, dec_hook=_read_rows)
_SEVERAL: Final = msgspec.msgpack.Decoder(tuple[Testimony, ...], dec_hook=_read_rows)
_RULINGS: Final = msgspec.msgpack.Decoder(Ruling)
