"""espeak-ng as it is called inside its worker process, where its global state has one caller."""

import ctypes
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Final

import espeakng_loader
from attrs import define, field, frozen

SYNCHRONOUS: Final = 2
DONT_EXIT: Final = 0x8000
CHARACTERS_UTF8: Final = 1
POSITION_CHARACTER: Final = 1
RATE, PITCH = 1, 3
BUFFER_MILLISECONDS: Final = 200
LANGUAGE_FOLDERS: Final = "lang"
VARIANT_FOLDER: Final = Path("voices", "!v")

_SoundCallback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


class EspeakFailed(Exception):
    """The library does not start, or refuses what it was given."""


class _VoiceRecord(ctypes.Structure):
    """espeak_VOICE of speak_lib.h; languages points at (priority byte, text, 0) until a zero priority."""

    _fields_: ClassVar = [
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("reserved", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    ]


@frozen(kw_only=True)
class InstalledVoice:
    """A voice in the wheel: the name that selects it, and its language tags by priority (low is near)."""

    identifier: str
    priorities: Mapping[str, int]


@define(eq=False)
class EspeakLibrary:
    """The loaded library."""

    sample_rate: int
    voices: tuple[InstalledVoice, ...]
    variants: frozenset[str]
    _library: Any = field(repr=False)

    def synthesize(self, text: str, *, voice: str, rate: int, pitch: int, most_samples: int) -> bytes:
        """Say a text in an installed voice, such as `gmw/en-US+f3`, as s16le samples at sample_rate.

        Rate is in words a minute, pitch 0..100. Sound beyond most_samples is cut off.

        Raises:
            EspeakFailed: the library refused the voice or the text.
        """
        pieces: list[bytes] = []
        taken = 0

        def take(samples: int | None, count: int, _events: int | None) -> int:
            nonlocal taken
            if samples and count > 0:
                pieces.append(ctypes.string_at(samples, 2 * count))
                taken += count
            return int(taken >= most_samples)

        callback = _SoundCallback(take)
        self._library.espeak_SetSynthCallback(callback)
        self._expect(self._library.espeak_SetVoiceByName(voice.encode()), "voice")
        self._expect(self._library.espeak_SetParameter(RATE, rate, 0), "rate")
        self._expect(self._library.espeak_SetParameter(PITCH, pitch, 0), "pitch")
        self._expect(self._say(text.encode()), "text")
        return b"".join(pieces)[: 2 * most_samples]

    def _say(self, data: bytes) -> int:
        size = ctypes.c_size_t(len(data) + 1)
        return int(
            self._library.espeak_Synth(data, size, 0, POSITION_CHARACTER, 0, CHARACTERS_UTF8, None, None)
        )

    @staticmethod
    def _expect(status: int, what: str) -> None:
        if status:
            raise EspeakFailed(f"espeak-ng refuses the {what}: status {status}")


def load(seed: int | None = None) -> EspeakLibrary:
    """Load the library and its data from the wheel; call it once in a process.

    Its breath is noise, never the same twice; with a seed, processes that say the same texts in the same
    order say them alike to the last sample.

    Raises:
        EspeakFailed: the library does not start.
        OSError: the wheel has no library for this machine.
    """
    data = Path(espeakng_loader.get_data_path())
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    _declare(library)
    rate = library.espeak_Initialize(SYNCHRONOUS, BUFFER_MILLISECONDS, str(data).encode(), DONT_EXIT)
    if rate <= 0:
        raise EspeakFailed(f"espeak-ng does not start: {rate}")
    if seed is not None:
        library.espeak_ng_SetRandSeed(ctypes.c_long(seed))
    variants = frozenset(path.name for path in (data / VARIANT_FOLDER).iterdir())
    return EspeakLibrary(rate, tuple(_voices(library)), variants, library)


def _declare(library: ctypes.CDLL) -> None:
    library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_VoiceRecord))
    library.espeak_SetSynthCallback.argtypes = [_SoundCallback]
    library.espeak_SetSynthCallback.restype = None
    library.espeak_Synth.argtypes = [
        ctypes.c_char_p,
        ctypes.c_size_t,
        ctypes.c_uint,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.c_uint,
        ctypes.c_void_p,
        ctypes.c_void_p,
    ]


def _voices(library: ctypes.CDLL) -> Iterator[InstalledVoice]:
    listed = library.espeak_ListVoices(None)
    index = 0
    while listed[index]:
        record = listed[index].contents
        tags = dict(_tags(record.languages))
        yield InstalledVoice(identifier=record.identifier.decode(), priorities=tags)
        index += 1


def _tags(address: int) -> Iterator[tuple[str, int]]:
    while priority := ctypes.string_at(address, 1)[0]:
        tag = ctypes.string_at(address + 1)
        yield tag.decode().lower(), priority
        address += len(tag) + 2
