"""One decoder, with the vocabulary of the model and a few words more.

It makes two passes over a sentence: the first, three quarters of the work, while the sentence is being said,
if it is told of that in time; the second when it is over.
"""

import struct
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from attrs import define, field, frozen
from pocketsphinx import Decoder

from adapters.pocketsphinx import bundle
from adapters.pocketsphinx.cleaning import Cleaner, Surroundings
from adapters.pocketsphinx.features import Sound, frames_within, mel_spectra
from adapters.pocketsphinx.model import SLOTS, SpeechModel

FRAME_SECONDS: Final = 0.01
SEARCH: Final[Mapping[str, Any]] = {}
"""How wide the decoder searches; docs/speech.md has the figures."""
STUDIED_FRAMES: Final = 150
"""By so much of its beginning noise and channel of a sentence are told that is still being said."""
LOOKED_BACK: Final = 3
"""The decoder looks so many frames ahead, and is given the last one so many times more."""
ABANDONED_SECONDS: Final = 1.0
"""A sentence of which nothing more came for so long is followed no more, if there is another."""

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
    _heard: Sound = field(factory=lambda: np.zeros(0, np.float32), init=False)
    """What was taken in of the sentence that is followed; empty if none is."""
    _around: Surroundings | None = field(default=None, init=False)
    _frames: int = field(default=0, init=False)
    _heard_at: float = field(default=0.0, init=False)

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

    def follow(self, sound: Sound) -> None:
        """Take in what somebody has said so far (16 kHz), who goes on speaking.

        Nothing is done where that is too short to tell noise from speech, or another sentence is followed.
        """
        if frames_within(len(sound)) < STUDIED_FRAMES:
            return
        if not self._is_followed(sound):
            if self._around is not None and time.monotonic() < self._heard_at + ABANDONED_SECONDS:
                return
            self._begin(sound, self._cleaner.study(mel_spectra(sound)[:STUDIED_FRAMES]))
        self._take(sound, frames_within(len(sound)))

    def recognise(self, sound: Sound) -> Recognition:
        """Write down an utterance (16 kHz), going on from where it was followed to."""
        spectra = mel_spectra(sound)
        if not self._is_followed(sound):
            self._begin(sound, self._cleaner.study(spectra))
        self._take(sound, len(spectra), LOOKED_BACK)
        self._end()
        best = self._decoder.hyp()
        if best is None:
            return Recognition(words=(), probability=0.0)
        return Recognition(words=tuple(self._words()), probability=best.prob)

    def _is_followed(self, sound: Sound) -> bool:
        """Whether this is how the sentence goes on that is followed."""
        known = len(self._heard)
        return self._around is not None and np.array_equal(sound[:known], self._heard)

    def _begin(self, sound: Sound, around: Surroundings) -> None:
        """Begin with a sentence, and drop what was followed."""
        if self._around is not None:
            self._end()
        self._around, self._frames = around, 0
        self._decoder.reinit_feat()
        self._decoder.start_utt()

    def _take(self, sound: Sound, frames: int, again: int = 0) -> None:
        """Make the first pass over a sentence up to a frame; the last is given so many times again."""
        if self._around is None or frames <= self._frames:
            return
        spectra = mel_spectra(sound, self._frames)[: frames - self._frames]
        if again:
            spectra = np.concatenate([spectra, np.repeat(spectra[-1:], again, axis=0)])
        self._decoder.process_cep(self._cleaner.cepstra(spectra, self._around))
        self._heard, self._frames, self._heard_at = sound, frames, time.monotonic()

    def _end(self) -> None:
        """Make the second pass, and follow nothing any more."""
        self._decoder.end_utt()
        self._around, self._heard = None, self._heard[:0]

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
    """A decoder that takes cepstra as they are; by the acoustic model's settings it subtracts their mean."""
    decoder = Decoder(
        hmm=str(bundle.acoustic_model()),
        lm=str(language),
        dict=str(dictionary),
        loglevel="FATAL",
        **SEARCH,
    )
    decoder.config["cmn"] = "none"
    decoder.reinit_feat()
    return decoder


def _with_names(model: SpeechModel, names: Sequence[str]) -> bytes:
    """The language model with names written where the places for them were."""
    data = model.language.read_bytes()
    spellings = data[model.spellings_at + _LENGTH.size :].split(b"\0")
    named = {slot.encode(): name.encode() for slot, name in zip(SLOTS, names, strict=False)}
    renamed = b"\0".join(named.get(word, word) for word in spellings)
    return data[: model.spellings_at] + _LENGTH.pack(len(renamed)) + renamed
