"""Rules made of phrases, and how a row of words is read by them.

Every reading of a rule at a place is found once and remembered, so the work grows with the number of words
and rules, never with the number of ways to combine them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Any, Final, NamedTuple, Protocol

from attrs import field, frozen

from domain.language.notation import Choice, Maybe, Node, Series, Slot, Word, read_phrase
from domain.language.tokens import Token, is_figure

EXACT: Final = 2
ALIKE: Final = 1
DIGITS: Final = "#"
SOUNDS_LIKE: Final[Mapping[str, frozenset[str]]] = {
    "to": frozenset({"two", "too"}),
    "for": frozenset({"four"}),
    "by": frozenset({"buy", "bye"}),
    "my": frozenset({"mine"}),
    "what's": frozenset({"what"}),
    "a": frozenset({"uh"}),
}

Values = Mapping[str, Any]
Build = Callable[[Values], Any]
Start = tuple["Production", frozenset[str] | None]


class Found(NamedTuple):
    """One reading: where it ends, what it is worth, and how many half-words of it the rules account for."""

    end: int
    value: Any
    explained: int


class Match(NamedTuple):
    """How a phrase fits: where it ends, what its slots were filled with, and the half-words accounted for."""

    end: int
    slots: tuple[tuple[str, Any], ...]
    explained: int


class Production(NamedTuple):
    """One way to say a rule: the phrase, what it builds from its slots, and how often people say it so.

    A weight of 0 marks what is understood and never sampled, such as abbreviations in writing.
    """

    phrase: Node
    build: Build
    weight: float = 1.0


class Terminal(Protocol):
    """Something that words fill by itself, such as a number or a title."""

    @property
    def first(self) -> frozenset[str] | None:
        """The words it can begin with (DIGITS for any figures), or None for any word at all."""
        ...

    @property
    def words(self) -> frozenset[str]:
        """All words it can be made of, as spoken."""
        ...

    def find(self, text: str, tokens: Sequence[Token], at: int) -> Iterator[Found]:
        """Every reading at a place."""
        ...

    def sample(self, random: Random) -> str:
        """One thing it can be, as spoken."""
        ...


def say(phrase: str, build: Build, weight: float = 1.0) -> Production:
    """One way to say a rule, in the notation."""
    return Production(read_phrase(phrase), build, weight)


def the(name: str) -> Build:
    """What the slot of that name was filled with."""
    return lambda values: values[name]


def always(value: object) -> Build:
    """The same, whatever the slots hold."""
    return lambda _: value


@frozen(eq=False)
class Grammar:
    """Rules by name: each is either a row of productions or a terminal."""

    rules: Mapping[str, tuple[Production, ...]]
    terminals: Mapping[str, Terminal]
    _first: dict[str, frozenset[str] | None] = field(factory=dict, init=False)
    _starts: dict[str, tuple[Start, ...]] = field(factory=dict, init=False)

    def starts(self, rule: str) -> tuple[Start, ...]:
        """The productions of a rule, each with the words that it can begin with; None for any."""
        if rule not in self._starts:
            self._starts[rule] = tuple(map(self._start, self.rules[rule]))
        return self._starts[rule]

    def _start(self, production: Production) -> Start:
        first, empty = self.first_of_phrase(production.phrase)
        return production, None if empty else first

    def first_of(self, rule: str) -> frozenset[str] | None:
        """The words a rule can begin with; None for any."""
        if rule in self.terminals:
            return self.terminals[rule].first
        if rule not in self._first:
            sets = [self.first_of_phrase(production.phrase)[0] for production in self.rules[rule]]
            self._first[rule] = _union(sets)
        return self._first[rule]

    def first_of_phrase(self, node: Node) -> tuple[frozenset[str] | None, bool]:
        """The words a phrase can begin with, and whether it can be left out altogether."""
        match node:
            case Word(text):
                return frozenset({text}) | SOUNDS_LIKE.get(text, frozenset()), False
            case Slot(_, rule):
                return self.first_of(rule), False
            case Maybe(item):
                return self.first_of_phrase(item)[0], True
            case Choice(options):
                parts = [self.first_of_phrase(option) for option in options]
                return _union([words for words, _ in parts]), any(empty for _, empty in parts)
            case Series(items):
                sets = []
                for item in items:
                    words, empty = self.first_of_phrase(item)
                    sets.append(words)
                    if not empty:
                        return _union(sets), False
                return _union(sets), True


def _union(sets: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    known = [words for words in sets if words is not None]
    return frozenset().union(*known) if len(known) == len(sets) else None


@frozen(eq=False)
class Reader:
    """Reads one row of words by a grammar, and remembers what it has found."""

    grammar: Grammar
    text: str
    tokens: tuple[Token, ...]
    _found: dict[tuple[str, int], tuple[Found, ...]] = field(factory=dict, init=False)

    def find(self, rule: str, at: int) -> tuple[Found, ...]:
        """Every reading of a rule at a place; a builder that returns None refuses its reading."""
        key = (rule, at)
        if key not in self._found:
            best: dict[tuple[int, Any], Found] = {}
            for it in self._search(rule, at):
                known = best.get((it.end, it.value))
                if known is None or it.explained > known.explained:
                    best[it.end, it.value] = it
            self._found[key] = tuple(best.values())
        return self._found[key]

    def match(self, phrase: Node, at: int) -> list[Match]:
        """Every way in which a phrase fits at a place."""
        match phrase:
            case Word(text):
                return self._word(text, at)
            case Slot(name, rule):
                return [Match(it.end, ((name, it.value),), it.explained) for it in self.find(rule, at)]
            case Maybe(item):
                return [Match(at, (), 0), *self.match(item, at)]
            case Choice(options):
                return [match for option in options for match in self.match(option, at)]
            case Series(items):
                return self._series(items, at)

    def _word(self, text: str, at: int) -> list[Match]:
        if at >= len(self.tokens):
            return []
        word = self.tokens[at].word
        if word == text:
            return [Match(at + 1, (), EXACT)]
        return [Match(at + 1, (), ALIKE)] if word in SOUNDS_LIKE.get(text, ()) else []

    def _series(self, items: Sequence[Node], at: int) -> list[Match]:
        matches = [Match(at, (), 0)]
        for item in items:
            matches = [
                Match(more.end, so_far.slots + more.slots, so_far.explained + more.explained)
                for so_far in matches
                for more in self.match(item, so_far.end)
            ]
        return matches

    def _search(self, rule: str, at: int) -> Iterator[Found]:
        if at >= len(self.tokens):
            return
        if rule in self.grammar.terminals:
            yield from self.grammar.terminals[rule].find(self.text, self.tokens, at)
            return
        word = self.tokens[at].word
        for production, first in self.grammar.starts(rule):
            if first is None or word in first or (is_figure(word) and DIGITS in first):
                for match in self.match(production.phrase, at):
                    value = production.build(dict(match.slots))
                    if value is not None:
                        yield Found(match.end, value, match.explained)
