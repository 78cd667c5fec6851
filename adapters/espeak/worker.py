"""The inside of the speaking process: a request in JSON comes in, samples go out.

espeak-ng lives in a process of its own because a text can crash it: a long run of "a.a.a.a." smashes its
stack, and would take the hub along.
"""

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Final

from adapters.espeak.library import load
from adapters.espeak.voices import NoSuchVoice, VoiceIndex

SAID: Final = b"s"
UNKNOWN: Final = b"u"
MOST_CHARACTERS: Final = 5_000
MOST_SECONDS: Final = 600
_UNSPEAKABLE: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "So"})
_LONGEST_WORD: Final = 60
_DOTTED_LETTERS: Final = re.compile(r"(?:\w\.\s*){8,}")


def speakable(text: str) -> str:
    """Take out of a text what no voice can say: controls, surrogates, pictures, private signs.

    Control characters would be commands to espeak-ng, and long runs of dotted letters crash it: they lose
    their dots. Words end after 60 characters, and what is longer than MOST_CHARACTERS ends at the last
    space before it.
    """
    kept = "".join(" " if unicodedata.category(sign) in _UNSPEAKABLE else sign for sign in text)
    kept = _DOTTED_LETTERS.sub(lambda run: run.group().replace(".", " "), kept)
    words = " ".join(_pieces(kept))
    if len(words) <= MOST_CHARACTERS:
        return words
    shortened = words[: MOST_CHARACTERS + 1]
    return shortened.rpartition(" ")[0] or shortened[:MOST_CHARACTERS]


def _pieces(text: str) -> list[str]:
    return [
        word[start : start + _LONGEST_WORD]
        for word in text.split()
        for start in range(0, len(word), _LONGEST_WORD)
    ]


def prepare() -> Callable[[bytes], bytes]:
    """Load the library, and give back what says a request.

    A request is a JSON object of text, language, name (a variant or null), rate and pitch. The answer is a
    byte that says which it is, then the sample rate as four little-endian bytes and s16le samples, or the
    name of the field that espeak-ng has nothing for.
    """
    library = load()
    index = VoiceIndex.of(library.voices, library.variants)
    head = SAID + library.sample_rate.to_bytes(4, "little")

    def say(request: bytes) -> bytes:
        asked = json.loads(request)
        try:
            voice = index.name(asked["language"], asked["name"])
        except NoSuchVoice as error:
            return UNKNOWN + str(error).encode()
        words = speakable(asked["text"])
        if not words:
            return head
        most = MOST_SECONDS * library.sample_rate
        return head + library.synthesize(
            words, voice=voice, rate=asked["rate"], pitch=asked["pitch"], most_samples=most
        )

    return say
