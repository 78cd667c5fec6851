"""Which of some options is meant: said by its words, its letter or its place."""

from collections.abc import Collection, Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final

from domain.language.numbers import numbers_at, ordinals_at, words_for
from domain.language.tokens import Token, listed, tokens_of

LETTERS: Final = "abcdefgh"
MAX_OPTIONS: Final = len(LETTERS)
ALIKE: Final = 0.8
"""From this share of common letters on, words that were misheard or misspelled still count."""
CLEARER: Final = 0.05
"""By so much the best option has to be nearer than the second."""
NAMING: Final = frozenset({"letter", "number", "option", "answer", "choice"})
FILLERS: Final = NAMING | frozenset(
    listed(
        """
        a an the it is it's i i'd i'll think say choose take go with for to of um uh well maybe please that
        that's was would be my final guess let's we
        """
    )
)


def chosen(said: str, options: Sequence[Sequence[str]]) -> int | None:
    """The place of the option that somebody means, or None if that is unclear.

    A plain "two" means the option of that name before it means the second one; "number two" does not.

    Args:
        said: what was said or typed.
        options: 1 to 8, each with all the wordings that stand for it.
    """
    tokens = tokens_of(said)
    explicit = [at for at in range(1, len(tokens)) if tokens[at - 1].word in NAMING]
    place = _only_one({*_ordinals(tokens), *_places(tokens, explicit)}, len(options))
    if place is None:
        place = _by_words(_plain(tokens), options)
    if place is None:
        place = _only_one(_places(tokens, range(len(tokens))), len(options))
    return place


def _by_words(said: str, options: Sequence[Sequence[str]]) -> int | None:
    wordings = [[_plain(tokens_of(wording)) for wording in option] for option in options]
    named = _named(said, wordings)
    if named:
        return named.pop() if len(named) == 1 else None
    likeness = [max((_likeness(said, wording) for wording in option), default=0.0) for option in wordings]
    first, *others = sorted(range(len(options)), key=lambda place: -likeness[place])
    if likeness[first] < ALIKE or (others and likeness[first] - likeness[others[0]] < CLEARER):
        return None
    return first


def _named(said: str, wordings: Sequence[Sequence[str]]) -> set[int]:
    """The options that were said word for word; "red panda" is not "panda"."""
    found = [
        (place, wording)
        for place, option in enumerate(wordings)
        for wording in option
        if wording and f" {wording} " in f" {said} "
    ]
    return {place for place, wording in found if not any(wording in other != wording for _, other in found)}


def _likeness(said: str, wording: str) -> float:
    return SequenceMatcher(None, said, wording, autojunk=False).ratio() if said and wording else 0.0


def _plain(tokens: Sequence[Token]) -> str:
    """The words that matter, numbers spelled out; all of them where none would be left."""
    words = [words_for(int(token.word)) if token.word.isdecimal() else token.word for token in tokens]
    return " ".join([word for word in words if word not in FILLERS] or words)


def _ordinals(tokens: Sequence[Token]) -> set[int]:
    return {value - 1 for at in range(len(tokens)) for _, value in ordinals_at(tokens, at)}


def _places(tokens: Sequence[Token], at: Iterable[int]) -> set[int]:
    """The places that are named by a letter or a number at some of the words; "a" is a word, unless alone."""
    places = set[int]()
    for index in at:
        word = tokens[index].word
        if len(word) == 1 and word in LETTERS and (word != "a" or index == len(tokens) - 1):
            places.add(LETTERS.index(word))
        places.update(value - 1 for _, value in numbers_at(tokens, index))
    return places


def _only_one(places: Collection[int], count: int) -> int | None:
    within = [place for place in places if 0 <= place < count]
    return within[0] if len(within) == 1 else None
