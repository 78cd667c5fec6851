"""One decoder, with the vocabulary of the model and a few words more."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from attrs import define, frozen
from pocketsphinx import Decoder

from adapters.pocketsphinx import bundle
from adapters.pocketsphinx.cleaning import Cleaner
from adapters.pocketsphinx.features import cepstra, mel_spectra
from adapters.pocketsphinx.model import SLOTS, SpeechModel

FRAME_SECONDS: Final = 0.01
SEARCH: Final[Mapping[str, Any]] = {}
"""How wide the decoder searches; docs/speech.md has the figures."""

_LENGTH: Final = struct.Struct("<I")


@frozen(kw_only=True)
class Word:
    """A word that was recognised: its place in seconds, and how probable it is, 0..1."""

    text: str
    start: float
    end: float
    probability: float


@frozen(kw_only=True)
class Recognition:
    """What a decoder makes of an utterance: the words, and the probability of the whole row of them, 0..1."""

    words: tuple[Word, ...]
    probability: float


@define(eq=False)
class Recogniser:
    """A decoder for one vocabulary. What it hears of one utterance leaves nothing behind for the next."""

    _decoder: Decoder
    _cleaner: Cleaner

    @classmethod
    def open(
        cls, model: SpeechModel, cleaner: Cleaner, extra: Mapping[str, str] | None = None
    ) -> "Recogniser":
        """Load a decoder; extra words come with their sounds, and take the places that the model keeps.

        At most as many as there are places are taken.
        """
        if not extra:
            return cls(_decoder(model.language, model.dictionary), cleaner)
        kept = dict(list(extra.items())[: len(SLOTS)])
        with TemporaryDirectory(prefix="mira-speech-") as folder:
            language, dictionary = Path(folder, "own.lm.bin"), Path(folder, "own.dict")
            language.write_bytes(_with_names(model, list(kept)))
            lines = "".join(f"{word} {sounds}\n" for word, sounds in kept.items())
            dictionary.write_bytes(model.dictionary.read_bytes() + lines.encode())
            return cls(_decoder(language, dictionary), cleaner)

    def recognise(self, sound: bytes) -> Recognition:
        """Write down an utterance of s16le samples at 16 kHz, without their steady noise."""
        cleaned = self._cleaner.clean(mel_spectra(sound))
        self._decoder.reinit_feat()
        self._decoder.start_utt()
        if cleaned is None:
            self._decoder.process_raw(sound, full_utt=True)
        else:
            self._decoder.process_cep(cepstra(cleaned), full_utt=True)
        self._decoder.end_utt()
        best = self._decoder.hyp()
        if best is None:
            return Recognition(words=(), probability=0.0)
        return Recognition(words=tuple(self._words()), probability=best.prob)

    def _words(self) -> Iterator[Word]:
        for segment in self._decoder.seg():
            text = segment.word.partition("(")[0]
            if text and text[0] not in "<[+":
                yield Word(
                    text=text,
                    start=segment.start_frame * FRAME_SECONDS,
                    end=(segment.end_frame + 1) * FRAME_SECONDS,
                    probability=min(1.0, max(0.0, segment.prob)),
                )


def _decoder(language: Path, dictionary: Path) -> Decoder:
    return Decoder(
        hmm=str(bundle.acoustic_model()),
        lm=str(language),
        dict=str(dictionary),
        loglevel="FATAL",
        **SEARCH,
    )


def _with_names(model: SpeechModel, names: Sequence[str]) -> bytes:
    """The language model with names written where the places for them were."""
    data = model.language.read_bytes()
    spellings = data[model.spellings_at + _LENGTH.size :].split(b"\0")
    named = {slot.encode(): name.encode() for slot, name in zip(SLOTS, names, strict=False)}
    renamed = b"\0".join(named.get(word, word) for word in spellings)
    return data[: model.spellings_at] + _LENGTH.pack(len(renamed)) + renamed
