"""Sound files: the bytes that people send and fetch, and the sound that they hold."""

from typing import Literal, Protocol

from attrs import frozen

from domain.audio.pcm import SAMPLE_RATE, Recording

SoundForm = Literal["wav", "flac"]


@frozen(kw_only=True)
class RawForm:
    """How bytes are to be read that are samples and nothing else: signed, 16 bits, little-endian."""

    sample_rate: int = SAMPLE_RATE
    channels: int = 1


class SoundCodec(Protocol):
    """Reads and writes files of sound."""

    def recognises(self, data: bytes) -> bool:
        """Whether the first bytes are those of a sound file that can be read, and not raw samples."""
        ...

    async def decode(self, data: bytes) -> Recording:
        """Read a file of any rate and number of channels; the recording is mono at the hub's one rate.

        Raises:
            InvalidValue: the bytes are not a sound file, or a broken one.
            TooLarge: the sound is longer than the hub takes.
            Overloaded: as many files are being read as may be.
        """
        ...

    async def decode_raw(self, data: bytes, form: RawForm) -> Recording:
        """Read samples of any rate and number of channels; the recording is as from a file.

        Raises:
            InvalidValue: the bytes are no whole number of such samples, or no sound has such a form.
            TooLarge: the sound is longer than the hub takes.
            Overloaded: as many files are being read as may be.
        """
        ...

    async def at_rate(self, recording: Recording, sample_rate: int) -> Recording:
        """The same sound at another rate.

        Raises:
            Overloaded: as many sounds are being worked on as may be.
        """
        ...

    async def encode(self, recording: Recording, form: SoundForm = "wav") -> bytes:
        """Write a file of 16-bit samples at the recording's own rate.

        Raises:
            InvalidValue: the recording has a rate that the form cannot hold.
            Overloaded: as many files are being written as may be.
        """
        ...
