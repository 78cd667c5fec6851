"""A model written down: as ARPA text, and from that in pocketsphinx's binary form, which loads at once."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, TextIO

import numpy as np
from pocketsphinx import Config, LogMath, NGramModel

from adapters.pocketsphinx.backoff import START, Backoff, Numbers

NEVER: Final = -99.0
_LEAST: Final = 1e-30


def write_text(model: Backoff, file: TextIO) -> None:
    """Write the model in ARPA form: decimal logarithms, each with the words and the back-off."""
    size = len(model.words)
    file.write(f"\n\\data\\\nngram 1={size}\nngram 2={len(model.pairs)}\nngram 3={len(model.triples)}\n")
    file.write("\n\\1-grams:\n")
    file.writelines(_singles(model))
    file.write("\n\\2-grams:\n")
    history, word = (model.pairs // size).tolist(), (model.pairs % size).tolist()
    file.writelines(
        f"{p:.4f} {model.words[h]} {model.words[w]} {b:.4f}\n"
        for h, w, p, b in zip(history, word, _log10(model.p2), _log10(model.b2), strict=True)
    )
    file.write("\n\\3-grams:\n")
    pair, word = model.triples // size, (model.triples % size).tolist()
    first, second = (pair // size).tolist(), (pair % size).tolist()
    file.writelines(
        f"{p:.4f} {model.words[g]} {model.words[h]} {model.words[w]}\n"
        for g, h, w, p in zip(first, second, word, _log10(model.p3), strict=True)
    )
    file.write("\n\\end\\\n")


def _singles(model: Backoff) -> Iterator[str]:
    for word, p, b in zip(model.words, _log10(model.p1), _log10(model.b1), strict=True):
        yield f"{NEVER if word == START else p:.4f} {word} {b:.4f}\n"


def _log10(linear: Numbers) -> Iterable[float]:
    logarithms: list[float] = np.log10(np.maximum(linear, _LEAST)).tolist()
    return logarithms


def write_binary(model: Backoff, path: Path) -> int:
    """Write the model in binary form, and answer where in the file the list of its words begins.

    The list is a 32-bit little-endian length, then the words, each with a zero byte behind it.
    """
    text = path.with_suffix(".arpa")
    with text.open("w", encoding="utf-8") as file:
        write_text(model, file)
    NGramModel(Config(), LogMath(), str(text)).write(str(path), NGramModel.str_to_type("bin"))
    text.unlink()
    data = path.read_bytes()
    spellings = "".join(f"{word}\0" for word in model.words).encode()
    if not data.endswith(spellings):
        raise ValueError("pocketsphinx wrote its words in another order")
    return len(data) - len(spellings) - 4
