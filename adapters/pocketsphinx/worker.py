"""The inside of a recognising process: an utterance comes in, words come out.

A job is a line of JSON with the names of the network, then 32-bit floating samples (little-endian) at 16 kHz;
the answer is JSON. A job without samples only loads what the names need; one that says that the sentence goes
on takes in what was said so far, and is answered with nothing.
"""

import json
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import numpy as np
from attrs import asdict, define, field

from adapters.pocketsphinx import bundle
from adapters.pocketsphinx.cleaning import Cleaner
from adapters.pocketsphinx.model import SLOTS, SpeechModel, build
from adapters.pocketsphinx.recogniser import Recogniser
from adapters.pocketsphinx.spelling import Spelling

MOST_VOCABULARIES: Final = 4
"""How many decoders with words of their own a worker keeps; some 60 MB each."""

_NAME: Final = re.compile(r"[a-z][a-z']*[a-z]")


@define(eq=False)
class Recognisers:
    """A decoder for everybody, and some for networks with words that are not in its dictionary.

    Each has a vocabulary of its own, so that no network's words are ever heard in another.
    """

    model: SpeechModel
    cleaner: Cleaner
    _everybody: Recogniser
    _known: frozenset[str]
    _own: OrderedDict[tuple[str, ...], Recogniser] = field(factory=OrderedDict)

    @classmethod
    def open(cls, model: SpeechModel) -> "Recognisers":
        """Load the decoder for everybody."""
        lines = model.dictionary.read_text(encoding="utf-8").splitlines()
        known = frozenset(line.partition(" ")[0] for line in lines)
        cleaner = Cleaner.of(bundle.acoustic_model())
        return cls(model, cleaner, Recogniser.open(model, cleaner), known)

    def for_names(self, names: Iterable[str]) -> Recogniser:
        """The decoder that knows these words; loaded when there is none; the longest unused goes."""
        unknown = tuple(sorted(name for name in set(names) - self._known if _NAME.fullmatch(name)))
        unknown = unknown[: len(SLOTS)]
        if not unknown:
            return self._everybody
        if unknown not in self._own:
            if len(self._own) >= MOST_VOCABULARIES:
                self._own.popitem(last=False)
            self._own[unknown] = Recogniser.open(self.model, self.cleaner, self._sounds(unknown))
        self._own.move_to_end(unknown)
        return self._own[unknown]

    def _sounds(self, words: tuple[str, ...]) -> dict[str, str]:
        """How words are said: as in the large dictionary, or as their letters suggest."""
        spelling = Spelling.read(self.model.spelling)
        guessed = {word: spelling.sounds(word) for word in words}
        listed = {word: sounds for word, name, sounds in bundle.pronunciations() if name in guessed}
        return {word: sounds for word in words if (sounds := listed.get(word) or guessed[word])}


def prepare(cache: str) -> Callable[[bytes], bytes]:
    """Build the model if need be, load a decoder, and give back what does the jobs."""
    recognisers = Recognisers.open(build(Path(cache)))

    def recognise(job: bytes) -> bytes:
        head, _, sound = job.partition(b"\n")
        told = json.loads(head)
        recogniser, samples = recognisers.for_names(told["names"]), np.frombuffer(sound, "<f4")
        if not len(samples):
            return b""
        if told["goes_on"]:
            recogniser.follow(samples)
            return b""
        return json.dumps(asdict(recogniser.recognise(samples))).encode()

    return recognise
