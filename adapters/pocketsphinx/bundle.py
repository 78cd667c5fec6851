"""What comes in the pocketsphinx wheel: an acoustic model, a dictionary and a model of general English."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pocketsphinx import get_model_path

WORD: Final = re.compile(r"[a-z][a-z']*")


def acoustic_model() -> Path:
    """The folder of the acoustic model."""
    return Path(get_model_path("en-us/en-us"))


def dictionary_file() -> Path:
    """The dictionary: a word a line, then its sounds; further pronunciations are called word(2) and so on."""
    return Path(get_model_path("en-us/cmudict-en-us.dict"))


def general_english() -> Path:
    """The trigram model of general English, in pocketsphinx's binary form."""
    return Path(get_model_path("en-us/en-us.lm.bin"))


def pronunciations() -> Iterator[tuple[str, str, str]]:
    """Every line of the dictionary as (the word, the name of its pronunciation, its sounds).

    Words that are not written in plain letters and apostrophes are left out.
    """
    with dictionary_file().open(encoding="utf-8") as lines:
        for line in lines:
            name, _, sounds = line.strip().partition(" ")
            word = name.partition("(")[0]
            if WORD.fullmatch(word):
                yield word, name, sounds
