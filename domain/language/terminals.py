"""What words fill by themselves: numbers, places in a row, names from a list, figures as they are written."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Any, Final

from attrs import field, frozen

from domain.language.grammar import DIGITS, EXACT, Found
from domain.language.numbers import (
    NUMBER_WORDS,
    ORDINAL_WORDS,
    numbers_at,
    ordinal_words_for,
    ordinals_at,
    words_for,
)
from domain.language.tokens import Token, listed

USUALLY: Final = 0.75
MOSTLY: Final = 0.95


@frozen(kw_only=True)
class Numbers:
    """A whole number from low to high, both included; usual ones are said more often."""

    low: int
    high: int
    usual: tuple[int, ...] = ()
    common: int | None = None
    first: frozenset[str] = NUMBER_WORDS | {DIGITS}

    @property
    def words(self) -> frozenset[str]:
        """The words of every number in the range."""
        return frozenset(
            word for value in range(self.low, self.high + 1) for word in words_for(value).split()
        )

    def find(self, text: str, tokens: Sequence[Token], at: int) -> Iterator[Found]:
        """The numbers in the range that can be read at a place."""
        for end, value in numbers_at(tokens, at):
            if self.low <= value <= self.high:
                yield Found(end, value, EXACT * (end - at))

    def sample(self, random: Random) -> str:
        """A number in words, a usual one in three cases of four."""
        if self.usual and random.random() < USUALLY:
            return words_for(random.choice(self.usual))
        common = self.common if self.common is not None and random.random() < MOSTLY else self.high
        return words_for(random.randint(self.low, common))


@frozen(kw_only=True)
class Ordinals:
    """A place in a row from the first to the high one, as in the days of a month."""

    high: int
    first: frozenset[str] = ORDINAL_WORDS | NUMBER_WORDS | {DIGITS}

    @property
    def words(self) -> frozenset[str]:
        """The words of every place in the range."""
        return frozenset(
            word for value in range(1, self.high + 1) for word in ordinal_words_for(value).split()
        )

    def find(self, text: str, tokens: Sequence[Token], at: int) -> Iterator[Found]:
        """The places in the range that can be read at a place in the sentence."""
        for end, value in ordinals_at(tokens, at):
            if 1 <= value <= self.high:
                yield Found(end, value, EXACT * (end - at))

    def sample(self, random: Random) -> str:
        """A place in words."""
        return ordinal_words_for(random.randint(1, self.high))


@frozen(kw_only=True)
class Names:
    """One word from a list, with what it stands for; those only written are understood and never sampled."""

    values: Mapping[str, Any]
    only_written: frozenset[str] = frozenset()
    spoken: Mapping[str, str] = field(factory=dict)
    first: frozenset[str] = field(init=False)

    @first.default
    def _all(self) -> frozenset[str]:
        return frozenset(self.values)

    @property
    def words(self) -> frozenset[str]:
        """The words that are spoken."""
        said = frozenset(self.values) - self.only_written
        return frozenset(self.spoken.get(word, word) for word in said)

    def find(self, text: str, tokens: Sequence[Token], at: int) -> Iterator[Found]:
        """The word at a place, if it is in the list."""
        if at < len(tokens) and tokens[at].word in self.values:
            yield Found(at + 1, self.values[tokens[at].word], EXACT)

    def sample(self, random: Random) -> str:
        """A word of the list."""
        return random.choice(sorted(self.words))


@frozen(kw_only=True)
class Written:
    """Figures in one piece, such as 15:30 or 2026-12-24, that only occur in writing."""

    pattern: re.Pattern[str]
    read: Callable[..., Any]
    first: frozenset[str] = frozenset({DIGITS})
    words: frozenset[str] = frozenset()

    def find(self, text: str, tokens: Sequence[Token], at: int) -> Iterator[Found]:
        """What the figures at a place stand for; figures that stand for nothing are no reading."""
        if at < len(tokens) and (match := self.pattern.fullmatch(tokens[at].word)):
            value = self.read(*match.groups())
            if value is not None:
                yield Found(at + 1, value, EXACT)

    def sample(self, random: Random) -> str:
        """Nothing: this is never said."""
        return ""


DANGLING: Final = frozenset(
    listed(
        """
    a an the my our your his her their this that these those and or but with without of about for from to
    into in on at by as than until till before after around every each between next last if so very is are
    was
    """
    )
)
MAX_TITLE_WORDS: Final = 60


@frozen(kw_only=True)
class FreeText:
    """Any words, as they stand in the text; they neither begin with to nor end in the middle of a phrase."""

    longest: int = MAX_TITLE_WORDS
    first: None = None
    words: frozenset[str] = frozenset()

    def find(self, text: str, tokens: Sequence[Token], at: int) -> Iterator[Found]:
        """Every stretch of words from a place on."""
        for end in range(at + 1, min(len(tokens), at + self.longest) + 1):
            if tokens[end - 1].word not in DANGLING:
                yield Found(end, tidy(text[tokens[at].start : tokens[end - 1].end]), 0)

    def sample(self, random: Random) -> str:
        """Nothing: whoever samples brings the titles."""
        return ""


def tidy(text: str) -> str:
    """The text with single spaces."""
    return " ".join(text.split())
