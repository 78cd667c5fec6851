"""Bytes of a sound file to samples, and samples to bytes."""

from io import BytesIO
from typing import Final

import numpy as np
import soundfile
import soxr

from application.ports.sounds import RawForm, SoundForm
from domain.audio.pcm import FULL_SCALE, SAMPLE_RATE, Recording, Samples, from_s16le
from domain.errors import InvalidValue, TooLarge

LONGEST_SECONDS: Final = 600.0
LOWEST_RATE: Final = 4_000
HIGHEST_RATE: Final = 384_000
MOST_CHANNELS: Final = 64
BLOCK_SAMPLES: Final = 262_144

_FORMATS: Final = {"wav": "WAV", "flac": "FLAC"}
_MPEG_SYNC: Final = 0xFFE0
_LAYER_3: Final = 0x0002


def recognises(data: bytes) -> bool:
    """Whether the bytes begin as WAV, FLAC, OGG (Vorbis, Opus) or MP3 files do.

    A bare MP3 frame header is believed only where its version, layer, bit rate and sampling rate are all
    possible, because two bytes alone also occur in raw samples.
    """
    if data[:4] in {b"RIFF", b"RF64"}:
        return data[8:12] == b"WAVE"
    return data[:4] in {b"fLaC", b"OggS"} or data[:3] == b"ID3" or _is_mp3_frame(data)


def _is_mp3_frame(data: bytes) -> bool:
    if len(data) < 4:
        return False
    header = int.from_bytes(data[:2], "big")
    version, layer = header >> 3 & 3, header & 0x0006
    bit_rate, rate = data[2] >> 4, data[2] >> 2 & 3
    plausible = version != 1 and layer == _LAYER_3 and bit_rate not in {0, 15} and rate != 3
    return header & _MPEG_SYNC == _MPEG_SYNC and plausible


def decode(data: bytes, longest_seconds: float = LONGEST_SECONDS) -> Recording:
    """Read a sound file into mono float32 samples at 16 kHz.

    Channels are averaged. Values that are no numbers become silence, and what is beyond full scale is
    clipped. The file is read in blocks, so that a header that lies about its length costs nothing.

    Raises:
        InvalidValue: the bytes are not a sound file that is read here, or are broken.
        TooLarge: the sound lasts longer than longest_seconds.
    """
    if not recognises(data):
        raise InvalidValue("audio", "must be a WAV, FLAC, OGG or MP3 file")
    try:
        with soundfile.SoundFile(BytesIO(data)) as file:
            rate = file.samplerate
            mono = _read_mono(file, longest_seconds)
    except (soundfile.SoundFileError, RuntimeError, TypeError, ValueError) as error:
        raise InvalidValue("audio", "cannot be decoded: the file is broken, or of an unknown kind") from error
    return Recording(samples=_at_hub_rate(mono, rate))


def decode_raw(data: bytes, form: RawForm, longest_seconds: float = LONGEST_SECONDS) -> Recording:
    """Read s16le samples, interleaved by channel, into mono float32 samples at 16 kHz.

    Raises:
        InvalidValue: no sound has such a form, or the bytes are no whole number of such samples.
        TooLarge: the sound lasts longer than longest_seconds.
    """
    rate, channels = form.sample_rate, form.channels
    _check_form(rate, channels)
    if len(data) % (2 * channels):
        raise InvalidValue("audio", "must be whole 16-bit samples of every channel", channels=channels)
    if len(data) > 2 * channels * rate * longest_seconds:
        raise _too_long(longest_seconds)
    return Recording(samples=_at_hub_rate(_mono(from_s16le(data).reshape(-1, channels)), rate))


def _check_form(rate: int, channels: int) -> None:
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise InvalidValue("audio", f"must have {LOWEST_RATE} to {HIGHEST_RATE} samples a second", rate=rate)
    if not 1 <= channels <= MOST_CHANNELS:
        raise InvalidValue("audio", f"must have 1 to {MOST_CHANNELS} channels", channels=channels)


def _too_long(longest_seconds: float) -> TooLarge:
    return TooLarge(
        f"The sound lasts longer than {longest_seconds:g} seconds.", longest_seconds=longest_seconds
    )


def _read_mono(file: soundfile.SoundFile, longest_seconds: float) -> Samples:
    rate, channels = file.samplerate, file.channels
    _check_form(rate, channels)
    most = int(longest_seconds * rate)
    block = max(1, BLOCK_SAMPLES // channels)
    pieces: list[Samples] = []
    taken = 0
    while len(piece := file.read(block, dtype="float32", always_2d=True)):
        taken += len(piece)
        if taken > most:
            raise _too_long(longest_seconds)
        pieces.append(_mono(piece))
    return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)


def _mono(frames: Samples) -> Samples:
    numbers = np.nan_to_num(frames, nan=0.0, posinf=1.0, neginf=-1.0)
    clipped: Samples = np.clip(numbers, -1.0, 1.0).mean(axis=1, dtype=np.float32)
    return clipped


def _at_hub_rate(samples: Samples, rate: int) -> Samples:
    if rate == SAMPLE_RATE or not len(samples):
        return samples
    converted: Samples = soxr.resample(samples, rate, SAMPLE_RATE, quality="HQ").astype(np.float32)
    return np.clip(converted, -1.0, 1.0)


def at_rate(recording: Recording, sample_rate: int) -> Recording:
    """The same sound at another rate; what is beyond full scale is clipped."""
    converted = soxr.resample(recording.samples, recording.sample_rate, sample_rate, quality="HQ")
    return Recording(samples=np.clip(converted.astype(np.float32), -1.0, 1.0), sample_rate=sample_rate)


def encode(recording: Recording, form: SoundForm = "wav") -> bytes:
    """Write a mono file of 16-bit samples at the recording's own rate.

    Raises:
        InvalidValue: no such form, no samples, or a rate that the form cannot hold.
    """
    if form not in _FORMATS:
        raise InvalidValue("format", "must be wav or flac")
    if not len(recording.samples):
        raise InvalidValue("audio", "has no samples to write")
    scaled = np.rint(np.nan_to_num(recording.samples) * FULL_SCALE)
    samples = np.clip(scaled, -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)
    target = BytesIO()
    try:
        soundfile.write(target, samples, recording.sample_rate, format=_FORMATS[form], subtype="PCM_16")
    except (soundfile.SoundFileError, RuntimeError, TypeError, ValueError) as error:
        raise InvalidValue("audio", f"cannot be written as {form}", rate=recording.sample_rate) from error
    return target.getvalue()
