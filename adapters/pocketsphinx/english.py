"""The model of general English, read out of pocketsphinx's binary file.

The file is a header, the numbers of words, pairs and triples, tables of 65,536 probabilities or back-offs,
the words with the place where their pairs begin, the pairs and then the triples packed by bits, and the
spellings. It is a reversed trie: below a word stand the words before it. Numbers are logarithms to the
base 1.0001. (Layout: lm_trie.c and lm_trie_quant.c of pocketsphinx.)
"""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from adapters.pocketsphinx.backoff import START, Backoff, Keys, Numbers

HEADER: Final = b"Trie Language Model\x03"
BINS: Final = 65_536
UNSEEN: Final = 1e-8
_LOG_BASE: Final = float(np.log(1.0001))
_WORD: Final = np.dtype([("p", "<f4"), ("b", "<f4"), ("first", "<u4")])


class UnreadableModel(Exception):
    """The file is not a trigram model in the form that is read here."""


@frozen(kw_only=True, eq=False)
class _Packed:
    """Records of so many bits each, one behind the other, beginning at a byte of the data."""

    data: bytes
    begin: int
    bits: int

    def size(self, count: int) -> int:
        """How many bytes so many records take, with one more and some room at the end."""
        return ((1 + count) * self.bits + 7) // 8 + 8

    def field(self, offset: int, width: int, count: int) -> Keys:
        """One field (of at most 57 bits) of the first records."""
        overlapping: NDArray[Any] = np.ndarray(
            shape=(len(self.data) - self.begin - 7,),
            dtype="<u8",
            buffer=self.data,
            offset=self.begin,
            strides=(1,),
        )
        at = np.arange(count, dtype=np.int64) * self.bits + offset
        shifted = overlapping[at >> 3] >> (at & 7).astype(np.uint64)
        field: Keys = (shifted & np.uint64((1 << width) - 1)).astype(np.int64)
        return field


@frozen(kw_only=True, eq=False)
class GeneralEnglish:
    """The whole model: spellings, p and b of each word, then pairs and triples as rows.

    A pair is (h, w) with p(w | h) and b(h w), a triple (g, h, w) with p(w | g h); words are places among
    the spellings.
    """

    spellings: Sequence[str]
    p1: Numbers
    b1: Numbers
    pairs: tuple[Keys, Keys]
    p2: Numbers
    b2: Numbers
    triples: tuple[Keys, Keys, Keys]
    p3: Numbers

    def by_use(self) -> list[str]:
        """The words, the most used first."""
        return [self.spellings[place] for place in np.argsort(-self.p1, kind="stable")]

    def about(self, words: Sequence[str]) -> Backoff:
        """The part of the model that is about these words, which are in rising order and each there once.

        Words that the model does not know get the probability 1e-8.
        """
        size = len(words)
        ours = {word: number for number, word in enumerate(words)}
        number = np.array([ours.get(word, -1) for word in self.spellings], np.int64)
        known = number >= 0
        p1, b1 = np.full(size, UNSEEN), np.ones(size)
        p1[number[known]], b1[number[known]] = self.p1[known], self.b1[known]
        p1[ours[START]] = UNSEEN
        pairs, order2 = _sorted_keys([number[each] for each in self.pairs], size)
        triples, order3 = _sorted_keys([number[each] for each in self.triples], size)
        return Backoff(
            words=words,
            p1=p1,
            b1=b1,
            pairs=pairs,
            p2=self.p2[order2],
            b2=self.b2[order2],
            triples=triples,
            p3=self.p3[order3],
        )


def _sorted_keys(columns: Sequence[Keys], size: int) -> tuple[Keys, Keys]:
    """The rows whose words are all ours, as rising keys, and where each was."""
    kept = np.flatnonzero(np.all([column >= 0 for column in columns], axis=0))
    keys = columns[0][kept]
    for column in columns[1:]:
        keys = keys * size + column[kept]
    order = np.argsort(keys, kind="stable")
    return keys[order], kept[order]


def read_general(path: Path) -> GeneralEnglish:
    """Read a model.

    Raises:
        UnreadableModel: the file has another form.
    """
    data = path.read_bytes()
    if not data.startswith(HEADER):
        raise UnreadableModel(path.name)
    counts = struct.unpack_from("<3I", data, len(HEADER))
    at = len(HEADER) + 16
    tables = _linear(np.frombuffer(data, "<f4", 3 * BINS, at))
    at += 12 * BINS
    singles = np.frombuffer(data, _WORD, counts[0] + 1, at)
    at += _WORD.itemsize * (counts[0] + 1)
    word_bits, next_bits = counts[0].bit_length(), counts[2].bit_length()
    pairs = _Packed(data=data, begin=at, bits=word_bits + 32 + next_bits)
    at += pairs.size(counts[1])
    triples = _Packed(data=data, begin=at, bits=word_bits + 16)
    at += triples.size(counts[2])
    before, p2, b2, below = _pairs(pairs, int(singles["first"][-1]), word_bits, next_bits, tables)
    word = _repeated(singles["first"].astype(np.int64))
    further = triples.field(0, word_bits, int(below[-1]))
    parent = _repeated(below)
    return GeneralEnglish(
        spellings=data[at + 4 :].decode().split("\0")[: counts[0]],
        p1=_linear(singles["p"][:-1]),
        b1=_linear(singles["b"][:-1]),
        pairs=(before, word),
        p2=p2,
        b2=b2,
        triples=(further, before[parent], word[parent]),
        p3=tables[2 * BINS + triples.field(word_bits, 16, len(further))],
    )


def _pairs(
    packed: _Packed, count: int, word_bits: int, next_bits: int, tables: Numbers
) -> tuple[Keys, Numbers, Numbers, Keys]:
    """The word before, p, b, and where the triples begin (one more at the end) of each pair."""
    quantised = packed.field(word_bits, 32, count)
    below = packed.field(word_bits + 32, next_bits, count + 1)
    p2, b2 = tables[quantised >> 16], tables[BINS + (quantised & (BINS - 1))]
    return packed.field(0, word_bits, count), p2, b2, below


def _repeated(first: Keys) -> Keys:
    """The number of the parent of every child, where each parent's first child is given."""
    return np.repeat(np.arange(len(first) - 1), np.diff(first))


def _linear(logarithms: NDArray[Any]) -> Numbers:
    linear: Numbers = np.exp(logarithms.astype(np.float64) * _LOG_BASE)
    return linear
