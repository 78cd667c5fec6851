"""Sentences that people could say, for the language model of a speech recogniser.

Stable names, used by speech adapters:
    sentences(random, count, names=(), phrases=Phrases()) -> Iterator[str]
    spoken(text) -> str
    vocabulary() -> frozenset[str]
Words come as they are spoken: lower case, numbers in words, "p m" in two letters.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise, zip_longest
from random import Random
from typing import Final

from attrs import evolve, field, frozen

from domain.language.descriptions import ANYONE, OCCASION, TASK, THING, Description, descriptions, language
from domain.language.everyday import Phrases
from domain.language.grammar import Grammar, Production
from domain.language.notation import Choice, Maybe, Node, Series, Slot, Word
from domain.language.numbers import SUFFIXES, ordinal_words_for, words_for
from domain.language.time_words import MONTHS
from domain.language.tokens import Token, is_figure, listed, tokens_of

LEAVE_OUT: Final = 0.65
LEAVE_OUT_SMALL: Final = 0.2
DETERMINERS: Final = frozenset(listed("the a an my our some"))
SMALL_WORDS: Final = DETERMINERS | {"me"}
AFTER_FOR: Final = frozenset(
    listed("in by at on from around about between before after during later sometime for")
)
VOWELS: Final = ("a", "e", "i", "o", "u", "hour", "honest")
CONSONANTS: Final = ("one", "once", "uni", "use", "usu", "eu")
WITH_LEAD: Final = 0.12
WITH_TAIL: Final = 0.08
BARE_TIMES: Final = 0.04


def sentences(
    random: Random, count: int, names: Sequence[str] = (), phrases: Phrases | None = None
) -> Iterator[str]:
    """Make so many sentences out of the descriptions of the intents, each about as often as it is said.

    Args:
        random: where chance comes from; the same state gives the same sentences.
        count: how many.
        names: people and things of the house, said in titles.
        phrases: the vocabulary of the titles; by default a few hundred everyday words.
    """
    source = phrases if phrases is not None else Phrases()
    sampler = Sampler(random=random, phrases=evolve(source, names=(*source.names, *names)))
    for _ in range(count):
        yield sampler.sentence()


def vocabulary() -> frozenset[str]:
    """All words of the intents and times, as spoken; titles and names are not among them."""
    return _vocabulary()


@frozen(kw_only=True)
class Sampler:
    """Says a phrase at random, with a vocabulary for the titles."""

    random: Random
    phrases: Phrases
    grammar: Grammar = field(factory=language)

    def sentence(self) -> str:
        """One sentence as people say it: what the rules allow and nobody says is thrown back."""
        while True:
            sentence = self._draft()
            words = sentence.split()
            if not any(_awkward(one, two) for one, two in pairwise(words)):
                return " ".join(_with_articles(words))

    def _draft(self) -> str:
        """A wish with or without courtesy, or a bare time as an answer to a question."""
        if self.random.random() < BARE_TIMES:
            return self.rule("time")
        wishes = descriptions()
        wish = self.random.choices(wishes, [each.share for each in wishes])[0]
        lead = self.rule("lead") if self.random.random() < WITH_LEAD else ""
        tail = self.rule("tail") if self.random.random() < WITH_TAIL else ""
        return " ".join(filter(None, (lead, self.wish(wish), tail)))

    def wish(self, wish: Description) -> str:
        """One way to say an intent."""
        return self._one_of([production for production, _ in wish.ways])

    def rule(self, name: str) -> str:
        """One way to say a rule."""
        match name:
            case _ if name == TASK:
                return self.phrases.task(self.random)
            case _ if name == THING:
                return self.phrases.thing(self.random)
            case _ if name == OCCASION:
                return self.phrases.occasion(self.random)
            case _ if name == ANYONE:
                return self.phrases.name(self.random)
        if name in self.grammar.terminals:
            return self.grammar.terminals[name].sample(self.random)
        return self._one_of(self.grammar.rules[name])

    def say(self, node: Node) -> str:
        """One way to say a phrase."""
        match node:
            case Word(text):
                return text
            case Slot(_, rule):
                return self.rule(rule)
            case Maybe(item):
                odds = LEAVE_OUT_SMALL if SMALL_WORDS.issuperset(_words(item)) else LEAVE_OUT
                return "" if self.random.random() < odds else self.say(item)
            case Choice(options):
                return self.say(self.random.choice(options))
            case Series(items):
                return " ".join(filter(None, map(self.say, items)))

    def _one_of(self, productions: Sequence[Production]) -> str:
        weights = [production.weight for production in productions]
        return self.say(self.random.choices(productions, weights)[0].phrase)


def _awkward(one: str, two: str) -> bool:
    """Whether nobody says these words in a row: "for in", "the my"."""
    return (one == "for" and two in AFTER_FOR) or (one in DETERMINERS and two in DETERMINERS)


def _with_articles(words: Sequence[str]) -> Iterator[str]:
    """The words with "a" and "an" as they are said before the next one; "a m" is no article."""
    for word, following in zip_longest(words, words[1:], fillvalue=""):
        if word in {"a", "an"} and following and following != "m":
            yield "an" if following.startswith(VOWELS) and not following.startswith(CONSONANTS) else "a"
        else:
            yield word


def spoken(text: str) -> str:
    """Write a text the way it is spoken: "Call Anna at 3:30 PM" is "call anna at three thirty p m"."""
    tokens = tokens_of(text, limit=len(text))
    said = []
    at = 0
    while at < len(tokens):
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        words, used = _spoken_word(tokens[at], following)
        said.append(words)
        at += used
    return " ".join(said)


def _spoken_word(token: Token, following: Token | None) -> tuple[str, int]:
    """One word as it is spoken, and how many tokens that uses up."""
    word = token.word
    touching = following.word if following is not None and following.start == token.end else ""
    if is_figure(word) and touching in SUFFIXES and 1 <= int(word) <= 99:
        return ordinal_words_for(int(word)), 2
    if not is_figure(word):
        return {"am": "a m" if _is_half(token) else "am", "pm": "p m"}.get(word, word), 1
    for mark, say_figures in ((":", _spoken_clock), ("-", _spoken_date), ("/", _spoken_fraction)):
        if mark in word:
            return say_figures(word, following), 1
    if "." in word and len(word.partition(".")[2]) == 2:
        return _spoken_clock(word.replace(".", ":"), following), 1
    if "." in word:
        whole, _, part = word.partition(".")
        return f"{words_for(int(whole))} point {' '.join(words_for(int(digit)) for digit in part)}", 1
    return _spoken_number(word), 1


def _is_half(token: Token) -> bool:
    return token.end - token.start != 2


def _spoken_number(digits: str) -> str:
    number = int(digits)
    if (len(digits) == 4 and 1100 <= number < 2000) or 2010 <= number < 2100:
        rest = number % 100
        after = words_for(rest) if rest >= 10 else f"oh {words_for(rest)}" if rest else "hundred"
        return f"{words_for(number // 100)} {after}"
    return words_for(number)


def _spoken_clock(figures: str, following: Token | None) -> str:
    hour, _, minute = figures.partition(":")
    said = words_for(int(hour))
    if int(minute) == 0:
        halved = following is not None and following.word in {"am", "pm"}
        return said if halved else f"{said} o'clock" if 1 <= int(hour) <= 12 else f"{said} hundred"
    return f"{said} {words_for(int(minute))}" if int(minute) >= 10 else f"{said} oh {words_for(int(minute))}"


def _spoken_date(figures: str, _: Token | None) -> str:
    year, month, day = figures.split("-")
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return " ".join(map(_spoken_number, (year, month, day)))
    return f"{MONTHS[int(month) - 1]} {ordinal_words_for(int(day))} {_spoken_number(year)}"


def _spoken_fraction(figures: str, _: Token | None) -> str:
    return " ".join(map(_spoken_number, figures.split("/")))


@cache
def _vocabulary() -> frozenset[str]:
    grammar = language()
    found = {word for terminal in grammar.terminals.values() for word in terminal.words}
    productions = [production for rule in grammar.rules.values() for production in rule]
    productions += [production for wish in descriptions() for production, _ in wish.ways]
    for production in productions:
        if production.weight > 0:
            found.update(_words(production.phrase))
    return frozenset(word for phrase in found for word in phrase.split())


def _words(node: Node) -> Iterator[str]:
    match node:
        case Word(text):
            yield text
        case Maybe(item):
            yield from _words(item)
        case Choice(items) | Series(items):
            for item in items:
                yield from _words(item)
        case Slot():
            return
