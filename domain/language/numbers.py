"""Whole numbers in words, both ways: "twenty five" and 25, "twenty fifth" and the 25th."""

from collections.abc import Iterator, Sequence
from typing import Final

from domain.language.tokens import Token, is_figure, listed

UNITS: Final = listed(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
    """
)
TENS: Final = listed(
    """
    twenty thirty forty fifty sixty seventy eighty ninety
    """
)
ORDINAL_UNITS: Final = listed(
    """
    zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
    fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
    """
)
ORDINAL_TENS: Final = listed(
    """
    twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth
    """
)

VALUES: Final = {word: value for value, word in enumerate(UNITS)}
TENS_VALUES: Final = {word: 10 * place for place, word in enumerate(TENS, start=2)}
ORDINAL_VALUES: Final = {word: value for value, word in enumerate(ORDINAL_UNITS)}
ORDINAL_TENS_VALUES: Final = {word: 10 * place for place, word in enumerate(ORDINAL_TENS, start=2)}
NUMBER_WORDS: Final = frozenset(VALUES) | frozenset(TENS_VALUES)
ORDINAL_WORDS: Final = frozenset(ORDINAL_VALUES) | frozenset(ORDINAL_TENS_VALUES)
SUFFIXES: Final = frozenset({"st", "nd", "rd", "th"})


def words_for(number: int) -> str:
    """Say a whole number from 0 to 999,999,999 in words: 125 is "one hundred twenty five"."""
    for size, name in ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = number % size
            return f"{words_for(number // size)} {name}" + (f" {words_for(rest)}" if rest else "")
    if number < 20:
        return UNITS[number]
    tens = TENS[number // 10 - 2]
    return f"{tens} {UNITS[number % 10]}" if number % 10 else tens


def ordinal_words_for(number: int) -> str:
    """Say a place from 1 to 99 in words: 25 is "twenty fifth"."""
    if number < 20:
        return ORDINAL_UNITS[number]
    if number % 10 == 0:
        return ORDINAL_TENS[number // 10 - 2]
    return f"{TENS[number // 10 - 2]} {ORDINAL_UNITS[number % 10]}"


def numbers_at(tokens: Sequence[Token], at: int) -> Iterator[tuple[int, int]]:
    """Every reading of a number at a place, below a thousand in words: where it ends, and its value."""
    if at < len(tokens) and is_figure(tokens[at].word) and tokens[at].word.isdigit():
        yield at + 1, int(tokens[at].word)
        return
    for end, value in _below_hundred(tokens, at):
        yield end, value
        if 1 <= value <= 9 and end < len(tokens) and tokens[end].word == "hundred":
            yield end + 1, 100 * value
            rest = end + 2 if end + 1 < len(tokens) and tokens[end + 1].word == "and" else end + 1
            for after, more in _below_hundred(tokens, rest):
                yield after, 100 * value + more


def _below_hundred(tokens: Sequence[Token], at: int) -> Iterator[tuple[int, int]]:
    if at >= len(tokens):
        return
    word = tokens[at].word
    if word in VALUES:
        yield at + 1, VALUES[word]
    elif word in TENS_VALUES:
        yield at + 1, TENS_VALUES[word]
        unit = VALUES.get(tokens[at + 1].word, 0) if at + 1 < len(tokens) else 0
        if 1 <= unit <= 9:
            yield at + 2, TENS_VALUES[word] + unit


def ordinals_at(tokens: Sequence[Token], at: int) -> Iterator[tuple[int, int]]:
    """Every reading of a place in a row ("third", "3rd", "twenty third"): where it ends, and its value."""
    if at >= len(tokens):
        return
    word = tokens[at].word
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if word in ORDINAL_VALUES:
        yield at + 1, ORDINAL_VALUES[word]
    elif word in ORDINAL_TENS_VALUES:
        yield at + 1, ORDINAL_TENS_VALUES[word]
    elif following is None:
        return
    elif word in TENS_VALUES and 1 <= ORDINAL_VALUES.get(following.word, 0) <= 9:
        yield at + 2, TENS_VALUES[word] + ORDINAL_VALUES[following.word]
    elif (
        is_figure(word)
        and word.isdigit()
        and following.word in SUFFIXES
        and tokens[at].end == following.start
    ):
        yield at + 2, int(word)
