"""Fitting ways of saying things to a whole sentence, the one that accounts for the most words first."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from domain.language.descriptions import language
from domain.language.grammar import DIGITS, EXACT, SOUNDS_LIKE, Reader, Values
from domain.language.notation import Node, Series, Word
from domain.language.tokens import MAX_CHARACTERS, MAX_WORDS, is_figure, tokens_of
from domain.language.ways import Interpret, Ways


class Fit(NamedTuple):
    """One way that fits: what its slots hold, what makes a wish of them, and how well it fits, 0..1."""

    values: Values
    interpret: Interpret
    confidence: float


class PreparedWay(NamedTuple):
    """A way with what can be known beforehand: the words it begins with, and those it cannot do without."""

    phrase: Node
    interpret: Interpret
    first: frozenset[str] | None
    needed: frozenset[str]


def fits(text: str, ways: Sequence[PreparedWay]) -> Iterator[Fit]:
    """The ways that account for a whole text, best first; none when it is empty or too long.

    Words of courtesy and hesitation at its beginning and end may be left over.
    """
    if len(text) > MAX_CHARACTERS:
        return
    tokens = tokens_of(text)
    if not tokens or len(tokens) > MAX_WORDS:
        return
    reader = Reader(language(), text, tokens)
    found = sorted(_all(reader, ways), key=lambda scored: -scored[0])
    for explained, skipped, values, interpret in found:
        yield Fit(values, interpret, _confidence(len(tokens), explained, skipped))


def _confidence(words: int, explained: int, skipped: int) -> float:
    """1 when every word has its place; titles count a little less, skipped words nothing."""
    known = explained / EXACT
    free = max(words - known - skipped, 0.0)
    return min((known + 0.9 * free) / words, 1.0)


def _all(reader: Reader, ways: Sequence[PreparedWay]) -> Iterator[tuple[int, int, Values, Interpret]]:
    ends = _ends(reader)
    present = frozenset(token.word for token in reader.tokens)
    for start, (before, skipped) in _starts(reader).items():
        if start >= len(reader.tokens):
            continue
        word = reader.tokens[start].word
        for way in ways:
            if not _can_begin(way, word) or not way.needed <= present:
                continue
            for match in reader.match(way.phrase, start):
                if match.end in ends:
                    yield (
                        before + match.explained + ends[match.end],
                        skipped,
                        dict(match.slots),
                        way.interpret,
                    )


def _can_begin(way: PreparedWay, word: str) -> bool:
    return way.first is None or word in way.first or (is_figure(word) and DIGITS in way.first)


def _starts(reader: Reader) -> Mapping[int, tuple[int, int]]:
    """Where a wish can begin: after nothing or after courtesies, with their worth and the words skipped."""
    starts = {0: (0, 0)}
    waiting = [0]
    while waiting:
        at = waiting.pop(0)
        explained, skipped = starts[at]
        for rule in ("lead", "filler"):
            for found in reader.find(rule, at):
                if found.end not in starts:
                    lost = found.end - at if rule == "filler" else 0
                    worth = 0 if rule == "filler" else found.explained
                    starts[found.end] = (explained + worth, skipped + lost)
                    waiting.append(found.end)
    return starts


def _ends(reader: Reader) -> Mapping[int, int]:
    """Where a wish can end, and what the courtesies after it are worth."""
    count = len(reader.tokens)
    ends = {count: 0}
    for at in range(count - 1, max(count - 6, 0), -1):
        worths = [found.explained + ends[found.end] for found in reader.find("tail", at) if found.end in ends]
        if worths:
            ends[at] = max(worths)
    return ends


def prepare(ways: Ways) -> tuple[PreparedWay, ...]:
    """Find out beforehand what can be known about ways; worth keeping."""
    grammar = language()
    prepared = []
    for production, interpret in ways:
        first, empty = grammar.first_of_phrase(production.phrase)
        needed = _needed(production.phrase)
        prepared.append(PreparedWay(production.phrase, interpret, None if empty else first, needed))
    return tuple(prepared)


def _needed(phrase: Node) -> frozenset[str]:
    """The words that a phrase cannot do without, those aside that others sound like."""
    items: Sequence[Node] = phrase.items if isinstance(phrase, Series) else (phrase,)
    return frozenset(item.text for item in items if isinstance(item, Word) and item.text not in SOUNDS_LIKE)
