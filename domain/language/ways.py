"""A way to say a wish: the phrase, and what becomes of what its slots were filled with."""

from collections.abc import Callable
from typing import Final

from domain.language.grammar import Production, Values, say
from domain.language.intents import Wish
from domain.language.times import Almanac

Interpret = Callable[[Values, Almanac], Wish | None]
Way = tuple[Production, Interpret]
Ways = tuple[Way, ...]


def way(phrase: str, interpret: Interpret, weight: float = 1.0) -> Way:
    """A phrase in the notation, and what it becomes; with weight 0 it is understood and never sampled."""
    return say(phrase, dict, weight), interpret


def plain_ways(intent: Wish, phrases: str) -> Ways:
    """The ways of a wish that takes nothing from the words; phrases are parted by slashes."""
    return tuple(way(phrase.strip(), lambda _, __: intent) for phrase in phrases.split("/"))


def _courtesy(way: str, weight: float = 1.0) -> Production:
    return say(way, lambda _: True, weight)


LEADS: Final = (
    _courtesy("please", 3.0),
    _courtesy("(can|could|would|will) you [please]", 3.0),
    _courtesy("(hey|okay|hello|hi) mira [can you|please]", 3.0),
    _courtesy("mira", 1.0),
    _courtesy("(hey|okay|hi|hello) {anyone}", 0.2),
    _courtesy("i (want|need|would like) you to", 0.3),
    _courtesy("i'd like you to", 0.3),
    _courtesy("i (want|need|would like) to", 0.3),
    _courtesy("i'd like to", 0.3),
    _courtesy("(can|could) (i|we)", 0.2),
    _courtesy("let's", 0.2),
    _courtesy("(can|could) you tell me", 0.2),
    _courtesy("tell me", 0.4),
)
TAILS: Final = (
    _courtesy("please", 3.0),
    _courtesy("(thanks|thank you)", 0.7),
    _courtesy("mira", 0.3),
    _courtesy("(for me|will you|would you)", 0.2),
)
FILLERS: Final = (
    _courtesy("(um|uh|er|erm|hm|hmm|well|so|and|then|also|yeah|yes|yep|oh|ah|now|actually|just|right)", 0.0),
    _courtesy("(the|a)", 0.0),
)
