"""Trigram models as arrays: probabilities of words after two words, and what is left for the unseen.

A model over V words keeps p(w), p(w | h) and p(w | g h) for the pairs and triples that it knows. A pair
is kept as the number h V + w, a triple as (g V + h) V + w, in rising order, beside its probability. For
what it does not know it backs off (Katz, 1987): p(w | g h) = b(g h) p(w | h), p(w | h) = b(h) p(w).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Keys = NDArray[np.int64]

START: Final = "<s>"
END: Final = "</s>"
_LEAST: Final = 1e-9


@frozen(kw_only=True, eq=False)
class Backoff:
    """A trigram model: the words in order, and the arrays described above (b1 and b2 are the back-offs)."""

    words: Sequence[str]
    p1: Numbers
    b1: Numbers
    pairs: Keys
    p2: Numbers
    b2: Numbers
    triples: Keys
    p3: Numbers

    def of_pairs(self, pairs: Keys) -> Numbers:
        """p(w | h) of any pairs."""
        size = len(self.words)
        at, known = find(self.pairs, pairs)
        lower: Numbers = self.b1[pairs // size] * self.p1[pairs % size]
        return np.where(known, self.p2[at], lower) if len(self.pairs) else lower

    def of_triples(self, triples: Keys) -> Numbers:
        """p(w | g h) of any triples."""
        at, known = find(self.triples, triples)
        lower = self.lower_of(triples)
        return np.where(known, self.p3[at], lower) if len(self.triples) else lower

    def lower_of(self, triples: Keys) -> Numbers:
        """b(g h) p(w | h): what triples have by backing off, whether or not they are known."""
        size = len(self.words)
        at, known = find(self.pairs, triples // size)
        weight = np.where(known, self.b2[at], 1.0) if len(self.pairs) else np.ones(len(triples))
        lower: Numbers = weight * self.of_pairs(triples % (size * size))
        return lower


def find(keys: Keys, wanted: Keys) -> tuple[Keys, NDArray[np.bool_]]:
    """Where the wanted stand among rising keys, and whether they are there."""
    if not len(keys):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return at, keys[at] == wanted


def counted(sentences: Iterable[str], words: Mapping[str, int], general: Backoff) -> Backoff:
    """Learn from sentences: p(w | h) = (c(h w) + T(h) p(w)) / (c(h) + T(h)), and so on for triples.

    c counts, T(h) is how many different words follow h (Witten and Bell, 1991); at the bottom stands the
    general model's p(w). Sentences with a word that is not among the words are left out.
    """
    size, text = len(words), _numbered(sentences, words)
    start, end = words[START], words[END]
    inside = text[:-1] != end
    pairs, of_pair = np.unique((text[:-1] * size + text[1:])[inside], return_counts=True)
    within = inside[:-1] & inside[1:]
    triples, of_triple = np.unique(
        ((text[:-2] * size + text[1:-1]) * size + text[2:])[within], return_counts=True
    )
    once = np.bincount(text[text != start], minlength=size)
    kinds = np.count_nonzero(once)
    p1 = (once + kinds * general.p1 / general.p1.sum()) / (once.sum() + kinds)
    b1, p2 = _smoothed(pairs // size, of_pair, p1[pairs % size], size)
    known = Backoff(
        words=general.words,
        p1=p1,
        b1=b1,
        pairs=pairs,
        p2=p2,
        b2=np.ones(len(pairs)),
        triples=np.zeros(0, np.int64),
        p3=np.zeros(0),
    )
    at, _ = find(pairs, triples // size)
    b2, p3 = _smoothed(at, of_triple, known.of_pairs(triples % (size * size)), len(pairs))
    return Backoff(words=general.words, p1=p1, b1=b1, pairs=pairs, p2=p2, b2=b2, triples=triples, p3=p3)


def _numbered(sentences: Iterable[str], words: Mapping[str, int]) -> Keys:
    start, end = words[START], words[END]
    numbers: list[int] = []
    for sentence in sentences:
        said = [words.get(word, -1) for word in sentence.split()]
        if -1 not in said:
            numbers += [start, *said, end]
    return np.array(numbers, np.int64)


def _smoothed(history: Keys, counts: Keys, lower: Numbers, size: int) -> tuple[Numbers, Numbers]:
    """The back-off weight of each history, and the probability of each of its continuations."""
    total = np.bincount(history, weights=counts, minlength=size)
    kinds = np.bincount(history, minlength=size)
    backoff = np.where(total > 0, kinds / np.maximum(total + kinds, 1), 1.0)
    return backoff, counts / (total + kinds)[history] + backoff[history] * lower


def pruned(model: Backoff, gain: float) -> Backoff:
    """Leave out what backing off says nearly as well.

    A pair stays if p(h) p(w | h) |ln p(w | h) - ln b(h) p(w)| exceeds the gain, and a triple likewise: its
    share of what the model would lose, the weighted difference of Seymore and Rosenfeld (1996). The start
    of a sentence is as frequent as its end.
    """
    size = len(model.words)
    frequency = model.p1.copy()
    frequency[model.words.index(START)] = model.p1[model.words.index(END)]
    history, word = model.pairs // size, model.pairs % size
    lower = model.b1[history] * model.p1[word]
    keep_pair = frequency[history] * model.p2 * np.abs(np.log(model.p2 / np.maximum(lower, _LEAST))) > gain
    context = model.triples // size
    at, known = find(model.pairs, context)
    often = np.where(known, frequency[context // size] * model.p2[at], 0.0)
    lower = np.maximum(model.lower_of(model.triples), _LEAST)
    keep_triple = often * model.p3 * np.abs(np.log(model.p3 / lower)) > gain
    keep_pair[find(model.pairs, np.unique(context[keep_triple]))[0]] = True
    return Backoff(
        words=model.words,
        p1=model.p1,
        b1=model.b1,
        pairs=model.pairs[keep_pair],
        p2=model.p2[keep_pair],
        b2=model.b2[keep_pair],
        triples=model.triples[keep_triple],
        p3=model.p3[keep_triple],
    )


def mixed(special: Backoff, general: Backoff, share: float) -> Backoff:
    """Mix two models over the same words: every probability is share times one plus the rest of the other.

    What either knows is known to the mixture, and its back-offs are such that each history sums to one.
    """
    size, rest = len(special.words), 1.0 - share
    p1 = share * special.p1 + rest * general.p1
    pairs = np.union1d(special.pairs, general.pairs)
    p2 = share * special.of_pairs(pairs) + rest * general.of_pairs(pairs)
    history = pairs // size
    b1 = _left(history, p2, p1[pairs % size], size)
    triples = np.union1d(special.triples, general.triples)
    triples = triples[find(pairs, triples // size)[1]]
    p3 = share * special.of_triples(triples) + rest * general.of_triples(triples)
    partly = Backoff(
        words=special.words, p1=p1, b1=b1, pairs=pairs, p2=p2, b2=np.ones(len(pairs)), triples=triples, p3=p3
    )
    at, _ = find(pairs, triples // size)
    b2 = _left(at, p3, partly.of_pairs(triples % (size * size)), len(pairs))
    return Backoff(words=special.words, p1=p1, b1=b1, pairs=pairs, p2=p2, b2=b2, triples=triples, p3=p3)


def _left(history: Keys, known: Numbers, lower: Numbers, size: int) -> Numbers:
    """The back-off weights: what a history leaves for the unseen, over what these have without it."""
    left = 1.0 - np.bincount(history, weights=known, minlength=size)
    without = 1.0 - np.bincount(history, weights=lower, minlength=size)
    weights: Numbers = np.maximum(left, 1e-6) / np.maximum(without, 1e-6)
    return weights
